"""Where the header of a sheet stands, and the names it gives to the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from connectors.header import distinct_names

LOOK_ROWS = 40  # a header further down is written into the YAML
_LEVELS = 4
_FILLED = 0.6  # of the table's width: above it a row can be a header

Cells = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Area:
    """Merged cells, both ends included; rows and columns count from 0 in the rows looked at."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Header:
    """Rows ``first`` to ``last`` hold the header; ``names`` has one name per column."""

    first: int
    last: int
    names: list[str]
    blank: frozenset[int]


def find_header(
    rows: Sequence[Cells],
    areas: Sequence[Area],
    given: tuple[int, int] | None,
    keys: Sequence[str],
) -> Header | None:
    """Return the header among the first rows of a sheet, None if there is none.

    Of the rows that could be it, the first that names the ``keys``; else the first of all.
    """
    filled = _spread(rows, areas)
    spans = [given] if given else _candidates(filled, areas)
    headers = [_header(filled, *span) for span in spans if span[1] < len(filled)]
    named = (header for header in headers if set(keys) <= set(header.names))
    return next(named, headers[0] if headers else None)


def is_empty(cell: Any) -> bool:
    """Say whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _spread(rows: Sequence[Cells], areas: Sequence[Area]) -> list[list[Any]]:
    """Return the rows with the value of merged cells in each of them."""
    filled = [list(row) for row in rows]
    for area in areas:
        if area.top >= len(filled) or area.left >= len(filled[area.top]):
            continue
        value = filled[area.top][area.left]
        for row in filled[area.top : area.bottom + 1]:
            width = min(area.right + 1, len(row)) - area.left
            row[area.left : area.left + width] = [value] * width
    return filled


def _header(filled: Sequence[Cells], first: int, last: int) -> Header:
    levels = [[_label(cell) for cell in row] for row in filled[first : last + 1]]
    joined = [_joined(parts) for parts in zip(*_carried(levels), strict=True)]
    blank = frozenset(column for column, name in enumerate(joined) if not name)
    return Header(first, last, distinct_names(joined), blank)


def _candidates(rows: Sequence[Cells], areas: Sequence[Area]) -> list[tuple[int, int]]:
    """Return first and last row of everything that looks like a header."""
    widths = [sum(not is_empty(cell) for cell in row) for row in rows]
    width = max(widths, default=0)
    found = []
    for number, row in enumerate(rows):
        texts = [cell for cell in row if not is_empty(cell)]
        title = width > 1 and len(set(map(str, texts))) == 1
        wide = widths[number] >= max(1, _FILLED * width)
        if wide and not title and all(isinstance(text, str) for text in texts):
            found.append((number, _last_row(number, len(rows), areas)))
    return found


def _last_row(first: int, rows: int, areas: Sequence[Area]) -> int:
    """Follow merged cells down: those that reach down, and groups that have names below them."""
    last = first
    for _ in range(_LEVELS):
        inside = [area for area in areas if first <= area.top <= last]
        deepest = max(
            (area.bottom + (area.right > area.left and area.bottom == last) for area in inside),
            default=last,
        )
        if deepest <= last:
            break
        last = deepest
    return min(last, first + _LEVELS - 1, rows - 1)


def _carried(levels: list[list[str]]) -> list[list[str]]:
    """Carry a group's name to the right over columns that only have a name below it."""
    for upper, lower in pairwise(levels):
        for column in range(1, len(upper)):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    return levels


def _joined(parts: Sequence[str]) -> str:
    distinct = [part for place, part in enumerate(parts) if part and part not in parts[:place]]
    return "_".join(distinct)


def _label(cell: Any) -> str:
    """Return a header cell on one line; Chinese needs no space where a line was broken."""
    if is_empty(cell):
        return ""
    text = str(cell).strip()
    text = re.sub(r"(?<=[^\x00-\x7f])\s*\n\s*|\s*\n\s*(?=[^\x00-\x7f])", "", text)
    return re.sub(r"\s+", " ", text)
