"""The cursor is the greatest value below the clock; the next window begins a little before it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from connectors.cursors import clock, cursor_value, greatest, lower_bound
from models.errors import SourceError
from models.reading import Cursor

HI = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
SHANGHAI = timezone(timedelta(hours=8))


def local(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("values", "top"),
    [
        pytest.param([local(2026, 11, 23, 9), local(2026, 11, 23, 10)], local(2026, 11, 23, 9),
                     id="local"),
        pytest.param([datetime(2026, 11, 23, 1, 59, tzinfo=UTC), HI],
                     datetime(2026, 11, 23, 1, 59, tzinfo=UTC), id="instants"),
        pytest.param([date(2026, 11, 23), date(2026, 11, 24)], date(2026, 11, 23), id="dates"),
        pytest.param([7, None, 9], 9, id="numbers"),
        pytest.param(["2026-11-23 09:59:59.9", "9999-12-31 00:00:00"], "2026-11-23 09:59:59.9",
                     id="text-timestamps"),
        pytest.param(["2026-11-23T01:59:00Z", "2026-11-23T02:00:00Z"], "2026-11-23T01:59:00Z",
                     id="text-with-z"),
        pytest.param(["20261123095959", "20261123100000"], "20261123095959", id="compact"),
        pytest.param(["20261123", "99991231"], "20261123", id="compact-dates"),
        pytest.param(["v1", "v2"], "v2", id="other-text"),
        pytest.param([None, None], None, id="nothing"),
        pytest.param([local(9999, 12, 31)], None, id="only-the-future"),
    ],
)  # fmt: skip
def test_the_greatest_value_below_the_clock(values: list[Any], top: Any) -> None:
    until = clock(Cursor(field="TS"), HI, "Asia/Shanghai")
    assert greatest(values, until, "core", "TS") == top


def test_the_zone_of_the_cursor_goes_before_that_of_the_mapping() -> None:
    until = clock(Cursor(field="TS", timezone="UTC"), HI, "Asia/Shanghai")
    assert greatest([local(2026, 11, 23, 3)], until, "core", "TS") is None


@pytest.mark.parametrize(
    ("value", "low"),
    [
        pytest.param(local(2026, 11, 23, 9, 5), local(2026, 11, 23, 8, 55), id="timestamp"),
        pytest.param(
            datetime(2026, 11, 23, 9, tzinfo=SHANGHAI),
            datetime(2026, 11, 23, 0, 50, tzinfo=UTC),
            id="instant",
        ),
        pytest.param(date(2026, 11, 23), date(2026, 11, 22), id="date"),
        pytest.param(100, 95, id="integer"),
        pytest.param(Decimal("100.0"), 95, id="decimal"),
        pytest.param("2026-11-23 09:05:00.123", "2026-11-23 08:55:00", id="text"),
        pytest.param("2026-11-23T09:05:00+08:00", "2026-11-23T08:55:00", id="text-with-offset"),
        pytest.param("2026-11-23", "2026-11-22", id="text-date"),
        pytest.param("2026/11/23 00:05:00", "2026/11/22 23:55:00", id="slashes"),
        pytest.param("20261123000500", "20261122235500", id="compact"),
        pytest.param("v7", "v7", id="other-text"),
    ],
)
def test_the_next_window_begins_the_look_back_before(value: Any, low: Any) -> None:
    config = Cursor(field="TS", lookback=timedelta(minutes=10), step=5)
    assert lower_bound(cursor_value(value, "core", "TS"), config) == low


@pytest.mark.parametrize("text", ["2026-11-23 09:05:00.123", "2026-11-23T09:05:00Z", "20261123"])
def test_a_bound_without_look_back_never_sorts_after_its_value(text: str) -> None:
    config = Cursor(field="TS", lookback=timedelta(0))
    assert lower_bound(cursor_value(text, "core", "TS"), config) <= text


def test_values_without_a_common_order_are_refused() -> None:
    until = clock(Cursor(field="TS"), HI, "UTC")
    with pytest.raises(SourceError, match="several types"):
        greatest(["a", 1], until, "core", "TS")
    with pytest.raises(SourceError, match="has the type list"):
        cursor_value([1], "core", "TS")
