"""Clusters of a divided component joined, once, where they belong together as a whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.columns import Codes, Column, Ints, Mask, couples, distinct_pairs
from matching.linkage.average import Floats
from matching.linkage.judging import Clustered, Graph, Sums, cluster_pieces
from matching.linkage.options import LinkOptions
from matching.linkage.pieces import Pieces, divided

# Joined pieces may be this much larger than a piece: two full ones can meet.
_ROOM = 2


@dataclass(frozen=True, slots=True)
class Members:
    """Clusters as nodes: ``records`` of each node, ``firsts`` its smallest record, ascending."""

    firsts: Codes
    records: Column

    @classmethod
    def of(cls, labels: Codes, inside: Mask) -> Members:
        """Take the clusters of those records that are ``inside``."""
        records = np.flatnonzero(inside).astype(np.int32)
        records = records[np.argsort(labels[records], kind="stable")]
        firsts, node = np.unique(labels[records], return_inverse=True)
        return cls(firsts, Column.build(node.astype(np.int32), records, len(firsts)))

    @property
    def weights(self) -> Ints:
        """How many records each node holds."""
        return np.diff(self.records.starts)

    def nodes(self, labels: Codes) -> Codes:
        """Return the node of each cluster label."""
        return np.searchsorted(self.firsts, labels).astype(np.int32)

    def sums(self, graph: Graph, cells: int) -> Sums:
        """Return what adds up the bits of all record pairs between two nodes."""

        def score(left: Codes, right: Codes) -> Floats:
            result = np.empty(len(left))
            reach = np.cumsum(self.weights[left] * self.weights[right])
            begin = 0
            while begin < len(left):
                done = int(reach[begin - 1]) if begin else 0
                end = max(begin + 1, int(np.searchsorted(reach, done + cells, side="right")))
                pair, a, b = couples(self.records, left[begin:end], right[begin:end])
                bits = graph.score(np.minimum(a, b), np.maximum(a, b))
                bits[graph.forbid(np.minimum(a, b), np.maximum(a, b)) > 0] = -np.inf
                result[begin:end] = np.add.reduceat(bits, np.flatnonzero(np.diff(pair, prepend=-1)))
                begin = end
            return result

        return score


@dataclass(frozen=True, slots=True)
class Across:
    """Couples of clusters from different pieces with a link between them.

    ``left`` and ``right`` are nodes of ``members``; ``sums`` the bits of all record pairs between
    the two, minus infinity where forbidden, NaN where there were too many to score. Link
    ``links[i]`` of the graph, ascending, stands between couple ``couple[i]``.
    """

    members: Members
    left: Codes
    right: Codes
    sums: Floats
    links: Ints
    couple: Ints

    @classmethod
    def of(cls, members: Members, labels: Codes, graph: Graph, links: Ints) -> Across:
        """Find the couples of clusters between which there are ``links``."""
        one, other = (members.nodes(labels[side[links]]) for side in (graph.left, graph.right))
        left, right, couple = distinct_pairs(np.minimum(one, other), np.maximum(one, other))
        return cls(members, left, right, np.full(len(left), np.nan), links, couple)

    @property
    def average(self) -> Floats:
        """The average bits between the two clusters of each couple."""
        weights = self.members.weights
        averages: Floats = self.sums / (weights[self.left] * weights[self.right])
        return averages

    def score(self, graph: Graph, options: LinkOptions) -> int:
        """Fill ``sums``, strongest links first, up to ``options.pairs``; count the pairs."""
        strongest = np.full(len(self.left), -np.inf)
        np.maximum.at(strongest, self.couple, graph.sums[self.links])
        order = np.argsort(-strongest, kind="stable")
        weights = self.members.weights
        reach = np.cumsum((weights[self.left] * weights[self.right])[order])
        seen = order[reach <= options.pairs]
        score = self.members.sums(graph, options.cells)
        self.sums[seen] = score(self.left[seen], self.right[seen])
        return int(reach[len(seen) - 1]) if len(seen) else 0


def join_across(
    found: Clustered, across: Across, graph: Graph, limit: int, options: LinkOptions
) -> None:
    """Join clusters whose average reaches the cut, in ``found``; fills ``across``."""
    members = across.members
    found.scored += across.score(graph, options)
    must_left, must_right = (
        members.nodes(found.labels[side]) for side in (graph.must_left, graph.must_right)
    )
    must = must_left != must_right
    must_left, must_right = must_left[must], must_right[must]
    known = ~np.isnan(across.sums)
    nodes = Graph(
        members.weights,
        across.left[known],
        across.right[known],
        across.sums[known],
        np.minimum(must_left, must_right),
        np.maximum(must_left, must_right),
        members.sums(graph, options.cells),
        lambda left, right: np.zeros(len(left), dtype=np.uint8),
    )
    average = across.average[known]
    weights = members.weights
    least = options.rule.least((weights[nodes.left] * weights[nodes.right]).astype(np.float64))
    labels = divided_graph(nodes, average - least, 0.0, _ROOM * limit)
    joined = cluster_pieces(nodes, Pieces.of(labels), options.rule, np.inf, options.cells)
    found.scored += joined.scored
    _enter(found, members, joined)


def divided_graph(graph: Graph, bits: Floats, start: float, limit: int) -> Codes:
    """Return the pieces of a graph: at most ``limit`` records, must-links and strong pairs inside.

    ``bits`` is the average of each known pair; those below ``start`` connect nothing. A must-link
    takes the place of the pair itself: the walk wants each pair once.
    """
    width = len(graph.weights)
    musts = np.unique(graph.must_left.astype(np.int64) * width + graph.must_right)
    strong = (bits >= start) & ~np.isin(graph.left.astype(np.int64) * width + graph.right, musts)
    left = np.concatenate([musts // width, graph.left[strong]]).astype(np.int32)
    right = np.concatenate([musts % width, graph.right[strong]]).astype(np.int32)
    bits = np.concatenate([np.full(len(musts), np.inf), bits[strong]])
    order = np.lexsort((right, left, -bits))
    return divided(graph.weights, left[order], right[order], limit)


def _enter(found: Clustered, members: Members, joined: Clustered) -> None:
    counts = members.weights
    records = members.records.codes
    found.labels[records] = np.repeat(members.firsts[joined.labels], counts)
    new = ~np.isnan(joined.last)[joined.labels]
    found.second[records] = np.where(
        np.repeat(new, counts), np.repeat(joined.second, counts), found.second[records]
    )
    heads = np.flatnonzero(new & (joined.labels == np.arange(len(new))))
    found.last[members.firsts[heads]] = joined.last[heads]
    inner = np.bincount(joined.labels, found.positive[members.firsts], minlength=len(new))
    found.positive[members.firsts] = inner + joined.positive
