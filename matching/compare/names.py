"""Comparing persons' names.

Han names are compared character by character: Jaro-Winkler tells a homophone from a stranger no
better than chance on two and three characters (AUC 0.50 measured, sound and shape 0.99), so the
levels are equality of the folded spelling, of the toneless sound, and how many characters differ.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from matching.columns import (
    Codes,
    Ints,
    Judge,
    Levels,
    Mask,
    Texts,
    Values,
    best_level,
    encode,
    marked,
    pc,
    same,
    text_lengths,
)
from matching.compare.characters import Characters, align
from matching.compare.latin import Words, latin_levels
from matching.compare.levels import level
from matching.values import Frame

_WIDTH = 12
# Records that go by a name, at most, for it to be so rare.
_RARITY = {"uncommon": 200, "rare": 12, "unique": 6}
# From this many characters on, one different character is a slip, not another given name.
_LONG = 4


@dataclass(frozen=True, slots=True)
class _Names:
    """What is known of each distinct name, by code. -1 where it is not known."""

    whole: Mask
    han: Mask
    latin: Mask
    spelling: Codes
    sound: Codes
    family: Codes
    given: Codes
    bare: Mask
    characters: Characters
    words: Words


def name_levels(frame: Frame) -> Judge:
    """Return the comparison ``name``, on arrays of records: the best over all their names."""
    names = _names(frame.person_names)
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
    result[latin] = latin_levels(names.words, left[latin], right[latin])
    family = same(names.family, left, right)
    result[family] = np.maximum(result[family], level("name", "family"))
    han = np.flatnonzero(names.han[left] & names.han[right])
    result[han] = np.maximum(result[han], _han_levels(names, left[han], right[han]))
    whole = names.whole[left] & names.whole[right]
    sound = whole & same(names.sound, left, right)
    both_latin = names.latin[left] & names.latin[right]
    result[sound & ~both_latin] = level("name", "sound")
    result[sound & both_latin] = np.maximum(result[sound & both_latin], level("name", "reordered"))
    return result


def _han_levels(names: _Names, left: Codes, right: Codes) -> Levels:
    """Compare two Han names of equal length place by place; wildcards fit anything."""
    aligned = align(names.characters, left, right)
    length = names.characters.lengths[left]
    one = aligned.comparable & (aligned.differing == 1) & (aligned.hidden == 0)
    fits = (aligned.differing == 0) & (aligned.hidden > 0) & (aligned.agreeing > 0)
    fits &= aligned.comparable
    # 张* stands for 张三 and for 张小三
    fits |= same(names.family, left, right) & (names.bare[left] | names.bare[right])
    same_family = same(names.family, left, right)
    same_given = same(names.given, left, right)
    result = np.zeros(len(left), dtype=np.uint8)
    result[one & same_given & (length > 2)] = level("name", "given")
    result[one & same_family & (length > 2)] = level("name", "one_char")
    result[_cut_short(names.characters, left, right)] = level("name", "short")
    result[one & (length >= _LONG)] = level("name", "near")
    result[fits] = level("name", "masked")
    return result


def _cut_short(texts: Characters, left: Codes, right: Codes) -> Mask:
    """Tell where one name is the other and one character more, which is not a wildcard."""
    a, b = texts.lengths[left], texts.lengths[right]
    shorter = np.minimum(a, b)
    result: Mask = (np.abs(a - b) == 1) & (shorter >= 2) & (shorter < texts.width)
    wild = texts.wild
    for place in range(texts.width):
        inside = place < shorter
        equal = texts.points[left, place] == texts.points[right, place]
        result &= ~inside | (equal & ~wild[left, place])
        result &= (place != shorter) | ~(wild[left, place] | wild[right, place])
    return result


def _names(values: Values) -> _Names:
    status, script = values.texts("status"), values.texts("script")
    whole = ~(marked(status, "masked") | marked(status, "partial"))
    characters = Characters.of(values.texts("fold_key"), _WIDTH)
    readable = characters.lengths - characters.wild.sum(axis=1)
    return _Names(
        whole=whole,
        bare=characters.masked & (readable == text_lengths(values.texts("family"))),
        han=marked(script, "han") | marked(script, "mixed") | ~whole,
        latin=marked(script, "latin"),
        spelling=encode(values.texts("fold_key")),
        sound=encode(values.texts("sound_key")),
        family=encode(_told(values, "family")),
        given=encode(_told(values, "given")),
        characters=characters,
        words=Words.of(values),
    )


def _told(values: Values, part: str) -> Texts:
    """Family or given name where it can be read: a wildcard is nobody's name."""
    text = values.texts(part)
    readable = pc.invert(pc.match_substring_regex(text, r"^$|[*?□＊？\x{FFFD}]"))
    return pc.if_else(pc.fill_null(readable, False), text, pa.scalar(None, pa.string()))


def _count(counts: Ints, sounds: Codes) -> Ints:
    return np.where(sounds >= 0, counts[np.maximum(sounds, 0)] if len(counts) else 0, 0)
