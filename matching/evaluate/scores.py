"""Clusters against the truth: every figure from the cells of one table, cluster × entity.

With ``n`` records in a cell, ``n(n-1)/2`` of its pairs are right, so no pair is ever written down
and ten million records take seconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Ints, encode

Labels: TypeAlias = pa.Array | pa.ChunkedArray


@dataclass(frozen=True, slots=True)
class ClusterScores:
    """How well records were brought together; ``records`` are those whose truth is known.

    ``right_pairs`` of ``joined_pairs`` are true, of ``true_pairs`` there are. ``found`` entities
    are a cluster each, whole and pure; ``over_merged`` clusters hold two entities or more;
    ``split`` entities stand in two clusters or more; ``largest`` is the biggest cluster's records.
    """

    records: int
    unlabelled: int
    clusters: int
    entities: int
    right_pairs: int
    joined_pairs: int
    true_pairs: int
    b3_precision: float
    b3_recall: float
    found: int
    over_merged: int
    split: int
    largest: int

    @property
    def precision(self) -> float:
        """Share of joined pairs that are right; 1 where nothing is joined."""
        return _share(self.right_pairs, self.joined_pairs)

    @property
    def recall(self) -> float:
        """Share of true pairs that are joined; 1 where there is none."""
        return _share(self.right_pairs, self.true_pairs)

    @property
    def f1(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return _harmonic(self.precision, self.recall)

    @property
    def b3_f1(self) -> float:
        """Harmonic mean of B³ precision and recall (Bagga and Baldwin 1998)."""
        return _harmonic(self.b3_precision, self.b3_recall)

    @property
    def cluster_precision(self) -> float:
        """Share of clusters that are exactly one entity."""
        return _share(self.found, self.clusters)

    @property
    def cluster_recall(self) -> float:
        """Share of entities that are exactly one cluster."""
        return _share(self.found, self.entities)


def score_clusters(clusters: Labels, truth: Labels) -> ClusterScores:
    """Return how the labels ``clusters`` compare with the labels ``truth``, record by record.

    The arrays are equally long and may differ in type. A record whose truth is NULL is left out;
    one whose cluster is NULL stands alone. Raises ValueError where the lengths differ.
    """
    if len(clusters) != len(truth):
        raise ValueError(f"{len(clusters)} cluster labels for {len(truth)} true ones.")
    entity = encode(truth)
    known = entity >= 0
    cells = _cells(_alone(encode(clusters))[known], entity[known])
    by_cluster, by_entity = np.bincount(cells.cluster), np.bincount(cells.entity)
    whole = (cells.records == cells.in_cluster) & (cells.records == cells.in_entity)
    sizes = cells.cluster_sizes[cells.cluster_sizes > 0]
    return ClusterScores(
        records=int(known.sum()),
        unlabelled=int(len(known) - known.sum()),
        clusters=len(sizes),
        entities=int((by_entity > 0).sum()),
        right_pairs=_pairs(cells.records),
        joined_pairs=_pairs(sizes),
        true_pairs=_pairs(cells.entity_sizes),
        b3_precision=_b_cubed(cells.records, cells.in_cluster),
        b3_recall=_b_cubed(cells.records, cells.in_entity),
        found=int(whole.sum()),
        over_merged=int((by_cluster > 1).sum()),
        split=int((by_entity > 1).sum()),
        largest=int(sizes.max(initial=0)),
    )


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row per cluster and entity that share ``records``; the sizes are by label."""

    cluster: Ints
    entity: Ints
    records: Ints
    cluster_sizes: Ints
    entity_sizes: Ints

    @property
    def in_cluster(self) -> Ints:
        return self.cluster_sizes[self.cluster]

    @property
    def in_entity(self) -> Ints:
        return self.entity_sizes[self.entity]


def _cells(cluster: Codes, entity: Codes) -> _Cells:
    packed, records = _counted((cluster.astype(np.int64) << 32) | entity)
    return _Cells(
        packed >> 32, packed & 0xFFFFFFFF, records, np.bincount(cluster), np.bincount(entity)
    )


def _alone(codes: Codes) -> Codes:
    """Give every record without a label (-1) a label of its own."""
    nameless = np.flatnonzero(codes < 0)
    result = codes.copy()
    result[nameless] = codes.max(initial=-1) + 1 + np.arange(len(nameless), dtype=np.int32)
    return result


def _counted(values: Ints) -> tuple[Ints, Ints]:
    """Return the distinct values, ascending, and how often each stands."""
    ordered = np.sort(values)
    begins = np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))
    return ordered[begins], np.diff(begins, append=len(ordered))


def _pairs(sizes: Ints) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _b_cubed(records: Ints, sizes: Ints) -> float:
    """Mean over records of the share of its own kind in its group.

    Equal cells are summed as one and the sum is exact, so the order of records changes no bit.
    """
    packed, times = _counted((records << 32) | sizes)
    same, size = packed >> 32, packed & 0xFFFFFFFF
    total = math.fsum((times * same * (same / size)).tolist())
    return total / int(records.sum()) if len(records) else 1.0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0
