"""What the model says of pairs: their bits, the bits from which it decides, and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Mask
from matching.comparison import MISSING
from matching.model.score import Bits, Scorer
from matching.rules import Decider

# What rarity can add at most to one comparison: at equality, and at a likeness.
_RARITY_EQUAL, _RARITY_LIKE = 10.0, 4.0
# How many answers a reason names, and how much one must weigh to be named.
_NAMED, _WORTH_NAMING = 3, 1.0


class Weigher:
    """Scores pairs by the numbers of their patterns.

    ``modelled`` are the positions of the model's comparisons among those of ``decider``. Without
    a scorer (there was too little to learn from) every pair has NaN bits.
    """

    def __init__(self, decider: Decider, modelled: Sequence[int], scorer: Scorer | None) -> None:
        self._decider, self._modelled, self._scorer = decider, list(modelled), scorer
        weights = scorer.model.weights if scorer else []
        self._weights = [np.array(item.bits) for item in weights]
        self._comparisons = [decider.comparisons[at] for at in modelled]

    def bits(self, left: Codes, right: Codes, pattern: Codes) -> Bits:
        """Return the bits of pairs whose pattern numbers are known."""
        if self._scorer is None:
            return np.full(len(left), np.nan, dtype=np.float32)
        levels = self._decider.levels[:, self._modelled]
        return self._scorer.bits(left, right, levels[pattern])

    def most(self) -> NDArray[np.float64]:
        """Return for each pattern the bits no pair of it can exceed, however rare its values."""
        levels = self._decider.levels[:, self._modelled]
        if self._scorer is None:
            return np.full(len(levels), -np.inf)
        model = self._scorer.model
        total = np.full(len(levels), np.log2(model.prior / (1.0 - model.prior)))
        names = [item.name for item in self._comparisons]
        for at, item in enumerate(self._comparisons):
            total += self._weights[at][levels[:, at]]
            total[levels[:, at] == item.top] += _RARITY_EQUAL
            total[(levels[:, at] < item.top) & (levels[:, at] >= item.top - item.fuzzy)] += (
                _RARITY_LIKE
            )
        for edge in model.dependences:
            table = np.array(edge.bits)
            bits = table[levels[:, names.index(edge.first)], levels[:, names.index(edge.second)]]
            total += np.where(edge.counts(names, levels), bits, 0.0)
        return total

    def because(self, pattern: int) -> str:
        """Say in both languages which answers weigh most for a pattern, and which against it."""
        levels = self._decider.levels[pattern, self._modelled]
        weighed = sorted(
            (
                (float(self._weights[at][code]), item.levels[code])
                for at, (item, code) in enumerate(
                    zip(self._comparisons, levels.tolist(), strict=True)
                )
                if code != MISSING
            ),
            key=lambda entry: (-entry[0], entry[1].en),
        )
        found = [item for bits, item in weighed if bits >= _WORTH_NAMING][:_NAMED]
        against = [item for bits, item in weighed if bits <= -_WORTH_NAMING][::-1][:_NAMED]
        en = ", ".join(item.en for item in found) or "many small agreements"
        zh = "、".join(item.zh for item in found) or "多项微弱的一致"
        if against:
            en += "; against it: " + ", ".join(item.en for item in against)
            zh += "；不利：" + "、".join(item.zh for item in against)
        return f"{en} · {zh}"


def bits_to_decide(bits: Bits, false_matches: float, least: float) -> float:
    """Return the bits from which so small a share of pairs is a false match, by their own odds.

    ``bits`` are those of all pairs that may be decided; the result is never below ``least``.
    """
    ordered = np.sort(bits[bits >= least].astype(np.float64))[::-1]
    wrong = np.cumsum(1.0 / (1.0 + np.exp2(np.minimum(ordered, 60.0))))
    good: Mask = wrong <= false_matches * np.arange(1, len(ordered) + 1)
    if good.all():
        return least
    kept = np.flatnonzero(good)
    return float(ordered[kept[-1]]) if len(kept) else np.inf
