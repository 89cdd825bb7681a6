"""Identity numbers: one spelling, their class, whether they can be true, and what they tell.

A number is never repaired: an O in the place of a 0 stays and makes the number invalid, because
the repaired number might be somebody else's. Speed: a million citizen numbers a second.

Status of a value:

- ``valid``: has the form of its class and, where the class has one, the right check character
- ``unchecked``: its class knows no rule that it could break
- ``invalid``: breaks the rule of its class; kept, but proves nothing (rules ``id_form``,
  ``id_birth_date``, ``id_check_digit``)
- ``masked``: characters replaced, one ``*`` each (rule ``masked``)
- ``placeholder``: typed to fill the field: repeated digits, 123456…, specimens, "none"
- ``precision_lost``: a program made a floating point number of it; no value is left. A damaged
  number of 18 digits whose last three became 000 is told by its failing check character; one in
  eleven passes by chance, which nothing in the number itself can show.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from models.fields import organisation_ids as org
from models.fields import resident_ids as resident
from models.fields.columns import (
    NONE,
    Codes,
    Mask,
    Texts,
    byte_matrix,
    mask,
    matches,
    named,
    nulls,
    on_filled,
    pc,
    put,
    texts,
)
from models.fields.id_forms import (
    INVALID,
    MASKED,
    PLACEHOLDER,
    PRECISION_LOST,
    R_CLASS,
    R_MASKED,
    R_PLACEHOLDER,
    R_PRECISION,
    RULES,
    STATUSES,
    UNCHECKED,
    VALID,
    Numbers,
    judge,
)
from models.fields.id_junk import compact, is_filler, upper
from models.fields.id_recognise import (
    recognise,
    recognise_document,
    recognise_number,
    resembles,
)
from models.fields.text import is_empty_word
from models.fields.vocabulary import ID_CLASSES

_CODE = {name: code for code, name in enumerate(ID_CLASSES)}
_ABROAD = ("passport_foreign", "national_id", "company_id", "lei", "other")
# Classes that the law replaced by the unified code: it standing in their column is no mistake.
_SUCCEEDED = ("org_code", "business_reg", "tax_id", "other")


class _Columns:
    """The result while it is being worked out; one row per input value."""

    def __init__(self, values: Texts, declared: Codes, country: Texts) -> None:
        raw = upper(values)
        self.text, lost = compact(raw)
        self.declared, self.country = declared, country
        self.id_class = declared.copy()
        self.status = np.full(len(values), NONE, np.int8)
        self.rule = np.full(len(values), NONE, np.int8)
        self.set(lost, PRECISION_LOST, R_PRECISION)
        # a field of nothing but separators ("-", "/") says "none"
        gone = mask(pc.is_null(self.text)) & mask(pc.is_valid(raw)) & ~lost
        self.set(gone, PLACEHOLDER, R_PLACEHOLDER)

    def set(self, rows: Mask, status: int, rule: int) -> None:
        """Give ``rows`` this status and rule."""
        self.status[rows], self.rule[rows] = status, rule

    @property
    def open(self) -> Mask:
        """Which rows have a value and no status yet."""
        pending: Mask = self.status == NONE
        return pending & mask(pc.is_valid(self.text))


def normalise_identifiers(values: Texts, id_class: Any = None, country: Any = None) -> pa.Table:
    """Normalise a column of identity numbers.

    ``id_class`` and ``country`` are one constant, a column, or None (class: told by the form).
    Returns one row per value, in order: value, id_class, country, status, birth_date (date32),
    sex, region_code, rule; all NULL for no value. Rule ``class_by_form`` marks a sound number
    of another class than the declared one.
    """
    values = texts(values)
    codes, countries = _class_codes(id_class, len(values)), _column(country, len(values))
    return on_filled(
        values,
        lambda filled, rows: _normalised(filled, codes[mask(rows)], countries.filter(rows)),
    )


def _normalised(values: Texts, declared: Codes, country: Texts) -> pa.Table:
    columns = _Columns(values, declared, country)
    numbers = Numbers.of(texts(pc.fill_null(columns.text, "")))
    _set_aside_junk(columns, numbers)
    _judge_declared(columns, numbers)
    _recognise_others(columns, numbers)
    _find_rounded(columns)
    return _finished(columns)


def org_codes_within(value: Texts, id_class: Texts, status: Texts) -> Texts:
    """Return the organisation code inside each valid USCC or 15-character tax number, or NULL.

    It is positions 9 to 17 of a USCC and 7 to 15 of a tax number: the crosswalk by which core
    systems older than the unified code still match. Only codes with a right check character.
    """
    valid = mask(pc.equal(status, "valid"))
    uscc = valid & mask(pc.equal(id_class, "uscc"))
    tax = valid & mask(pc.equal(id_class, "tax_id")) & mask(pc.equal(pc.utf8_length(value), 15))
    start = pc.if_else(pa.array(uscc), pc.utf8_slice_codeunits(value, 8, 17), None)
    code = texts(pc.if_else(pa.array(tax), pc.utf8_slice_codeunits(value, 6, 15), start))
    return put(code, ~org.is_org_code(byte_matrix(texts(pc.fill_null(code, "")), 9)), None)


def _class_codes(id_class: Any, rows: int) -> Codes:
    if id_class is None or isinstance(id_class, str):
        return np.full(rows, _CODE[id_class] if id_class else NONE, np.int8)
    found = pc.index_in(texts(id_class), value_set=pa.array(ID_CLASSES, pa.string()))
    codes: Codes = np.asarray(found.fill_null(NONE)).astype(np.int8)
    return codes


def _column(country: Any, rows: int) -> Texts:
    if country is None or isinstance(country, str):
        return pa.repeat(pa.scalar(country, pa.string()), rows) if country else nulls(rows)
    return texts(country)


def _set_aside_junk(columns: _Columns, numbers: Numbers) -> None:
    filler = columns.open & is_filler(columns.text, numbers.matrix, numbers.length)
    columns.set(filler, PLACEHOLDER, R_PLACEHOLDER)
    columns.text = put(columns.text, is_empty_word(columns.text), None)
    masked = columns.open & mask(pc.match_substring(columns.text, "*"))
    columns.set(masked, MASKED, R_MASKED)
    unknown = masked & (columns.id_class == NONE)
    citizen = unknown & matches(columns.text, r"^[1-8][0-9*]{16}[0-9X*]$")
    columns.id_class[unknown] = _CODE["other"]
    columns.id_class[citizen] = _CODE["resident_id"]


def _judge_declared(columns: _Columns, numbers: Numbers) -> None:
    """Judge every open row by its declared class; rows without one count as ``other``."""
    american = mask(pc.equal(columns.country, "US"))
    pending = columns.open
    for code in np.unique(columns.declared[pending]):
        name = ID_CLASSES[code] if code != NONE else "other"
        for country, rows in (("US", american), (None, ~american)):
            chosen = pending & rows & (columns.declared == code)
            if chosen.any():
                judged = judge(name, country, numbers.take(chosen))
                columns.text = put(columns.text, chosen, judged.text)
                columns.status[chosen], columns.rule[chosen] = judged.status, judged.rule
                columns.id_class[chosen] = _CODE[name]


def _recognise_others(columns: _Columns, numbers: Numbers) -> None:
    """Class by the form what its declared class does not explain."""
    at_home = mask(pc.fill_null(pc.equal(columns.country, "CN"), True))
    doubtful = at_home & np.isin(columns.status, (UNCHECKED, INVALID))
    _reclass(columns, numbers, doubtful, recognise)
    citizen = (columns.declared == _CODE["resident_id"]) & (columns.status == INVALID)
    _reclass(columns, numbers, at_home & citizen, recognise_document)
    loose = (columns.declared == NONE) | (columns.declared == _CODE["other"])
    _reclass(columns, numbers, at_home & loose & (columns.status == UNCHECKED), recognise_number)
    unclear = columns.id_class == _CODE["other"]
    alike = at_home & (columns.declared == NONE) & unclear & (columns.status == UNCHECKED)
    _reclass(columns, numbers, alike, resembles)


def _reclass(columns: _Columns, numbers: Numbers, rows: Mask, recogniser: Any) -> None:
    if not rows.any():
        return
    found = np.full(len(rows), NONE, np.int8)
    found[rows] = recogniser(numbers.take(rows))
    for code in np.unique(found[found != NONE]):
        chosen = found == code
        judged = judge(ID_CLASSES[code], None, numbers.take(chosen))
        columns.text = put(columns.text, chosen, judged.text)
        columns.id_class[chosen], columns.status[chosen] = code, judged.status
        columns.rule[chosen] = judged.rule
    known = found != NONE
    expected = np.isin(columns.declared, [NONE, *(_CODE[name] for name in _SUCCEEDED)])
    columns.rule[known & ~expected & (columns.declared != found)] = R_CLASS


def _find_rounded(columns: _Columns) -> None:
    """Tell 18 digits that a spreadsheet rounded to 15 and filled up with 000."""
    dated = [_CODE[name] for name in ("resident_id", "foreigner_permit", "uscc")]
    suspect = (columns.status == INVALID) & np.isin(columns.id_class, dated)
    if suspect.any():
        rounded = suspect & matches(columns.text, r"^\d{15}000$")
        columns.text = put(columns.text, rounded, None)
        columns.set(rounded, PRECISION_LOST, R_PRECISION)


def _finished(columns: _Columns) -> pa.Table:
    empty = columns.status == NONE
    columns.id_class[empty] = NONE
    abroad = np.isin(columns.id_class, [NONE, *(_CODE[name] for name in _ABROAD)])
    country = put(put(columns.country, ~abroad, "CN"), empty, None)
    told = _told_by(columns)
    return pa.table(
        {
            "value": columns.text,
            "id_class": named(columns.id_class, ID_CLASSES),
            "country": country,
            "status": named(columns.status, STATUSES),
            **told,
            "rule": named(columns.rule, RULES),
        }
    )


def _told_by(columns: _Columns) -> dict[str, Any]:
    """Return birth date, sex and region as valid numbers tell them."""
    valid = columns.status == VALID
    dated = valid & np.isin(columns.id_class, (_CODE["resident_id"], _CODE["foreigner_permit"]))
    matrix = byte_matrix(texts(pc.fill_null(columns.text, "")), 18)
    days, real = resident.birth_dates(np.where(dated[:, None], matrix, np.uint8(ord("0"))))
    sexes = np.where(dated, resident.is_female(matrix), NONE)
    citizen = dated & (columns.id_class == _CODE["resident_id"])
    uscc = valid & (columns.id_class == _CODE["uscc"])
    place = pc.if_else(pa.array(citizen), pc.utf8_slice_codeunits(columns.text, 0, 6), None)
    region = pc.if_else(pa.array(uscc), pc.utf8_slice_codeunits(columns.text, 2, 8), place)
    return {
        "birth_date": pa.array(days, pa.date32(), mask=~(dated & real)),
        "sex": named(sexes, ("male", "female")),
        "region_code": texts(region),
    }
