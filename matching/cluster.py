"""Clusters: match pairs joined, with every constraint holding for the whole cluster.

Connected components are found for all records at once. Only a component that holds a conflict (two
values of an exclusive fact, a vetoed pair, too many records) is walked link by link, strongest
first; a link that would bring the conflict in is refused. Equal data in any order gives equal
clusters: links are ordered by strength, then by their records.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints, Mask
from matching.constraints import Exclusive, conflicting, exclusives, facts_of
from matching.values import Frame

# Pairs in (two arrays of records), a mask of those that are vetoed out.
VetoTest = Callable[[Codes, Codes], Mask]


@dataclass(frozen=True, slots=True)
class Links:
    """Match pairs and the strength of each, in bits."""

    left: Codes
    right: Codes
    bits: NDArray[np.float64]

    def where(self, wanted: Mask) -> Links:
        """Return only the wanted links."""
        return Links(self.left[wanted], self.right[wanted], self.bits[wanted])

    def strongest_first(self) -> Links:
        """Return the links by falling strength, then by their records."""
        order = np.lexsort((self.right, self.left, -self.bits))
        return Links(self.left[order], self.right[order], self.bits[order])


def cluster(frame: Frame, links: Links, vetoed: VetoTest, largest: int) -> Codes:
    """Return for each record the smallest record of its cluster.

    No cluster has two values of an exclusive fact, a pair for which ``vetoed`` says so, or more
    than ``largest`` records.
    """
    facts = exclusives(frame)
    labels = components(len(frame), links)
    sizes = np.bincount(labels, minlength=len(frame))
    bad = np.union1d(conflicting(facts, labels), np.flatnonzero(sizes > largest))
    labels = _walk(labels, bad, links, facts, largest, np.empty((0, 2), dtype=np.int32))
    inner = links.where(labels[links.left] == labels[links.right])
    left, right = unlinked_pairs(labels, inner)
    wrong = vetoed(left, right)
    pairs = np.stack([left[wrong], right[wrong]], axis=1)
    return _walk(labels, np.unique(labels[left[wrong]]), inner, facts, largest, pairs)


def components(size: int, links: Links) -> Codes:
    """Return for each record the smallest record it is connected to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    ones = np.ones(len(links.left), dtype=np.uint8)
    graph = coo_array((ones, (links.left, links.right)), shape=(size, size))
    count, parts = connected_components(graph, directed=False)
    smallest = np.full(count, size, dtype=np.int32)
    np.minimum.at(smallest, parts, np.arange(size, dtype=np.int32))
    return np.asarray(smallest[parts])


def unlinked_pairs(labels: Codes, links: Links) -> tuple[Codes, Codes]:
    """Return every pair of records that share a cluster without a link of their own."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    lengths = np.diff(begins, append=len(ordered))
    ends = np.repeat(begins + lengths, lengths)
    counts = ends - np.arange(1, len(ends) + 1)
    left = np.repeat(order, counts)
    within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
    right = order[np.repeat(np.arange(1, len(order) + 1), counts) + within]
    size = len(labels)
    linked = np.sort(links.left.astype(np.int64) * size + links.right)
    new = ~_contains(linked, left.astype(np.int64) * size + right)
    return left[new].astype(np.int32), right[new].astype(np.int32)


def _contains(ordered: Ints, wanted: Ints) -> Mask:
    if len(ordered) == 0:
        return np.zeros(len(wanted), dtype=bool)
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: Mask = ordered[at] == wanted
    return found


@dataclass(slots=True)
class _Group:
    """A cluster that grows during a walk."""

    members: set[int]
    facts: dict[str, set[int]]
    enemies: set[int] = field(default_factory=set)

    def may_join(self, other: _Group, largest: int) -> bool:
        if len(self.members) + len(other.members) > largest:
            return False
        if not self.enemies.isdisjoint(other.members):
            return False
        nothing: set[int] = set()
        return all(
            len(self.facts.get(kind, nothing) | other.facts.get(kind, nothing)) <= 1
            for kind in self.facts.keys() | other.facts.keys()
        )

    def join(self, other: _Group) -> None:
        self.members |= other.members
        self.enemies |= other.enemies
        for kind, values in other.facts.items():
            self.facts.setdefault(kind, set()).update(values)


def _walk(
    labels: Codes,
    bad: Ints | Codes,
    links: Links,
    facts: list[Exclusive],
    largest: int,
    vetoed: NDArray[np.int32],
) -> Codes:
    """Build the clusters labelled ``bad`` again, link by link; the others stay."""
    if len(bad) == 0:
        return labels
    inside = np.isin(labels, bad)
    groups = _singles(np.flatnonzero(inside), facts, vetoed)
    ordered = links.where(inside[links.left]).strongest_first()
    for a, b in zip(ordered.left.tolist(), ordered.right.tolist(), strict=True):
        one, other = groups[a], groups[b]
        if one is not other and one.may_join(other, largest):
            if len(one.members) < len(other.members):
                one, other = other, one
            one.join(other)
            groups.update(dict.fromkeys(other.members, one))
    result = labels.copy()
    for record, group in groups.items():
        result[record] = min(group.members)
    return result


def _singles(records: Ints, facts: list[Exclusive], vetoed: NDArray[np.int32]) -> dict[int, _Group]:
    """One group for each record, with its facts and the records it must not meet."""
    enemies: defaultdict[int, set[int]] = defaultdict(set)
    for a, b in vetoed.tolist():
        enemies[a].add(b)
        enemies[b].add(a)
    groups: dict[int, _Group] = {}
    for record in records.tolist():
        own: dict[str, set[int]] = {}
        for kind, value in facts_of(facts, record):
            own.setdefault(kind, set()).add(value)
        groups[record] = _Group({record}, own, enemies.get(record, set()))
    return groups
