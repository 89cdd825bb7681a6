"""Reading the distinct values of a column as what it is said to hold.

A reader gets cleaned distinct values and returns one row for each: ``key`` (what equal values have
in common; NULL says that the value is no evidence) and whatever else comparing needs. Beside the
key nothing is lost: what people read stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from matching.table.kinds.days import read_days
from matching.table.kinds.folding import (
    filled,
    folded,
    joined_up,
    says_nothing,
    sorted_words,
)
from matching.table.spec import Kind
from models.fields.addresses import normalise_addresses
from models.fields.columns import Texts, mask, matches, pc, put, texts
from models.fields.countries import normalise_countries
from models.fields.emails import normalise_emails
from models.fields.identifiers import normalise_identifiers
from models.fields.names import normalise_names
from models.fields.phones import normalise_phones

Reader = Callable[[Texts], pa.Table]

_SEXES = {
    "m": ("m", "male", "man", "masculin", "mannlich", "h", "homme", "hombre", "boy", "男", "男性"),
    "f": ("f", "female", "woman", "feminin", "weiblich", "w", "femme", "mujer", "girl", "女"),
}
_UNKNOWN_SEX = ("u", "x", "other", "9", "not known")
# A made-up address of nobody; that others are typed in earnest shows in data made for tests.
_NOBODY = r"^(?:none|null|no|na|nil|noemail|no-email|nomail|noreply|no-reply|unknown|xx+|0+|1+)@"
_HAN = r"\p{Han}"
_NEARLY_ALL = 0.8


def _words(values: Texts) -> pa.Table:
    return pa.table({"key": put(folded(values), says_nothing(values), None)})


def _country(values: Texts) -> pa.Table:
    """Read KOR, KR and South Korea as one; what is no country stays the words it is."""
    read = normalise_countries(values)["value"]
    return pa.table({"key": pc.coalesce(read, _words(values)["key"])})


def _category(values: Texts) -> pa.Table:
    """Read words out of a short list; nationalities are countries, in whatever form they stand."""
    country = normalise_countries(values)["value"]
    named = np.asarray(pc.fill_null(pc.greater(pc.utf8_length(values), 3), False))
    known = mask(pc.is_valid(country))
    if known.sum() < _NEARLY_ALL * len(values) or not (known & named).any():
        return _words(values)
    return _country(values)


def _name_words(values: Texts) -> pa.Table:
    nothing = says_nothing(values, names=True)
    return pa.table({"key": put(folded(values), nothing, None)})


def _set_of_words(values: Texts) -> pa.Table:
    return pa.table({"key": sorted_words(put(folded(values), says_nothing(values), None))})


def _code(values: Texts) -> pa.Table:
    key = put(joined_up(values), says_nothing(values), None)
    return pa.table({"key": put(key, matches(key, "^0+$"), None)})


# Numbers given once and for life that prove themselves by a check character.
LIFELONG = ("resident_id", "uscc")


def _person(values: Texts) -> pa.Table:
    return _names(normalise_names(values, "person"))


def _company(values: Texts) -> pa.Table:
    return _names(normalise_names(values, "organisation"))


def _names(table: pa.Table) -> pa.Table:
    table = table.combine_chunks()
    key = pc.coalesce(table["fold_key"], pc.utf8_lower(table["value"]))
    parts = [table[name] for name in ("org_region", "org_form", "org_branch", "status")]
    for part in parts:
        key = pc.binary_join_element_wise(key, pc.fill_null(part, ""), "\x1f")
    key = put(texts(key), mask(pc.equal(table["status"], "placeholder")), None)
    lower = {part: pc.utf8_lower(table[part]) for part in ("family", "given")}
    for part, column in lower.items():
        table = table.set_column(table.schema.get_field_index(part), part, column)
    return table.append_column("key", key)


def _sex(values: Texts) -> pa.Table:
    key = folded(values)
    for code, ways in _SEXES.items():
        key = put(key, mask(pc.is_in(key, value_set=pa.array(ways))), code)
    nothing = says_nothing(values) | mask(pc.is_in(key, value_set=pa.array(_UNKNOWN_SEX)))
    nothing |= matches(key, "[0-9]")
    return pa.table({"key": put(key, nothing, None)})


def _identifier(values: Texts) -> pa.Table:
    read = normalise_identifiers(values)
    key = joined_up(texts(pc.coalesce(read["value"], values)))
    nothing = mask(pc.equal(read["status"], "placeholder")) | says_nothing(values)
    nothing |= matches(key, "^0+$|^.$")
    proven = mask(pc.equal(read["status"], "valid"))
    proven &= mask(pc.is_in(read["id_class"], value_set=pa.array(LIFELONG)))
    lifelong = put(texts(read["id_class"]), ~proven, None)
    return pa.table({"key": put(key, nothing, None), "lifelong": lifelong})


def _phone(values: Texts) -> pa.Table:
    read = normalise_phones(values)
    number = texts(pc.coalesce(read["value"], values))
    digits = pc.replace_substring_regex(number, "[^0-9*]", "")
    digits = filled(texts(pc.replace_substring_regex(digits, "^0+", "")))
    nothing = mask(pc.equal(read["status"], "placeholder"))
    return pa.table({"key": put(digits, nothing, None)})


def _email(values: Texts) -> pa.Table:
    read = normalise_emails(values)
    key = texts(pc.coalesce(read["value"], pc.utf8_lower(values)))
    key = texts(pc.replace_substring_regex(key, r"\s", ""))
    return pa.table({"key": put(key, says_nothing(values) | matches(key, _NOBODY), None)})


def _address(values: Texts) -> pa.Table:
    """Read addresses by the country their letters are of; the key of both is words and numbers."""
    chinese = matches(values, _HAN)
    country = "CN" if int(chinese.sum()) * 2 > len(values) else "XX"
    read = normalise_addresses({"text": values}, country)
    key = pc.replace_substring_regex(texts(read["address_key"]), r"\|", " ")
    key = filled(texts(pc.utf8_trim_whitespace(key)))
    key = pc.coalesce(key, put(folded(values), says_nothing(values), None))
    number = pc.struct_field(pc.extract_regex(key, r"(?:^|[^0-9a-z])(?P<n>\d+[a-z]?)(?:\D|$)"), "n")
    return pa.table({"key": key, "number": number})


def _postcode(values: Texts) -> pa.Table:
    """Read postcodes with their area: leading letters (TQ13 8DF) or two digits, and what follows.

    ``outward`` is the part before the space of a British code, else the first digits but two.
    """
    words = pc.utf8_lower(values)
    key = joined_up(values)
    letters = pc.struct_field(pc.extract_regex(key, r"^(?P<a>[a-z]{1,2})\d"), "a")
    before = pc.struct_field(pc.extract_regex(words, r"^(?P<o>[a-z]{1,2}\d[a-z0-9]?) "), "o")
    plain = pc.if_else(
        pc.greater(pc.utf8_length(key), 4),
        pc.utf8_slice_codeunits(key, 0, 3),
        pc.utf8_slice_codeunits(key, 0, 2),
    )
    shorter = pc.if_else(pc.is_valid(letters), pc.utf8_slice_codeunits(key, 0, -3), plain)
    nothing = matches(key, "^0+$") | says_nothing(values)
    return pa.table(
        {
            "key": put(key, nothing, None),
            "area": pc.coalesce(letters, pc.utf8_slice_codeunits(key, 0, 2)),
            "outward": texts(pc.coalesce(before, shorter)),
        }
    )


def _number(values: Texts) -> pa.Table:
    plain = texts(pc.replace_substring_regex(values, r"[\s,$€£¥_]", ""))
    sound = matches(plain, r"^[-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d{1,2})?$")
    amount = put(plain, ~sound, None).cast(pa.float64())
    key = amount.cast(pa.string())
    return pa.table({"key": pc.coalesce(key, folded(values)), "amount": amount})


READERS: Mapping[Kind, Reader] = {
    "given_name": _name_words,
    "family_name": _name_words,
    "other_names": _set_of_words,
    "person_name": _person,
    "company": _company,
    "date": read_days,
    "sex": _sex,
    "identifier": _identifier,
    "phone": _phone,
    "email": _email,
    "street": _address,
    "house_number": _code,
    "unit": _code,
    "city": _words,
    "district": _words,
    "postcode": _postcode,
    "region": _words,
    "country": _country,
    "address": _address,
    "category": _category,
    "number": _number,
    "words": _set_of_words,
    "text": _words,
}
