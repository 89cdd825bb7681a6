"""Tell the class of a number by its form alone.

Numbers that a source has declared to be of another class need more proof than numbers of no
declared class: a check character alone fits by chance once in eleven to once in 97.
"""

from __future__ import annotations

import numpy as np

from models.fields import organisation_ids as org
from models.fields import resident_ids as resident
from models.fields.columns import NONE, Bytes, Codes, Mask, digits, matches
from models.fields.id_forms import PATTERNS, Numbers, holds_org_code
from models.fields.vocabulary import ID_CLASSES

_DOCUMENTS = (
    ("passport_cn", r"^(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7})$"),
    ("hkmo_permit", PATTERNS["hkmo_permit"][0]),
    ("foreigner_permit", r"^[A-Z]{3}\d{12}$"),
    ("military_id", r"^\p{Han}{1,6}字第?\d{6,8}号?$"),
)
_CODE = {name: code for code, name in enumerate(ID_CLASSES)}


def recognise(numbers: Numbers) -> Codes:
    """Return the class of numbers with a form that leaves no doubt, as codes, else ``NONE``.

    A company's code of digits only is one citizen number with a typing mistake in 31 as well:
    it must start with 9, which no citizen number does, and hold a sound organisation code.
    """
    found = np.full(len(numbers.length), NONE, np.int8)
    eighteen = numbers.length == 18
    matrix = numbers.matrix[eighteen, :18]
    dated, first = _is_dated(matrix), matrix[:, 0]
    classes = np.where(dated & (first != ord("0")), _CODE["resident_id"], NONE)
    classes = np.where(dated & (first == ord("9")), _CODE["foreigner_permit"], classes)
    lettered = ~resident.has_form(matrix)
    firm = org.is_uscc(matrix) & (lettered | (_holds_org_code(matrix) & (first == ord("9"))))
    found[eighteen] = np.where(firm, _CODE["uscc"], classes)
    twenty = numbers.length == 20
    found[twenty] = np.where(org.is_lei(numbers.matrix[twenty]), _CODE["lei"], NONE)
    return found


def recognise_document(numbers: Numbers) -> Codes:
    """Return the class of numbers written as a document prints them, else ``NONE``."""
    found = np.full(len(numbers.length), NONE, np.int8)
    for name, pattern in _DOCUMENTS:
        found[matches(numbers.text, pattern)] = _CODE[name]
    return found


def recognise_number(numbers: Numbers) -> Codes:
    """Return the class of numbers that fit exactly one class, where none is declared.

    Says less than ``recognise``: some of these classes have no check character.
    """
    found = recognise_document(numbers)
    citizen, business, tax = _fifteen(numbers)
    single = (citizen.astype(np.int8) + business + tax) == 1
    for name, rows in (("resident_id", citizen), ("business_reg", business), ("tax_id", tax)):
        found[rows & single] = _CODE[name]
    nine = (numbers.length == 9) & (found == NONE)
    nine[nine] = org.is_org_code(numbers.matrix[nine, :9])
    found[nine] = _CODE["org_code"]
    eighteen = numbers.length == 18
    matrix = numbers.matrix[eighteen, :18]
    eighteen[eighteen] = org.is_uscc(matrix) & _holds_org_code(matrix) & ~_is_dated(matrix)
    found[eighteen] = _CODE["uscc"]
    return found


def resembles(numbers: Numbers) -> Codes:
    """Return the class of numbers that have its form but not a real date or the right check."""
    found = np.full(len(numbers.length), NONE, np.int8)
    eighteen = numbers.length == 18
    matrix = numbers.matrix[eighteen, :18]
    citizen = resident.has_form(matrix) & _starts_in_province(matrix)
    uscc = org.has_uscc_form(matrix) & _holds_org_code(matrix)
    found[eighteen] = np.where(uscc, _CODE["uscc"], np.where(citizen, _CODE["resident_id"], NONE))
    return found


def _starts_in_province(matrix: Bytes) -> Mask:
    """Return which rows start with the two digits of a province: 11 to 65, 71, 81 to 83."""
    first, second = matrix[:, 0] - np.uint8(ord("0")), matrix[:, 1] - np.uint8(ord("0"))
    inland: Mask = (first >= 1) & (first <= 6) & (second >= 1) & (second <= 6)
    coast: Mask = ((first == 7) & (second == 1)) | ((first == 8) & (second >= 1) & (second <= 3))
    return inland | coast


def _holds_org_code(matrix: Bytes) -> Mask:
    return org.is_org_code(matrix[:, 8:17])


def _is_dated(matrix: Bytes) -> Mask:
    """Return which rows of 18 have the check character and a birth date of citizen numbers."""
    sound = resident.has_check(matrix)
    dated = np.where(sound[:, None], matrix, np.uint8(ord("0")))
    return sound & resident.birth_dates(dated)[1]


def _fifteen(numbers: Numbers) -> tuple[Mask, Mask, Mask]:
    """Return which numbers fit an old citizen, a registration and an old tax number."""
    rows = (numbers.length == 15) & digits(numbers.matrix[:, :15])
    citizen, business = rows.copy(), rows.copy()
    matrix = numbers.matrix[rows, :15]
    citizen[rows] = resident.birth_dates_15(matrix)[1] & (matrix[:, 0] != ord("0"))
    business[rows] = org.is_business_reg(matrix)
    return citizen, business, holds_org_code(numbers)
