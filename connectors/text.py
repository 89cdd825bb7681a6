"""Values of a source as text, exactly: what lands is what the source said.

Integers and decimals are plain digits, dates and timestamps ISO 8601, booleans ``true`` and
``false``, bytes hexadecimal, nested values JSON. A float is its shortest exact text, so an
identity number that went through a float shows it (``1.101011990010112E+17``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pyarrow as pa

EXACT_DIGITS = 1e15  # Excel keeps 15 digits; whole floats below this are certain


def as_column(values: Sequence[Any]) -> pa.StringArray:
    """Return values of any type as one string column; None stays NULL."""
    kinds = set(map(type, values))
    kinds.discard(type(None))
    if kinds == {int}:
        return pa.array([None if value is None else str(value) for value in values], pa.string())
    if not kinds <= {str}:
        values = [None if value is None else as_text(value) for value in values]
    try:
        return pa.array(values, pa.string())
    except UnicodeEncodeError:  # half a surrogate pair cannot be stored: mark the lost character
        return pa.array([_whole(value) for value in values], pa.string())


def as_text(value: Any) -> str:
    """Return one value that is not None as text."""
    return _TEXTS.get(type(value), _other)(value)


def float_text(value: float) -> str:
    """Return a float: whole ones below 10**15 as digits, great ones with an exponent."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if abs(value) >= EXACT_DIGITS:
        return f"{Decimal(repr(value)):E}"
    return str(int(value)) if value.is_integer() else repr(value)


def _other(value: Any) -> str:
    for kind, text in _TEXTS.items():
        if isinstance(value, kind):
            return text(value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=as_text, separators=(",", ":"))
    return str(value)


def _clock(value: timedelta) -> str:
    """MySQL's TIME arrives as a duration."""
    seconds = int(abs(value).total_seconds())
    sign = "-" if value < timedelta(0) else ""
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def _whole(value: str | None) -> str | None:
    return (
        None
        if value is None
        else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )


# Subclasses before their bases: bool is an int, datetime is a date.
_TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    float: float_text,
    Decimal: lambda value: format(value, "f"),
    datetime: datetime.isoformat,
    date: date.isoformat,
    time: time.isoformat,
    timedelta: _clock,
    bytes: bytes.hex,
    bytearray: bytearray.hex,
    memoryview: memoryview.hex,
    UUID: str,
}
