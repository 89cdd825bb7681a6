"""The CSV connector: how one delimited file becomes chunks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.base import REJECTS, Chunk
from connectors.csv.config import CsvRead
from connectors.csv.dialect import Dialect, detect
from connectors.csv.records import Batch, Lines, batches
from connectors.files import FileConnector, Format, SourceFile
from connectors.header import distinct_names
from connectors.lines import open_text
from models.errors import ConfigError, SourceError
from models.source import SourceConfig

_LOOK_LINES = 200


def open_csv(source: SourceConfig, base: Path) -> FileConnector[CsvRead]:
    """Return a connector for delimited files."""
    return FileConnector(source, base, Format(CsvRead, _chunks, _ready))


def _ready(path: Path, read: CsvRead) -> bool:
    return read.control is None or _control_file(path, read.control.suffix) is not None


def _chunks(file: SourceFile, read: CsvRead) -> Iterator[Chunk]:
    with open_text(file, read.encoding) as text:
        skipped = list(islice(text, read.skip_lines))
        first = list(islice(text, _LOOK_LINES))
        dialect = detect(first, read.delimiter, read.quotes)
        lines = Lines(dialect.lines(chain(first, text)), len(skipped))
        names = read.columns or _header(file, lines, dialect)
        yield Chunk(_as_rows([], names), file.sequence, declared=_declared(file, read))
        for batch in batches(file, lines, dialect, len(names)):
            yield Chunk(_as_rows(batch.records, names), file.sequence, _as_rejects(file, batch))


def _header(file: SourceFile, lines: Lines, dialect: Dialect) -> list[str]:
    names = next(dialect.reader(lines), None)
    if not names:
        raise SourceError(
            file.source, f"{file.name} is empty, not even a header stands in it; ask for it again."
        )
    lines.settle(len(lines.given))
    if names[-1].strip() == "":
        names = names[:-1]
    return distinct_names([name.strip().lstrip("\ufeff") for name in names])


def _as_rows(records: Sequence[Sequence[str]], names: Sequence[str]) -> pa.Table:
    columns = list(zip(*records, strict=True)) if records else [()] * len(names)
    arrays = [pa.array(column, pa.string()) for column in columns]
    null = pa.scalar(None, pa.string())
    return pa.table(
        [pc.if_else(pc.equal(array, ""), null, array) for array in arrays], names=list(names)
    )


def _as_rejects(file: SourceFile, batch: Batch) -> pa.Table:
    return pa.Table.from_pylist(
        [
            {"file": file.name, "line": line, "rule": "bad_line", "reason": reason, "text": text}
            for line, reason, text in batch.rejects
        ],
        schema=REJECTS,
    )


def _declared(file: SourceFile, read: CsvRead) -> int | None:
    """Return the row count the control file declares."""
    control = read.control
    path = _control_file(file.path, control.suffix) if control else None
    if control is None or path is None:
        return None
    text = path.read_text(encoding="utf-8", errors="replace")
    found = re.search(control.rows, text, re.IGNORECASE | re.MULTILINE)
    number = next((group for group in found.groups() if group), None) if found else None
    if number is None or not number.isdigit():
        raise ConfigError(
            f"the row count is not found in {path.name}.",
            file=f"sources/{file.source}.yml",
            hint="Write a pattern with the number in parentheses into read.control.rows.",
        )
    return int(number)


def _control_file(path: Path, suffix: str) -> Path | None:
    bare = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    for candidate in (
        path.with_name(path.name + suffix),
        bare.with_name(bare.name + suffix),
        bare.with_suffix(suffix),
    ):
        if candidate.is_file() and candidate != path:
            return candidate
    return None
