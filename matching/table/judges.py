"""How much the values of a column look like each kind: 0 not at all, 1 beyond doubt.

``ALONE`` asks the values without knowing the header; above ``SURE`` a kind is taken. ``ALLOWED``
asks whether a header that names the kind can be true. Both are shares or products of shares, so
that one word of nonsense among hundreds changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import pyarrow as pa

from matching.columns import pc
from matching.table import judges_places as places
from matching.table import wordlists
from matching.table.kinds.days import read_days
from matching.table.profile import Profile
from matching.table.spec import Kind
from models.fields.identifiers import normalise_identifiers
from models.fields.text import clean

SURE = 0.5
Judge = Callable[[Profile], float]
_DAY = r"^(?:1[89]|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"
_CHECKED = ("resident_id", "uscc", "lei", "foreigner_permit", "org_code", "hkmo_permit")
_FEW = 200
_MAYBE = 0.53


def digits_of_one_length(p: Profile, *lengths: int) -> float:
    """Return the share of numbers that have the commonest length, if it is one of these."""
    length, share = p.one_length
    return share * p.share("digits") if length in lengths and share > 0.95 else 0.0


def dated(p: Profile) -> float:
    """Return the share of values that are days of the calendar."""
    return _of_distinct(p, lambda texts: pc.match_substring_regex(read_days(texts)["key"], _DAY))


def days_of(p: Profile) -> list[str]:
    """Return the sample's distinct days of the calendar, as eight digits."""
    keys = read_days(clean(pa.array(p.values, pa.string())))["key"].to_pylist()
    return [key for key in keys if key and re.fullmatch(_DAY, key)]


def checked(p: Profile) -> float:
    """Return the share of numbers with the check character of an official class."""
    if not p.share("code") > SURE:
        return 0.0

    def valid(texts: pa.Array) -> pa.Array:
        read = normalise_identifiers(texts)
        known = pc.is_in(read["id_class"], value_set=pa.array(_CHECKED))
        return pc.and_(known, pc.equal(read["status"], "valid"))

    return _of_distinct(p, valid)


def official(p: Profile) -> float:
    """Return the share of numbers that have the form of a country's or a bank's own."""
    return max(checked(p), p.share("ssn"), p.share("iban"))


def _of_distinct(p: Profile, test: Callable[[pa.Array], pa.Array]) -> float:
    hits = test(clean(pa.array(p.values, pa.string())))
    return p.share_of(np.asarray(pc.fill_null(hits, False)))


def _date(p: Profile) -> float:
    return dated(p) if p.share("letters") < SURE else 0.0


def _sex(p: Profile) -> float:
    """Sex words only; letters alone must be the two of one language, not any initials."""
    found = p.where(lambda value: value.casefold() in wordlists.SEXES)
    known = {value.casefold()[:1] for value in p.values}
    both = bool(known & set("mhm男先")) and bool(known & set("fw女"))
    return found if found > 0.95 and both and len(p.values) <= 12 else 0.0


def _phone(p: Profile) -> float:
    if p.share("phone") < SURE or p.share("ssn") > SURE or dated(p) > SURE:
        return 0.0
    plain = p.share("phone_plain")
    signs = min(1.0, p.share("mobile_cn") + p.share("phone_sign"))
    return max(signs, min(1.0, signs + plain) if signs + plain > 0.9 else 0.0)


def _identifier(p: Profile) -> float:
    """Official numbers, and codes of one length that few share."""
    if (share := official(p)) > SURE:
        return share
    length, share = p.one_length
    shaped = length >= 6 and share > 0.75 and p.share("code") > 0.9 and p.share("fraction") < 0.2
    if (
        not (shaped or p.share("long_digits") > 0.9)
        or p.variety < 0.01
        or p.distinct < _FEW // 4
        or p.share("clock") > SURE
    ):
        return 0.0
    return 0.6 if p.share("mixed") > SURE or p.share("digits") > SURE or length >= 8 else 0.0


def _postcode(p: Profile) -> float:
    shaped = max(p.share("uk_postcode"), p.share("other_postcode"))
    if shaped > SURE:
        return shaped
    five = digits_of_one_length(p, 4, 5) if p.variety < 0.9 else 0.0
    six = digits_of_one_length(p, 6) if p.variety < 0.9 and p.where(_chinese_postcode) > 0.9 else 0
    months = p.share("years") > SURE or p.distinct < 2
    return 0.0 if months else max(five, six) * 0.9 if max(five, six) > 0.7 else 0.0


def _chinese_postcode(value: str) -> bool:
    return value[:1] in "012345678" and value[-1:] in "0123456789"


def _given_name(p: Profile) -> float:
    if p.share("han") > SURE or p.words > 1.7 or p.share("initials") > SURE:
        return 0.0
    found = p.vocabulary
    if found["g"] > max(found["f"] * 1.2, found["c"] * 1.1, 0.4):
        return found["g"]
    return _MAYBE if _name_like(p) and found["g"] >= found["f"] else 0.0


def _family_name(p: Profile) -> float:
    if p.share("han") > SURE:
        return p.where(lambda value: len(value) <= 2 and wordlists.han_surname(value) == value)
    if p.name_words > 1.7 or p.share("initials") > SURE or p.distinct < _FEW // 10:
        return 0.0
    found = p.vocabulary
    if found["f"] > max(found["g"] * 1.1, found["c"] * 1.2, 0.25):
        return min(1.0, found["f"] + 0.25)
    return _MAYBE if _name_like(p) and found["f"] > found["g"] else 0.0


def _name_like(p: Profile) -> bool:
    """Tell whether many different single words may be names of a people the lists hardly know."""
    found = p.vocabulary
    words = p.words < 1.3 and p.share("letters") > 0.9 and p.distinct > _FEW // 2
    return words and max(found["g"], found["f"]) > max(0.12, found["c"])


def _person_name(p: Profile) -> float:
    if p.share("han") > SURE:
        return p.where(wordlists.han_person) * (1.0 if p.distinct >= 20 else 0.5)
    if not 1.6 <= p.words <= 5 or p.share("letters") < 0.5:
        return 0.0
    known = p.folded_where(wordlists.latin_person) - places.conjoined(p)
    return known + 0.1 if known > 0.4 else 0.0


def _other_names(p: Profile) -> float:
    return p.share("tiny") * 0.9 if 8 <= p.distinct <= 80 else 0.0


def _house_number(p: Profile) -> float:
    return 0.0  # numbers alone say nothing: ``recognise`` looks at the columns beside them


def _unit(p: Profile) -> float:
    return p.share("unit") if p.share("unit") > SURE else 0.0


def _category(p: Profile) -> float:
    few = p.distinct <= max(12, min(_FEW * 5, p.count * 0.06))
    return 0.52 if few and p.words <= 3 and not _number(p) else 0.0


def _words(p: Profile) -> float:
    return p.share("list")


def _text(p: Profile) -> float:
    written = max(p.share("letters"), p.share("lettered"), p.share("sentence"), p.share("han"))
    return 0.51 if written > SURE else 0.0


def _email(p: Profile) -> float:
    return p.share("email")


def _number(p: Profile) -> float:
    return p.share("number")


def _digits(p: Profile) -> bool:
    return p.share("digits") > SURE


def _lettered(p: Profile) -> float:
    return p.share("lettered")


def _coded(p: Profile) -> float:
    return max(p.share("code"), p.share("figure")) * (1.0 if p.share("email") < SURE else 0.0)


def _short(p: Profile) -> float:
    return 1.0 if p.share("sentence") < SURE else 0.0


# Kinds first whose shape leaves no doubt: beyond PLAIN, the others need not be asked.
PLAIN, PLAIN_SHAPES = 0.95, 4
ALONE: Mapping[Kind, Judge] = {
    "email": _email,
    "date": _date,
    "sex": _sex,
    "phone": _phone,
    "postcode": _postcode,
    "identifier": _identifier,
    "country": places.country,
    "region": places.region,
    "district": places.district,
    "city": places.city,
    "given_name": _given_name,
    "family_name": _family_name,
    "person_name": _person_name,
    "company": places.company,
    "address": places.address,
    "street": places.street,
    "unit": _unit,
    "other_names": _other_names,
    "words": _words,
    "category": _category,
    "text": _text,
}
ALLOWED: Mapping[Kind, Judge] = {
    "given_name": _lettered,
    "family_name": _lettered,
    "other_names": _lettered,
    "person_name": _lettered,
    "company": lambda p: max(_lettered(p), p.share("code") * 0.6),
    "date": lambda p: max(dated(p), p.share("years"), p.share("partial_date")),
    "sex": lambda p: 1.0 if p.distinct <= 20 else 0.0,
    "identifier": lambda p: _coded(p) * (1.0 if dated(p) < SURE else 0.0),
    "phone": lambda p: p.share("phone"),
    "email": _email,
    "street": lambda p: max(_lettered(p), p.share("leading_number")),
    "house_number": lambda p: max(p.share("house_number"), p.share("code")),
    "unit": lambda p: max(p.share("house_number"), p.share("unit"), p.share("code")),
    "city": _lettered,
    "district": _lettered,
    "postcode": lambda p: p.share("code") if p.one_length[0] <= 10 else 0.0,
    "region": lambda p: 1.0 if p.share("tiny") < SURE and p.distinct <= 3000 else 0.0,
    "country": lambda p: max(_lettered(p), 1.0 if p.distinct <= 250 else 0.0),
    "address": lambda p: max(_lettered(p), p.share("leading_number")),
    "category": _short,
    "number": _number,
}
