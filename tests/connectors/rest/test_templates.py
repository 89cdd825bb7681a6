"""The window is written as the API wants it, or left out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from connectors.rest.templates import Bound, Bounds, fill, lower_bound, marks, moment
from models.reading import Cursor
from warehouse.run_manifest import CursorValue

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOW = datetime(2026, 11, 23, 10, 0, 0, 999, tzinfo=UTC)
SECONDS = 1795428000


def bounds(style: str, low: Bound = LOW) -> Bounds:
    return Bounds(low, LOW + timedelta(days=1), style, SHANGHAI)


@pytest.mark.parametrize(
    ("template", "style", "written"),
    [
        ("{lo}", "iso", "2026-11-23T18:00:00+08:00"),
        ("{hi}", "iso", "2026-11-24T18:00:00+08:00"),
        ("{lo}", "epoch", SECONDS),
        ("{lo}", "epoch_millis", SECONDS * 1000),
        ("{lo}", "date", "2026-11-23"),
        ("{lo}", "%Y/%m/%d %H:%M", "2026/11/23 18:00"),
        ("{lo:epoch}", "iso", SECONDS),
        ("{lo:%H:%M}", "iso", "18:00"),
        ("ts >= {lo} and ts < {hi}", "date", "ts >= 2026-11-23 and ts < 2026-11-24"),
        ("{other} {}", "iso", "{other} {}"),
        (500, "iso", 500),
    ],
)
def test_a_window_is_written(template: object, style: str, written: object) -> None:
    assert fill(template, bounds(style)) == written


def test_a_counting_cursor_is_written_as_a_number() -> None:
    assert fill({"after": "{lo}"}, bounds("integer", 41)) == {"after": 41}


@pytest.mark.parametrize(
    ("template", "left"),
    [
        ({"size": 5, "from": "{lo}", "to": "{hi}"}, {"size": 5}),
        ({"filter": {"updated": {"gte": "{lo}"}, "kind": {}}}, {"filter": {"kind": {}}}),
        ({"cond": [{"field": "ts", "value": "{lo}"}, {"field": "a"}]}, {"cond": [{"field": "a"}]}),
    ],
)
def test_without_a_window_what_names_it_is_left_out(template: Any, left: Any) -> None:
    assert fill(template, None) == left


def test_marks_are_found_wherever_they_stand() -> None:
    template = ({"a": "x {lo}"}, {"b": [{"c": "{hi:epoch}"}], "d": 1})
    assert marks(template) == {("lo", None), ("hi", "epoch")}


@pytest.mark.parametrize(
    ("text", "style", "value"),
    [
        ("2026-11-23T18:00:00+08:00", "iso", LOW.replace(microsecond=0)),
        ("2026-11-23T10:00:00Z", "iso", LOW.replace(microsecond=0)),
        ("2026-11-23 18:00:00", "iso", LOW.replace(microsecond=0)),
        (str(SECONDS), "epoch", LOW.replace(microsecond=0)),
        (f"{SECONDS}000", "epoch_millis", LOW.replace(microsecond=0)),
        ("23.11.2026 18:00", "%d.%m.%Y %H:%M", LOW.replace(microsecond=0)),
        ("9", "integer", 9),
        ("v9", "text", "v9"),
        ("0000-00-00", "iso", None),
        ("soon", "epoch", None),
        ("", "text", None),
        (None, "iso", None),
    ],
)
def test_values_of_the_cursor_are_understood(text: str | None, style: str, value: object) -> None:
    assert moment(text, style, SHANGHAI) == value


@pytest.mark.parametrize(
    ("kind", "value", "style", "bound"),
    [
        (
            "timestamp",
            "2026-11-23T10:00:00+00:00",
            "iso",
            datetime(2026, 11, 23, 9, 50, tzinfo=UTC),
        ),
        ("integer", "41", "integer", 38),
        ("text", "v9", "text", "v9"),
        ("timestamp", "2026-11-23T10:00:00+00:00", "integer", None),
        ("integer", "41", "iso", None),
    ],
)
def test_the_next_window_begins_before_the_cursor(
    kind: Any, value: str, style: str, bound: object
) -> None:
    cursor = CursorValue(field="ts", kind=kind, value=value)
    assert lower_bound(cursor, Cursor(field="ts", step=3, format=style)) == bound
