"""Citizen numbers (GB 11643-1999) and the cards that share their form.

Eighteen characters: region (6), birth date (8), sequence (3, odd for men), check character by
ISO 7064 MOD 11-2. Residence permits for Hong Kong, Macau and Taiwan (regions 81, 82 and 83) and,
since 2023, the foreigner's permanent residence card (first digit 9) have the same form. Numbers
of fifteen digits, given until 1999, lack the century and the check character.

Region and age are never a reason to reject: people keep the county code of their first
registration for life, whatever became of the county.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.fields.columns import Bytes, Ints, Mask, digits, number
from models.fields.dates import calendar_days

_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.float32)
_CHECKS = np.frombuffer(b"10X98765432", dtype=np.uint8)

# A constant and not today's date: the same data must give the same result next year as well.
_BIRTH_YEARS = (1850, 2040)
# Sequences set aside for people born before 1900; they are the only ones to get the century 18.
_CENTENARIANS = 996


def check_characters(body: Bytes) -> Bytes:
    """Return the check character (ISO 7064 MOD 11-2) of each row of 17 digits."""
    # float32 is exact here (the biggest sum is 57 * 99) and uses the fast matrix product
    sums = (body - np.uint8(ord("0"))).astype(np.float32) @ _WEIGHTS
    checks: Bytes = _CHECKS[sums.astype(np.int64) % 11]
    return checks


def has_form(numbers: Bytes) -> Mask:
    """Return which rows of 18 are seventeen digits and a digit or X."""
    ten: Mask = numbers[:, 17] == ord("X")
    return digits(numbers[:, :17]) & (digits(numbers[:, 17:18]) | ten)


def has_check(numbers: Bytes) -> Mask:
    """Return which rows of 18 end in their check character."""
    sound: Mask = check_characters(numbers[:, :17]) == numbers[:, 17]
    return sound & has_form(numbers)


def birth_dates(numbers: Bytes) -> tuple[npt.NDArray[np.datetime64], Mask]:
    """Return the birth dates in rows of 18, and which of them are real and plausible."""
    return _plausible(number(numbers[:, 6:14]))


def birth_dates_15(numbers: Bytes) -> tuple[npt.NDArray[np.datetime64], Mask]:
    """Return the birth dates in rows of 15 digits, and which of them are real."""
    return _plausible(number(numbers[:, 6:12]) + np.where(_old(numbers), 18_000_000, 19_000_000))


def is_female(numbers: Bytes) -> Mask:
    """Return where the sequence number of rows of 18 is even."""
    even: Mask = (numbers[:, 16] - ord("0")) % 2 == 0
    return even


def upgrade(numbers: Bytes) -> Bytes:
    """Return rows of 15 digits as 18: century put in, check character added."""
    body = np.empty((len(numbers), 17), dtype=np.uint8)
    body[:, :6], body[:, 8:] = numbers[:, :6], numbers[:, 6:15]
    body[:, 6] = ord("1")
    body[:, 7] = np.where(_old(numbers), ord("8"), ord("9"))
    return np.column_stack([body, check_characters(body)])


def _old(numbers: Bytes) -> Mask:
    old: Mask = number(numbers[:, 12:15]) >= _CENTENARIANS
    return old


def _plausible(yyyymmdd: Ints) -> tuple[npt.NDArray[np.datetime64], Mask]:
    year = yyyymmdd // 10_000
    days, real = calendar_days(year, yyyymmdd // 100 % 100, yyyymmdd % 100)
    return days, real & (year >= _BIRTH_YEARS[0]) & (year <= _BIRTH_YEARS[1])
