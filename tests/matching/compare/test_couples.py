from __future__ import annotations

import numpy as np

from matching.columns import Codes, Levels
from matching.compare.couples import RememberedCouples


def _smaller(left: Codes, right: Codes) -> Levels:
    assert (left < right).all()
    return (left % 5 + 1).astype(np.uint8)


def test_a_couple_is_judged_in_one_order_and_then_remembered() -> None:
    asked: list[int] = []

    def judge(left: Codes, right: Codes) -> Levels:
        asked.append(len(left))
        return _smaller(left, right)

    couples = RememberedCouples(judge, top=9)
    left, right = np.array([3, 7, 3, 4, -1, 3], np.int32), np.array([7, 3, 7, 4, 2, -1], np.int32)
    assert couples(left, right).tolist() == [4, 4, 4, 9, 0, 0]
    assert couples(right, left).tolist() == [4, 4, 4, 9, 0, 0]
    assert asked == [3]


def test_more_couples_than_can_be_remembered_are_still_right() -> None:
    couples = RememberedCouples(_smaller, top=9)
    chance = np.random.default_rng(1)
    for _ in range(3):
        left, right = chance.integers(0, 5000, (2, 400_000)).astype(np.int32)
        small = np.minimum(left, right)
        expected = np.where(left == right, 9, small % 5 + 1)
        assert (couples(left, right) == expected).all()


def test_no_couples() -> None:
    nothing = np.empty(0, np.int32)
    assert len(RememberedCouples(_smaller, top=2)(nothing, nothing)) == 0
