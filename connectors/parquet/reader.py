"""The Parquet connector: how one file becomes chunks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from connectors.base import Chunk
from connectors.files import FileConnector, FileRead, Format, SourceFile
from connectors.text import as_column
from models.errors import IncompleteData
from models.source import SourceConfig

BATCH_ROWS = 50_000


def open_parquet(source: SourceConfig, base: Path) -> FileConnector[FileRead]:
    """Return a connector for Parquet files."""
    return FileConnector(source, base, Format(FileRead, _chunks))


def _chunks(file: SourceFile, read: FileRead) -> Iterator[Chunk]:
    try:
        with pq.ParquetFile(file.path) as parquet:
            declared: int | None = parquet.metadata.num_rows
            yield Chunk(_as_rows(parquet.schema_arrow.empty_table()), file.sequence, None, declared)
            for batch in parquet.iter_batches(BATCH_ROWS):
                yield Chunk(_as_rows(pa.Table.from_batches([batch])), file.sequence)
    except (pa.ArrowInvalid, OSError) as error:
        raise IncompleteData(
            file.source,
            f"{file.name} is not a whole Parquet file ({type(error).__name__}); nothing was "
            "landed. Ask for the file again.",
        ) from None


def _as_rows(table: pa.Table) -> pa.Table:
    """Return every column as text, structs as columns with dots."""
    while any(pa.types.is_struct(column.type) for column in table.schema):
        names = {column.name for column in table.schema if pa.types.is_struct(column.type)}
        table = _with_dots(table, names)
    return pa.table({name: _as_text(table.column(name)) for name in table.column_names})


def _with_dots(table: pa.Table, structs: set[str]) -> pa.Table:
    """Replace struct columns by their fields; ``flatten`` of Arrow names them with dots."""
    columns: dict[str, Any] = {}
    for name in table.column_names:
        inner = table.select([name]).flatten() if name in structs else table.select([name])
        columns.update(zip(inner.column_names, inner.columns, strict=True))
    return pa.table(columns)


def _as_text(column: Any) -> Any:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
        kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_integer(kind):
        return column.cast(pa.string())
    if pa.types.is_timestamp(kind) and kind.unit == "ns":
        column = _without_nanoseconds(column)
    values = column.to_pylist()
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        values = [_text_or_hex(value) for value in values]
    return as_column(values)


def _without_nanoseconds(column: Any) -> Any:
    """Return microseconds, which Python can hold; text where nanoseconds would be lost."""
    try:
        return column.cast(pa.timestamp("us", column.type.tz))
    except pa.ArrowInvalid:
        return column.cast(pa.string())


def _text_or_hex(value: bytes | None) -> str | None:
    if value is None:
        return None
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
