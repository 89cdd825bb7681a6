"""Pairs of one cluster that are joined through a third record, whatever joins the two alone."""

from __future__ import annotations

import numpy as np

from matching.explain.report.nets import Likely
from matching.explain.report.scored import ScoredPairs
from matching.linkage import Linked

# Pairs inside clusters that are looked at; of more, an even choice of the clusters.
_LOOKED_AT = 300_000


def through_others(scored: ScoredPairs, linked: Linked) -> Likely:
    """Return pairs of a cluster that both reach a third member by likely pairs of their own."""
    from scipy import sparse

    size = len(linked.labels)
    inside = linked.labels[scored.left] == linked.labels[scored.right]
    at = np.flatnonzero(inside & (scored.bits > 0) & _chosen(linked)[scored.left])
    ones = np.ones(len(at), dtype=np.int32)
    half = sparse.csr_array((ones, (scored.left[at], scored.right[at])), shape=(size, size))
    links = half + half.T
    reached = sparse.triu(links @ links, 1).tocoo()
    order = np.lexsort((reached.col, reached.row))
    left, right = (side[order].astype(np.int32) for side in (reached.row, reached.col))
    return Likely(left, right, np.ones(len(left)), size)


def _chosen(linked: Linked) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Tell of each record whether its cluster is looked at."""
    sizes = linked.sizes.astype(np.int64)
    every = max(1, -(-int((sizes * (sizes - 1) // 2).sum()) // _LOOKED_AT))
    chosen = np.zeros(len(linked.labels), dtype=np.bool_)
    chosen[linked.firsts[::every]] = True
    return chosen[linked.labels]
