from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.plugins.parties import Address, Party

HERE = ("440305", "深圳市", "南山区")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(
            (*HERE, "科技园路8号3栋1201室"), (*HERE, "科技园路8号3栋1201室"), "same", id="same"
        ),
        pytest.param(
            (*HERE, "科技园路8号3栋1201室"), (*HERE, "高新科技园路8号3栋1201"), "near", id="near"
        ),
        pytest.param(
            (*HERE, "科技园路8号3栋1201室"),
            (*HERE, "科技园路8号3栋1202室"),
            "district",
            id="the neighbour is not near",
        ),
        pytest.param((*HERE, None), ("440304", "深圳市", "福田区", None), "city", id="one city"),
        pytest.param(
            (*HERE, None), ("440100", "广州市", None, None), "province", id="one province"
        ),
        pytest.param(
            (*HERE, None), ("440000", None, None, None), "province", id="only a province known"
        ),
        pytest.param((*HERE, None), ("330106", "杭州市", "西湖区", None), "differ", id="far away"),
        pytest.param(
            (None, "leeds", None, None), (None, "leeds", None, None), "city", id="no code: city"
        ),
        pytest.param(
            (None, "leeds", None, None), (None, "york", None, None), "differ", id="no code: others"
        ),
        pytest.param((*HERE, None), None, "missing", id="none"),
    ],
)
def test_address_level(
    level_of: Callable[..., str], one: Address, other: Address | None, expected: str
) -> None:
    people = Party("s.o:1", "张伟", address=one), Party("s.o:2", "张伟", address=other)
    assert level_of("address", *people) == expected
