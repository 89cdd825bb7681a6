"""Every pair inside every piece judged, and the pieces clustered, many at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matching.columns import Codes, Ints, Levels, Mask
from matching.linkage.average import Floats, Groups, Rule
from matching.linkage.constraints import Reason
from matching.linkage.pieces import Pieces

# Two arrays of nodes in, the bits of all record pairs between each two out.
Sums = Callable[[Codes, Codes], Floats]


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes (records, or clusters of them) and what is known between them.

    ``weights`` counts the records of each node. ``sums`` of a known pair (``left < right``) is
    the bits of all its record pairs, minus infinity where forbidden. ``score`` returns it for any
    other pair; ``forbid`` tells the ``Reason`` why a pair may never meet, 0 for none.
    """

    weights: Ints
    left: Codes
    right: Codes
    sums: Floats
    must_left: Codes
    must_right: Codes
    score: Sums
    forbid: Callable[[Codes, Codes], Levels]


@dataclass(frozen=True, slots=True)
class Apart:
    """Pairs of nodes in two clusters of one piece: their bits, the average between the clusters."""

    left: Codes
    right: Codes
    bits: Floats
    average: Floats
    reason: Levels


@dataclass(slots=True)
class Clustered:
    """The clusters of a graph, by node.

    ``labels``: the smallest node of the cluster. At that node, ``last`` is the average bits of its
    last merge (NaN: none) and ``positive`` how many of its record pairs have positive bits.
    ``second`` tells which nodes stood on the second side of the last merge. ``scored`` counts the
    pairs that had to be scored.
    """

    labels: Codes
    last: Floats
    second: Mask
    positive: Floats
    apart: list[Apart] = field(default_factory=list)
    scored: int = 0

    @classmethod
    def singles(cls, size: int) -> Clustered:
        """Begin with every node for itself."""
        labels = np.arange(size, dtype=np.int32)
        return cls(labels, np.full(size, np.nan), np.zeros(size, bool), np.zeros(size))


def cluster_pieces(
    graph: Graph, pieces: Pieces, rule: Rule, review: float, cells: int
) -> Clustered:
    """Cluster every piece; list the pairs from ``review`` bits on that stay apart."""
    result = Clustered.singles(len(graph.weights))
    links = _Inside.of(pieces, graph.left, graph.right)
    musts = _Inside.of(pieces, graph.must_left, graph.must_right)
    for begin, end in pieces.batches(cells):
        batch = _Batch.of(graph, pieces.grid(begin, end))
        square = np.full(batch.shape, np.nan)
        known, at = links.cells(begin, end, square)
        square.reshape(-1)[at] = graph.sums[known]
        must = None
        at = musts.cells(begin, end, square)[1]
        if len(at):
            must = np.zeros(batch.shape, dtype=bool)
            must.reshape(-1)[at] = True
            must |= must.transpose(0, 2, 1)
        judged = batch.judge(graph, square, must)
        result.scored += judged.scored
        groups = Groups.of(square, batch.sizes.copy(), must)
        groups.merge_all(rule)
        batch.write(groups, judged, result)
        result.apart.append(batch.apart(groups, judged, rule, review))
    return result


@dataclass(frozen=True, slots=True)
class _Inside:
    """Pairs whose nodes share a piece, in the order of the pieces, and where they stand there."""

    pairs: Ints
    piece: Ints
    row: Codes
    column: Codes

    @classmethod
    def of(cls, pieces: Pieces, left: Codes, right: Codes) -> _Inside:
        number = pieces.number[left]
        pairs = np.flatnonzero((number == pieces.number[right]) & (number >= 0))
        pairs = pairs[np.argsort(number[pairs], kind="stable")]
        left, right = left[pairs], right[pairs]
        return cls(
            pairs, pieces.number[left].astype(np.int64), pieces.place[left], pieces.place[right]
        )

    def cells(self, begin: int, end: int, square: Floats) -> tuple[Ints, Ints]:
        """Return the pairs of a run of pieces and their cells in its square."""
        low, high = np.searchsorted(self.piece, [begin, end])
        run = slice(int(low), int(high))
        width = square.shape[1]
        cells = ((self.piece[run] - begin) * width + self.row[run]) * width + self.column[run]
        return self.pairs[run], cells


@dataclass(frozen=True, slots=True)
class _Judged:
    """Of each pair of a batch: the sum of its bits, why it is forbidden, whether it is a must."""

    sums: Floats
    reasons: Levels
    must: Mask | None
    scored: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some pieces of about one size, and all pairs in them.

    ``nodes`` and ``sizes``: one row for each piece, -1 and 1 behind a shorter one. ``cell`` is the
    place of a pair in the square, ``first_seat`` and ``second_seat`` those of its nodes.
    """

    nodes: Codes
    sizes: Floats
    cell: Ints
    one: Ints
    other: Ints

    @classmethod
    def of(cls, graph: Graph, nodes: Codes) -> _Batch:
        count, width = nodes.shape
        row, column = np.triu_indices(width, 1)
        filled = nodes >= 0
        sizes = np.where(filled, graph.weights[nodes], 1).astype(np.float64)
        lead = np.arange(count)[:, None] * width
        one, other = (lead + row).ravel(), (lead + column).ravel()
        cell = ((lead + row) * width + column).ravel()
        if not filled.all():
            inside = filled.ravel()[other]
            one, other, cell = one[inside], other[inside], cell[inside]
        return cls(nodes, sizes, cell, one, other)

    @property
    def shape(self) -> tuple[int, int, int]:
        return (*self.nodes.shape, self.nodes.shape[1])

    def judge(self, graph: Graph, square: Floats, must: Mask | None) -> _Judged:
        """Score what ``square`` does not know yet, and fill it, minus infinity where forbidden."""
        left, right = self.nodes.reshape(-1)[self.one], self.nodes.reshape(-1)[self.other]
        sums = square.reshape(-1)[self.cell]
        unknown = np.flatnonzero(np.isnan(sums))
        if len(unknown):
            sums[unknown] = graph.score(left[unknown], right[unknown])
        reasons = graph.forbid(left, right)
        reasons[(sums == -np.inf) & (reasons == 0)] = Reason.VETO
        square.fill(-np.inf)
        square.reshape(-1)[self.cell] = np.where(reasons > 0, -np.inf, sums)
        np.maximum(square, square.transpose(0, 2, 1), out=square)
        return _Judged(
            sums, reasons, None if must is None else must.reshape(-1)[self.cell], len(unknown)
        )

    def write(self, groups: Groups, judged: _Judged, result: Clustered) -> None:
        """Enter the clusters into the result."""
        firsts = self._firsts(groups)
        filled = self.nodes >= 0
        nodes = self.nodes[filled]
        result.labels[nodes] = self.nodes.reshape(-1)[firsts.ravel()[filled.ravel()]]
        result.last[nodes] = groups.last[filled]
        result.second[nodes] = groups.second[filled]
        a, b = firsts.reshape(-1)[self.one], firsts.reshape(-1)[self.other]
        good = (a == b) & (judged.sums > 0) & (judged.reasons == 0)
        pairs = self.sizes.reshape(-1)[self.one[good]] * self.sizes.reshape(-1)[self.other[good]]
        positive = np.bincount(a[good], pairs, minlength=self.nodes.size)
        result.positive[nodes] = positive.reshape(self.nodes.shape)[filled]

    def apart(self, groups: Groups, judged: _Judged, rule: Rule, review: float) -> Apart:
        """Return the pairs that look alike, or must meet, and stand in different clusters."""
        bits = judged.sums / (self.sizes.reshape(-1)[self.one] * self.sizes.reshape(-1)[self.other])
        wanted = bits >= review
        if judged.must is not None:
            wanted |= judged.must
        firsts = self._firsts(groups)
        a, b = firsts.reshape(-1)[self.one], firsts.reshape(-1)[self.other]
        chosen = np.flatnonzero(wanted & (a != b))
        a, b = a[chosen], b[chosen]
        width = self.nodes.shape[1]
        cell = a * width + b % width
        size_a, size_b = groups.sizes.reshape(-1)[a], groups.sizes.reshape(-1)[b]
        average = groups.sums.reshape(-1)[cell] / (size_a * size_b)
        reason = np.full(len(chosen), Reason.AVERAGE, dtype=np.uint8)
        if rule.largest is not None:
            enough = average >= rule.least(size_a * size_b)
            reason[(size_a + size_b > rule.largest) & enough] = Reason.SIZE
        barred = average == -np.inf
        reason[barred] = self._barriers(firsts, judged)[cell[barred]]
        reason = np.where(judged.reasons[chosen] > 0, judged.reasons[chosen], reason)
        return Apart(
            self.nodes.reshape(-1)[self.one[chosen]],
            self.nodes.reshape(-1)[self.other[chosen]],
            bits[chosen],
            average,
            reason,
        )

    def _firsts(self, groups: Groups) -> Ints:
        """Return for each seat the seat where its cluster begins."""
        count, width = self.nodes.shape
        firsts: Ints = np.arange(count)[:, None] * width + groups.first
        return firsts

    def _barriers(self, firsts: Ints, judged: _Judged) -> Levels:
        """Return for each cell of two clusters the reason that stands between them."""
        width = self.nodes.shape[1]
        result = np.zeros(self.nodes.size * width, dtype=np.uint8)
        for reason in (Reason.SOURCE, Reason.FACT, Reason.VETO, Reason.APART):
            pairs = np.flatnonzero(judged.reasons == reason)
            a, b = firsts.reshape(-1)[self.one[pairs]], firsts.reshape(-1)[self.other[pairs]]
            result[a * width + b % width] = reason
            result[b * width + a % width] = reason
        return result
