"""Dates and timestamps as people, mainframes and APIs write them.

Two-digit years are refused, never guessed. Sentinels (1900-01-01, 0001-01-01, 00000000) mean
"there is none"; 9999-12-31, 2099-12-31 and 长期 mean "for ever", which only an expiry can be.

Rules: ``placeholder``, ``date_two_digit_year``, ``date_partial`` (no day), ``date_impossible``
(not in the calendar, or before 1800), ``date_form`` (anything else that is no date).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.fields.columns import (
    Ints,
    Mask,
    Texts,
    mask,
    matches,
    nulls,
    on_distinct,
    on_filled,
    pc,
    put,
    texts,
)
from models.fields.text import clean, is_empty_word

DEFAULT_ZONE = "Asia/Shanghai"
FIRST_YEAR = 1800
_LONG_TERM_WORDS = """
长期 长期有效 长久 永久 永久有效 无期限 无固定期限
LONG-TERM LONG_TERM LONGTERM PERMANENT FOREVER INDEFINITE
"""

_SEPARATED = (
    r"^(?P<y>\d{4})[-/.年] ?(?P<m>\d{1,2})[-/.月] ?(?P<d>\d{1,2})日?"
    r"(?:[T -]? ?(?P<h>\d{1,2})[:.时点](?P<n>\d{1,2})(?:[:.分](?P<s>\d{1,2})秒?)?分?"
    r"(?:[.,](?P<f>\d{1,9}))?)? ?(?P<z>Z|UTC|GMT|[+-]\d{2}:?\d{2})?$"
)
_COMPACT = (
    r"^(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:[T ]?(?P<h>\d{2})(?P<n>\d{2})(?P<s>\d{2})(?:[.]?(?P<f>\d{3,6}))?)?(?P<z>Z|[+-]\d{4})?$"
)
_TWO_DIGIT_YEAR = r"^(?:\d{2}[-/.年]\d{1,2}[-/.月]\d{1,2}日?|\d{6})$"
_PARTIAL = r"^(?:1[89]|20)\d{2}(?:[-/.年](?:\d{1,2}月?)?|\d{2})?$"
_NEVER = frozenset(np.array(["1899-12-30", "1899-12-31", "1900-01-01", "1901-01-01"], "M8[D]"))
_FOREVER_FROM = 2900
_LONG_TERM = np.datetime64("9999-12-31", "D")
_DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class _Moments:
    """Parsed values: days and microseconds since 1970, still local unless ``zoned`` (then UTC)."""

    year: Ints
    day: npt.NDArray[np.datetime64]
    micros: Ints
    timed: Mask
    zoned: Mask
    found: Mask
    real: Mask


def calendar_days(year: Ints, month: Ints, day: Ints) -> tuple[npt.NDArray[np.datetime64], Mask]:
    """Return the days (``datetime64[D]``) and which of them exist in the calendar."""
    sound = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31)
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0).astype("M8[M]")
    days = months.astype("M8[D]") + np.where(sound, day - 1, 0).astype("m8[D]")
    return days, sound & (days.astype("M8[M]") == months)


def parse_dates(
    values: Texts,
    *,
    long_term: bool = False,
    excel_serials: bool = False,
    timezone: str = DEFAULT_ZONE,
) -> pa.Table:
    """Return ``value`` (date32) and ``rule`` for each of ``values``.

    A timestamp with a zone gives the date it had in ``timezone``. ``long_term`` is for expiry
    dates: "for ever" gives 9999-12-31. ``excel_serials`` reads 5-digit numbers as Excel's days.
    """
    return on_distinct(
        texts(values), lambda distinct: _dates(distinct, long_term, excel_serials, timezone)
    )


def parse_timestamps(values: Texts, *, timezone: str = DEFAULT_ZONE) -> pa.Table:
    """Return ``value`` (timestamp[us], UTC without a zone) and ``rule``.

    A value without a zone is in ``timezone``; a bare date is its midnight there; 10 or 13 digits
    are seconds or milliseconds since 1970.
    """
    return on_filled(texts(values), lambda filled, _: _timestamps(filled, timezone))


def _timestamps(values: Texts, timezone: str) -> pa.Table:
    value = clean(values)
    moments = _moments(value)
    epoch, micros = _epochs(value)
    local = moments.day.astype("M8[us]") + moments.micros.astype("m8[us]")
    utc = np.where(moments.zoned, local, _to_utc(local, timezone))
    good = moments.real & ~_sentinel(moments)
    utc = np.where(epoch, micros.astype("M8[us]"), utc)
    rule = put(_rules(value, moments), epoch, None)
    return pa.table(
        {"value": pa.array(utc, pa.timestamp("us"), mask=~(good | epoch)), "rule": rule}
    )


def _dates(values: Texts, long_term: bool, excel_serials: bool, timezone: str) -> pa.Table:
    value = clean(values)
    moments = _moments(value)
    local = _in_zone(moments, timezone)
    serial, serial_days = _excel(value) if excel_serials else (np.zeros(len(value), bool), local)
    days = np.where(serial, serial_days, local)
    good = (moments.real & ~_sentinel(moments)) | serial
    rule = put(_rules(value, moments), serial, None)
    if long_term:
        forever = _forever(value, moments)
        days, good, rule = (
            np.where(forever, _LONG_TERM, days),
            good | forever,
            put(rule, forever, None),
        )
    return pa.table({"value": pa.array(days, pa.date32(), mask=~good), "rule": rule})


def _moments(value: Texts) -> _Moments:
    parts, found = _parts(value)
    year, month, day = (_integers(parts[name]) for name in "ymd")
    days, real = calendar_days(year, month, day)
    hour, minute, second = (_integers(parts[name]) for name in "hns")
    fraction = _integers(pc.utf8_slice_codeunits(pc.utf8_rpad(parts["f"], 6, "0"), 0, 6))
    micros = ((hour * 60 + minute) * 60 + second) * 1_000_000 + fraction
    zone, zoned = _zone_minutes(parts["z"])
    clock = (hour <= 24) & (minute < 60) & (second <= 60)
    return _Moments(
        year,
        days,
        micros - zone * 60_000_000,
        mask(pc.not_equal(parts["h"], "")),
        zoned,
        found,
        found & real & clock & (year >= FIRST_YEAR),
    )


def _parts(value: Texts) -> tuple[dict[str, Texts], Mask]:
    """Return the named groups ('' where absent) of whichever form fits, and which rows fit."""
    separated = pc.extract_regex(value, _SEPARATED)
    found = mask(pc.is_valid(separated))
    if found.all():
        return {name: _group(separated, name) for name in "ymdhnsfz"}, found
    compact = pc.extract_regex(value, _COMPACT)
    pick = pa.array(found)
    groups = {
        name: pc.if_else(pick, _group(separated, name), _group(compact, name))
        for name in "ymdhnsfz"
    }
    return groups, found | mask(pc.is_valid(compact))


def _group(extracted: Any, name: str) -> Texts:
    return texts(pc.fill_null(pc.struct_field(extracted, name), ""))


def _integers(values: Texts) -> Ints:
    filled = pc.if_else(pc.equal(values, ""), "0", values)
    numbers: Ints = np.asarray(filled.cast(pa.int64()))
    return numbers


def _zone_minutes(zone: Texts) -> tuple[Ints, Mask]:
    """Return minutes east of UTC, and which values name a zone at all."""
    zoned = mask(pc.not_equal(zone, ""))
    if not zoned.any():
        return np.zeros(len(zone), np.int64), zoned
    digits = pc.replace_substring_regex(zone, r"[^0-9]", "")
    clock = _integers(digits)
    minutes = clock // 100 * 60 + clock % 100
    return np.where(mask(pc.starts_with(zone, "-")), -minutes, minutes), zoned


def _in_zone(moments: _Moments, timezone: str) -> npt.NDArray[np.datetime64]:
    """Return the local date: zoned moments are first brought to ``timezone``."""
    rows = moments.zoned & moments.timed & moments.real
    if not rows.any():
        return moments.day
    utc = (moments.day.astype("M8[us]") + moments.micros.astype("m8[us]"))[rows]
    local = pc.local_timestamp(pa.array(utc, pa.timestamp("us")).cast(pa.timestamp("us", timezone)))
    days = moments.day.copy()
    days[rows] = np.asarray(local).astype("M8[D]")
    return days


def _to_utc(local: npt.NDArray[np.datetime64], timezone: str) -> npt.NDArray[np.datetime64]:
    """Return UTC for local times; a time the clock showed twice is the earlier one."""
    zoned = pc.assume_timezone(
        pa.array(local, pa.timestamp("us")), timezone, ambiguous="earliest", nonexistent="earliest"
    )
    utc: npt.NDArray[np.datetime64] = np.asarray(zoned.cast(pa.timestamp("us")))
    return utc


def _epochs(value: Texts) -> tuple[Mask, Ints]:
    """Return which values count from 1970 (10 or 13 digits, 2001 to 2033), in microseconds."""
    rows = matches(value, r"^1\d{9}(?:\d{3})?$")
    micros = np.zeros(len(value), np.int64)
    if rows.any():
        counted = np.asarray(value.filter(pa.array(rows)).cast(pa.int64()))
        micros[rows] = np.where(counted < 10**10, counted * 1_000_000, counted * 1_000)
    return rows, micros


def _excel(value: Texts) -> tuple[Mask, npt.NDArray[np.datetime64]]:
    """Return which values are Excel day numbers from 1900-03-01 on, and their days.

    Day 60 is Excel's 1900-02-29, which never was; earlier numbers are off by one and refused.
    """
    rows = matches(value, r"^\d{2,5}(?:\.\d+)?$")
    days = np.zeros(len(value), np.int64)
    days[rows] = np.floor(np.asarray(value.filter(pa.array(rows)).cast(pa.float64()))).astype(
        np.int64
    )
    rows = rows & (days > 60)
    return rows, np.datetime64("1899-12-30", "D") + np.where(rows, days, 0).astype("m8[D]")


def _sentinel(moments: _Moments) -> Mask:
    """Return which moments stand for no date: systems' zero dates, and "for ever"."""
    never = np.isin(moments.day, np.array(sorted(_NEVER), "M8[D]")) | (moments.year <= 1)
    return moments.found & (never | _distant(moments))


def _distant(moments: _Moments) -> Mask:
    last: Mask = moments.day == np.datetime64("2099-12-31", "D")
    return last | np.asarray(moments.year >= _FOREVER_FROM)


def _forever(value: Texts, moments: _Moments) -> Mask:
    words = pa.array(_LONG_TERM_WORDS.split(), pa.string())
    said = mask(pc.is_in(pc.utf8_upper(value), value_set=words))
    return said | (moments.found & _distant(moments))


def _rules(value: Texts, moments: _Moments) -> Texts:
    filled = mask(pc.is_valid(value))
    rule = put(nulls(len(value)), filled & ~moments.real, "date_form")
    rule = put(rule, moments.found & ~moments.real, "date_impossible")
    if (filled & ~moments.found).any():
        rule = put(rule, matches(value, _TWO_DIGIT_YEAR), "date_two_digit_year")
        rule = put(rule, matches(value, _PARTIAL), "date_partial")
        rule = put(rule, is_empty_word(value) | matches(value, r"^0+$"), "placeholder")
        rule = put(rule, _forever(value, moments), "placeholder")
    return put(rule, _sentinel(moments), "placeholder")
