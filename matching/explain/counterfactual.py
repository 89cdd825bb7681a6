"""What would have changed the outcome: the bits if one field, or a few, agreed after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Levels
from matching.explain.case import Case, rounded
from matching.explain.splits import together

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Agreement:
    """If ``comparisons`` agreed, there would be ``bits``: ``enough`` for the cut, or not."""

    comparisons: tuple[str, ...]
    bits: float
    gain: float
    enough: bool


def agreements(case: Case, left: Codes, right: Codes) -> list[Agreement]:
    """Return what each comparison would add if it agreed in all of some pairs, most first.

    The pairs are those between two clusters (one, of two single records), and their bits what
    they are worth together. Rarity counts as for the commoner of two values. Where no single
    comparison is enough, the last entry is the fewest together (strongest first) that are, if
    there are any.
    """
    pairs = _Pairs(case, left, right)
    singles = sorted((pairs.agreed([at]) for at in pairs.open), key=_strongest)
    singles = [item for item in singles if item.gain > 0]
    if not singles or any(item.enough for item in singles):
        return singles
    names = [item.name for item in case.scorer.comparisons]
    chosen: list[int] = []
    for item in singles:
        chosen.append(names.index(item.comparisons[0]))
        several = pairs.agreed(chosen)
        if several.enough:
            return [*singles, several]
    return singles


def _strongest(item: Agreement) -> tuple[float, tuple[str, ...]]:
    return -item.gain, item.comparisons


class _Pairs:
    """Pairs' scores, and what they would be if comparisons agreed.

    ``parts`` and ``agreeing`` are pairs × parts: the comparisons, then the dependences, whose two
    comparisons are ``ends``.
    """

    def __init__(self, case: Case, left: Codes, right: Codes) -> None:
        self.case = case
        asked = case.scorer.comparisons
        place = {item.name: at for at, item in enumerate(asked)}
        self.ends = [
            (place[item.first], place[item.second]) for item in case.scorer.model.dependences
        ]
        self.tops = [item.top for item in asked]
        self.levels = case.scorer.levels(left, right)
        self.bits = case.scorer.bits(left, right, self.levels).astype(np.float64)
        self.parts = _parts(case, left, right)
        self.agreeing = self._agreeing(left, right)
        self.open = [
            at
            for at, item in enumerate(asked)
            if item.known and (self.levels[:, at] < item.top).any()
        ]

    def agreed(self, chosen: Sequence[int]) -> Agreement:
        """Return what there would be if the chosen comparisons agreed in every pair."""
        before, after = self._together(self.bits), self._together(self._with(chosen))
        names = tuple(self.case.scorer.comparisons[at].name for at in chosen)
        return Agreement(names, rounded(after), rounded(after - before), after >= self.case.cut)

    def _together(self, bits: Floats) -> float:
        return together(self.case.rule, float(bits.mean()), len(bits))

    def _agreeing(self, left: Codes, right: Codes) -> Floats:
        """Return what every part is worth where it agrees: on the commoner value of the two.

        A record with itself agrees on everything it knows, with that value's own rarity.
        """
        model = self.case.scorer.model
        usual = [item.bits[-1] for item in model.weights]
        usual += [item.bits[-1][-1] for item in model.dependences]
        selves = []
        for side in (left, right):
            known = np.stack([item.values[side] >= 0 for item in self.case.scorer.comparisons])
            ends = [known[first] & known[second] for first, second in self.ends]
            selves.append(np.where([*known, *ends], _parts(self.case, side, side).T, np.inf).T)
        least = np.minimum(*selves)
        return np.where(np.isfinite(least), least, usual)

    def _with(self, chosen: Sequence[int]) -> Floats:
        """Return the bits if the chosen comparisons agreed, dependences included."""
        levels: Levels = self.levels.copy()
        bits = self.bits.copy()
        for at in chosen:
            levels[:, at] = self.tops[at]
            changed = self.levels[:, at] < self.tops[at]
            bits += np.where(changed, self.agreeing[:, at] - self.parts[:, at], 0.0)
        names = [item.name for item in self.case.scorer.comparisons]
        for at, (first, second) in enumerate(self.ends, start=len(self.tops)):
            dependence = self.case.scorer.model.dependences[at - len(self.tops)]
            table = np.array(dependence.bits)
            now = levels[:, [first, second]]
            both = (now == [self.tops[first], self.tops[second]]).all(axis=1)
            after = np.where(both, self.agreeing[:, at], table[now[:, 0], now[:, 1]])
            counts = dependence.counts(names, levels)
            after = np.where(counts, after, 0.0)
            changed = (now != self.levels[:, [first, second]]).any(axis=1)
            changed |= counts != dependence.counts(names, self.levels)
            bits += np.where(changed, after - self.parts[:, at], 0.0)
        return bits


def _parts(case: Case, left: Codes, right: Codes) -> Floats:
    """Return the bits of every comparison and dependence: pairs × parts."""
    return np.asarray(case.scorer.contributions(left, right).bits[:, 1:], dtype=np.float64)
