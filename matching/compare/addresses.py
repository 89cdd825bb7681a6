"""Comparing addresses: by folded key, by likeness within one place, by the place alone.

People move, and write one address in many ways; so ``differ`` only means another province or, where
there are no codes, another city and postcode.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyarrow as pa
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cpdist

from matching.columns import (
    Codes,
    Judge,
    Levels,
    Mask,
    Texts,
    Values,
    arrow,
    best_level,
    distinct_pairs,
    encode,
    known,
    pc,
    same,
)
from matching.compare.levels import level
from matching.values import Frame

# Alike texts with the same house numbers; and texts so alike that the numbers need not be read.
_ALIKE = 70.0


@dataclass(frozen=True, slots=True)
class _Addresses:
    """What is known of each distinct address, by code. -1 where it is not known."""

    key: Codes
    region: Codes
    city: Codes
    district: Codes
    postcode: Codes
    numbers: Codes
    texts: Texts


def address_levels(frame: Frame) -> Judge:
    """Return the comparison ``address``, on arrays of records: their best couple."""
    addresses = _addresses(frame.address)
    return partial(best_level, frame.address.column, judge=partial(_judge, addresses))


def _judge(address: _Addresses, left: Codes, right: Codes) -> Levels:
    result = _place(address, left, right)
    local = np.flatnonzero(result >= level("address", "city"))
    near = _near(address, left[local], right[local])
    result[local[near]] = level("address", "near")
    result[same(address.key, left, right)] = level("address", "same")
    return result


def _place(address: _Addresses, left: Codes, right: Codes) -> Levels:
    """The finest place both lie in."""
    a, b = address.region[left], address.region[right]
    coded = (a > 0) & (b > 0)
    result = np.full(len(left), level("address", "differ"), dtype=np.uint8)
    city = same(address.city, left, right)
    postcode = same(address.postcode, left, right)
    named = known(address.city, left, right) | known(address.postcode, left, right)
    result[coded & (a // 10_000 == b // 10_000)] = level("address", "province")
    result[(coded & _agree(a // 100, b // 100, 100)) | (~coded & city)] = level("address", "city")
    result[(coded & (a == b) & (a % 100 > 0)) | (~coded & postcode)] = level("address", "district")
    result[~coded & ~named] = 0
    return result


def _agree(a: Codes, b: Codes, unit: int) -> Mask:
    """Equal and not just the coarser unit (a code ending in zeros)."""
    agree: Mask = (a == b) & (a % unit > 0)
    return agree


def _near(address: _Addresses, left: Codes, right: Codes) -> Mask:
    """Texts that are alike and hold the same house numbers."""
    result: Mask = np.zeros(len(left), dtype=bool)
    same_numbers = same(address.numbers, left, right) & known(address.key, left, right)
    some = np.flatnonzero(same_numbers)
    if len(some):
        a, b, at = distinct_pairs(left[some], right[some])
        one, other = (address.texts.take(arrow(codes)).to_pylist() for codes in (a, b))
        scores: Any = cpdist(one, other, scorer=ratio, score_cutoff=_ALIKE)
        result[some] = (scores >= _ALIKE)[at]
    return result


def _addresses(values: Values) -> _Addresses:
    key = values.texts("address_key")
    region = pc.if_else(
        pc.match_substring_regex(values.texts("region_code"), "^[0-9]{6}$"),
        values.texts("region_code"),
        pa.scalar("0", pa.string()),
    )
    codes = pc.fill_null(region, "0").cast(pa.int32())
    numbers = pc.utf8_trim_whitespace(pc.replace_substring_regex(key, r"[^0-9]+", " "))
    unnumbered = pc.equal(numbers, pa.scalar(""))
    return _Addresses(
        key=encode(key),
        region=np.asarray(codes.to_numpy(zero_copy_only=False), dtype=np.int32),
        city=encode(values.texts("city")),
        district=encode(values.texts("district")),
        postcode=encode(values.texts("postcode")),
        numbers=encode(pc.if_else(unnumbered, pa.scalar(None, pa.string()), numbers)),
        texts=pc.fill_null(key, ""),
    )
