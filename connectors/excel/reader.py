"""The Excel connector: how one workbook becomes chunks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.base import Chunk
from connectors.excel.config import ExcelRead
from connectors.excel.header import LOOK_ROWS, Cells, Header, find_header, is_empty
from connectors.excel.workbook import Sheet, open_sheet
from connectors.files import FileConnector, Format, SourceFile
from connectors.text import as_column
from models.errors import SchemaDrift
from models.source import SourceConfig

BATCH_ROWS = 20_000
_TOTALS = re.compile(
    r"(合\s*计|小\s*计|总\s*计|共\s*计|grand total|sub-?total|total)\s*([:：(（\d].*)?$",
    re.IGNORECASE | re.DOTALL,
)


def open_excel(source: SourceConfig, base: Path) -> FileConnector[ExcelRead]:
    """Return a connector for workbooks."""
    return FileConnector(source, base, Format(ExcelRead, _chunks))


def _chunks(file: SourceFile, read: ExcelRead) -> Iterator[Chunk]:
    with open_sheet(file, read.sheet) as sheet:
        rows = iter(sheet.rows)
        given = read.header_rows
        first = list(islice(rows, max(LOOK_ROWS, given[1] + 1 if given else 0)))
        header = _header(file, first, sheet, read)
        body = chain(first[header.last + 1 :], rows)
        records = filter(_is_record(header, first[header.last], read.primary_key), body)
        blank = set(header.blank)  # columns without a name, and until now without a value
        batch = list(islice(records, BATCH_ROWS))
        while True:
            blank -= {at for at in blank if any(not is_empty(row[at]) for row in batch)}
            yield Chunk(_as_rows(batch, header, blank), file.sequence)
            if not (batch := list(islice(records, BATCH_ROWS))):
                return


def _header(file: SourceFile, first: list[Cells], sheet: Sheet, read: ExcelRead) -> Header:
    header = find_header(first, sheet.areas, read.header_rows, read.primary_key)
    if header is None:
        raise SchemaDrift(
            file.source,
            f"{file.name}, sheet {sheet.name!r} has no header in its first rows; write its row "
            "into read.header, counted from 1, or ask for the file again.",
        )
    gone = [key for key in read.primary_key if key not in header.names]
    if gone:
        rows = f"{header.first + 1} to {header.last + 1}"
        raise SchemaDrift(
            file.source,
            f"{file.name}, sheet {sheet.name!r} has no column {', '.join(gone)} in its header, "
            f"which is taken to be rows {rows}; write its rows into read.header, counted from 1, "
            "or correct read.primary_key.",
        )
    return header


def _is_record(header: Header, repeated: Cells, keys: Sequence[str]) -> Callable[[Cells], bool]:
    """Return a test for rows that are records: not empty, no total, not the header again."""
    places = [header.names.index(key) for key in keys if key in header.names]
    head = list(repeated)

    def is_record(row: Cells) -> bool:
        lead = next((cell for cell in row if not is_empty(cell)), None)
        if lead is None:
            return False
        if not isinstance(lead, str):
            return True
        if lead in head and list(row) == head:
            return False
        return not _is_total(lead) or any(
            not is_empty(row[place]) and not _is_total(row[place]) for place in places
        )

    return is_record


def _is_total(cell: Any) -> bool:
    return isinstance(cell, str) and _TOTALS.match(cell.strip()) is not None


def _as_rows(rows: Sequence[Cells], header: Header, blank: set[int]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(header.names)
    return pa.table(
        {
            name: as_column([None if cell == "" else cell for cell in column])
            for at, (name, column) in enumerate(zip(header.names, columns, strict=True))
            if at not in blank
        }
    )
