"""Mistakes in names: characters misheard, misread, lost, rare, traditional; dots; titles."""

from __future__ import annotations

import numpy as np

from examples.bank.clerk import Clerk
from examples.bank.frame import Frame, Mask
from examples.bank.lexicon import DOTS, EMPTY, lexicon
from examples.bank.people import FOREIGN, MINORITY
from examples.bank.words import CHOICES


def spoil_names(then: Frame, clerk: Clerk, *, by_ear: bool = False) -> None:
    """Change the name columns of ``then``; ``by_ear`` lets surnames be misheard too.

    Adds ``gap`` and ``title`` (tokens), the masks ``latin_swap`` and ``latin_initials``, and the
    unspoiled names as ``own_…``.
    """
    for column in ("family", "given1", "given2"):
        then[f"own_{column}"] = then[column]
    han = ~np.isin(then["origin"], (FOREIGN, MINORITY))
    _lose_rare(then, clerk)
    _confuse(then, clerk, "homophone", han)
    _confuse(then, clerk, "shape", han)
    if by_ear:
        _mishear_family(then, clerk, han)
    _lose_character(then, clerk, han)
    _traditional(then, clerk, han)
    _dots(then, clerk)
    _decorate(then, clerk, han)


def _lose_rare(then: Frame, clerk: Clerk) -> None:
    """Replace rare characters by '?', a box, their reading, or a better known character."""
    known = lexicon()
    rare = {column: np.isin(then[column], known.rare) for column in ("given1", "given2")}
    lost = clerk.slip("name", "rare_lost", rare["given1"] | rare["given2"])
    question = clerk.dice.hit("rare_question", clerk.who, clerk.rates.rare_question)
    way = clerk.pick("rare way", 3)
    for column, here in rare.items():
        character = then[column]
        instead = np.select(
            [question, way == 0, way == 1],
            [known.question, known.box, known.sound[character]],
            default=known.variant[character],
        )
        then[column] = np.where(lost & here, instead, character)


def _confuse(then: Frame, clerk: Clerk, mistake: str, han: Mask) -> None:
    """Put another character in place of one of the given name, where there is a candidate."""
    table = lexicon().homophones if mistake == "homophone" else lexicon().shapes
    choice = clerk.pick(mistake, CHOICES)
    second = (then["given2"] != EMPTY) & (clerk.pick(f"{mistake} where", 2) == 0)
    candidate = {g: table[then[g], choice] for g in ("given1", "given2")}
    # The other position serves when the first has no candidate.
    second &= candidate["given2"] >= 0
    second |= (candidate["given1"] < 0) & (candidate["given2"] >= 0)
    wrong = clerk.slip("name", mistake, han & np.where(second, True, candidate["given1"] >= 0))
    then["given1"] = np.where(wrong & ~second, candidate["given1"], then["given1"])
    then["given2"] = np.where(wrong & second, candidate["given2"], then["given2"])


def _mishear_family(then: Frame, clerk: Clerk, han: Mask) -> None:
    candidate = lexicon().family_homophones[then["family"], clerk.pick("family", CHOICES)]
    quarter = clerk.pick("family too", 4) == 0
    wrong = clerk.slip("name", "homophone", han & quarter & (candidate >= 0))
    then["family"] = np.where(wrong, candidate, then["family"])


def _lose_character(then: Frame, clerk: Clerk, han: Mask) -> None:
    lost = clerk.slip("name", "character_lost", han & (then["given2"] != EMPTY))
    then["given2"] = np.where(lost, EMPTY, then["given2"])


def _traditional(then: Frame, clerk: Clerk, han: Mask) -> None:
    forms = lexicon().traditional
    columns = ("family", "given1", "given2")
    differs = np.any([(forms[then[c]] >= 0) & (forms[then[c]] != then[c]) for c in columns], axis=0)
    old = clerk.slip("name", "traditional", han & differs)
    for column in columns:
        then[column] = np.where(old & (forms[then[column]] >= 0), forms[then[column]], then[column])


def _dots(then: Frame, clerk: Clerk) -> None:
    """Write the dot of a transliterated name as another dot, a space, or not at all."""
    other = clerk.slip("name", "dot", then["origin"] == MINORITY)
    forms = lexicon().minority
    at = np.searchsorted(forms[:, 0], then["family"]).clip(0, len(forms) - 1)
    way = 1 + clerk.pick("dot way", len(DOTS) - 1)
    then["family"] = np.where(other, forms[at, way], then["family"])


def _decorate(then: Frame, clerk: Clerk, han: Mask) -> None:
    known = lexicon()
    short = han & (then["given2"] == EMPTY)
    apart = clerk.slip("name", "space", short)
    wide = clerk.pick("space", 2) == 0
    then["gap"] = np.where(apart, np.where(wide, known.wide_space, known.space), EMPTY)
    titled = clerk.slip("name", "title", han)
    title = known.titles[clerk.pick("title", len(known.titles))]
    then["title"] = np.where(titled, title, EMPTY)
    then["latin_swap"] = clerk.dice.hit("latin_swap", clerk.who, clerk.rates.latin_swap)
    then["latin_initials"] = clerk.dice.hit("latin_initials", clerk.who, clerk.rates.latin_initials)
