"""Identity, company, phone and account numbers with right check digits, whole columns at a time.

Numbers that must be unique come from a serial number through ``scatter``, a bijection, so no two
serials meet and a shared number is always shared on purpose. Written apart from the product's own
validators, so that each can be trusted to test the other.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from examples.bank import days
from examples.bank.frame import Array

# GB 11643 (ISO 7064 MOD 11-2), GB 11714 and GB 32100: weights and check characters.
_RESIDENT_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_RESIDENT_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_ORG_WEIGHTS = np.array([3, 7, 9, 10, 5, 8, 4, 2])
_USCC_CHARACTERS = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)
_USCC_WEIGHTS = np.array([pow(3, i, 31) for i in range(17)])
_ASCII_VALUE = np.zeros(128, np.int64)
_ASCII_VALUE[48:58] = np.arange(10)
_ASCII_VALUE[65:91] = np.arange(10, 36)
_USCC_VALUE = np.zeros(128, np.int64)
_USCC_VALUE[_USCC_CHARACTERS] = np.arange(31)

_MOBILE_PREFIXES = np.array(
    [*range(130, 140), 145, 147, 149, *range(150, 154), *range(155, 160), 166, *range(170, 174),
     *range(175, 179), *range(180, 192), 193, *range(195, 200)],
)  # fmt: skip


def scatter(serial: Array, modulus: int, key: int) -> npt.NDArray[np.int64]:
    """Return a number below ``modulus`` for each serial, another for each; key turns the order."""
    step = 618_033_989 % modulus | 1
    while np.gcd(step, modulus) != 1:
        step += 2
    return (serial.astype(np.int64) * step + key) % modulus


def digits(values: Array, width: int) -> npt.NDArray[np.uint8]:
    """Return ASCII digits, one row per number, filled with zeros on the left."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (values.astype(np.int64)[:, None] // powers % 10 + 48).astype(np.uint8)


def as_bytes(characters: npt.NDArray[np.uint8]) -> Array:
    """Return rows of ASCII characters as one fixed-width byte string each."""
    return np.ascontiguousarray(characters).view(f"S{characters.shape[1]}").ravel()


def characters(numbers: Array) -> npt.NDArray[np.uint8]:
    """Return byte strings as rows of ASCII characters (0 behind the end)."""
    size = numbers.dtype.itemsize
    return np.ascontiguousarray(numbers).view(np.uint8).reshape(len(numbers), size)


def resident_ids(region: Array, born: Array, sequence: Array) -> Array:
    """Return citizen numbers (GB 11643): region, birth date, sequence (odd: male), check."""
    year, month, day = days.parts(born)
    body = np.hstack(
        [digits(region, 6), digits(year * 10_000 + month * 100 + day, 8), digits(sequence, 3)]
    )
    return as_bytes(np.column_stack([body, resident_check(body)]))


def resident_check(body: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Return the check character of 17 digits."""
    weighed: Array = (body.astype(np.int64) - 48) @ _RESIDENT_WEIGHTS
    check: npt.NDArray[np.uint8] = _RESIDENT_CHECK[weighed % 11]
    return check


def fifteen(ids: Array) -> Array:
    """Return the 15-digit form that citizen numbers had before 1999."""
    rows = characters(ids)
    return as_bytes(np.hstack([rows[:, :6], rows[:, 8:17]])).astype("S18")


def credit_codes(region: Array, serial: Array, household: Array, key: int) -> Array:
    """Return unified social credit codes (GB 32100): 91 a company, 92 a household business."""
    rest = scatter(serial, 31**6, key)
    powers = 31 ** np.arange(5, -1, -1, dtype=np.int64)
    organisation = np.column_stack(
        [
            np.tile(np.frombuffer(b"MA", np.uint8), (len(rest), 1)),
            _USCC_CHARACTERS[rest[:, None] // powers % 31],
        ]
    )
    check = 11 - _ASCII_VALUE[organisation] @ _ORG_WEIGHTS % 11
    organisation_check = np.where(check == 10, ord("X"), np.where(check == 11, 48, 48 + check))
    body = np.column_stack(
        [
            digits(np.where(household, 92, 91), 2),
            digits(region, 6),
            organisation,
            organisation_check,
        ]
    ).astype(np.uint8)
    last = (31 - _USCC_VALUE[body] @ _USCC_WEIGHTS % 31) % 31
    return as_bytes(np.column_stack([body, _USCC_CHARACTERS[last]]))


def mobiles(serial: Array, key: int) -> npt.NDArray[np.int64]:
    """Return mobile numbers of 11 digits."""
    rest = scatter(serial, len(_MOBILE_PREFIXES) * 10**8, key)
    return _MOBILE_PREFIXES[rest // 10**8] * 10**8 + rest % 10**8


def cards(serial: Array, key: int) -> Array:
    """Return 16-digit card numbers beginning with 62 that pass Luhn."""
    body = np.hstack(
        [
            np.full((len(serial), 1), 54, np.uint8),
            np.full((len(serial), 1), 50, np.uint8),
            digits(scatter(serial, 10**13, key), 13),
        ]
    )
    doubled = (body[:, ::2].astype(np.int64) - 48) * 2
    total = (doubled - 9 * (doubled > 9)).sum(1) + (body[:, 1::2].astype(np.int64) - 48).sum(1)
    return as_bytes(np.column_stack([body, (48 + -total % 10).astype(np.uint8)]))


def prefixed(prefix: bytes, values: Array, width: int) -> Array:
    """Return ``prefix`` and the number, as on passports and travel permits."""
    head = np.tile(np.frombuffer(prefix, np.uint8), (len(values), 1))
    return as_bytes(np.hstack([head, digits(values, width)]))
