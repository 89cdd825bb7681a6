from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from matching.model.patterns import Patterns, pack

rows = st.integers(1, 40).flatmap(
    lambda size: arrays(np.uint8, (size, 25), elements=st.integers(0, 9))
)


@given(rows)
def test_rows_are_equal_when_their_packed_numbers_are(levels: np.ndarray) -> None:
    packed = pack(levels)
    for one in range(len(levels)):
        same = (levels == levels[one]).all(axis=1)
        assert ((packed == packed[one]) == same).all()


@given(rows)
def test_patterns_count_every_row_once_in_any_order(levels: np.ndarray) -> None:
    found = Patterns.of(levels)
    shuffled = Patterns.of(levels[::-1])
    assert found.counts.sum() == len(levels)
    assert len({tuple(row) for row in found.levels.tolist()}) == len(found)
    assert {(*row, n) for row, n in zip(found.levels.tolist(), found.counts, strict=True)} == {
        (*row, n) for row, n in zip(shuffled.levels.tolist(), shuffled.counts, strict=True)
    }


def test_batches_put_together_are_the_patterns_of_all() -> None:
    levels = np.array([[1, 2], [0, 1], [1, 2], [2, 2]], dtype=np.uint8)
    parts = [Patterns.of(levels[:2]), Patterns.of(levels[2:])]
    merged, whole = Patterns.merged(parts), Patterns.of(levels)
    assert merged.levels.tolist() == whole.levels.tolist()
    assert merged.counts.tolist() == whole.counts.tolist()


def test_no_pairs_make_no_patterns() -> None:
    assert len(Patterns.of(np.empty((0, 3), dtype=np.uint8))) == 0
