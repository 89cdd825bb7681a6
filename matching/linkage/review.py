"""The result: clusters, how firmly each holds together, and what stayed apart and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints, Levels, Mask
from matching.linkage.across import Across
from matching.linkage.constraints import Reason
from matching.linkage.judging import Apart, Clustered, Graph
from matching.linkage.options import LinkOptions
from matching.linkage.pieces import Pieces

Bits = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Refused:
    """Pairs from the review threshold on, and must-links, whose records stayed apart.

    One row per pair, by ``left``, then ``right``. ``bits``: of the pair; ``average``: between the
    two clusters, minus infinity where a prohibition stands between them, NaN where it was not
    looked at; ``reason``: codes of ``Reason``; ``must``: the pair was a must-link.
    """

    left: Codes
    right: Codes
    bits: Bits
    average: Bits
    reason: Levels
    must: Mask


@dataclass(frozen=True, slots=True)
class Linked:
    """Clusters of records.

    By record: ``labels`` is the smallest record of the cluster; ``second`` tells which records
    stood on the second side of its last merge, its weakest cut. By cluster of two records and
    more, ascending: ``firsts`` (the label), ``sizes`` (records), ``weakest`` (bits across the
    weakest cut, pooled as ``Rule`` says), ``density`` (share of its pairs with positive bits), and
    the doubts: ``thin`` (the weakest cut is hardly above the cut) and ``sparse`` (too few pairs
    agree). ``counts`` says for the report how much of everything there was.
    """

    labels: Codes
    second: Mask
    firsts: Codes
    sizes: Codes
    weakest: Bits
    density: Bits
    thin: Mask
    sparse: Mask
    refused: Refused
    counts: Mapping[str, int]

    @property
    def doubtful(self) -> Codes:
        """The labels of clusters a person should look at."""
        return np.asarray(self.firsts[self.thin | self.sparse])


@dataclass(frozen=True, slots=True)
class Found:
    """All that is known after clustering.

    ``whole``: the component of each record, ``parts``: its part of it, where it was divided.
    """

    graph: Graph
    whole: Codes
    parts: Codes
    pieces: Pieces
    clusters: Clustered
    across: Across


def linked(found: Found, options: LinkOptions) -> Linked:
    """Return the clusters with their doubts."""
    clusters = found.clusters
    sizes = np.bincount(clusters.labels, minlength=len(clusters.labels))
    firsts = np.flatnonzero(sizes > 1).astype(np.int32)
    sizes = sizes[firsts]
    second = np.bincount(clusters.labels[clusters.second], minlength=len(clusters.labels))[firsts]
    across = (second * (sizes - second)).astype(np.float64)
    weakest = options.rule.strength(clusters.last[firsts], across).astype(np.float32)
    density = (clusters.positive[firsts] / (sizes * (sizes - 1) / 2)).astype(np.float32)
    thin, sparse = weakest < options.cut + options.margin, density < options.density
    refused = _refused(found, options)
    counts = {
        **_counts(found),
        "clusters": len(firsts),
        "records_in_clusters": int(sizes.sum()),
        "largest_cluster": int(sizes.max(initial=1)),
        "clusters_thin": int(thin.sum()),
        "clusters_sparse": int(sparse.sum()),
        **_refusals(refused),
    }
    return Linked(
        clusters.labels,
        clusters.second,
        firsts,
        sizes.astype(np.int32),
        weakest,
        density,
        thin,
        sparse,
        refused,
        counts,
    )


def _counts(found: Found) -> dict[str, int]:
    sizes = np.bincount(found.whole, minlength=len(found.whole))
    broken = np.unique(found.whole[found.whole != found.parts])
    unseen = int(np.isnan(found.across.sums).sum())
    return {
        "records": len(found.whole),
        "components": int((sizes > 1).sum()),
        "largest_component": int(sizes.max(initial=0)),
        "components_divided": len(broken),
        "pieces": len(found.pieces.starts) - 1,
        "couples_across_not_scored": unseen,
        "pairs_scored": found.clusters.scored,
    }


def _refusals(refused: Refused) -> dict[str, int]:
    by_reason = np.bincount(refused.reason, minlength=len(Reason))
    names = {
        f"refused_{reason.name.lower()}": int(by_reason[reason]) for reason in Reason if reason
    }
    return {**names, "refused_must_links": int(refused.must.sum())}


def _refused(found: Found, options: LinkOptions) -> Refused:
    """Gather what stayed apart, inside pieces and between them, each pair once."""
    parts = [*found.clusters.apart, _between_pieces(found, options), _musts_between_pieces(found)]
    left = np.concatenate([part.left for part in parts])
    right = np.concatenate([part.right for part in parts])
    keys = _keys(left, right)
    labels = found.clusters.labels
    _, rows = np.unique(keys, return_index=True)
    rows = rows[labels[left[rows]] != labels[right[rows]]]
    left, right = left[rows], right[rows]
    must = np.isin(keys[rows], _keys(found.graph.must_left, found.graph.must_right))
    return Refused(
        left,
        right,
        np.concatenate([part.bits for part in parts])[rows].astype(np.float32),
        np.concatenate([part.average for part in parts])[rows].astype(np.float32),
        np.concatenate([part.reason for part in parts])[rows],
        must,
    )


def _keys(left: Codes, right: Codes) -> Ints:
    keys: Ints = (left.astype(np.int64) << 32) | right
    return keys


def _between_pieces(found: Found, options: LinkOptions) -> Apart:
    """Return the links from the review threshold on whose records stand in different pieces."""
    graph, across = found.graph, found.across
    unlike = found.parts[graph.left] != found.parts[graph.right]
    links = np.flatnonzero(unlike & (graph.sums >= options.review))
    left, right = graph.left[links], graph.right[links]
    average = np.full(len(links), np.nan)
    at = np.searchsorted(across.links, links)
    seen = np.flatnonzero(at < len(across.links))
    seen = seen[across.links[at[seen]] == links[seen]]
    average[seen] = across.average[across.couple[at[seen]]]
    reason = np.full(len(links), Reason.PIECE, dtype=np.uint8)
    reason[found.whole[left] != found.whole[right]] = Reason.WEAK
    reason[average < options.cut] = Reason.AVERAGE
    reason[average == -np.inf] = Reason.VETO
    own = graph.forbid(left, right)
    return Apart(left, right, graph.sums[links], average, np.where(own > 0, own, reason))


def _musts_between_pieces(found: Found) -> Apart:
    """Return the must-links whose records stand in different pieces."""
    graph = found.graph
    pairs = np.flatnonzero(found.parts[graph.must_left] != found.parts[graph.must_right])
    left, right = graph.must_left[pairs], graph.must_right[pairs]
    unknown = np.full(len(pairs), np.nan)
    own = graph.forbid(left, right)
    reason = np.where(own > 0, own, np.uint8(Reason.PIECE))
    return Apart(left, right, unknown, unknown, reason)
