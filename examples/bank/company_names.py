"""What companies are called: on the licence, in short, and as clerks write it."""

from __future__ import annotations

from functools import cache

import numpy as np

from examples.bank.companies import BRANCH, HOUSEHOLD, MODIFIERS
from examples.bank.frame import Frame, Mask
from examples.bank.person_names import full_name
from examples.bank.places import places
from examples.bank.text import Text, choose, join, put, words
from examples.bank.words import word_lists


def known_name(then: Frame, people: Frame) -> Text:
    """Return the names of companies as known on a day, with the liberties clerks took."""
    rows = np.flatnonzero(then["former_name"])
    names = put(legal_name(then, people), rows, legal_name(then.take(rows), people, former=True))
    return choose(then["company_short"], short_name(then), names)


def legal_name(companies: Frame, people: Frame, *, former: bool = False) -> Text:
    """Return the registered names, or those the renamed ones had before (``former``).

    Where the frame has them, ``company_no_region`` leaves the city out, ``company_form`` swaps
    有限公司 and 有限责任公司, and ``company_bracket`` writes brackets as on an English keyboard.
    """
    style, kind = companies["style"], companies["kind"]
    city = words(city_words(), companies["seat"])
    suffix = choose((style == 0) & (companies["seat"] % 2 == 0), "市", "")
    no_region = _flag(companies, "company_no_region")
    front = choose((style == 2) | no_region, "", join(city, suffix))
    half = _flag(companies, "company_bracket")
    bracket = choose(half, join("(", city, ")"), join("（", city, "）"))
    company = join(
        front,
        core(companies, former=former),
        choose((style == 2) & ~no_region, bracket, ""),
        words([row[0] for row in word_lists()["industries"]], companies["industry"]),
        _form(companies),
        choose(kind == BRANCH, join(_place(companies), "分公司"), ""),
    )
    return choose(kind == HOUSEHOLD, _household_name(companies, people), company)


def _household_name(companies: Frame, people: Frame) -> Text:
    owner = full_name(people.take(companies["owner"]))
    trade = words(word_lists()["household_trades"], companies["trade"])
    return join(words(places().district, companies["site"]), owner, trade)


def _place(companies: Frame) -> Text:
    site = companies["site"]
    return join(words(places().city, site), words(places().district, site))


def _flag(companies: Frame, name: str) -> Mask:
    return companies[name] if name in companies else np.zeros(len(companies), np.bool_)


def short_name(companies: Frame) -> Text:
    """Return core and industry; the trade of a household business."""
    industry = words([row[0] for row in word_lists()["industries"]], companies["industry"])
    trade = words(word_lists()["household_trades"], companies["trade"])
    household = companies["kind"] == HOUSEHOLD
    return join(core(companies), choose(household, trade, industry))


def core(companies: Frame, *, former: bool = False) -> Text:
    """Return the distinctive characters, and the word that tells sisters apart."""
    first = companies["old_core"] if former else companies["core"][:, 0]
    characters = list(word_lists()["core_characters"])
    modifier = words(MODIFIERS, companies["modifier"])
    rest = [words(characters, companies["core"][:, i]) for i in (1, 2)]
    return join(words(characters, first), *rest, modifier)


def _form(companies: Frame) -> Text:
    forms = word_lists()["forms"]
    swap = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}
    swapped = words([swap.get(form, form) for form in forms], companies["form"])
    return choose(_flag(companies, "company_form"), swapped, words(forms, companies["form"]))


@cache
def city_words() -> tuple[str, ...]:
    """Return, per district, its city as company names have it: without 市."""
    return tuple(name.removesuffix("市") for name in places().city)
