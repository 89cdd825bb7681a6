"""The words names are made of, as numbered tokens, and what clerks turn them into.

A name is a few token numbers side by side, so that a misheard or lost character is one changed
number. Token 0 is the empty word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain, product

import numpy as np
import numpy.typing as npt

from examples.bank.frame import Array
from examples.bank.words import DATA, Pool, Tokens, grouped, read_table, word_lists

EMPTY = 0
# How the dot of a transliterated name is written: as it should be, then as it is met.
DOTS = ("·", "•", "", " ")
# Steepness of the Zipf law given-name characters follow. With 0.55, two people share a given
# character with probability 0.005, as measured on real names.
_ZIPF = 0.55


@dataclass(frozen=True)
class Draw:
    """Tokens with the chance of each, added up."""

    tokens: Tokens
    cumulative: npt.NDArray[np.float64]

    def pick(self, uniform: Array) -> Tokens:
        """Return the token each number in [0, 1) falls on."""
        at = np.searchsorted(self.cumulative, uniform, side="right")
        return self.tokens[np.minimum(at, len(self.tokens) - 1)]


@dataclass(frozen=True)
class Foreigners:
    """Names of one country: family names, and given names by sex (female, male)."""

    country: str
    family: Tokens
    given: tuple[Tokens, Tokens]


@dataclass(frozen=True)
class Lexicon:
    """All tokens and the maps between them; ``-1`` where a map has no answer.

    ``sound`` gives the reading in capitals, ``initial`` its first letter, ``traditional`` the
    traditional form, ``variant`` a better known character put in place of a rare one.
    ``homophones``, ``family_homophones`` and ``shapes`` have one row of choices per token.
    ``given[sex][i]`` draws given-name characters of those born from ``cohorts[i]`` on.
    ``minority`` has one row per name and one column per way to write its dot.
    """

    words: list[str]
    sound: Tokens
    initial: Tokens
    traditional: Tokens
    variant: Tokens
    homophones: Tokens
    family_homophones: Tokens
    shapes: Tokens
    surnames: Draw
    cohorts: tuple[int, ...]
    given: tuple[tuple[Draw, ...], ...]
    common: Tokens
    rare: Tokens
    minority: Tokens
    foreigners: tuple[Foreigners, ...]
    titles: Tokens
    space: int
    wide_space: int
    question: int
    box: int


@cache
def lexicon() -> Lexicon:
    """Number every word of ``data`` and tie them together, once."""
    surnames = {row[0]: float(row[1]) for row in read_table("surnames")}
    surname_sounds = {row[0]: row[2] for row in read_table("surnames") if len(row[0]) == 1}
    rare = {row[0]: row[2] for row in read_table("rare")}
    traditional = {row[0]: row[2] for row in read_table("sounds")}
    readings = _readings()
    rows = [row for row in read_table("given") if row[0] != "any"]
    common = next(row[2] for row in read_table("given") if row[0] == "any")
    shapes = (DATA / "shapes.txt").read_text("utf-8").split()
    in_names = {c: readings[c] for c in dict.fromkeys("".join(row[2] for row in rows) + common)}

    pool = Pool()
    pool.add(" ", "\u3000", "?", "□", *word_lists()["titles"], *surnames, *readings, *rare.values())
    pool.add(*traditional.values(), *"".join(shapes), *readings.values())
    pool.add(*(sound[:1] for sound in readings.values()), *chain(*_minority()))
    return Lexicon(
        words=pool.words,
        sound=pool.map(readings),
        initial=pool.map({word: sound[:1] for word, sound in readings.items()}),
        traditional=pool.map(traditional),
        variant=pool.map(rare),
        homophones=pool.choices(grouped(in_names)),
        family_homophones=pool.choices(grouped(surname_sounds)),
        shapes=pool.choices(shapes),
        surnames=_draw(pool.tokens(surnames), np.array(list(surnames.values()))),
        cohorts=tuple(sorted({int(row[1]) for row in rows})),
        given=tuple(
            tuple(
                _zipf(pool, row[2])
                for row in sorted(rows, key=lambda r: int(r[1]))
                if row[0] == sex
            )
            for sex in ("female", "male")
        ),
        common=pool.tokens(common),
        rare=pool.tokens(rare),
        minority=np.array([pool.tokens(names) for names in _minority()]),
        foreigners=tuple(
            Foreigners(
                people["country"],
                pool.tokens(people["family"]),
                (pool.tokens(people["female"]), pool.tokens(people["male"])),
            )
            for people in word_lists()["foreign"]
        ),
        titles=pool.tokens(word_lists()["titles"]),
        space=pool.index[" "],
        wide_space=pool.index["\u3000"],
        question=pool.index["?"],
        box=pool.index["□"],
    )


def _readings() -> dict[str, str]:
    """Word → reading in capitals; surnames by the reading they have as surnames."""
    sounds = {row[0]: row[1].upper() for row in (*read_table("sounds"), *read_table("rare"))}
    sounds |= {row[0]: row[2].upper() for row in read_table("surnames")}
    for names in _minority():
        family, given = (
            "".join(sounds[character] for character in part)
            for part in reversed(names[0].split("·"))
        )
        sounds |= dict.fromkeys(names, f"{family} {given}")
    for people in word_lists()["foreign"]:
        for name in (*people["family"], *people["male"], *people["female"]):
            sounds[name] = name.upper()
    return sounds


@cache
def _minority() -> list[list[str]]:
    """Every given name with every family name behind it, with every kind of dot."""
    lists = word_lists()
    return [
        [f"{given}{dot}{family}" for dot in DOTS]
        for given, family in product(lists["minority_given"], lists["minority_family"])
        if given != family
    ]


def _zipf(pool: Pool, characters: str) -> Draw:
    return _draw(pool.tokens(characters), np.arange(1, len(characters) + 1) ** -_ZIPF)


def _draw(tokens: Iterable[int], weights: Array) -> Draw:
    return Draw(np.array(list(tokens), np.int32), np.cumsum(weights) / np.sum(weights))
