"""Judge numbers whose class the source declares: has it the form, and the check, of that class?

Classes with a check character are judged on byte matrices; the others by the patterns printed on
the documents. Document numbers that carry a count of re-issues lose it: the person's part stays
the same for life.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from models.fields import organisation_ids as org
from models.fields import resident_ids as resident
from models.fields.columns import (
    NONE,
    Bytes,
    Codes,
    Ints,
    Mask,
    Texts,
    byte_matrix,
    digits,
    matches,
    pc,
    put,
    strings,
    texts,
)

WIDTH = 20  # the longest number with a form of its own

STATUSES = ("valid", "unchecked", "invalid", "masked", "placeholder", "precision_lost")
VALID, UNCHECKED, INVALID, MASKED, PLACEHOLDER, PRECISION_LOST = range(6)

RULES = (
    "placeholder",
    "masked",
    "id_precision_lost",
    "id_form",
    "id_birth_date",
    "id_check_digit",
    "class_by_form",
)
R_PLACEHOLDER, R_MASKED, R_PRECISION, R_FORM, R_BIRTH, R_CHECK, R_CLASS = range(7)

# What is printed on the document: pattern, whose first group is the lifelong part, and the status
# of a number that fits. "unchecked": almost anything fits, so fitting says little.
_HKMO = r"^([HM]\d{8})(?:\d{2})?$"
_PASSPORT_CN = (
    r"^([EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[PSD]\d{7,8}|[PSD]E\d{7}|K\d{8}|KJ\d{7}|M[AB]\d{7}|1[45]\d{7})$"
)
PATTERNS: dict[str, tuple[str, int]] = {
    "hkmo_permit": (_HKMO, VALID),
    "tw_permit": (r"^(\d{8})(?:\d{2})?[A-Z]?$", VALID),
    "passport_cn": (_PASSPORT_CN, VALID),
    "passport_foreign": (r"^([A-Z0-9]{5,15})$", UNCHECKED),
    "military_id": (r"^(\p{Han}{1,6}\d{6,8})$", UNCHECKED),
    "tax_id": (r"^([A-Z0-9]{15}|[A-Z0-9]{17,20})$", UNCHECKED),
    "business_reg": (r"^(\d{13})$", UNCHECKED),  # before GS 15-2006
    "national_id": (r"^([A-Z0-9]{2,24})$", UNCHECKED),
    "company_id": (r"^([\p{L}\p{N}]{2,24})$", UNCHECKED),
    "other": (r"^(.+)$", UNCHECKED),
}
_SSN = r"^(?:\d{3})(?:\d{2})(?:\d{4})$"
_NOT_SSN = r"^000|^666|^9|^...00|0000$"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Compact numbers as text, as bytes (rows, 20), and their lengths in characters."""

    text: Texts
    matrix: Bytes
    length: Ints

    @classmethod
    def of(cls, text: Texts) -> Numbers:
        """Return ``text`` (no NULL) with its byte matrix."""
        length = np.asarray(pc.utf8_length(text)).astype(np.int64)
        return cls(text, byte_matrix(text, WIDTH), length)

    def take(self, rows: Mask) -> Numbers:
        """Return the chosen rows."""
        return Numbers(self.text.filter(pa.array(rows)), self.matrix[rows], self.length[rows])


@dataclass(frozen=True, slots=True)
class Judged:
    """One verdict per number: the value to keep, its status and rule as codes."""

    text: Texts
    status: Codes
    rule: Codes


def judge(id_class: str, country: str | None, numbers: Numbers) -> Judged:
    """Judge ``numbers`` that are said to be of ``id_class``."""
    if id_class == "national_id" and country == "US":
        return _judge_ssn(numbers)
    with_check = _WITH_CHECK.get(id_class)
    return (with_check or _by_pattern(id_class))(numbers)


def _fresh(numbers: Numbers) -> tuple[Codes, Codes]:
    """Return status and rule arrays that say: none of these has the form."""
    rows = len(numbers.length)
    return np.full(rows, INVALID, np.int8), np.full(rows, R_FORM, np.int8)


def _settle(status: Codes, rule: Codes, rows: Mask, sound: Mask, fault: int) -> None:
    """Set ``rows`` (a mask over all) to valid where ``sound`` (over those rows), else ``fault``."""
    status[rows] = np.where(sound, VALID, INVALID)
    rule[rows] = np.where(sound, NONE, fault)


def _judge_resident(numbers: Numbers) -> Judged:
    status, rule = _fresh(numbers)
    text = numbers.text
    eighteen = (numbers.length == 18) & (numbers.matrix[:, 0] != ord("9"))
    eighteen[eighteen] = resident.has_form(numbers.matrix[eighteen, :18])
    _settle_dated(status, rule, eighteen, numbers.matrix)
    fifteen = (numbers.length == 15) & digits(numbers.matrix[:, :15])
    if fifteen.any():
        _, real = resident.birth_dates_15(numbers.matrix[fifteen, :15])
        _settle(status, rule, fifteen, real, R_BIRTH)
        fifteen[fifteen] = real
        text = put(text, fifteen, strings(resident.upgrade(numbers.matrix[fifteen, :15])))
    return Judged(text, status, rule)


def _settle_dated(status: Codes, rule: Codes, rows: Mask, matrix: Bytes) -> None:
    """Settle 18 characters that hold a birth date and end in MOD 11-2."""
    chosen = matrix[rows, :18]
    _, real = resident.birth_dates(chosen)
    _settle(status, rule, rows, resident.has_check(chosen), R_CHECK)
    impossible = rows.copy()
    impossible[rows] = ~real
    status[impossible], rule[impossible] = INVALID, R_BIRTH


def _judge_foreigner(numbers: Numbers) -> Judged:
    status, rule = _fresh(numbers)
    eighteen = (numbers.length == 18) & (numbers.matrix[:, 0] == ord("9"))
    eighteen[eighteen] = resident.has_form(numbers.matrix[eighteen, :18])
    _settle_dated(status, rule, eighteen, numbers.matrix)
    old = matches(numbers.text, r"^[A-Z]{3}\d{12}$")
    status[old], rule[old] = UNCHECKED, NONE
    return Judged(numbers.text, status, rule)


def _judge_uscc(numbers: Numbers) -> Judged:
    status, rule = _fresh(numbers)
    rows = numbers.length == 18
    rows[rows] = org.has_uscc_form(numbers.matrix[rows, :18])
    _settle(status, rule, rows, org.is_uscc(numbers.matrix[rows, :18]), R_CHECK)
    return Judged(numbers.text, status, rule)


def _by_check(
    id_class: str, form: str, width: int, check: Callable[[Bytes], Mask]
) -> Callable[[Numbers], Judged]:
    """Return a judge for numbers of one ``form`` and ``width`` with a check character."""

    def judged(numbers: Numbers) -> Judged:
        other = _by_pattern(id_class)(numbers) if id_class in PATTERNS else None
        status, rule = (other.status, other.rule) if other else _fresh(numbers)
        rows = (numbers.length == width) & matches(numbers.text, form)
        _settle(status, rule, rows, check(numbers.matrix[rows, :width]), R_CHECK)
        return Judged(other.text if other else numbers.text, status, rule)

    return judged


def _judge_tax(numbers: Numbers) -> Judged:
    """Fifteen characters are a region and an organisation code, which has a check character."""
    judged = _by_pattern("tax_id")(numbers)
    sound = holds_org_code(numbers)
    judged.status[sound] = VALID
    return judged


def holds_org_code(numbers: Numbers) -> Mask:
    """Return which numbers are old tax numbers around a sound organisation code."""
    rows: Mask = numbers.length == 15
    rows[rows] = digits(numbers.matrix[rows, :6]) & org.is_org_code(numbers.matrix[rows, 6:15])
    return rows


def _judge_ssn(numbers: Numbers) -> Judged:
    status, rule = _fresh(numbers)
    good = matches(numbers.text, _SSN) & ~matches(numbers.text, _NOT_SSN)
    status[good], rule[good] = UNCHECKED, NONE
    return Judged(numbers.text, status, rule)


def _by_pattern(id_class: str) -> Callable[[Numbers], Judged]:
    pattern, fitting = PATTERNS[id_class]

    def judged(numbers: Numbers) -> Judged:
        status, rule = _fresh(numbers)
        text = texts(numbers.text)
        if id_class == "military_id":
            text = texts(pc.replace_substring_regex(text, "字第|[字第号]", ""))
        fits = matches(text, pattern)
        status[fits], rule[fits] = fitting, NONE
        kept = pc.replace_substring_regex(text, pattern, r"\1")
        return Judged(pc.if_else(pa.array(fits), kept, text), status, rule)

    return judged


_WITH_CHECK: dict[str, Callable[[Numbers], Judged]] = {
    "resident_id": _judge_resident,
    "foreigner_permit": _judge_foreigner,
    "uscc": _judge_uscc,
    "tax_id": _judge_tax,
    "org_code": _by_check("org_code", r"^[0-9A-Z]{8}[0-9X]$", 9, org.is_org_code),
    "business_reg": _by_check("business_reg", r"^\d{15}$", 15, org.is_business_reg),
    "lei": _by_check("lei", r"^[0-9A-Z]{18}\d{2}$", 20, org.is_lei),
}
