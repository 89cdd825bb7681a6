"""Into which parts a cluster falls as the cut rises: average linkage, read from the top.

The linkage is the very one that makes the clusters (``matching.linkage.average``), so what is said
here is what a higher cut would do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    """From a cut above ``bits`` on, members that were one part are two; positions, ascending."""

    bits: float
    first: tuple[int, ...]
    second: tuple[int, ...]


def splits(bits: Matrix, parts: int, rule: Rule) -> list[Split]:
    """Return the splits, weakest first, that leave at most ``parts`` parts of the cluster.

    ``bits[i, j]`` are the bits between members ``i`` and ``j``; the diagonal is not looked at.
    Each split divides a part that an earlier one left. What stands inside a part falls with it at
    the earliest, however weak it is by itself. ``rule`` says what an average is worth; its cut
    does not matter.
    """
    start = _weakest(bits, tuple(range(len(bits))), rule)
    waiting = [start] if start else []
    found: list[Split] = []
    while waiting and len(found) < parts - 1:
        waiting.sort(key=lambda item: (item.bits, item.first))
        split = waiting.pop(0)
        found.append(split)
        halves = (_weakest(bits, part, rule) for part in (split.first, split.second))
        waiting += [replace(half, bits=max(half.bits, split.bits)) for half in halves if half]
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


def without_each(bits: Matrix, rule: Rule) -> list[int]:
    """Return the members without whom the others would not be one cluster."""
    if len(bits) < 3:
        return []
    others = [[at for at in range(len(bits)) if at != out] for out in range(len(bits))]
    rows = np.array(others)
    groups = _merged(bits[rows[:, :, None], rows[:, None, :]], rule)
    return [out for out, first in enumerate(groups.first) if (first > 0).any()]


def together(rule: Rule, average: float, pairs: int) -> float:
    """Return what an average over so many pairs is worth, to be held against the cut."""
    return float(rule.strength(np.array([average]), np.array([float(pairs)]))[0])


def _weakest(bits: Matrix, members: tuple[int, ...], rule: Rule) -> Split | None:
    """Return the last merge of the members' average linkage; None for one alone."""
    if len(members) < 2:
        return None
    at: Ints = np.array(members)
    groups = _merged(bits[np.ix_(at, at)][None], Rule(_LOWEST, None))
    second = groups.second[0]
    strength = together(rule, float(groups.last[0, 0]), int((~second).sum() * second.sum()))
    return Split(strength, tuple(at[~second].tolist()), tuple(at[second].tolist()))


def _merged(bits: Matrix, rule: Rule) -> Groups:
    sums = np.maximum(np.round(bits * _STEP) / _STEP, _LOWEST / 1e6)
    sums[:, np.arange(sums.shape[1]), np.arange(sums.shape[1])] = -np.inf
    groups = Groups.of(sums, np.ones(sums.shape[:2]), None)
    groups.merge_all(rule)
    return groups
