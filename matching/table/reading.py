"""Files, or Arrow tables → one table of texts, its records numbered by source and id.

CSV (also ``.gz``; UTF-8, UTF-16 or GB18030; comma, semicolon, tab or bar) and Parquet. Records are
sorted by source and id, so no order of rows, columns or files changes what comes of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from matching.columns import flat, pc
from matching.table.files import plain, read_file
from models.errors import ConfigError

FILE_SOURCE = "source"  # the name of the source column where files are the sources
_INTEGER = r"^(?:0|-?[1-9][0-9]{0,17})$"
_WHOLE_FLOAT = r"^-?[0-9]+\.0$"


@dataclass(frozen=True, slots=True)
class InputTable:
    """Records to match: row ``i`` of ``rows`` is the record ``ids[i]`` of ``sources[i]``.

    ``rows``: every other column as text, trimmed, NULL where empty. ``source_name`` is None for
    one file without a source column; all of ``sources`` are the file's name then.
    """

    rows: pa.Table
    ids: Any
    sources: Any
    id_name: str
    source_name: str | None


def read_files(files: Sequence[Path], id_column: str, source_column: str | None) -> InputTable:
    """Read ``files`` as one table; without a source column the file's name is the source.

    Raises ConfigError for a missing column, empty or repeated ids, or no rows at all, and
    SourceError for a file that cannot be read.
    """
    if not files:
        raise ConfigError("no file is given.", hint="Name one CSV or Parquet file or several.")
    named = sorted(zip(_source_names(files), files, strict=True))
    parts = [_part(read_file(file), (file, name), id_column, source_column) for name, file in named]
    return _input(parts, files[0], id_column, source_column)


def read_tables(
    tables: Mapping[str, pa.Table], id_column: str, source_column: str | None = None
) -> InputTable:
    """Read Arrow ``tables`` as ``read_files`` reads files; their names stand for the files'.

    Raises ConfigError for a missing column, empty or repeated ids, or no rows at all.
    """
    if not tables:
        raise ConfigError("no table is given.", hint="Give one Arrow table or several by name.")
    named = sorted(tables.items())
    parts = [_part(plain(table), (name, name), id_column, source_column) for name, table in named]
    return _input(parts, named[0][0], id_column, source_column)


def _input(
    parts: Sequence[pa.Table], first: Path | str, id_column: str, source_column: str | None
) -> InputTable:
    """Return the parts as one table; ``first`` names one of them in errors."""
    table = _together(parts)
    source_name = source_column or (_free(FILE_SOURCE, table) if len(parts) > 1 else None)
    rows = table.drop_columns([_ID, _SOURCE])
    if not rows.num_columns:
        raise ConfigError("there is no column to match by beside the id.", file=first)
    result = InputTable(
        rows, flat(table.column(_ID)), flat(table.column(_SOURCE)), id_column, source_name
    )
    _refuse_repeated(result)
    return result


# Names no file can have.
_ID, _SOURCE = "\0id", "\0source"


def _source_names(files: Sequence[Path]) -> list[str]:
    stems = [file.name.split(".")[0] or file.name for file in files]
    resolved = [file.resolve() for file in files]
    twice = next((file for file in files if resolved.count(file.resolve()) > 1), None)
    if twice is not None:
        raise ConfigError("this file is named twice.", file=twice, hint="Name it once.")
    return stems if len(set(stems)) == len(stems) else [file.as_posix() for file in files]


def _part(
    table: pa.Table, called: tuple[Path | str, str], id_column: str, source_column: str | None
) -> pa.Table:
    """Return a table as texts with its ids and sources; it is called by its file and its name."""
    file, name = called
    for column in filter(None, (id_column, source_column)):
        if column not in table.column_names:
            raise ConfigError(
                f"there is no column {column!r}.",
                file=file,
                hint=f"Its columns are: {', '.join(table.column_names)}.",
            )
    ids = _ids(table.column(id_column), file)
    constant = pa.repeat(pa.scalar(name, pa.string()), table.num_rows)
    sources = pc.fill_null(_text(table.column(source_column)), "") if source_column else constant
    rest = [column for column in table.column_names if column not in (id_column, source_column)]
    columns = {column: _whole(_text(table.column(column))) for column in rest}
    return pa.table({_ID: ids, _SOURCE: sources, **columns})


def _together(parts: Sequence[pa.Table]) -> pa.Table:
    """Return all parts as one table, its columns by name, its rows by source and id."""
    types = {part.schema.field(_ID).type for part in parts}
    if len(types) > 1:
        shared = pa.int64() if all(map(pa.types.is_integer, types)) else pa.string()
        parts = [part.set_column(0, _ID, part.column(_ID).cast(shared)) for part in parts]
    table = pa.concat_tables(parts, promote_options="default")
    if table.num_rows == 0:
        raise ConfigError("there is no row to match.", hint="Name files that hold some.")
    order = pc.sort_indices(table, sort_keys=[(_SOURCE, "ascending"), (_ID, "ascending")])
    return table.take(order).combine_chunks()


def _ids(column: Any, file: Path | str) -> Any:
    """Return ids in their own type; digits of a text file are integers."""
    ids: Any = flat(column)
    if pa.types.is_dictionary(ids.type):
        ids = ids.cast(ids.type.value_type)
    textual = pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type)
    if textual:
        ids = _text(ids)
    empty = ids.null_count
    if empty:
        raise ConfigError(
            f"{empty} rows have no id.", file=file, hint="Every row needs an id of its own."
        )
    if textual and pc.all(pc.match_substring_regex(ids, _INTEGER)).as_py():
        return ids.cast(pa.int64())
    return ids


def _refuse_repeated(table: InputTable) -> None:
    """Raise ConfigError for two rows of one source and id; the rows are sorted by these."""
    if len(table.ids) < 2:
        return
    same = pc.and_(
        pc.equal(table.ids[1:], table.ids[:-1]), pc.equal(table.sources[1:], table.sources[:-1])
    )
    first = pc.and_not(same[1:], same[:-1]) if len(same) > 1 else same[:0]
    repeated = int(same[0].as_py()) + (pc.sum(first).as_py() or 0)
    if repeated:
        raise ConfigError(
            f"{repeated} ids in column {table.id_name!r} stand in several rows of one source.",
            hint="Name a column that numbers the rows, or the column of sources "
            "with --source-column.",
        )


def _text(column: Any) -> Any:
    """Return texts without spaces around them, NULL for nothing."""
    trimmed = pc.utf8_trim_whitespace(flat(column).cast(pa.string()))
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, pa.string()), trimmed)


def _whole(texts: Any) -> Any:
    """Return 1967.0 as 1967 where a whole column went through floating point."""
    if texts.null_count == len(texts):
        return texts
    if not pc.all(pc.match_substring_regex(texts, _WHOLE_FLOAT)).as_py():
        return texts
    return pc.replace_substring_regex(texts, r"\.0$", "")


def _free(name: str, table: pa.Table) -> str:
    """Return ``name``, longer by underscores while a column of the files is called so."""
    while name in table.column_names:
        name += "_"
    return name
