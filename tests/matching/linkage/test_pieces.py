from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.linkage.pieces import Pieces, components, divided, piece_limit


def codes(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(numbers, np.int32)


def test_components_are_named_by_their_smallest_node() -> None:
    assert components(6, codes(5, 4, 2), codes(3, 2, 4)).tolist() == [0, 1, 2, 3, 2, 3]


def test_nothing_has_no_components() -> None:
    assert components(0, codes(), codes()).tolist() == []


@pytest.mark.parametrize(
    ("sizes", "pairs", "limit"),
    [([2, 3, 1000], 10**9, 1500), ([20_000], 10**6, 100), ([10**6], 10, 32), ([], 10, 1500)],
    ids=["all fit", "smaller pieces", "never below the least", "nothing"],
)
def test_pieces_are_made_smaller_where_too_many_pairs_would_be_scored(
    sizes: list[int], pairs: int, limit: int
) -> None:
    assert piece_limit(np.array(sizes, np.int64), 1500, pairs) == limit


@settings(deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30), st.integers(1, 6))
def test_no_part_is_heavier_than_the_limit(pairs: list[tuple[int, int]], limit: int) -> None:
    proper = [pair for pair in dict.fromkeys((min(p), max(p)) for p in pairs) if pair[0] != pair[1]]
    left, right = codes(*(a for a, _ in proper)), codes(*(b for _, b in proper))
    parts = divided(np.ones(12, np.int64), left, right, limit)
    whole = components(12, left, right)
    assert np.bincount(parts).max() <= limit
    assert all(len(set(whole[parts == part].tolist())) == 1 for part in parts)
    assert all(parts[part] == part for part in parts)


def test_a_component_is_divided_at_its_weakest_pair() -> None:
    # strongest first: the pair between 2 and 3 comes last
    parts = divided(np.ones(6, np.int64), codes(0, 1, 3, 4, 2), codes(1, 2, 4, 5, 3), 5)
    assert parts.tolist() == [0, 0, 0, 3, 3, 3]


def test_batches_hold_pieces_of_about_one_size() -> None:
    labels = np.repeat(codes(0, 2, 4, 14, 15), [2, 2, 10, 1, 11])
    pieces = Pieces.of(labels)
    runs = list(pieces.batches(300))
    assert runs == [(0, 2), (2, 4)]
    assert pieces.grid(0, 2).tolist() == [[0, 1], [2, 3]]
    assert pieces.grid(2, 4)[0].tolist() == [*range(4, 14), -1]
    assert pieces.number[14] == -1
    assert pieces.place[[15, 25]].tolist() == [0, 10]


def test_a_piece_larger_than_a_batch_is_one_of_its_own() -> None:
    pieces = Pieces.of(np.repeat(codes(0, 5), [5, 5]))
    assert list(pieces.batches(3)) == [(0, 1), (1, 2)]
