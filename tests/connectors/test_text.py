"""Values become text without losing or inventing a digit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from connectors.text import as_column


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param("张三", "张三", id="text"),
        pytest.param("", "", id="empty-is-not-null"),
        pytest.param(2**70, "1180591620717411303424", id="big-integer"),
        pytest.param(Decimal("1E+3"), "1000", id="decimal"),
        pytest.param(Decimal("0.00"), "0.00", id="zero"),
        pytest.param(13800000000.0, "13800000000", id="whole-float"),
        pytest.param(999_999_999_999_999.0, "999999999999999", id="fifteen-digits"),
        pytest.param(1e15, "1.0000000000000000E+15", id="sixteen-digits"),
        pytest.param(1.101011990010112e17, "1.101011990010112E+17", id="eighteen-digits"),
        pytest.param(-2.5, "-2.5", id="fraction"),
        pytest.param(float("nan"), "nan", id="nan"),
        pytest.param(True, "true", id="bool"),
        pytest.param(datetime(2026, 11, 23, 10, 0, tzinfo=UTC), "2026-11-23T10:00:00+00:00",
                     id="instant"),
        pytest.param(date(990, 1, 2), "0990-01-02", id="date"),
        pytest.param(time(9, 5), "09:05:00", id="time"),
        pytest.param(timedelta(hours=-30, minutes=-1), "-30:01:00", id="duration"),
        pytest.param(b"\xab\x01", "ab01", id="bytes"),
        pytest.param(memoryview(b"\xab"), "ab", id="memory"),
        pytest.param(UUID(int=1), "00000000-0000-0000-0000-000000000001", id="uuid"),
        pytest.param({"a": [1, Decimal("2.50")]}, '{"a":[1,"2.50"]}', id="nested"),
        pytest.param("\ud83d", "\ufffd", id="half-a-surrogate"),
    ],
)  # fmt: skip
def test_a_value_becomes_its_text(value: Any, text: str) -> None:
    assert as_column([None, value]).to_pylist() == [None, text]


def test_a_column_may_mix_types() -> None:
    assert as_column([1, "1", 1.0, None, True]).to_pylist() == ["1", "1", "1", None, "true"]
