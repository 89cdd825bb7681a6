"""Chance: how often two random records agree. This is the model's u, before matches are taken out.

Plain equality is counted exactly from the values' frequencies: with ``n`` known records and value
counts ``c``, two different records agree with probability ``Σ c(c − 1) / n(n − 1)``. The levels
between equality and difference come from a sample of random pairs, the same for the same data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Levels
from matching.comparison import MISSING, Comparison
from matching.model.patterns import judged

Shares = NDArray[np.float64]
# Pairs added to every count, so that what the sample never saw stays possible.
_UNSEEN = 0.5
# Joint tables of two comparisons are drawn to independence by this many pairs.
_PULL = 50.0


@dataclass(frozen=True, slots=True)
class Chance:
    """What random pairs look like.

    ``levels[k]`` are the shares of comparison ``k``'s levels among pairs where both sides are
    known (the entry of "missing" is 0), ``known[k]`` how many of all pairs that is. ``sample``
    holds the sampled levels, pairs × comparisons.
    """

    levels: list[Shares]
    known: list[float]
    sample: Levels
    comparisons: Sequence[Comparison]

    def joint(self, first: int, second: int) -> tuple[Shares, float]:
        """Return the joint shares of two comparisons' levels, and how many pairs know both."""
        a, b = self.sample[:, first], self.sample[:, second]
        shape = (len(self.levels[first]), len(self.levels[second]))
        table = joint_counts(a, b, shape)
        seen = float(table.sum())
        table += _PULL * np.outer(self.levels[first], self.levels[second])
        table /= table.sum()
        both = both_equal(self.comparisons[first].values, self.comparisons[second].values)
        if both is not None:
            _set_last(table, both)
        return table, seen / max(len(self.sample), 1)


def measure_chance(comparisons: Sequence[Comparison], size: int, pairs: int) -> Chance:
    """Sample ``pairs`` random pairs of ``size`` records and ask all comparisons about them."""
    left, right = random_pairs(size, pairs)
    sample = judged(comparisons, left, right)
    levels, known = [], []
    for at, comparison in enumerate(comparisons):
        counts = np.bincount(sample[:, at], minlength=len(comparison.levels)).astype(float)
        known.append(1.0 - counts[MISSING] / max(len(sample), 1))
        counts[MISSING] = 0.0
        counts[1:] += _UNSEEN
        shares = counts / counts.sum()
        equal = equality(comparison.values)
        if equal is not None:
            _set_last(shares, equal)
        levels.append(shares)
    return Chance(levels, known, sample, comparisons)


def equality(values: Codes) -> float | None:
    """Return how likely two random records have equal values; None where none are known."""
    counts = np.bincount(values[values >= 0]).astype(float)
    return _agreeing(counts)


def both_equal(first: Codes, second: Codes) -> float | None:
    """Return how likely two random records agree on both of two values."""
    known = (first >= 0) & (second >= 0)
    if not known.any():
        return None
    packed = first[known].astype(np.int64) * (int(second.max()) + 1) + second[known]
    packed.sort()
    begins = np.flatnonzero(np.diff(packed, prepend=-1))
    return _agreeing(np.diff(begins, append=len(packed)).astype(float))


def random_pairs(size: int, pairs: int) -> tuple[Codes, Codes]:
    """Return ``pairs`` pairs of different records, smaller first; the same for the same size.

    Drawn by the SplitMix64 generator (Steele, Lea and Flood, OOPSLA 2014), which is a formula of
    the draw's number: no seed, no state, the same on every machine.
    """
    if size < 2:
        return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
    draws = np.arange(pairs, dtype=np.uint64)
    one = (_splitmix(draws * np.uint64(2)) % np.uint64(size)).astype(np.int32)
    step = (_splitmix(draws * np.uint64(2) + np.uint64(1)) % np.uint64(size - 1)).astype(np.int64)
    two = ((one + 1 + step) % size).astype(np.int32)
    return np.minimum(one, two), np.maximum(one, two)


def joint_counts(first: Levels, second: Levels, shape: tuple[int, int]) -> Shares:
    """Count pairs by the levels of two comparisons; "missing" on either side counts nothing."""
    cell = first.astype(np.int64) * shape[1] + second
    table = np.bincount(cell, minlength=shape[0] * shape[1]).astype(float).reshape(shape)
    table[MISSING, :] = 0.0
    table[:, MISSING] = 0.0
    return table


def _set_last(shares: Shares, last: float) -> None:
    """Set the last share, and the others so that all are still one in sum."""
    cells = shares.reshape(-1)
    cells[:-1] *= (1.0 - last) / cells[:-1].sum()
    cells[-1] = last


def _agreeing(counts: Shares) -> float | None:
    number = counts.sum()
    if number < 2:
        return None
    pairs = max(float((counts * (counts - 1)).sum()), 0.5)
    return pairs / float(number * (number - 1))


def _splitmix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        mixed = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return mixed ^ (mixed >> np.uint64(31))


def pair_count(size: int) -> float:
    """Return how many pairs ``size`` records make."""
    return size * (size - 1) / 2.0
