"""Aligned columns of text for a terminal, where a Han character is two cells wide."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def width(text: str) -> int:
    """Return how many cells of a terminal a text takes."""
    return sum(_cells(letter) for letter in text)


def clipped(text: str, most: int) -> str:
    """Return a text of at most ``most`` cells, on one line and without control characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    if width(plain) <= most:
        return plain
    kept, taken = "", 1
    for letter in plain:
        taken += _cells(letter)
        if taken > most:
            break
        kept += letter
    return f"{kept}…"


def aligned(rows: Sequence[Sequence[str]], right: Sequence[int], most: int = 34) -> list[str]:
    """Return rows as lines; the columns ``right`` stand to the right, all at most ``most`` wide."""
    cells = [[clipped(cell, most) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)]
    return [_line(row, widths, right) for row in cells]


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    placed = []
    for at, cell in enumerate(row):
        blank = " " * (widths[at] - width(cell))
        placed.append(blank + cell if at in right else cell + blank)
    return _GAP.join(placed).rstrip()


def _cells(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
