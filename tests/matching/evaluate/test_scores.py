"""The figures are what a count over all pairs says, in any order of the records."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.evaluate import score_clusters

RECORDS = st.lists(
    st.tuples(st.none() | st.integers(0, 6), st.none() | st.sampled_from("abcdef")), max_size=25
)


@given(RECORDS)
def test_every_figure_is_what_counting_pairs_and_sets_says(
    records: list[tuple[int | None, str | None]],
) -> None:
    scores = score_clusters(*columns(records))
    known = labelled(records)
    pairs = list(combinations(known, 2))
    assert scores.right_pairs == sum(a == b for a, b in pairs)
    assert scores.joined_pairs == sum(a[0] == b[0] for a, b in pairs)
    assert scores.true_pairs == sum(a[1] == b[1] for a, b in pairs)
    found, real = groups(known, 0), groups(known, 1)
    assert scores.found == len(found & real)
    assert (scores.clusters, scores.entities) == (len(found), len(real))
    assert scores.over_merged == sum(len({known[i][1] for i in group}) > 1 for group in found)
    assert scores.split == sum(len({known[i][0] for i in group}) > 1 for group in real)
    assert scores.largest == max(map(len, found), default=0)
    assert scores.records + scores.unlabelled == len(records)


@given(RECORDS)
def test_b_cubed_is_the_mean_over_records(records: list[tuple[int | None, str | None]]) -> None:
    scores = score_clusters(*columns(records))
    known = labelled(records)
    for at, share in ((0, scores.b3_precision), (1, scores.b3_recall)):
        shares = [
            sum(a == b for b in known) / sum(a[at] == b[at] for b in known) for a in known
        ] or [1.0]
        assert share == pytest.approx(sum(shares) / len(shares))


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_changes_no_bit(
    records: list[tuple[int | None, str | None]], random: object
) -> None:
    shuffled = sorted(records, key=lambda _: random.random())  # type: ignore[attr-defined]
    assert score_clusters(*columns(records)) == score_clusters(*columns(shuffled))


def test_nothing_joined_is_precise_and_finds_nothing() -> None:
    scores = score_clusters(pa.array([1, 2, 3]), pa.array(["a", "a", "b"]))
    assert (scores.precision, scores.recall, scores.f1) == (1.0, 0.0, 0.0)


def test_a_column_in_chunks_is_scored_as_one() -> None:
    clusters = pa.chunked_array([[1, 1], [2]])
    assert score_clusters(clusters, pa.array(["a", "a", "b"])).f1 == 1.0


def test_pairs_of_one_giant_cluster_are_counted_exactly() -> None:
    size = 300_000
    scores = score_clusters(pa.array(np.zeros(size, np.int32)), pa.array(np.arange(size) // 2))
    assert scores.joined_pairs == size * (size - 1) // 2
    assert scores.right_pairs == size // 2


def test_arrays_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 cluster labels for 1 true ones"):
        score_clusters(pa.array([1, 2]), pa.array(["a"]))


def columns(records: list[tuple[int | None, str | None]]) -> tuple[pa.Array, pa.Array]:
    return (
        pa.array([cluster for cluster, _ in records], pa.int64()),
        pa.array([truth for _, truth in records], pa.string()),
    )


def labelled(records: list[tuple[int | None, str | None]]) -> list[tuple[object, str]]:
    """Return the records with a truth; one without a cluster stands in a cluster of its own."""
    return [(f"alone {i}" if c is None else c, t) for i, (c, t) in enumerate(records) if t]


def groups(known: list[tuple[object, str]], at: int) -> set[frozenset[int]]:
    labels = {record[at] for record in known}
    return {frozenset(i for i, r in enumerate(known) if r[at] == label) for label in labels}
