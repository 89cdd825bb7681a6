"""Scored pairs → components → pieces → clusters → what to look at again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Mask
from matching.linkage.across import Across, Members, divided_graph, join_across
from matching.linkage.average import Floats
from matching.linkage.constraints import Constraints, Prohibitions
from matching.linkage.judging import Graph, cluster_pieces
from matching.linkage.options import LinkOptions
from matching.linkage.pieces import Pieces, components, piece_limit
from matching.linkage.review import Found, Linked, linked

# Two arrays of records in, log2 odds that each pair is one party out.
Score = Callable[[Codes, Codes], NDArray[Any]]
# Bits are multiples of 2**-16, so that sums of them are exact in any order; more than this is
# certainty anyway.
_STEP = 2.0**16
_MOST_BITS = 2.0**12


def link(
    size: int,
    left: Codes,
    right: Codes,
    bits: NDArray[Any],
    score: Score,
    constraints: Constraints | None = None,
    options: LinkOptions | None = None,
) -> Linked:
    """Return the clusters of ``size`` records.

    ``left``, ``right`` and ``bits`` are the scored pairs, each once, in any order; minus infinity
    is a veto. ``score`` gives the bits of any other pairs (left below right, no pair twice), in
    batches of at most ``options.cells``. The same pairs in any order give the same clusters.
    Clusters keep every constraint; a must-link between records that may never meet is refused.
    """
    options = options or LinkOptions()
    graph = _graph(size, (left, right, bits), score, constraints or Constraints())
    strong = graph.sums >= options.start
    whole = components(
        size,
        np.concatenate([graph.left[strong], graph.must_left]),
        np.concatenate([graph.right[strong], graph.must_right]),
    )
    sizes = np.bincount(whole, minlength=size)
    limit = piece_limit(sizes[sizes > 1], options.piece, options.pairs)
    giant = (sizes > limit)[whole]
    parts = _divide(graph, giant, limit, options.start, whole)
    pieces = Pieces.of(parts)
    clusters = cluster_pieces(graph, pieces, options.rule, options.review, options.cells)
    links = np.flatnonzero(strong & (parts[graph.left] != parts[graph.right]))
    across = Across.of(Members.of(clusters.labels, giant), clusters.labels, graph, links)
    join_across(clusters, across, graph, limit, options)
    return linked(Found(graph, whole, parts, pieces, clusters, across), options)


def _graph(
    size: int, pairs: tuple[Codes, Codes, NDArray[Any]], score: Score, constraints: Constraints
) -> Graph:
    left, right, keep = _ascending(pairs[0], pairs[1])
    must_left, must_right, _ = _ascending(constraints.must_left, constraints.must_right)
    return Graph(
        np.ones(size, dtype=np.int64),
        left,
        right,
        _exact(pairs[2][keep]),
        must_left,
        must_right,
        lambda one, other: _exact(score(one, other)),
        Prohibitions(constraints).between,
    )


def _ascending(one: Codes, other: Codes) -> tuple[Codes, Codes, Mask]:
    """Return the pairs with the smaller record first, and which they are: none with itself."""
    proper = one != other
    one, other = one[proper], other[proper]
    return np.minimum(one, other), np.maximum(one, other), proper


def _exact(bits: NDArray[Any]) -> Floats:
    """Return the bits as multiples of 2**-16; what is no number is a veto."""
    exact: Floats = np.round(bits.astype(np.float64) * _STEP) / _STEP
    exact[np.isnan(exact)] = -np.inf
    return np.minimum(exact, _MOST_BITS, out=exact)


def _divide(graph: Graph, giant: Mask, limit: int, start: float, whole: Codes) -> Codes:
    """Return the components after dividing the giant ones, by the smallest record of each part."""
    if not giant.any():
        return whole
    records = np.flatnonzero(giant).astype(np.int32)
    node = np.cumsum(giant, dtype=np.int32) - 1
    inner, must = giant[graph.left] & giant[graph.right], giant[graph.must_left]
    nodes = Graph(
        graph.weights[records],
        node[graph.left[inner]],
        node[graph.right[inner]],
        graph.sums[inner],
        node[graph.must_left[must]],
        node[graph.must_right[must]],
        graph.score,
        graph.forbid,
    )
    parts = whole.copy()
    parts[records] = records[divided_graph(nodes, nodes.sums, start, limit)]
    return parts
