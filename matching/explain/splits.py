"""Into which parts a cluster falls as the cut rises: average linkage, read from the top.

The linkage is the very one that makes the clusters (``matching.linkage.average``), so what is said
here is what a higher cut would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Ints
from matching.linkage.average import Groups, Rule

Matrix = NDArray[np.float64]
# As in ``matching.linkage``: bits are multiples of this, so that sums are exact in any order.
_STEP = 2.0**16
# Below any average that is not forbidden.
_LOWEST = -1e30


@dataclass(frozen=True, slots=True)
class Split:
    """From a cut above ``bits`` on, ``whole`` is two parts; members as positions, ascending."""

    bits: float
    first: tuple[int, ...]
    second: tuple[int, ...]


def splits(bits: Matrix, parts: int) -> list[Split]:
    """Return the splits, weakest first, that leave at most ``parts`` parts of the cluster.

    ``bits[i, j]`` are the bits between members ``i`` and ``j``; the diagonal is not looked at.
    Each split divides a part that an earlier one left.
    """
    waiting = [item for item in [_weakest(bits, tuple(range(len(bits))))] if item]
    found: list[Split] = []
    while waiting and len(found) < parts - 1:
        waiting.sort(key=lambda item: (item.bits, item.first))
        split = waiting.pop(0)
        found.append(split)
        halves = (_weakest(bits, part) for part in (split.first, split.second))
        waiting.extend(item for item in halves if item)
    return found


def order(found: Sequence[Split], size: int) -> list[int]:
    """Return the members so that those of one part stand together."""
    whole = list(range(size))
    for split in found:
        # what is divided stands in one run already, its members ascending
        begin = whole.index(min(split.first[0], split.second[0]))
        end = begin + len(split.first) + len(split.second)
        whole[begin:end] = [*split.first, *split.second]
    return whole


def without_each(bits: Matrix, cut: float) -> list[int]:
    """Return the members without whom the others would not be one cluster at ``cut``."""
    if len(bits) < 3:
        return []
    others = [[at for at in range(len(bits)) if at != out] for out in range(len(bits))]
    rows = np.array(others)
    groups = _merged(bits[rows[:, :, None], rows[:, None, :]], cut)
    return [out for out, first in enumerate(groups.first) if (first > 0).any()]


def _weakest(bits: Matrix, members: tuple[int, ...]) -> Split | None:
    """Return the last merge of the members' average linkage; None for one alone."""
    if len(members) < 2:
        return None
    at: Ints = np.array(members)
    groups = _merged(bits[np.ix_(at, at)][None], _LOWEST)
    second = groups.second[0]
    return Split(float(groups.last[0, 0]), tuple(at[~second].tolist()), tuple(at[second].tolist()))


def _merged(bits: Matrix, cut: float) -> Groups:
    sums = np.maximum(np.round(bits * _STEP) / _STEP, _LOWEST / 1e6)
    sums[:, np.arange(sums.shape[1]), np.arange(sums.shape[1])] = -np.inf
    groups = Groups.of(sums, np.ones(sums.shape[:2]), None)
    groups.merge_all(Rule(cut, None))
    return groups
