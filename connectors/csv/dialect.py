"""How a delimited file is written, told from its first lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

# From the least to the most likely to stand inside a value.
DELIMITERS = ("|@|", "\x01", "\t", "|", "^", ";", ",")
_QUOTING = frozenset({",", ";", "\t"})
# Stands in for a delimiter of several characters: no text may contain this code point.
_STAND_IN = "\ufdd0"


@dataclass(frozen=True, slots=True)
class Dialect:
    """Delimiter (any length) and whether fields may be in double quotes."""

    delimiter: str
    quoted: bool

    def lines(self, lines: Iterable[str]) -> Iterator[str]:
        """Return lines in which the delimiter is one character."""
        if len(self.delimiter) == 1:
            return iter(lines)
        return (line.replace(self.delimiter, _STAND_IN) for line in lines)

    def original(self, line: str) -> str:
        """Return a line of ``lines`` as it stood in the file."""
        return line if len(self.delimiter) == 1 else line.replace(_STAND_IN, self.delimiter)

    def reader(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Return the records of ``lines``; raises csv.Error at one that breaks the quoting."""
        one = self.delimiter if len(self.delimiter) == 1 else _STAND_IN
        quoting: Any = csv.QUOTE_MINIMAL if self.quoted else csv.QUOTE_NONE
        return csv.reader(lines, delimiter=one, quoting=quoting, strict=self.quoted)


def detect(lines: Sequence[str], delimiter: str, quotes: str) -> Dialect:
    """Return the dialect under which most of ``lines`` have as many fields as the first."""
    delimiters = DELIMITERS if delimiter == "auto" else (delimiter,)
    modes = (True, False) if quotes == "auto" else (quotes == "double",)
    candidates = [Dialect(*pair) for pair in product(delimiters, modes)]
    best = max(candidates, key=lambda dialect: _fit(dialect, lines))
    if delimiter == "auto" and _fit(best, lines)[0] == 0:
        return Dialect(",", quoted=modes[0])  # one column
    return best


def _fit(dialect: Dialect, lines: Sequence[str]) -> tuple[float, int, bool]:
    """Return (share of lines that fit the first, fields, quoting is as usual), to maximise."""
    fields = [record for record in _records(dialect, lines) if record != []]
    if fields and fields[-1] is None:  # the first lines may end inside a quoted field
        fields.pop()
    width = len(fields[0]) if fields and fields[0] else 0
    if width < 2:
        return 0.0, 0, False
    fitting = sum(record is not None and len(record) in (width, width + 1) for record in fields)
    wrapped = any(
        len(field) > 1 and field[0] == field[-1] == '"'
        for record in _records(Dialect(dialect.delimiter, quoted=False), lines)
        for field in record or ()
    )
    usual = wrapped or dialect.delimiter in _QUOTING
    return fitting / len(fields), width, usual == dialect.quoted


def _records(dialect: Dialect, lines: Sequence[str]) -> list[list[str] | None]:
    """Return the records, None for one that cannot be read."""
    reader = dialect.reader(dialect.lines(lines))
    records: list[list[str] | None] = []
    while True:
        try:
            records.append(next(reader))
        except StopIteration:
            return records
        except csv.Error:
            records.append(None)
