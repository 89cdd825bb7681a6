"""Patterns: the distinct answers that pairs give, and how many pairs give each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints, Levels, distinct
from matching.comparison import Comparison

# Packed patterns must stay below this to fit in 63 bits.
_WIDEST = 2**62


@dataclass(frozen=True, slots=True)
class Patterns:
    """Row ``p`` of ``levels`` is one pattern, ``counts[p]`` how many pairs show it."""

    levels: Levels
    counts: Ints

    def __len__(self) -> int:
        return len(self.counts)

    @classmethod
    def of(cls, levels: Levels) -> Patterns:
        """Count the distinct rows of ``levels`` (pairs × comparisons)."""
        return cls.merged([cls(levels, np.ones(len(levels), dtype=np.int64))])

    @classmethod
    def merged(cls, parts: Sequence[Patterns]) -> Patterns:
        """Put the patterns of several batches together; the result is in ascending order."""
        levels = np.concatenate([part.levels for part in parts])
        counts = np.concatenate([part.counts for part in parts])
        packed = pack(levels)
        order = np.argsort(packed, kind="stable")
        begins = np.flatnonzero(np.diff(packed[order], prepend=-1))
        if not len(begins):
            return cls(levels, counts)
        return cls(levels[order[begins]], np.add.reduceat(counts[order], begins))

    def where(self, comparison: int, level: int) -> NDArray[np.bool_]:
        """Tell which patterns have a level of a comparison."""
        return np.asarray(self.levels[:, comparison] == level)


def pack(levels: Levels) -> Ints:
    """Return one integer per row, equal for equal rows and only for those.

    Where so many comparisons would not fit in 63 bits, what is packed so far is numbered anew.
    """
    packed = np.zeros(len(levels), dtype=np.int64)
    largest = 0
    for column in levels.T:
        width = int(column.max(initial=0)) + 1
        if (largest + 1) * width > _WIDEST:
            packed = np.searchsorted(distinct(packed), packed)
            largest = int(packed.max(initial=0))
        packed = packed * width + column
        largest = largest * width + width - 1
    return packed


def judged(comparisons: Sequence[Comparison], left: Codes, right: Codes) -> Levels:
    """Ask every comparison about every pair: pairs × comparisons, laid out by comparison."""
    answers = np.empty((len(comparisons), len(left)), dtype=np.uint8)
    for row, comparison in enumerate(comparisons):
        answers[row] = comparison.judge(left, right)
    return answers.T
