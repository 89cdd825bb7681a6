"""One CSV or Parquet file → an Arrow table, all columns text but those of Parquet's own types."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from matching.columns import flat, pc
from models.errors import ConfigError, SourceError

_PARQUET, _TEXT = frozenset({".parquet", ".pq"}), frozenset({".csv", ".tsv", ".txt"})
_DELIMITERS = "\t;|,"
_MARKS = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEAD = 1 << 20


def read_file(file: Path) -> pa.Table:
    """Return the file's rows; raises ConfigError or SourceError with what to do about it."""
    kind = _kind(file)
    if not file.is_file():
        raise ConfigError("there is no such file.", file=file)
    return _parquet(file) if kind in _PARQUET else _csv(file, kind)


def _kind(file: Path) -> str:
    suffixes = [suffix.lower() for suffix in file.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    kind = suffixes[-1] if suffixes else ""
    if kind not in _PARQUET | _TEXT:
        raise ConfigError(
            "files of this kind are not read.",
            file=file,
            hint="Name .csv, .tsv, .txt (also .gz) or .parquet files.",
        )
    return kind


def _csv(file: Path, kind: str) -> pa.Table:
    content = _utf8(file, _bytes(file))
    delimiter, names = _header(file, content, kind)
    return _parsed(file, content, names, delimiter)


def _bytes(file: Path) -> bytes:
    try:
        raw = file.read_bytes()
        return gzip.decompress(raw) if file.suffix.lower() == ".gz" else raw
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(
            file.name, f"the file cannot be read ({type(error).__name__}); is it whole?"
        ) from None


def _utf8(file: Path, content: bytes) -> bytes:
    """Return the content in UTF-8 without a mark: it is UTF-8, UTF-16 with a mark, or GB18030."""
    encodings = [name for mark, name in _MARKS if content.startswith(mark)] or ["utf-8", "gb18030"]
    content = content.removeprefix(codecs.BOM_UTF8)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return content if encoding == "utf-8" else text.encode("utf-8", "replace")
    raise SourceError(
        file.name, f"the file is not {' or '.join(encodings)} text. Save it as UTF-8."
    )


def _header(file: Path, content: bytes, kind: str) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    head = content[:_HEAD].decode("utf-8", "ignore")
    line = head.split("\n", 1)[0]
    unquoted = "".join(line.split('"')[::2])
    delimiter = max(_DELIMITERS, key=lambda sign: (unquoted.count(sign), sign == ","))
    if kind == ".tsv" and "\t" in line:
        delimiter = "\t"
    names = next(csv.reader(io.StringIO(head), delimiter=delimiter), [])
    names = [name.strip() for name in names]
    if not any(names):
        raise SourceError(file.name, "the file is empty, not even a header stands in it.")
    return delimiter, _distinct(names)


def _distinct(names: list[str]) -> list[str]:
    """Return names that differ: a second ``tel`` is ``tel_2``, one without a name ``column_3``."""
    result: list[str] = []
    for place, name in enumerate(names, 1):
        base = name or f"column_{place}"
        new, number = base, 2
        while new in result:
            new, number = f"{base}_{number}", number + 1
        result.append(new)
    return result


def _parsed(file: Path, content: bytes, names: list[str], delimiter: str) -> pa.Table:
    from pyarrow import csv as arrow_csv

    bad: list[tuple[int | None, int]] = []

    def reject(row: Any) -> str:
        bad.append((row.number, row.actual_columns))
        return "skip"

    def read(threads: bool) -> pa.Table:
        return arrow_csv.read_csv(
            pa.BufferReader(content),
            arrow_csv.ReadOptions(
                use_threads=threads, column_names=names, skip_rows=1, block_size=16 << 20
            ),
            arrow_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=b'"' in content, invalid_row_handler=reject
            ),
            arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True,
                null_values=[""], quoted_strings_can_be_null=True,
            ),
        )  # fmt: skip

    try:
        table = read(threads=True)
        if bad:
            bad.clear()
            read(threads=False)  # only then are lines numbered
    except pa.ArrowInvalid:
        # the message of the error holds values
        raise SourceError(
            file.name, "the file is not a table: a quote is not closed, or a line is broken."
        ) from None
    if bad:
        number, fields = bad[0]
        place = f"line {number}" if number else "a line"
        raise SourceError(
            file.name,
            f"{len(bad)} lines do not fit the header, the first is {place}: {fields} fields where "
            f"the header has {len(names)}. Correct them, or put their texts in double quotes.",
        )
    return table


def _parquet(file: Path) -> pa.Table:
    import pyarrow.parquet as pq

    try:
        # Not read_table: that loads the dataset module, and with it pandas.
        with pq.ParquetFile(file) as opened:
            table = opened.read()
    except (pa.ArrowInvalid, OSError) as error:
        raise SourceError(
            file.name, f"the file is not a whole Parquet file ({type(error).__name__})."
        ) from None
    return plain(table)


def plain(table: pa.Table) -> pa.Table:
    """Return integers and texts as they are, columns of other types as exact text."""
    return pa.table({name: _plain(table.column(name)) for name in table.column_names})


def _plain(column: Any) -> Any:
    """Return integers and texts as they are, other types as exact text."""
    values = flat(column)
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = flat(values.cast(kind.value_type))
        kind = values.type
    if pa.types.is_string(kind) or pa.types.is_integer(kind):
        return values
    if pa.types.is_floating(kind):
        whole = pc.if_else(pc.is_nan(values), pa.scalar(None, kind), values).cast(pa.string())
        return pc.replace_substring_regex(whole, r"\.0$", "")
    if pa.types.is_timestamp(kind):
        return _moments(values)
    try:
        return values.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        texts = [None if value is None else _json(value) for value in values.to_pylist()]
        return pa.array(texts, pa.string())


def _moments(values: Any) -> Any:
    """Return timestamps as text, those that are all midnights as dates."""
    days = pc.strftime(values, format="%Y-%m-%d")
    midnight = pc.equal(pc.floor_temporal(values, unit="day"), values)
    if pc.all(pc.fill_null(midnight, True)).as_py():
        return days
    return values.cast(pa.string())


def _json(value: Any) -> str:
    if isinstance(value, bytes):
        return value.hex()
    return json.dumps(value, ensure_ascii=False, default=str, separators=(",", ":"))
