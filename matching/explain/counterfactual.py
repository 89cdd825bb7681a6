"""What would have changed the outcome: a pair's score if one field, or a few, agreed after all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from matching.explain.case import Case, one, rounded


@dataclass(frozen=True, slots=True)
class Agreement:
    """If ``comparisons`` agreed, the pair would have ``bits``: ``enough`` for the cut, or not."""

    comparisons: tuple[str, ...]
    bits: float
    gain: float
    enough: bool


def agreements(case: Case, left: int, right: int) -> list[Agreement]:
    """Return what each comparison that does not agree would add if it did, most first.

    Rarity counts as for the commoner of the two values. Where no single one is enough, the last
    entry is the fewest together (strongest first) that are, if there are any.
    """
    pair = _Pair(case, left, right)
    asked = enumerate(case.scorer.comparisons)
    open_ones = [at for at, item in asked if item.known and pair.levels[at] < item.top]
    singles = sorted((_agreed(pair, [at]) for at in open_ones), key=_strongest)
    singles = [item for item in singles if item.gain > 0]
    if not singles or any(item.enough for item in singles):
        return singles
    names = [item.name for item in case.scorer.comparisons]
    chosen: list[int] = []
    for item in singles:
        chosen.append(names.index(item.comparisons[0]))
        together = _agreed(pair, chosen)
        if together.enough:
            return [*singles, together]
    return singles


def _strongest(item: Agreement) -> tuple[float, tuple[str, ...]]:
    return -item.gain, item.comparisons


class _Pair:
    """A pair's score, and what it would be at other levels."""

    def __init__(self, case: Case, left: int, right: int) -> None:
        self.case = case
        scorer = case.scorer
        self.levels: list[int] = scorer.levels(one(left), one(right))[0].tolist()
        self.bits = float(scorer.bits(one(left), one(right))[0])
        self.parts: list[float] = scorer.contributions(one(left), one(right)).bits[0, 1:].tolist()
        # a record with itself agrees on everything it knows, with that value's own rarity
        selves = [
            (side, scorer.contributions(one(side), one(side)).bits[0, 1:].tolist())
            for side in (left, right)
        ]
        self.agreeing = [
            self._agreeing(at, [part[at] for side, part in selves if item.values[side] >= 0])
            for at, item in enumerate(scorer.comparisons)
        ]
        self._at = {item.name: at for at, item in enumerate(scorer.comparisons)}

    def top(self, at: int) -> int:
        return self.case.scorer.comparisons[at].top

    def _agreeing(self, at: int, sides: Sequence[float]) -> float:
        return min(sides) if sides else self.case.scorer.model.weights[at].bits[-1]

    def with_levels(self, changed: Mapping[int, int]) -> float:
        """Return the bits if the comparisons of ``changed`` agreed."""
        bits = self.bits + sum(self.agreeing[at] - self.parts[at] for at in changed)
        for item in self.case.scorer.model.dependences:
            first, second = self._at[item.first], self._at[item.second]
            if first in changed or second in changed:
                before = item.bits[self.levels[first]][self.levels[second]]
                one_level = changed.get(first, self.levels[first])
                bits += item.bits[one_level][changed.get(second, self.levels[second])] - before
        return bits


def _agreed(pair: _Pair, chosen: Sequence[int]) -> Agreement:
    bits = pair.with_levels({at: pair.top(at) for at in chosen})
    names = tuple(pair.case.scorer.comparisons[at].name for at in chosen)
    gain = bits - pair.bits
    return Agreement(names, rounded(bits), rounded(gain), bits >= pair.case.cut)
