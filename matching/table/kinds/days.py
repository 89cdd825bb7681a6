"""Days as eight digits, whatever a column writes: 1856-01-31, 31/01/1856, 18560131, 31 Jan 1856.

Whether 03/04/1970 is in March or in April is guessed for the whole column: the place that goes
above 12 more often is the day. A day that no calendar has (1856-81-01) keeps its digits, so that
one wrong digit can still be seen; what is unknown of a day is 0 (18560000 is a year alone). What
is no date at all keeps its characters.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from matching.table.kinds.folding import joined_up
from models.fields.columns import Ints, Mask, Texts, mask, nulls, pc, put, texts

# System defaults, and days that stand for none or for ever.
_NO_DAYS = "00000000 00010101 18991230 18991231 19000101 19010101 20991231 29991231 99991231"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_FORMS = (
    r"^(?P<y>\d{4})[-/.年 ] ?(?P<a>\d{1,2})[-/.月 ] ?(?P<b>\d{1,2})日?(?:[T ].*)?$",
    r"^(?P<a>\d{1,2})[-/. ] ?(?P<b>\d{1,2})[-/. ] ?(?P<y>\d{4})(?:[T ].*)?$",
    r"^(?P<a>\d{1,2})[-/. ](?P<b>\d{1,2})[-/. ](?P<y>\d{2})$",
    r"(?i)^(?P<b>\d{1,2})(?:st|nd|rd|th)?[-. ]*(?P<w>[a-z]{3})[a-z]*[-., ]*(?P<y>\d{4})$",
    r"(?i)^(?P<w>[a-z]{3})[a-z]*[-. ]*(?P<b>\d{1,2})(?:st|nd|rd|th)?[-., ]*(?P<y>\d{4})$",
    r"^(?P<y>\d{4})(?P<a>\d{2})(?P<b>\d{2})(?:[T ]?\d{6})?$",
    r"^(?P<y>\d{4})(?:[-/.年](?P<a>\d{1,2})月?|年)?$",
)
_DAY_OR_MONTH_FIRST = (1, 2)
_COMPACT = 5
# Two-digit years up to this one are in the century of the year 2000.
_LATEST = 30
_YEARS = (1800, 2100)


def read_days(values: Texts) -> pa.Table:
    """Return ``key`` (eight digits, or the characters of what is no date) of cleaned values."""
    key = nulls(len(values))
    for place, form in enumerate(_FORMS):
        groups = pc.extract_regex(values, form)
        found = mask(pc.is_valid(groups)) & mask(pc.is_null(key))
        if found.any():
            key = put(key, found, _digits(groups.filter(pa.array(found)), place))
    rest = mask(pc.is_null(key)) & mask(pc.is_valid(values))
    key = put(key, rest, joined_up(values.filter(pa.array(rest))))
    nothing = mask(pc.is_in(key, value_set=pa.array(_NO_DAYS.split())))
    return pa.table({"key": put(key, nothing, None)})


def _digits(groups: Any, form: int) -> Texts:
    year, first, second = (_number(groups, name) for name in "yab")
    if form == _COMPACT and _year_last(year, first * 100 + second):
        first, second, year = year // 100, year % 100, first * 100 + second
        form = _DAY_OR_MONTH_FIRST[0]
    if form in _DAY_OR_MONTH_FIRST and (first > 12).sum() >= (second > 12).sum():
        first, second = second, first
    short = (year < 100) & (form == _DAY_OR_MONTH_FIRST[1])
    year = np.where(short, year + np.where(year <= _LATEST, 2000, 1900), year)
    first = np.maximum(first, _month(groups))
    together = pa.array(year * 10_000 + first * 100 + second).cast(pa.string())
    return texts(pc.utf8_lpad(together, 8, "0"))


def _year_last(front: Ints, back: Ints) -> bool:
    """Tell whether a column writes 31011856 and not 18560131."""
    return bool(_years(back).sum() > _years(front).sum())


def _years(numbers: Ints) -> Mask:
    result: Mask = (numbers >= _YEARS[0]) & (numbers < _YEARS[1])
    return result


def _number(groups: Any, name: str) -> Ints:
    if groups.type.get_field_index(name) < 0:
        return np.zeros(len(groups), dtype=np.int64)
    text = pc.fill_null(pc.struct_field(groups, name), "")
    padded = pc.if_else(pc.equal(text, ""), "0", text)
    return np.asarray(padded.cast(pa.int64()))


def _month(groups: Any) -> Ints:
    """Return the month of its name in English, 0 where there is none."""
    if groups.type.get_field_index("w") < 0:
        return np.zeros(len(groups), dtype=np.int64)
    word = pc.utf8_lower(pc.struct_field(groups, "w"))
    place = pc.index_in(word, value_set=pa.array(_MONTHS.split()))
    return np.asarray(pc.fill_null(place, -1)).astype(np.int64) + 1
