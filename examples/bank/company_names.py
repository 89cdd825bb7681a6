"""What companies are called: on the licence, in short, and as clerks write it."""

from __future__ import annotations

from functools import cache

import numpy as np

from examples.bank.companies import BRANCH, HOUSEHOLD, MODIFIERS
from examples.bank.frame import Frame, Mask
from examples.bank.person_names import full_name
from examples.bank.places import DISTRICT, places, region
from examples.bank.text import Text, choose, join, words
from examples.bank.words import word_lists


def legal_name(companies: Frame, people: Frame, *, former: bool = False) -> Text:
    """Return the registered names, or those the renamed ones had before (``former``)."""
    plain = np.zeros(len(companies), bool)
    return written_name(companies, people, plain, plain, plain, former=former)


def written_name(
    companies: Frame,
    people: Frame,
    no_region: Mask,
    other_form: Mask,
    half_width: Mask,
    *,
    former: bool = False,
) -> Text:
    """Return the names with the liberties that clerks take.

    ``no_region`` leaves the city out, ``other_form`` swaps 有限公司 and 有限责任公司,
    ``half_width`` writes brackets as on an English keyboard.
    """
    style = companies["style"]
    city = words(city_words(), companies["seat"])
    bracket = choose(half_width, join("(", city, ")"), join("（", city, "）"))
    front = choose(style == 0, join(city, choose(companies["seat"] % 2 == 0, "市", "")), city)
    front = choose((style == 2) | no_region, "", front)
    bracket = choose((style == 2) & ~no_region, bracket, "")
    kind = companies["kind"]
    place = words(places().district, companies["address"][:, DISTRICT])
    company = join(
        front,
        core(companies, former=former),
        bracket,
        words([row[0] for row in word_lists()["industries"]], companies["industry"]),
        _form(companies, other_form),
        choose(kind == BRANCH, join(region(companies["address"], "city"), place, "分公司"), ""),
    )
    owner = full_name(people.take(companies["owner"]))
    household = join(place, owner, words(word_lists()["household_trades"], companies["trade"]))
    return choose(kind == HOUSEHOLD, household, company)


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


def _form(companies: Frame, other: Mask) -> Text:
    forms = word_lists()["forms"]
    swap = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}
    swapped = [swap.get(form, form) for form in forms]
    return choose(other, words(swapped, companies["form"]), words(forms, companies["form"]))


@cache
def city_words() -> tuple[str, ...]:
    """Return, per district, its city as company names have it: without 市."""
    return tuple(name.removesuffix("市") for name in places().city)
