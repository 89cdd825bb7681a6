"""Records divided into pieces that can be looked at as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints

# Below this many records a piece is not made smaller, however many pairs that means to score.
SMALLEST_LIMIT = 32


def components(size: int, left: Codes, right: Codes) -> Codes:
    """Return for each of ``size`` nodes the smallest node it is connected to.

    Every node points at a smaller one of its component; pointers are hooked together along the
    pairs and shortened by jumping (Shiloach and Vishkin, "An O(log n) parallel connectivity
    algorithm", J. Algorithms 3, 1982), which needs a handful of passes.
    """
    parent = np.arange(size, dtype=np.int32)
    while True:
        one, other = parent[left], parent[right]
        apart = one != other
        if not apart.any():
            return parent
        left, right = one[apart], other[apart]
        np.minimum.at(parent, np.maximum(left, right), np.minimum(left, right))
        while True:
            further = parent[parent]
            if (further == parent).all():
                break
            parent = further


def piece_limit(sizes: Ints, most: int, pairs: int) -> int:
    """Return the largest piece, at most ``most``, with which about ``pairs`` pairs are scored."""
    low, high = min(SMALLEST_LIMIT, most), most
    while low < high:
        middle = (low + high + 1) // 2
        if float((sizes * np.minimum(sizes, middle)).sum()) / 2 <= pairs:
            low = middle
        else:
            high = middle - 1
    return low


def divided(weights: Ints, left: Codes, right: Codes, limit: int) -> Codes:
    """Divide components so that none weighs more than ``limit``; label by the smallest node.

    The pairs stand strongest first. Each joins its two sides unless they are too heavy together:
    the threshold rises only where a component does not fit. Only the pairs of the maximum
    spanning forest can join, so the walk takes one step for each node.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import minimum_spanning_tree

    size = len(weights)
    ranks = np.arange(1, len(left) + 1, dtype=np.float64)
    tree = minimum_spanning_tree(coo_array((ranks, (left, right)), shape=(size, size)).tocsr())
    chosen = np.sort(tree.data).astype(np.int64) - 1
    parent = list(range(size))
    load = weights.tolist()
    for a, b in zip(left[chosen].tolist(), right[chosen].tolist(), strict=True):
        one, other = sorted((_top(parent, a), _top(parent, b)))
        if one != other and load[one] + load[other] <= limit:
            parent[other] = one
            load[one] += load[other]
    return np.array([_top(parent, node) for node in range(size)], dtype=np.int32)


def _top(parent: list[int], node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@dataclass(frozen=True, slots=True)
class Pieces:
    """Groups of two nodes and more, the small ones first.

    Piece ``p`` holds ``nodes[starts[p]:starts[p + 1]]``, ascending; ``number[node]`` is the piece
    of a node, -1 if it stands alone, and ``place[node]`` its position there.
    """

    nodes: Codes
    starts: Ints
    number: Codes
    place: Codes

    @classmethod
    def of(cls, labels: Codes) -> Pieces:
        """Lay out the groups that carry one label."""
        sizes = np.bincount(labels, minlength=len(labels))[labels]
        several = np.flatnonzero(sizes > 1)
        key = (sizes[several] << 32) | labels[several]
        order = np.argsort(key, kind="stable")
        nodes, key = several[order].astype(np.int32), key[order]
        begins = np.flatnonzero(np.diff(key, prepend=-1))
        starts = np.append(begins, len(nodes)).astype(np.int64)
        number = np.full(len(labels), -1, dtype=np.int32)
        number[nodes] = np.repeat(np.arange(len(begins), dtype=np.int32), np.diff(starts))
        place = np.zeros(len(labels), dtype=np.int32)
        place[nodes] = np.arange(len(nodes)) - starts[number[nodes]]
        return cls(nodes, starts, number, place)

    def batches(self, cells: int) -> Iterator[tuple[int, int]]:
        """Yield runs of pieces of about one size whose squares are together about ``cells``."""
        sizes = np.diff(self.starts)
        begin = 0
        while begin < len(sizes):
            alike = int(np.searchsorted(sizes, sizes[begin] * 5 // 4, side="right"))
            end = min(alike, begin + max(1, cells // int(sizes[alike - 1]) ** 2))
            yield begin, end
            begin = end

    def grid(self, begin: int, end: int) -> NDArray[np.int32]:
        """Return the nodes of a run of pieces, one row each, -1 behind the shorter ones."""
        sizes = np.diff(self.starts[begin : end + 1])
        inside = np.arange(int(sizes[-1])) < sizes[:, None]
        grid = np.full(inside.shape, -1, dtype=np.int32)
        grid[inside] = self.nodes[self.starts[begin] : self.starts[end]]
        return grid
