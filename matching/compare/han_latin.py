"""Comparing a Chinese name with one in Latin letters that does not spell it in pinyin.

Initials (Wang X.M.) fit a name whose family name is spelled out. Cantonese and Wade-Giles spellings
(Wong Siu Ming, Wang Hsiao-ming) fit where the table has them for each character; a word in pinyin
may stand between them. Nothing is guessed: a spelling the table does not have fits no character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from matching.columns import Codes, Levels, Mask, Texts, Values, encode, marked, pc, same
from matching.compare.characters import Characters
from matching.compare.han_alike import Sounds
from matching.compare.levels import level
from models.fields import han
from models.fields.names_latin import spelled, surname_shares
from models.fields.reference import rows

# Characters of a name, and spellings of a character, that are compared.
_WIDTH, _SPELLINGS = 4, 16
# A word of consonants alone is initials written together: Wang XM.
_INITIALS = re.compile("[b-df-hj-np-tv-xz]{1,3}|[a-z]")


@dataclass(frozen=True, slots=True)
class Romanised:
    """What is known of each distinct name, by code; -1 where it is not known.

    ``words`` are the numbers of the spellings a Latin name is made of, ``count`` is how many.
    ``shortened`` is a family name and the first letters of the rest, ``first`` the same with one
    letter; ``letters`` is how many letters of the given name stand alone, 0 in a full name.
    """

    characters: Characters
    words: Sounds
    count: Codes
    shortened: Codes
    first: Codes
    letters: Codes

    @classmethod
    def of(cls, values: Values) -> Romanised:
        """Prepare the distinct names of a column."""
        status = marked(values.texts("status"), "ok")
        latin = status & marked(values.texts("script"), "latin")
        keys = pc.if_else(pa.array(latin), values.texts("fold_key"), None)
        shortened, letters = _shortened(keys)
        full = pc.if_else(pa.array(status & (letters == 0)), values.texts("sound_key"), None)
        double = pc.utf8_length(pc.fill_null(values.texts("family"), "")).to_numpy() == 2
        double &= ~latin
        shortened = pc.coalesce(shortened, _initials(full, double))
        # where nobody has a Chinese name, no Latin one is spelled out in vain
        words, count = _numbered(keys if (status & ~latin).any() else pc.if_else(False, keys, None))
        return cls(
            Characters.of(values.texts("fold_key"), _WIDTH),
            words,
            count,
            encode(shortened),
            encode(pc.replace_substring_regex(shortened, r"(\|.).*", r"\1")),
            letters,
        )


def cross_levels(names: Romanised, left: Codes, right: Codes) -> Levels:
    """Return the ``name`` level of couples of a Chinese name and a Latin one; 0 where none fits."""
    result = initial_levels(names, left, right)
    result[_fits(names, left, right)] = level("name", "sound")
    return result


def initial_levels(names: Romanised, left: Codes, right: Codes) -> Levels:
    """Return initials where one given name is the other's first letters, family names equal."""
    one, other = names.letters[left], names.letters[right]
    fits = ((one > 0) | (other > 0)) & same(names.shortened, left, right)
    fits |= ((one == 1) | (other == 1)) & same(names.first, left, right)
    return np.where(fits, level("name", "initials"), 0).astype(np.uint8)


def _fits(names: Romanised, chinese: Codes, latin: Codes) -> Mask:
    """Tell where each word is a spelling of its character, the family name first or last."""
    count = names.count[latin]
    result: Mask = (count == names.characters.lengths[chinese]) & (count > 1)
    some = np.flatnonzero(result)
    words, points = names.words[latin[some]], names.characters.points[chinese[some]]
    count = count[some]
    first, last = (np.ones(len(some), dtype=np.bool_) for _ in range(2))
    for place in range(_WIDTH):
        beyond = place >= count
        spellings = _spellings_of(points[:, place].astype(np.uint32))
        turned = np.where(place == 0, count - 1, place - 1)
        first &= beyond | (spellings == words[:, place, None]).any(axis=1)
        at = words[np.arange(len(some)), np.minimum(turned, _WIDTH - 1)]
        last &= beyond | (spellings == at[:, None]).any(axis=1)
    result[some] = first | last
    return result


def _spellings_of(points: NDArray[np.uint32]) -> Sounds:
    table = _spellings()
    return table[np.minimum(points, len(table) - 1)]


@cache
def _numbers() -> dict[str, int]:
    """Return every spelling's number: those of the table, then the syllables of pinyin."""
    spellings = {row[0] for row in rows("han_romanised.tsv")} | han.syllables()
    return {text: place for place, text in enumerate(sorted(spellings))}


@cache
def _spellings() -> Sounds:
    """Return the numbers of a character's spellings by code point, padded with -2."""
    numbers, table = _numbers(), rows("han_romanised.tsv")
    of_syllable: dict[str, set[str]] = {text: {text} for text in han.syllables()}
    for text, _, syllables in table:
        for syllable in syllables.split():
            of_syllable[syllable].add(text)
    of_char = {
        char: set().union(*(of_syllable.get(text, set()) for text in found[:3]))
        for char, found in han.readings().items()
        if "\u4e00" <= char <= "\u9fff"
    }
    for text, characters, _ in table:
        for char in characters:
            of_char[char].add(text)
    result = np.full((0xA001, _SPELLINGS), -2, dtype=np.int16)
    for char, spellings in of_char.items():
        row = sorted(numbers[text] for text in spellings)[:_SPELLINGS]
        result[ord(char), : len(row)] = row
    return result


def _numbered(keys: Texts) -> tuple[Sounds, Codes]:
    """Return the numbers of the words of Latin names of two to four words, and how many."""
    numbers = _numbers()
    words = np.full((len(keys), _WIDTH), -1, dtype=np.int16)
    count = np.zeros(len(keys), dtype=np.int32)
    short = pc.match_substring_regex(keys, r"^[a-z]+(?: [a-z]+){1,3}$")
    wanted = np.flatnonzero(pc.fill_null(short, False).to_numpy(zero_copy_only=False))
    for row, key in zip(wanted, keys.take(wanted).to_pylist(), strict=True):
        found = [numbers.get(word, -1) for word in key.split()]
        if min(found) >= 0:
            words[row, : len(found)] = found
            count[row] = len(found)
    return words, count


def _shortened(keys: Texts) -> tuple[Texts, Codes]:
    """Return ``surname|letters`` of the Latin names with initials, and how many letters those."""
    texts: list[str | None] = [None] * len(keys)
    letters = np.zeros(len(keys), dtype=np.int32)
    maybe = pc.match_substring_regex(keys, r"\b(?:[a-z]|[b-df-hj-np-tv-xz]{2,3})\b")
    wanted = np.flatnonzero(pc.fill_null(maybe, False).to_numpy(zero_copy_only=False))
    for row, key in zip(wanted, keys.take(wanted).to_pylist(), strict=True):
        words = key.split()
        initials = "".join(word for word in words if _INITIALS.fullmatch(word))
        full = [word for word in words if not _INITIALS.fullmatch(word)]
        family = " ".join(spelled(full[0])) if len(full) == 1 else ""
        if family in surname_shares() and initials:
            texts[row], letters[row] = f"{family}|{initials}", len(initials)
    return pa.array(texts, pa.string()), letters


def _initials(sounds: Texts, double: Mask) -> Texts:
    """Return ``surname|letters`` of names read in full; ``double`` surnames have two syllables."""
    one = pc.replace_substring_regex(sounds, r"^(\S+) (\S)\S*(?: (\S)\S*)?$", r"\1|\2\3")
    two = pc.replace_substring_regex(sounds, r"^(\S+ \S+) (\S)\S*(?: (\S)\S*)?$", r"\1|\2\3")
    return pc.if_else(pa.array(double), two, one)
