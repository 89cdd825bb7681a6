"""Calendar arithmetic on whole columns: days and seconds since 1970-01-01, bank time.

Business times are local (UTC+8, no daylight saving) and carry no zone, as in most core systems.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
import pyarrow as pa

from examples.bank.frame import Array
from examples.bank.text import Text, arrow, join, pc

START = date(2026, 11, 1)
NEVER = -1_000_000
LONG_TERM = 2_932_896  # 9999-12-31
DAY = 86_400
_FIRST, _LAST = -25_567, 47_846  # 1900-01-01, 2100-12-31


def day_number(day: date) -> int:
    """Return days since 1970-01-01."""
    return (day - date(1970, 1, 1)).days


def of_number(number: int) -> date:
    """Return the date of a day number."""
    return date.fromordinal(number + date(1970, 1, 1).toordinal())


def parts(days: Array) -> tuple[Array, Array, Array]:
    """Return year, month and day of month."""
    stamps = days.astype("datetime64[D]")
    months = stamps.astype("datetime64[M]")
    years = stamps.astype("datetime64[Y]")
    return (
        years.astype(np.int64) + 1970,
        (months - years).astype(np.int64) + 1,
        (stamps - months).astype(np.int64) + 1,
    )


def from_parts(year: Array, month: Array, day: Array) -> Array:
    """Return day numbers; parts must make a date."""
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    first: Array = months.astype("datetime64[D]").astype(np.int64)
    return first + day - 1


def day_text(days: Array, pattern: str = "%Y-%m-%d") -> Text:
    """Return days of 1900 to 2100, and ``LONG_TERM``, as text; NULL for ``NEVER``."""
    known = days != NEVER
    place = np.where(days == LONG_TERM, -1, days - _FIRST) % (_LAST - _FIRST + 2)
    return _calendar(pattern).take(arrow(place, mask=~known))


def second_text(seconds: Array, pattern: str = "%Y-%m-%d %H:%M:%S") -> Text:
    """Return business times as text, to the second; ``pattern`` is a day, then its time."""
    split = pattern.index("%H")
    times = _clock(pattern[split:]).take(arrow(seconds % DAY))
    return join(day_text(seconds // DAY, pattern[:split]), times)


@cache
def _calendar(pattern: str) -> Text:
    """Every day there may be, written once; ``LONG_TERM`` comes last."""
    every = np.append(np.arange(_FIRST, _LAST + 1), LONG_TERM).astype(np.int32)
    return pc.strftime(arrow(every).cast(pa.date32()), pattern)


@cache
def _clock(pattern: str) -> Text:
    """Every second of a day, written once."""
    return pc.strftime(arrow(np.arange(DAY).astype("datetime64[s]")), pattern)
