"""What follows the district in a Chinese address: one spelling to read, a shorter one to compare.

八十八号, 第88号 and No.88 become 88号; 3幢, 3座, 3#楼 and 3号楼 become 3栋; 502房 becomes 502室. In
the key, house, building, unit and room are the numbers alone: 88号3栋2单元502室 and 88-3-2-502 are
one.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from models.fields.columns import Texts, by_value, matches, pc, put

_DIGITS = "〇零一二三四五六七八九十百千两"
_COUNTED = "号|栋|幢|座|楼|单元|室|层|弄|巷|组|队|期|区|房|户|门"
_NUMBER_WORDS = f"[{_DIGITS}]+(?:{_COUNTED})"
_NUMBER_WORD = re.compile(rf"(?<![{_DIGITS}\d])[{_DIGITS}]+(?={_COUNTED})")
_VALUES = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}

# Applied in order, each to the rows that match it, and again while a row still changes: what one
# spelling lays open another may follow (No.5二单元).
_ROUNDS = 4
_SPELLINGS = (
    (r"(?:no[.:]?\s*|第)*no[.:]?\s*第*(\d+)号?", r"\1号"),
    (r"(\d)\s+(\d)", r"\1-\2"),
    (r"([^a-z])\s+", r"\1"),
    (r"\s+([^a-z])", r"\1"),
    (r"^[\s,.;:、。/|\-]+|[\s,.;:、。/|\-]+$", ""),
    (r"(^|[^门])第+(\d)", r"\1\2"),
    (r"([路街道巷弄里村])(\d+)#", r"\1\2号"),
    (r"(\d|\b[a-z])(?:号楼|#楼|栋楼|楼栋|幢|座|#)", r"\1栋"),
    (r"(\d)层", r"\1楼"),
    (r"(\d)(?:号房间?|房间?|号室|户)", r"\1室"),
    (r"(单元|栋|楼)(\d{2,4})$", r"\1\2室"),
)
_KEYS = (
    (r"\([^()]*\)", ""),
    (r"^\p{Han}{2,4}街道(?:办事处)?(.{4,})$", r"\1"),
    (r"(\d)(?:号院?|栋|单元|室|楼|门)", r"\1-"),
    (r"([a-z])栋", r"\1-"),
    (r"[^\p{Han}a-z0-9?\-]+", ""),
    (r"-+", "-"),
    (r"^-|-$", ""),
)


def tidy(details: Texts) -> Texts:
    """Return what follows the district in one spelling; NULL when nothing is left."""
    values = details
    moving = np.ones(len(details), dtype=np.bool_)
    for _ in range(_ROUNDS):
        some = values.filter(pa.array(moving))
        changed = _round(some)
        values = put(values, moving, changed)
        moving[moving] = np.asarray(pc.not_equal(some, changed).fill_null(False))
        if not moving.any():
            break
    return put(values, matches(values, "^$"), None)


def _round(values: Texts) -> Texts:
    values = _in_digits(values)
    for pattern, replacement in _SPELLINGS:
        values = _replaced(values, f"(?i){pattern}", replacement)
    return values


def comparable(details: Texts) -> Texts:
    """Return tidy ``details`` for comparison; NULL when nothing is left."""
    values = pc.utf8_lower(details)
    for pattern, replacement in _KEYS:
        values = _replaced(values, pattern, replacement)
    return put(values, matches(values, "^$"), None)


def _replaced(values: Texts, pattern: str, replacement: str) -> Texts:
    where = matches(values, pattern)
    if not where.any():
        return values
    some = values.filter(pa.array(where))
    return put(values, where, pc.replace_substring_regex(some, pattern, replacement))


def _in_digits(values: Texts) -> Texts:
    """Return ``values`` with counted number words in digits: 八十八号 → 88号."""
    where = matches(values, _NUMBER_WORDS)
    if not where.any():
        return values
    return put(values, where, by_value(values.filter(pa.array(where)), _digits_in))


def _digits_in(text: str) -> str:
    return _NUMBER_WORD.sub(lambda match: str(number(match.group())), text)


def number(word: str) -> int:
    """Return the number a Chinese word says: 八十八 → 88, 一百零三 → 103, 二〇三 → 203."""
    if not set(word) & set(_POWERS):
        return int("".join(str(_VALUES[char]) for char in word))
    total, digit = 0, 0
    for char in word:
        if char in _POWERS:
            total += (digit or (1 if total == 0 else 0)) * _POWERS[char]
            digit = 0
        else:
            digit = _VALUES[char]
    return total + digit
