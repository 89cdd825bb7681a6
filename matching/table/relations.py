"""Columns that repeat other columns: a whole name beside its parts, a copy, a birth year.

Found on at most ``SAMPLE`` records, evenly spaced over the sorted ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pyarrow as pa

from matching.columns import flat, pc
from models.fields.names_latin import fold

SAMPLE = 1500
_NEARLY_ALL = 0.9
_MOST = 0.5
Said = Literal["same", "more", "other"]


class Sample:
    """Some records of a table, column by column."""

    def __init__(self, rows: pa.Table) -> None:
        steps = np.linspace(0, rows.num_rows - 1, min(SAMPLE, rows.num_rows)).astype(np.int64)
        self._rows = rows.take(pa.array(steps))
        self._table = rows
        self._read: dict[str, list[str | None]] = {}

    def values(self, column: str) -> list[str | None]:
        """Return the sampled values of a column."""
        if column not in self._read:
            self._read[column] = self._rows[column].to_pylist()
        return self._read[column]

    def words(self, columns: Sequence[str]) -> list[frozenset[str]]:
        """Return for each sampled record the folded words of some columns together."""
        joined = zip(*(self.values(column) for column in columns), strict=True)
        return [
            frozenset(fold(" ".join(value for value in values if value)).split())
            for values in joined
        ]

    def apart(self, one: str, other: str) -> bool:
        """Tell whether one column ends, in the sorted records, before the other begins.

        So does one fact under two headers in two files, for the records are sorted by file.
        """
        (first, last), (begin, end) = self._reach(one), self._reach(other)
        return min(first, begin) >= 0 and (last < begin or end < first)

    def _reach(self, column: str) -> tuple[int, int]:
        """Return the first and the last record that know a column, -1 for none."""
        known = np.flatnonzero(np.asarray(pc.is_valid(flat(self._table[column]))))
        return (int(known[0]), int(known[-1])) if len(known) else (-1, -1)


def repeats_words(sample: Sample, whole: str, parts: Sequence[str]) -> Said:
    """Tell whether ``whole`` has the ``same`` words as ``parts``, ``more``, or ``other`` ones.

    Chinese names have no spaces: there the parts stand one after the other.
    """
    apart = list(zip(sample.words([whole]), sample.words(parts), strict=True))
    known = [(text, rest) for text, rest in apart if text and rest]
    if len(known) < _MOST * sum(bool(text) for text, _ in apart) or not known:
        return "other"
    within = sum(text <= rest or _joined(text, rest) for text, rest in known)
    if within > _NEARLY_ALL * len(known):
        return "same"
    shared = sum(len(text & rest) >= min(2, len(rest)) for text, rest in known)
    return "more" if shared > _MOST * len(known) else "other"


def _joined(text: frozenset[str], parts: frozenset[str]) -> bool:
    """Tell whether one long word is made of the parts, in any order."""
    if len(text) != 1 or len(parts) != 2:
        return False
    (whole,), (one, other) = text, sorted(parts)
    return whole in (one + other, other + one)


def copies(sample: Sample, column: str, other: str) -> bool:
    """Tell whether two columns are known together and nearly always equal."""
    pairs = list(zip(sample.values(column), sample.values(other), strict=True))
    both = [(one, two) for one, two in pairs if one and two]
    if len(both) < _NEARLY_ALL * sum(bool(one) for one, _ in pairs) or not both:
        return False
    equal = sum(one.casefold() == two.casefold() for one, two in both)
    return equal > 0.97 * len(both)


def year_of(sample: Sample, year: str, date: str) -> bool:
    """Tell whether the column ``year`` is the year of the column ``date``."""
    pairs = zip(sample.values(year), sample.values(date), strict=True)
    both = [(one, two) for one, two in pairs if one and two]
    return bool(both) and sum(one in two for one, two in both) > _NEARLY_ALL * len(both)
