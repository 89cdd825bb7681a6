"""Average linkage of many small groups at once, with prohibitions that hold for whole clusters.

Between two clusters stands the sum of the bits of all pairs; the strongest average merges first,
equal ones by their smallest nodes, until none reaches the cut. Sums of minus infinity stay so: one
forbidden pair keeps two clusters apart, whatever their sizes. Sums are exact (bits are multiples
of 2**-16), so no order of merging or numbering changes an average by its last digit.

Rows keep the best partner they had when last looked at. Averages of a merged cluster never exceed
those of its two sides (Müllner 2011, "Modern hierarchical, agglomerative clustering algorithms",
section 3.1), so an old value is an upper bound and a row is looked at again only when it leads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Ints, Mask

Floats = NDArray[np.float64]
# Stronger than any average: a must-link merges first.
MUST = 1e300
# Groups, the two nodes where the clusters begin, their average, and whether it is enough.
Merge = tuple[Ints, Ints, Ints, Floats, Mask]


@dataclass(frozen=True, slots=True)
class Rule:
    """When two clusters become one: average at least ``cut``, at most ``largest`` records.

    ``ab`` pairs between two clusters are more evidence than one pair, though not ``ab`` times as
    much. With ``prior`` bits before any evidence, the average's evidence counts ``ab**pooling``
    times: the cut holds for ``prior + ab**pooling * (average - prior)``.
    """

    cut: float
    largest: int | None
    prior: float = 0.0
    pooling: float = 0.0

    def least(self, pairs: Floats) -> Floats:
        """Return the average that so many pairs between two clusters must reach."""
        if self.pooling == 0.0:
            return np.full(np.shape(pairs), self.cut)
        return np.asarray(self.prior + (self.cut - self.prior) * pairs**-self.pooling)

    def strength(self, average: Floats, pairs: Floats) -> Floats:
        """Return what an average over so many pairs is worth, to be held against the cut."""
        if self.pooling == 0.0:
            return average
        return np.asarray(self.prior + (average - self.prior) * pairs**self.pooling)


@dataclass(slots=True)
class Groups:
    """``m`` groups of ``k`` nodes each, while they merge.

    ``sums[g, i, j]`` is the bits of all record pairs between the clusters that begin with nodes
    ``i`` and ``j`` of group ``g``: symmetric, minus infinity on the diagonal, behind the end of a
    shorter group, and where forbidden. ``sizes[g, i]`` counts the records of a cluster. ``must``
    marks must-links, if there are any. After merging, ``first[g, i]`` is the smallest node of the
    cluster of ``i``, ``last[g, first]`` the average of the cluster's last merge (NaN: none), and
    ``second[g, i]`` tells whether node ``i`` was on the second side of it.
    """

    sums: Floats
    sizes: Floats
    must: Mask | None
    first: NDArray[np.int32]
    last: Floats
    second: Mask

    @classmethod
    def of(cls, sums: Floats, sizes: Floats, must: Mask | None) -> Groups:
        """Begin with every node for itself. The arrays are changed in place."""
        shape = sizes.shape
        first = np.broadcast_to(np.arange(shape[1], dtype=np.int32), shape).copy()
        return cls(sums, sizes, must, first, np.full(shape, np.nan), np.zeros(shape, bool))

    def merge_all(self, rule: Rule) -> None:
        """Merge until no average reaches the cut."""
        width = self.sizes.shape[1]
        if rule.pooling == 0.0 or (width < 3 and float(self.sizes.max(initial=1)) == 1.0):
            for merge in self._merging(rule.cut, rule):
                self._merge(*merge[:3])
            return
        trial = Groups.of(self.sums.copy(), self.sizes.copy(), _copied(self.must))
        history = []
        for merge in trial._merging(float(rule.least(self._most_pairs())), rule):
            trial._merge(*merge[:3])
            history.append(merge)
        for group, one, other, _, stands in _standing(history, trial.first.shape):
            self._merge(group[stands], one[stands], other[stands])

    def _most_pairs(self) -> Floats:
        """Return how many pairs can stand between two clusters of one group, at most."""
        return np.asarray((self.sizes.sum(axis=1).max(initial=1.0) / 2.0) ** 2)

    def _merging(self, floor: float, rule: Rule) -> Iterator[Merge]:
        """Yield the strongest merge of every group, again and again, down to ``floor``.

        The caller makes it, or not, before the next is asked for.
        """
        values = self._strength(
            self.sums, self.sizes[:, :, None], self.sizes[:, None, :], self.must, rule
        )
        mate = values.argmax(axis=2)
        best = np.take_along_axis(values, mate[:, :, None], axis=2)[:, :, 0]
        del values
        group = np.arange(len(best))
        # What is forbidden is below any cut, even one of minus infinity.
        least = max(floor, np.finfo(np.float64).min)
        while True:
            row = best[group].argmax(axis=1)
            going = best[group, row] >= least
            group, row = group[going], row[going]
            if len(group) == 0:
                return
            column = mate[group, row]
            true = self._cells(group, row, column, rule) == best[group, row]
            some = (group[true], row[true], column[true])
            pairs = self.sizes[some[0], some[1]] * self.sizes[some[0], some[2]]
            average = best[some[0], some[1]]
            yield (*some, average, average >= rule.least(pairs))
            best[group[true], column[true]] = -np.inf
            values = self._rows(group, row, rule)
            mate[group, row] = found = values.argmax(axis=1)
            best[group, row] = values[np.arange(len(group)), found]

    def _merge(self, group: Ints, one: Ints, other: Ints) -> None:
        """Merge cluster ``other`` of each group into ``one``, which begins earlier."""
        self.last[group, one] = self.sums[group, one, other] / (
            self.sizes[group, one] * self.sizes[group, other]
        )
        together = self.sums[group, one] + self.sums[group, other]
        self.sums[group, one] = together
        self.sums[group, :, one] = together
        self.sums[group, :, other] = -np.inf
        self.sizes[group, one] += self.sizes[group, other]
        if self.must is not None:
            wanted = self.must[group, one] | self.must[group, other]
            self.must[group, one] = wanted
            self.must[group, :, one] = wanted
        first = self.first[group]
        coming = first == other[:, None]
        self.second[group] = (self.second[group] & (first != one[:, None])) | coming
        self.first[group] = np.where(coming, one[:, None], first)

    def _rows(self, group: Ints, row: Ints, rule: Rule) -> Floats:
        must = None if self.must is None else self.must[group, row]
        own = self.sizes[group, row][:, None]
        return self._strength(self.sums[group, row], own, self.sizes[group], must, rule)

    def _cells(self, group: Ints, row: Ints, column: Ints, rule: Rule) -> Floats:
        must = None if self.must is None else self.must[group, row, column]
        own, its = self.sizes[group, row], self.sizes[group, column]
        return self._strength(self.sums[group, row, column], own, its, must, rule)

    @staticmethod
    def _strength(sums: Floats, own: Floats, its: Floats, must: Mask | None, rule: Rule) -> Floats:
        values: Floats = sums / (own * its)
        if rule.largest is not None:
            values[own + its > rule.largest] = -np.inf
        if must is not None:
            values[must & (sums > -np.inf)] = MUST
        return values


def _standing(history: Sequence[Merge], shape: tuple[int, ...]) -> Iterator[Merge]:
    """Yield the merges that are enough, and those inside a later merge that is."""
    inside = np.zeros(shape, dtype=bool)
    stands = []
    for group, one, other, _, enough in reversed(history):
        standing = enough | inside[group, one]
        inside[group, one] = inside[group, other] = standing
        stands.append(standing)
    for merge, standing in zip(history, reversed(stands), strict=True):
        yield (*merge[:4], standing)


def _copied(must: Mask | None) -> Mask | None:
    return None if must is None else must.copy()
