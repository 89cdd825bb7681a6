"""Scoring pairs: the bits of evidence that two records are one party, and every part of them.

Bits are the log2 of the odds: 0 is as likely as not, 10 is a thousand to one. They are the prior,
plus each comparison's weight, plus how rare the shared value is, plus what dependences take away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Levels
from matching.comparison import Comparison
from matching.model.parameters import Model
from matching.model.patterns import judged

Bits = NDArray[np.float32]

# What rarity may add to or take from a weight, in bits.
_RARITY_LEAST, _RARITY_MOST = -8.0, 10.0
# A likeness is not the value itself: half of what rarity says, within these bits.
_FUZZY, _FUZZY_MOST = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class Contributions:
    """The parts of pairs' scores: ``bits[pair, part]``, adding up to the score."""

    names: list[str]
    bits: NDArray[np.float32]


class Scorer:
    """Scores pairs of the records its comparisons know."""

    def __init__(self, comparisons: Sequence[Comparison], model: Model) -> None:
        model.check(comparisons)
        self.comparisons = list(comparisons)
        self.model = model
        self._prior = float(np.log2(model.prior / (1.0 - model.prior)))
        self._weights = [np.array(item.bits, dtype=np.float32) for item in model.weights]
        self._rarity = [
            _Rarity.none(item)
            if model.believed
            else _Rarity.of(item, weights.chance[-1], weights.strangers)
            for item, weights in zip(comparisons, model.weights, strict=True)
        ]
        names = [item.name for item in comparisons]
        self._dependences = [
            (names.index(item.first), names.index(item.second), np.array(item.bits, np.float32))
            for item in model.dependences
        ]

    def levels(self, left: Codes, right: Codes) -> Levels:
        """Return each pair's levels, pairs × comparisons."""
        return judged(self.comparisons, left, right)

    def bits(self, left: Codes, right: Codes, levels: Levels | None = None) -> Bits:
        """Return each pair's bits; ``levels`` saves asking again where they are known."""
        levels = self.levels(left, right) if levels is None else levels
        total = np.full(len(left), self._prior, dtype=np.float32)
        for at, weights in enumerate(self._weights):
            total += weights[levels[:, at]]
            self._rarity[at].add(total, levels[:, at], left, right)
        for first, second, table in self._dependences:
            total += table[levels[:, first], levels[:, second]]
        return total

    def contributions(self, left: Codes, right: Codes) -> Contributions:
        """Return every part of each pair's bits: the prior, each comparison, each dependence."""
        levels = self.levels(left, right)
        names, parts = ["prior"], [np.full(len(left), self._prior, dtype=np.float32)]
        for at, weights in enumerate(self._weights):
            part = weights[levels[:, at]]
            self._rarity[at].add(part, levels[:, at], left, right)
            names.append(self.comparisons[at].name)
            parts.append(part)
        for first, second, table in self._dependences:
            names.append(f"{self.comparisons[first].name} + {self.comparisons[second].name}")
            parts.append(table[levels[:, first], levels[:, second]])
        return Contributions(names, np.stack(parts, axis=1))


@dataclass(frozen=True, slots=True)
class _Rarity:
    """How many bits sharing a value adds, by value code; ``likeness`` the same for near values."""

    top: int
    fuzzy: int
    values: Codes
    equal: Bits
    likeness: Bits

    @classmethod
    def of(cls, comparison: Comparison, chance: float, strangers: float) -> _Rarity:
        counts = np.bincount(comparison.values[comparison.values >= 0]).astype(float)
        shares = counts / max(counts.sum(), 1.0)
        with np.errstate(divide="ignore"):
            bits = np.where(shares > 0, np.log2(shares), 0.0)
        equal = np.log2(chance) - bits - np.log2(strangers)
        usual = float((shares * bits).sum())
        likeness = np.clip(_FUZZY * (usual - bits), -_FUZZY_MOST, _FUZZY_MOST)
        return cls(
            comparison.top,
            comparison.fuzzy,
            comparison.values,
            np.clip(equal, _RARITY_LEAST, _RARITY_MOST).astype(np.float32),
            likeness.astype(np.float32),
        )

    @classmethod
    def none(cls, comparison: Comparison) -> _Rarity:
        """Return a rarity that adds nothing: a belief about equality holds for every value."""
        nothing = np.zeros(0, dtype=np.float32)
        return cls(comparison.top, 0, comparison.values, nothing, nothing)

    def add(self, bits: Bits, levels: Levels, left: Codes, right: Codes) -> None:
        """Add to ``bits`` what the rarity of the pairs' values is worth."""
        if not len(self.equal):
            return
        one, other = self.values[left], self.values[right]
        at = np.flatnonzero((levels == self.top) & (one >= 0) & (one == other))
        bits[at] += self.equal[one[at]]
        if self.fuzzy:
            near = (levels < self.top) & (levels >= self.top - self.fuzzy)
            at = np.flatnonzero(near & (one >= 0) & (other >= 0))
            bits[at] += np.minimum(self.likeness[one[at]], self.likeness[other[at]])
