from __future__ import annotations

import numpy as np
import pytest

from matching.compare.han_alike import look_alike, meet, readings_of, roughly


def points(text: str) -> np.ndarray:
    return np.array(list(map(ord, text)), dtype=np.uint32)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("未", "末", True),
        ("侯", "候", True),
        ("候", "侯", True),
        ("伟", "芳", False),
        ("未", "未", False),
    ],
)
def test_look_alike(one: str, other: str, expected: bool) -> None:
    assert look_alike(points(one), points(other)).tolist() == [expected]


@pytest.mark.parametrize(
    ("one", "other", "same", "nearly"),
    [
        pytest.param("明", "铭", True, True, id="homophones"),
        pytest.param("林", "玲", False, True, id="n and ng"),
        pytest.param("张", "臧", False, True, id="zh and z"),
        pytest.param("单", "山", True, True, id="a surname's reading"),
        pytest.param("伟", "芳", False, False, id="others"),
        pytest.param("A", "A", False, False, id="no reading"),
        pytest.param("\U000e0001", "明", False, False, id="beyond the table"),
    ],
)
def test_sound_alike(one: str, other: str, same: bool, nearly: bool) -> None:
    left, right = readings_of(points(one)), readings_of(points(other))
    assert meet(left, right).tolist() == [same]
    assert meet(roughly(left), roughly(right)).tolist() == [nearly]
