"""Comparing birth dates, sex and sources: integers only."""

from __future__ import annotations

import numpy as np

from matching.columns import Codes, Levels
from matching.compare.levels import LEVELS, level
from matching.values import Frame

_JANUARY_FIRST = 101


def birth_date_levels(frame: Frame, left: Codes, right: Codes) -> Levels:
    """Return the ``birth_date`` level of each pair.

    1 January is what systems write when they know the year only, so where one side says it, the
    day and month are no evidence.
    """
    return compare_dates(frame.birth[left], frame.birth[right])


def typed_birth_date_levels(frame: Frame, left: Codes, right: Codes) -> Levels:
    """Return the ``typed_birth_date`` level of each pair: dates as the sources state them."""
    return compare_dates(frame.typed_birth[left], frame.typed_birth[right])


def compare_dates(a: Codes, b: Codes) -> Levels:
    """Return the level of each couple of ``yyyymmdd`` numbers, 0 meaning unknown."""
    name = "birth_date"
    year_a, day_a, year_b, day_b = a // 10_000, a % 10_000, b // 10_000, b % 10_000
    swapped = (day_a % 100) * 100 + day_a // 100
    default = (day_a == _JANUARY_FIRST) | (day_b == _JANUARY_FIRST)
    result = np.full(len(a), level(name, "differ"), dtype=np.uint8)
    result[year_a == year_b] = level(name, "same_year")
    result[default & (year_a == year_b)] = level(name, "january_first")
    result[~default & (_digits_differing(a, b) == 1)] = level(name, "one_digit")
    result[~default & (year_a == year_b) & (swapped == day_b)] = level(name, "transposed")
    result[(a == b) & ~default] = level(name, "same")
    result[(a == 0) | (b == 0)] = LEVELS[name].index("missing")
    return result


def sex_levels(frame: Frame, left: Codes, right: Codes) -> Levels:
    """Return the ``sex`` level of each pair."""
    return _same_or_differ(frame.sex[left], frame.sex[right])


def party_levels(frame: Frame, left: Codes, right: Codes) -> Levels:
    """Return the ``party`` level of each pair: a person is never an organisation."""
    return np.where(
        frame.party[left] == frame.party[right], level("party", "same"), level("party", "differ")
    ).astype(np.uint8)


def source_levels(frame: Frame, left: Codes, right: Codes) -> Levels:
    """Return the ``source`` level of each pair: a source rarely holds one party twice."""
    same = frame.source[left] == frame.source[right]
    return np.where(same, level("source", "same"), level("source", "other")).astype(np.uint8)


def _same_or_differ(a: Levels, b: Levels) -> Levels:
    known = (a > 0) & (b > 0)
    return np.where(known, np.where(a == b, 2, 1), 0).astype(np.uint8)


def _digits_differing(a: Codes, b: Codes) -> Codes:
    """Count the decimal places, of eight, in which two numbers differ."""
    count = np.zeros(len(a), dtype=np.int32)
    for _ in range(8):
        count += a % 10 != b % 10
        a, b = a // 10, b // 10
    return count
