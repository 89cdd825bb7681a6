"""How rare a value is, by what was counted when the model was learnt.

A model kept from version to version would be of little use if one record more moved the share of
every value: each score would change in its last digit, and everything built on it. So the number
of known values, and how common the usual one is, are kept with the model; and how often a value
stands today counts in eighths of a power of two, so that one more of a thousand changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from matching.columns import Codes, distinct
from matching.comparison import Comparison
from matching.model.parameters import Model
from matching.model.score import Scorer
from models.mapping import Strict

Floats = NDArray[np.float64]

# Steps of a power of two in which the count of a value is taken.
_STEPS = 8
# What rarity may add to or take from a weight, in bits; for a likeness, half of it, within fewer.
_LEAST, _MOST = -8.0, 10.0
_FUZZY, _FUZZY_MOST = 0.5, 4.0


class Commonness(Strict):
    """How many records have a known value, and the log2 of the share of the usual one."""

    known: int = Field(ge=1)
    usual: float


class KeptRarity(Scorer):
    """A scorer whose rarities follow ``common``, by comparison or ``first + second``.

    What ``common`` lacks is measured on these records. A value that is nowhere known has none.
    """

    def __init__(
        self,
        comparisons: Sequence[Comparison],
        model: Model,
        common: Mapping[str, Commonness] | None = None,
    ) -> None:
        super().__init__(comparisons, model)
        self.common: dict[str, Commonness] = {}
        given = common or {}
        if model.believed:
            return
        self.rarity = [
            replace(rarity, equal=_single(equal), likeness=_single(likeness))
            for rarity, item, weights in zip(self.rarity, comparisons, model.weights, strict=True)
            for bits, usual in [self._shares(item.name, item.values, given)]
            for equal in [_rarer(bits, weights.chance[-1], weights.strangers)]
            for likeness in [np.clip(_FUZZY * (usual - bits), -_FUZZY_MOST, _FUZZY_MOST)]
        ]
        self._together = [
            replace(
                together,
                rarity=_by_record(_rarer(bits, edge.chance, edge.strangers), couple),
                one=self.rarity[together.first],
                other=self.rarity[together.second],
            )
            for together, edge in zip(self._together, model.dependences, strict=True)
            for couple in [
                _couples(*(self._values(at) for at in (together.first, together.second)))
            ]
            for bits, _ in [self._shares(together.name, couple, given)]
        ]

    def _values(self, at: int) -> Codes:
        return self.comparisons[at].values

    def _shares(
        self, name: str, values: Codes, given: Mapping[str, Commonness]
    ) -> tuple[Floats, float]:
        """Return the log2 of the share of each value, and of that of the usual one."""
        counts = np.bincount(values[values >= 0]).astype(np.float64)
        found = given.get(name) or _measured(counts)
        if found is None:
            return np.zeros(len(counts)), 0.0
        self.common[name] = found
        coarse = np.round(np.log2(np.maximum(counts, 1.0)) * _STEPS) / _STEPS
        return coarse - np.log2(found.known), found.usual


def _measured(counts: Floats) -> Commonness | None:
    known = int(counts.sum())
    if not known:
        return None
    shares = counts[counts > 0] / known
    return Commonness(known=known, usual=float(f"{(shares * np.log2(shares)).sum():.9g}"))


def _couples(one: Codes, other: Codes) -> Codes:
    """Return by record a code of its two values taken together, -1 where one is not known."""
    couple = np.full(len(one), -1, dtype=np.int32)
    known = (one >= 0) & (other >= 0)
    packed = (one[known].astype(np.int64) << 32) | other[known]
    couple[known] = np.searchsorted(distinct(packed), packed)
    return couple


def _rarer(bits: Floats, chance: float, strangers: float) -> Floats:
    """Return how much rarer than chance each value is among strangers, in bits."""
    return np.asarray(np.clip(np.log2(chance) - bits - np.log2(strangers), _LEAST, _MOST))


def _by_record(rarity: Floats, values: Codes) -> NDArray[np.float32]:
    result = np.zeros(len(values), dtype=np.float32)
    known = values >= 0
    result[known] = rarity[values[known]]
    return result


def _single(bits: Floats) -> NDArray[np.float32]:
    return bits.astype(np.float32)
