from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matching.compare.dates import compare_dates
from matching.compare.levels import LEVELS
from tests.plugins.parties import Party


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (19850312, 19850312, "same"),
        (19850312, 19851203, "transposed"),
        (19850312, 19850313, "one_digit"),
        (19850312, 19950312, "one_digit"),
        (19850312, 19850725, "same_year"),
        (19850312, 19850101, "january_first"),
        (19850101, 19850101, "january_first"),
        (19850312, 19620725, "differ"),
        (19850312, 19900101, "differ"),
        (0, 19850312, "missing"),
        (0, 0, "missing"),
    ],
)
def test_birth_date_level(one: int, other: int, expected: str) -> None:
    dates = np.array([one, other], dtype=np.int32)
    found = compare_dates(dates, dates[::-1])
    assert [LEVELS["birth_date"][code] for code in found] == [expected, expected]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("male", "male", "same"), ("male", "female", "differ"), ("male", None, "missing")],
)
def test_sex_level(
    level_of: Callable[..., str], one: str, other: str | None, expected: str
) -> None:
    assert level_of("sex", Party("s.o:1", sex=one), Party("s.o:2", sex=other)) == expected


def test_party_level(level_of: Callable[..., str]) -> None:
    firm = Party("s.o:2", "张伟百货店", party_type="organisation")
    assert level_of("party", Party("s.o:1", "张伟"), firm) == "differ"
    assert level_of("party", Party("s.o:1", "张伟"), Party("s.o:3", "李四")) == "same"
