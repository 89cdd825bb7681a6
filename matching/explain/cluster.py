"""What holds a cluster together, and what would split it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from matching.columns import Codes, Ints
from matching.explain.case import Case, probability, rounded
from matching.explain.splits import Matrix, Split, order, splits, without_each

# So many splits are told, so many members drawn, and so many looked at one by one.
_SPLITS = 6
DRAWN = 40


@dataclass(frozen=True, slots=True)
class InnerPair:
    """Two members and the bits between them."""

    left: str
    right: str
    bits: float
    probability: float


@dataclass(frozen=True, slots=True)
class Parting:
    """From a cut above ``bits`` on, members that were one part are two."""

    bits: float
    probability: float
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A comparison on which members contradict each other.

    ``values`` are those of the members, commonest first, each with how many have it; ``differ``
    of ``known`` pairs stand on the comparison's strongest disagreement.
    """

    comparison: str
    differ: int
    known: int
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ClusterExplanation:
    """Members in the order in which they hold together, and the bits between all of them.

    ``bits[i][j]`` belongs to ``members[i]`` and ``members[j]``. ``density`` is the share of pairs
    with bits above 0, ``weakest`` the pair with the least. ``partings`` say, weakest first, at
    which cut the cluster falls apart, and into what; the first of them is the weakest cut.
    ``needed`` are members without whom the others would not be one cluster.
    """

    cluster: str
    members: tuple[str, ...]
    bits: tuple[tuple[float, ...], ...]
    cut: float
    mean: float
    density: float
    weakest: InnerPair | None
    strongest: InnerPair | None
    partings: tuple[Parting, ...]
    needed: tuple[str, ...]
    conflicts: tuple[Conflict, ...]


def explain_cluster(case: Case, cluster: str, records: Sequence[int]) -> ClusterExplanation:
    """Explain the cluster of ``records``; their order changes nothing."""
    members = np.array(sorted(records), dtype=np.int32)
    bits = between(case, members, members)
    found = splits(bits, min(len(members), DRAWN), case.rule)
    members = members[order(found, len(members))]
    bits = between(case, members, members)
    found = splits(bits, 1 + _SPLITS, case.rule)
    row, column = np.triu_indices(len(members), 1)
    inner = bits[row, column]
    names = case.names(members.tolist())
    few = len(members) <= DRAWN
    return ClusterExplanation(
        cluster=cluster,
        members=tuple(names),
        bits=tuple(tuple(map(rounded, line)) for line in bits.tolist()),
        cut=rounded(case.cut),
        mean=rounded(inner.mean()) if len(inner) else 0.0,
        density=rounded((inner > 0).mean()) if len(inner) else 1.0,
        weakest=_pair(names, bits, (row, column), int(inner.argmin())) if len(inner) else None,
        strongest=_pair(names, bits, (row, column), int(inner.argmax())) if len(inner) else None,
        partings=tuple(_parting(names, split) for split in found),
        needed=tuple(names[at] for at in without_each(bits, case.rule)) if few else (),
        conflicts=tuple(_conflicts(case, members)),
    )


def between(case: Case, one: Codes, other: Codes) -> Matrix:
    """Return the bits between each of ``one`` and each of ``other``; 0 of a record with itself."""
    low, high = couples_of(one, other)
    bits = np.zeros(len(low))
    different = low != high
    bits[different] = case.scorer.bits(low[different], high[different])
    return bits.reshape(len(one), len(other))


def couples_of(one: Codes, other: Codes) -> tuple[Codes, Codes]:
    """Return each of ``one`` with each of ``other``, row by row, the smaller record first."""
    left, right = np.repeat(one, len(other)), np.tile(other, len(one))
    return np.minimum(left, right), np.maximum(left, right)


def _pair(names: Sequence[str], bits: Matrix, pairs: tuple[Ints, Ints], at: int) -> InnerPair:
    left, right = int(pairs[0][at]), int(pairs[1][at])
    found = rounded(bits[left, right])
    return InnerPair(names[left], names[right], found, round(probability(found), 9))


def _parting(names: Sequence[str], split: Split) -> Parting:
    first, second = (tuple(names[at] for at in part) for part in (split.first, split.second))
    return Parting(rounded(split.bits), round(probability(split.bits), 9), first, second)


def _conflicts(case: Case, members: Codes) -> list[Conflict]:
    """Return the comparisons with members on the strongest disagreement, most of them first."""
    row, column = np.triu_indices(len(members), 1)
    levels = case.scorer.levels(
        np.minimum(members[row], members[column]), np.maximum(members[row], members[column])
    )
    conflicts = []
    for at, comparison in enumerate(case.scorer.comparisons):
        differ, known = int((levels[:, at] == 1).sum()), int((levels[:, at] > 0).sum())
        if not differ or not comparison.known:
            continue
        shown = [" | ".join(case.shown(comparison, int(record))) for record in members]
        counts = {value: shown.count(value) for value in shown if value}
        values = tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
        conflicts.append(Conflict(comparison.name, differ, known, values))
    return sorted(conflicts, key=lambda item: (-item.differ / item.known, item.comparison))
