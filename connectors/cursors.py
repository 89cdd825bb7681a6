"""Where to go on: the greatest cursor value seen, and the lower bound of the next window.

Values keep the type the source gives them, so the source compares them as it orders them:

- ``timestamp`` and ``date``: stepped back by ``lookback``;
- ``integer``: a counting column, stepped back by ``step``;
- ``text``: a timestamp or date written as text in a format that sorts (``2026-11-23 18:23:10``,
  ``20261123``, …), stepped back and written in the same format; any other text as it is.

The cursor is the greatest value *below the clock*: a row dated 9999-12-31 cannot push it past
rows that are yet to come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from models.errors import SourceError
from models.reading import Cursor
from warehouse.run_manifest import CursorValue

_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
    "%Y%m%d%H%M%S",
    "%Y%m%d",
)
_TAIL = re.compile(r"(?P<fraction>\.\d+)?(?P<offset>Z|[+-]\d\d:?\d\d)?$")


@dataclass(frozen=True, slots=True)
class Clock:
    """The upper end of a window, in the words of a source: ``zone`` is that of naive values."""

    hi: datetime
    zone: tzinfo

    def passed(self, value: Any) -> bool:
        """Say whether ``value`` lies before the upper end; what is not a time always does."""
        if isinstance(value, datetime):
            return (value if value.tzinfo else value.replace(tzinfo=self.zone)) < self.hi
        if isinstance(value, date):
            return value <= self.hi.astimezone(self.zone).date()
        if isinstance(value, str):
            read = _read_text(value)
            return read is None or read.moment.replace(tzinfo=read.zone or self.zone) < self.hi
        return True


def clock(config: Cursor, hi: datetime, default_zone: str) -> Clock:
    """Return the clock of an object whose naive values are in the cursor's or default zone."""
    return Clock(hi, ZoneInfo(config.timezone or default_zone))


def greatest(values: Iterable[Any], until: Clock, source: str, field: str) -> Any:
    """Return the greatest value that the clock has passed, None if there is none."""
    try:
        known = [value for value in values if value is not None]
        top = max(known, default=None)
        if top is None or until.passed(top):
            return top
        return max((value for value in known if until.passed(value)), default=None)
    except TypeError:
        raise SourceError(
            source,
            f"the cursor column {field} holds values of several types, which have no order; "
            "use another cursor column, or leave the cursor out.",
        ) from None


def cursor_value(value: Any, source: str, field: str) -> CursorValue:
    """Return a value of the source as the cursor of a manifest."""
    if isinstance(value, datetime):
        return CursorValue(field=field, kind="timestamp", value=value.isoformat())
    if isinstance(value, date):
        return CursorValue(field=field, kind="date", value=value.isoformat())
    if isinstance(value, int | float | Decimal):
        return CursorValue(field=field, kind="integer", value=str(int(value)))
    if isinstance(value, str):
        return CursorValue(field=field, kind="text", value=value)
    raise SourceError(
        source,
        f"the cursor column {field} has the type {type(value).__name__}, which has no order that "
        "can be kept; use a timestamp, a date, a counting number or text that sorts.",
    )


def lower_bound(cursor: CursorValue, config: Cursor) -> Any:
    """Return the smallest value to read: the cursor less the look-back, in the source's type."""
    if cursor.kind == "timestamp":
        return datetime.fromisoformat(cursor.value) - config.lookback
    if cursor.kind == "date":
        return _day_before(date.fromisoformat(cursor.value), config)
    if cursor.kind == "integer":
        return int(cursor.value) - config.step
    read = _read_text(cursor.value)
    return cursor.value if read is None else (read.moment - config.lookback).strftime(read.format)


def _day_before(value: date, config: Cursor) -> date:
    return (datetime.combine(value, time.min, tzinfo=UTC) - config.lookback).date()


@dataclass(frozen=True, slots=True)
class _TextTime:
    """A time written as text. Fraction and offset are left off a bound: it then sorts before."""

    moment: datetime
    zone: tzinfo | None
    format: str


def _read_text(value: str) -> _TextTime | None:
    tail = _TAIL.search(value)
    if tail is None:  # pragma: no cover  # the pattern matches the empty end
        return None
    # the offset of 2026-11-23 is not -23: a bare date has no tail
    head = value if len(value) <= len("2026-11-23") else value[: tail.start()]
    for pattern in _FORMATS:
        try:
            moment = datetime.strptime(head, pattern)  # noqa: DTZ007  # the zone is read below
        except ValueError:
            continue
        offset = tail["offset"] if head != value else None
        zone = datetime.strptime(offset, "%z").tzinfo if offset else None
        return _TextTime(moment, zone, pattern)
    return None
