"""Comparing persons' names.

The same folded spelling is ``exact``, the same toneless sound ``sound`` (``reordered`` between two
names in Latin letters). Otherwise ``han_names`` compares Chinese characters, ``latin`` Latin words
and ``han_latin`` the ones with the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from matching.columns import (
    Codes,
    Ints,
    Judge,
    Levels,
    Mask,
    Values,
    best_level,
    encode,
    marked,
    same,
)
from matching.compare.han_latin import Romanised, cross_levels, initial_levels
from matching.compare.han_names import HanNames, han_levels
from matching.compare.latin import Words, latin_levels
from matching.compare.levels import level
from matching.values import Frame

# Records that go by a name, at most, for it to be so rare.
_RARITY = {"uncommon": 200, "rare": 12, "unique": 6}


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known of each distinct name, by code. -1 where it is not known."""

    whole: Mask
    han: Mask
    latin: Mask
    spelling: Codes
    sound: Codes
    family: Codes
    characters: HanNames
    romanised: Romanised
    words: Words


def name_levels(frame: Frame) -> Judge:
    """Return the comparison ``name``, on arrays of records: the best over all their names."""
    names = prepare_names(frame.person_names)
    return partial(best_level, frame.person_names.column, judge=partial(judge_names, names))


def rarity_levels(frame: Frame) -> Judge:
    """Return the comparison ``rarity``: how many records go by the commoner of the two names.

    Name and birth date agree by chance in about ``n(n - 1) / 2 / 10 500`` pairs of ``n`` people
    of one name (21 000 days, ages clumped by two), against about three true pairs for each of
    them: under one in a thousand for twelve records, far more for two hundred.
    """
    sounds = frame.called
    counts = np.bincount(sounds[sounds >= 0])

    def judge(left: Codes, right: Codes) -> Levels:
        number = np.maximum(_count(counts, sounds[left]), _count(counts, sounds[right]))
        result = np.full(len(left), level("rarity", "common"), dtype=np.uint8)
        for name, most in _RARITY.items():
            result[number <= most] = level("rarity", name)
        result[(sounds[left] < 0) | (sounds[right] < 0)] = 0
        return result

    return judge


def judge_names(names: _Names, left: Codes, right: Codes) -> Levels:
    """Return the level of couples of name codes."""
    result = np.full(len(left), level("name", "exact"), dtype=np.uint8)
    whole = names.whole[left] & names.whole[right]
    other = np.flatnonzero(~(whole & (names.spelling[left] == names.spelling[right])))
    result[other] = _judge_different(names, left[other], right[other])
    return result


def _judge_different(names: _Names, left: Codes, right: Codes) -> Levels:
    """Return the level of couples of names that are not spelled the same."""
    result = np.full(len(left), level("name", "differ"), dtype=np.uint8)
    latin = np.flatnonzero(names.latin[left] & names.latin[right])
    result[latin] = np.maximum(
        latin_levels(names.words, left[latin], right[latin]),
        initial_levels(names.romanised, left[latin], right[latin]),
    )
    family = same(names.family, left, right)
    result[family] = np.maximum(result[family], level("name", "family"))
    han = np.flatnonzero(names.han[left] & names.han[right])
    result[han] = np.maximum(result[han], han_levels(names.characters, left[han], right[han]))
    for one, other in ((left, right), (right, left)):
        cross = np.flatnonzero(names.han[one] & names.latin[other])
        found = cross_levels(names.romanised, one[cross], other[cross])
        result[cross] = np.maximum(result[cross], found)
    whole = names.whole[left] & names.whole[right]
    sound = whole & same(names.sound, left, right)
    both_latin = names.latin[left] & names.latin[right]
    result[sound & ~both_latin] = level("name", "sound")
    result[sound & both_latin] = np.maximum(result[sound & both_latin], level("name", "reordered"))
    return result


def prepare_names(values: Values) -> _Names:
    """Return what ``judge_names`` needs of a column of normalised names."""
    status, script = values.texts("status"), values.texts("script")
    whole = ~(marked(status, "masked") | marked(status, "partial"))
    characters = HanNames.of(values)
    return _Names(
        whole=whole,
        han=marked(script, "han") | marked(script, "mixed") | ~whole,
        latin=marked(script, "latin"),
        spelling=encode(values.texts("fold_key")),
        sound=encode(values.texts("sound_key")),
        family=characters.family,
        characters=characters,
        romanised=Romanised.of(values),
        words=Words.of(values),
    )


def _count(counts: Ints, sounds: Codes) -> Ints:
    return np.where(sounds >= 0, counts[np.maximum(sounds, 0)] if len(counts) else 0, 0)
