from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from matching.explain.splits import order, splits, without_each
from matching.linkage.average import Rule

PLAIN = Rule(0.0, None)


def matrix(size: int, *strong: tuple[int, int, float], other: float = -5.0) -> NDArray[np.float64]:
    bits = np.full((size, size), other)
    for one, two, value in strong:
        bits[one, two] = bits[two, one] = value
    return bits


def test_two_pairs_part_at_the_average_between_them() -> None:
    bits = matrix(4, (0, 1, 10.0), (2, 3, 12.0), (0, 2, 3.0), other=1.0)
    first, second, third = splits(bits, 4, PLAIN)
    assert first.bits == pytest.approx((3.0 + 1.0 + 1.0 + 1.0) / 4)
    assert {first.first, first.second} == {(0, 1), (2, 3)}
    assert (second.first, second.second, second.bits) == ((0,), (1,), 10.0)
    assert third.bits == 12.0


def test_only_so_many_parts_are_made() -> None:
    assert len(splits(matrix(6, other=4.0), 3, PLAIN)) == 2
    assert splits(matrix(1), 3, PLAIN) == []


def test_members_of_one_part_stand_together() -> None:
    bits = matrix(5, (0, 4, 20.0), (1, 3, 20.0), (1, 2, 9.0), (2, 3, 9.0))
    found = order(splits(bits, 5, PLAIN), 5)
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert abs(found.index(0) - found.index(4)) == 1
    assert abs(found.index(1) - found.index(3)) == 1


def test_a_split_is_what_a_cut_above_it_does() -> None:
    draw = np.random.default_rng(3)
    bits = draw.normal(5, 4, (7, 7))
    bits = (bits + bits.T) / 2
    (weakest, *_) = splits(bits, 7, PLAIN)
    left, right = list(weakest.first), list(weakest.second)
    assert weakest.bits == pytest.approx(bits[np.ix_(left, right)].mean(), abs=1e-4)


def test_a_bridge_is_needed_and_a_member_of_a_ring_is_not() -> None:
    bridge = matrix(3, (0, 1, 9.0), (1, 2, 9.0), other=-4.0)
    assert without_each(bridge, PLAIN) == [1]
    assert without_each(matrix(4, other=9.0), PLAIN) == []
    assert without_each(matrix(2, other=9.0), PLAIN) == []


def test_many_pairs_count_for_more_where_the_rule_says_so() -> None:
    bits = matrix(4, (0, 1, 30.0), (2, 3, 30.0), other=-1.0)
    pooled = Rule(0.0, None, prior=-10.0, pooling=0.5)
    assert splits(bits, 2, PLAIN)[0].bits == pytest.approx(-1.0)
    assert splits(bits, 2, pooled)[0].bits == pytest.approx(-10.0 + 9.0 * 4**0.5)


def test_what_stands_inside_a_part_falls_with_it_at_the_earliest() -> None:
    """Three that average 1 bit, held by two others that join them all far above the cut."""
    bits = matrix(6, (0, 1, 1.0), (2, 3, 9.0), (4, 5, 9.0), other=0.9)
    pooled = Rule(0.0, None, prior=-10.0, pooling=0.5)
    thresholds = [item.bits for item in splits(bits, 6, pooled)]
    assert thresholds == sorted(thresholds)
    assert min(thresholds) > 1.0
