"""Identity numbers with right check characters, and what they are normalised to."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from models.fields.identifiers import normalise_identifiers

# The check characters below were computed by hand-written loops, not by the code under test.
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
USCC_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def citizen(body: str) -> str:
    """Return 17 digits with their check character."""
    total = sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def org_code(body: str) -> str:
    """Return 8 characters with their check character."""
    weights = [3, 7, 9, 10, 5, 8, 4, 2]
    total = sum(w * int(c, 36) for w, c in zip(weights, body, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def uscc(body: str) -> str:
    """Return 17 characters with their check character."""
    total = sum(USCC_CHARACTERS.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + USCC_CHARACTERS[(31 - total % 31) % 31]


def one(value: str | None, id_class: str | None = None, country: str | None = None) -> Any:
    """Return the only row, without NULLs."""
    row = normalise_identifiers(pa.array([value], pa.string()), id_class, country).to_pylist()[0]
    return {name: item for name, item in row.items() if item is not None}


PERSON = citizen("33010619850317123")  # 198: odd, a man
COMPANY = uscc("91110108" + org_code("60003734"))


def bodies() -> list[str]:
    """Return a few 17-digit bodies."""
    return [f"33010619850317{sequence:03}" for sequence in range(100, 160)]
