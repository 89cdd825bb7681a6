"""Spoiled columns as text: what the fields of most systems have in common."""

from __future__ import annotations

from functools import cache

import numpy as np

from examples.bank import places
from examples.bank.frame import Array, Frame
from examples.bank.people import ID_CLASSES
from examples.bank.places import DISTRICT
from examples.bank.spoil import GROUPED, OTHER, WIDE
from examples.bank.text import Text, blank, choose, from_bytes, join, number, pc, put, wide, words


def identity(then: Frame) -> Text:
    """Return the number shown, in its style; NULL where missing."""
    text = from_bytes(then["number"])
    style = then["number_style"]
    rows = np.flatnonzero(style == WIDE)
    text = put(text, rows, wide(then["number"][rows]))
    rows = np.flatnonzero(style == GROUPED)
    some = text.take(rows)
    groups = [pc.utf8_slice_codeunits(some, a, b) for a, b in ((0, 6), (6, 14), (14, 18))]
    text = put(text, rows, join(*groups, between=" "))
    rows = np.flatnonzero(style == OTHER)
    return put(text, rows, pc.utf8_lower(text.take(rows)))


def document_type(then: Frame, codes: dict[str, str]) -> Text:
    """Return each number's document type in a system's own codes; NULL where there is none."""
    classes = (*ID_CLASSES, "passport_cn")
    return words([codes[name] for name in classes], then["shown"])


def mobile(then: Frame) -> Text:
    """Return mobile numbers, one in a few with country code, dashes or spaces."""
    plain = number(then["phone"])
    style = then["phone_style"]
    parts = [pc.utf8_slice_codeunits(plain, a, b) for a, b in ((0, 3), (3, 7), (7, 11))]
    text = choose(style == WIDE, join(*parts, between="-"), plain)
    text = choose(style == GROUPED, join("+86 ", *parts, between=" "), text)
    text = choose(style == OTHER, join("86", plain), text)
    return blank(text, then["phone"] == 0)


def landline(then: Frame, area: Array) -> Text:
    """Return area code and number of those who have a landline; NULL for others."""
    text = join(number(area), "-", number(then["landline"]))
    return blank(join("0", text), (then["landline"] == 0) | (area == 0))


def address(then: Frame) -> Text:
    """Return the whole address in the clerk's way; NULL where missing."""
    way = then["no_province"] * 4 + then["short"] * 2 + then["former"]
    front = words(_fronts(), then["address"][:, DISTRICT] * 8 + way)
    return blank(
        join(front, places.street(then["address"], then["short"])), then["address_missing"]
    )


def region(then: Frame, part: str) -> Text:
    """Return the district's name, the one before its reform where the clerk used that."""
    text = places.region(then["address"], part)
    if part != "district":
        return text
    return choose(then["former"], places.region(then["address"], "former"), text)


def postcode(then: Frame) -> Text:
    """Return the postcode; NULL where the address is missing."""
    return blank(places.postcode(then["address"]), then["address_missing"])


def street(then: Frame) -> Text:
    """Return the address below the district; NULL where missing."""
    return blank(places.street(then["address"], then["short"]), then["address_missing"])


def area_code(then: Frame) -> Array:
    """Return the landline area code of the address, as a number without its zero."""
    return places.places().area_code[then["address"][:, DISTRICT]]


def sex(then: Frame, female: str, male: str) -> Text:
    """Return sex in a system's own codes; NULL where unknown."""
    return words([female, male], then["sex"])


@cache
def _fronts() -> list[str]:
    """Province, city and district of every district, in the eight ways ``address`` asks for."""
    known = places.places()
    parts = zip(known.province, known.city, known.district, known.former, strict=True)
    return [
        _front("" if no_province and city != province else province, city, old or name, short)
        for province, city, new, former in parts
        for no_province in (False, True)
        for short in (False, True)
        for old, name in (("", new), (former, new))
    ]


def _front(province: str, city: str, district: str, short: bool) -> str:
    above = province + (city if city != province else "")
    for word in ("省", "市", "壮族", "回族", "维吾尔", "自治区") if short else ():
        above = above.replace(word, "")
    return above + district
