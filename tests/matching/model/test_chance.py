from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.model.chance import both_equal, equality, measure_chance, random_pairs
from tests.matching.model.conftest import People

codes = st.lists(st.integers(-1, 4), min_size=2, max_size=30)


@given(codes)
def test_equality_is_counted_over_all_pairs_of_known_values(drawn: list[int]) -> None:
    known = [code for code in drawn if code >= 0]
    pairs = list(combinations(known, 2))
    found = equality(np.array(drawn, dtype=np.int32))
    if not pairs:
        assert found is None
        return
    expected = sum(one == other for one, other in pairs) / len(pairs)
    assert found == pytest.approx(max(expected, 0.25 / len(pairs)))


@given(st.lists(st.tuples(st.integers(-1, 2), st.integers(-1, 2)), min_size=2, max_size=30))
def test_equality_on_both_counts_pairs_that_know_both(drawn: list[tuple[int, int]]) -> None:
    first, second = (np.array(part, dtype=np.int32) for part in zip(*drawn, strict=True))
    known = [couple for couple in drawn if min(couple) >= 0]
    pairs = list(combinations(known, 2))
    found = both_equal(first, second)
    if not pairs:
        assert found is None
        return
    expected = sum(one == other for one, other in pairs) / len(pairs)
    assert found == pytest.approx(max(expected, 0.25 / len(pairs)))


def test_random_pairs_are_of_two_records_and_spread_evenly() -> None:
    left, right = random_pairs(10, 90_000)
    assert (left < right).all()
    counts = np.bincount(left * 10 + right, minlength=100)
    assert np.count_nonzero(counts) == 45
    assert counts[counts > 0] == pytest.approx(2000, rel=0.15)


@pytest.mark.parametrize("size", [0, 1])
def test_one_record_makes_no_pair(size: int) -> None:
    assert len(random_pairs(size, 100)[0]) == 0


def test_joint_shares_know_that_one_field_fixes_another(
    neighbours: Callable[..., People],
) -> None:
    rows = neighbours(entities=400, copies=1, slip=0.0)
    chance = measure_chance(rows.comparisons(), len(rows), 50_000)
    names = list(rows.fields)
    joint, known = chance.joint(names.index("street"), names.index("town"))
    assert known == 1.0
    assert joint[-1, -1] == pytest.approx(chance.levels[names.index("street")][-1], rel=1e-9)
