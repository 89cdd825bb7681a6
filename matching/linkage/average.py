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

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Ints, Mask

Floats = NDArray[np.float64]
# Stronger than any average: a must-link merges first.
MUST = 1e300


@dataclass(frozen=True, slots=True)
class Rule:
    """When two clusters become one: average at least ``cut``, at most ``largest`` records."""

    cut: float
    largest: int | None


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
        values = self._strength(
            self.sums, self.sizes[:, :, None], self.sizes[:, None, :], self.must, rule
        )
        mate = values.argmax(axis=2)
        best = np.take_along_axis(values, mate[:, :, None], axis=2)[:, :, 0]
        del values
        # What is forbidden is below any cut, even one of minus infinity.
        least = max(rule.cut, np.finfo(np.float64).min)
        group = np.arange(len(best))
        while True:
            row = best[group].argmax(axis=1)
            going = best[group, row] >= least
            group, row = group[going], row[going]
            if len(group) == 0:
                return
            column = mate[group, row]
            true = self._cells(group, row, column, rule) == best[group, row]
            self._merge(group[true], row[true], column[true])
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
