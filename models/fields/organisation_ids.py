"""Check characters of organisations' numbers, a column at a time.

- USCC, unified social credit code: GB 32100-2015, 18 of 31 characters, sum of c * 3^i mod 31
- organisation code: GB 11714-1997, 8 characters and one check character mod 11
- business registration number: GS 15-2006, 14 digits and one by ISO 7064 MOD 11,10
- LEI: ISO 17442, 18 characters and two digits by ISO 7064 MOD 97-10
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from models.fields.columns import Bytes, Mask, digits

_OUTSIDE = 255
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
_ALNUM = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)], dtype=np.float32)
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2], dtype=np.float32)


def _table(alphabet: str) -> Bytes:
    """Return the value of every byte in ``alphabet``, 255 for bytes outside it."""
    values = np.full(256, _OUTSIDE, dtype=np.uint8)
    values[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = np.arange(len(alphabet))
    return values


_USCC_VALUES, _ALNUM_VALUES = _table(_USCC), _table(_ALNUM)


def has_uscc_form(numbers: Bytes) -> Mask:
    """Return which rows of 18 are a code's characters with six region digits.

    The first character may be a letter (N for rural collectives, Y for others).
    """
    inside: Mask = (_USCC_VALUES[numbers] != _OUTSIDE).all(axis=1)
    return inside & digits(numbers[:, 2:8])


def is_uscc(numbers: Bytes) -> Mask:
    """Return which rows of 18 are unified social credit codes with the right check character."""
    values = _USCC_VALUES[numbers]
    sums = (values[:, :17].astype(np.float32) @ _USCC_WEIGHTS).astype(np.int64)
    sound: Mask = (31 - sums % 31) % 31 == values[:, 17]
    return sound & has_uscc_form(numbers)


def is_org_code(numbers: Bytes) -> Mask:
    """Return which rows of 9 are organisation codes with the right check character.

    The check is 11 - sum mod 11, with 10 written X and 11 written 0.
    """
    values = _ALNUM_VALUES[numbers]
    inside = (values[:, :8] != _OUTSIDE).all(axis=1)
    sums = (values[:, :8].astype(np.float32) @ _ORG_WEIGHTS).astype(np.int64)
    checks = np.frombuffer(b"0123456789X0", dtype=np.uint8)[11 - sums % 11]
    sound: Mask = inside & (checks == numbers[:, 8])
    return sound


def is_business_reg(numbers: Bytes) -> Mask:
    """Return which rows of 15 are registration numbers with the right last digit."""
    remainder: npt.NDArray[np.int64] = np.full(len(numbers), 10, dtype=np.int64)
    for position in range(14):
        total = (remainder + numbers[:, position] - ord("0")) % 10
        remainder = np.where(total == 0, 10, total) * 2 % 11
    sound: Mask = (remainder + numbers[:, 14] - ord("0")) % 10 == 1
    return sound & digits(numbers)


def is_lei(numbers: Bytes) -> Mask:
    """Return which rows of 20 are LEIs: read as a number with A = 10, the rest by 97 is 1."""
    values = _ALNUM_VALUES[numbers].astype(np.int64)
    inside = (values != _OUTSIDE).all(axis=1) & digits(numbers[:, 18:20])
    remainder: npt.NDArray[np.int64] = np.zeros(len(numbers), dtype=np.int64)
    for position in range(20):
        value = values[:, position]
        remainder = (remainder * np.where(value >= 10, 100, 10) + value) % 97
    sound: Mask = inside & (remainder == 1)
    return sound
