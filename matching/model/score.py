"""Scoring pairs: the bits of evidence that two records are one party, and every part of them.

Bits are the log2 of the odds: 0 is as likely as not, 10 is a thousand to one. They are the prior,
plus each comparison's weight, plus how rare the shared value is, plus what dependences take away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints, Levels, Mask, distinct
from matching.comparison import Comparison
from matching.model.parameters import Dependence, Model
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
        self.rarity = [
            _Rarity.none(item)
            if model.believed
            else _Rarity.of(item, weights.chance[-1], weights.strangers)
            for item, weights in zip(comparisons, model.weights, strict=True)
        ]
        names = [item.name for item in comparisons]
        self._together = [
            _Together.of(item, self, names.index(item.first), names.index(item.second))
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
            self.rarity[at].add(total, levels[:, at], left, right)
        for together in self._together:
            total += together.bits(levels, left, right)
        return total

    def contributions(self, left: Codes, right: Codes) -> Contributions:
        """Return every part of each pair's bits: the prior, each comparison, each dependence."""
        levels = self.levels(left, right)
        names, parts = ["prior"], [np.full(len(left), self._prior, dtype=np.float32)]
        for at, weights in enumerate(self._weights):
            part = weights[levels[:, at]]
            self.rarity[at].add(part, levels[:, at], left, right)
            names.append(self.comparisons[at].name)
            parts.append(part)
        for together in self._together:
            names.append(together.name)
            parts.append(together.bits(levels, left, right))
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
        shares, bits = _shares(comparison.values)
        usual = float((shares * bits).sum())
        likeness = np.clip(_FUZZY * (usual - bits), -_FUZZY_MOST, _FUZZY_MOST)
        return cls(
            comparison.top,
            comparison.fuzzy,
            comparison.values,
            _rarer(bits, chance, strangers),
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
        at = np.flatnonzero(self.equals(levels, left, right))
        bits[at] += self.equal[self.values[left[at]]]
        if self.fuzzy:
            one, other = self.values[left], self.values[right]
            near = (levels < self.top) & (levels >= self.top - self.fuzzy)
            at = np.flatnonzero(near & (one >= 0) & (other >= 0))
            bits[at] += np.minimum(self.likeness[one[at]], self.likeness[other[at]])

    def equals(self, levels: Levels, left: Codes, right: Codes) -> Mask:
        """Tell which pairs share a value whose rarity counts."""
        one = self.values[left]
        result: Mask = (levels == self.top) & (one >= 0) & (one == self.values[right])
        return result


@dataclass(frozen=True, slots=True)
class _Together:
    """What a dependence adds. ``rarity`` is, by record, that of its two values taken together.

    Where both are equal, the two rarities of a street and its postcode are one and the same: that
    of the couple takes their place.
    """

    name: str
    first: int
    second: int
    counts: Callable[[Levels], Mask]
    table: Bits
    rarity: Bits
    one: _Rarity
    other: _Rarity

    @classmethod
    def of(cls, item: Dependence, scorer: Scorer, first: int, second: int) -> _Together:
        a, b = scorer.comparisons[first].values, scorer.comparisons[second].values
        couple = np.full(len(a), -1, dtype=np.int64)
        known = (a >= 0) & (b >= 0)
        packed = a[known].astype(np.int64) * (int(b.max(initial=0)) + 1) + b[known]
        couple[known] = np.searchsorted(distinct(packed), packed)
        bits = _shares(couple)[1]
        rarity = np.zeros(len(a), dtype=np.float32)
        rarity[known] = _rarer(bits, item.chance, item.strangers)[couple[known]]
        return cls(
            name=f"{item.first} + {item.second}",
            first=first,
            second=second,
            counts=partial(item.counts, [one.name for one in scorer.comparisons]),
            table=np.array(item.bits, dtype=np.float32),
            rarity=rarity,
            one=scorer.rarity[first],
            other=scorer.rarity[second],
        )

    def bits(self, levels: Levels, left: Codes, right: Codes) -> Bits:
        """Return what the dependence adds to each pair."""
        one, other = levels[:, self.first], levels[:, self.second]
        result = self.table[one, other]
        at = np.flatnonzero(
            self.one.equals(one, left, right) & self.other.equals(other, left, right)
        )
        record = left[at]
        alone = (
            self.one.equal[self.one.values[record]] + self.other.equal[self.other.values[record]]
        )
        result[at] += self.rarity[record] - alone
        result[~self.counts(levels)] = 0.0
        return result


def _shares(values: Codes | Ints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how common each value is among the known ones, and the log2 of that."""
    counts = np.bincount(values[values >= 0]).astype(float)
    shares = counts / max(counts.sum(), 1.0)
    return shares, np.log2(np.where(shares > 0, shares, 1.0))


def _rarer(bits: NDArray[np.float64], chance: float, strangers: float) -> Bits:
    """Return how much rarer than chance each value is among strangers, in bits."""
    rarity = np.log2(chance) - bits - np.log2(strangers)
    return np.asarray(np.clip(rarity, _RARITY_LEAST, _RARITY_MOST), dtype=np.float32)
