"""Comparing two names in Chinese characters, place by place, by sound and by shape.

A couple of equal length counts its differing places: none but hidden ones is ``masked``, one that
sounds or looks alike is ``slip``, any other one is another given name (``one_char``: sisters and
twins) or another family (``given``). A character written as its pinyin (王yan) must read so.
Transliterated names (阿卜杜拉, 阿不都拉·买买提) are compared by their syllables.

Slips against strangers who have all but one character in common, area under the curve: 0.987 for
two slips of the ear and one of the eye, drawn from lists written down for the purpose
(``tests/matching/compare/test_han_names.py``), 0.96 for slips of the eye alone; Jaro-Winkler
similarity has 0.50. With the likeness of printed glyphs (pixels of Noto Serif) as the source of
slips of the eye the mixture has 0.96 to 0.98. Of the strangers 3 in 100 are ``slip``, 0.4 in 100
``sound``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cpdist

from matching.columns import Codes, Ints, Levels, Mask, Texts, Values, encode, marked, pc, same
from matching.columns import text_lengths as lengths_of
from matching.compare.characters import Characters, align
from matching.compare.han_alike import Sounds, look_alike, meet, readings_of, roughly, syllables
from matching.compare.levels import level

_WIDTH = 12
# A transliterated name has no family name, or this many characters after it.
_LONG_GIVEN = 3
# One syllable in four: 艾合买提 and 艾海买提 are one name.
_ALIKE = 0.75


@dataclass(frozen=True, slots=True)
class HanNames:
    """What is known of each distinct name, by code. -1 where it is not known.

    ``family`` is the family name, ``given`` the rest. ``bare`` names are a family name and a mask.
    ``spoken`` holds the syllable of every wildcard that stands for one written in letters, in rows
    ``spoken_row``. ``spelling`` is the reading of transliterated names, one letter a syllable.
    """

    characters: Characters
    family: Codes
    given: Codes
    bare: Mask
    spoken: Sounds
    spoken_row: Codes
    spelling: NDArray[np.object_]
    long: Mask

    @classmethod
    def of(cls, values: Values) -> HanNames:
        """Prepare the distinct names of a column."""
        characters = Characters.of(values.texts("fold_key"), _WIDTH)
        readable = characters.lengths - characters.wild.sum(axis=1)
        family = lengths_of(values.texts("family"))
        sounds = values.texts("sound_key")
        heard = characters.masked & np.asarray(sounds.is_valid())
        long = marked(values.texts("status"), "ok") & ~marked(values.texts("script"), "latin")
        long &= characters.lengths - family >= _LONG_GIVEN
        row, spoken = _spoken(sounds, np.flatnonzero(heard))
        return cls(
            characters,
            encode(_told(values, "family")),
            encode(_told(values, "given")),
            characters.masked & (readable == family) & ~heard,
            spoken,
            row,
            _spelling(sounds, long),
            long,
        )


def han_levels(names: HanNames, left: Codes, right: Codes) -> Levels:
    """Return the ``name`` level of couples of Chinese names; 0 where they have nothing alike."""
    aligned = align(names.characters, left, right)
    length = names.characters.lengths[left]
    one = aligned.comparable & (aligned.differing == 1) & (aligned.hidden == 0)
    fits = aligned.comparable & (aligned.differing == 0) & (aligned.hidden > 0)
    fits &= aligned.agreeing > 0
    same_family = same(names.family, left, right)
    result = np.zeros(len(left), dtype=np.uint8)
    result[one & same(names.given, left, right) & (length > 2)] = level("name", "given")
    result[one & same_family & (length > 2)] = level("name", "one_char")
    result[_cut_short(names.characters, left, right)] = level("name", "short")
    # 张* stands for 张三 and for 张小三
    starred = same_family & (names.bare[left] | names.bare[right])
    result[starred] = level("name", "masked")
    _raise(result, np.flatnonzero(fits), _hidden_levels, names, left, right)
    _raise(result, np.flatnonzero(names.long[left] & names.long[right]), _long, names, left, right)
    _raise(result, np.flatnonzero(one), _slips, names, left, right)
    return result


def _raise(
    result: Levels, some: Ints, judge: Any, names: HanNames, left: Codes, right: Codes
) -> None:
    """Put the levels ``judge`` finds for ``some`` couples where they are higher."""
    if len(some):
        result[some] = np.maximum(result[some], judge(names, left[some], right[some]))


def _slips(names: HanNames, left: Codes, right: Codes) -> Levels:
    """Return slip or 0 for couples that differ in one readable place.

    Any reading counts, 乐 sounds like 月. A family name is not mixed up with another that only
    nearly sounds like it: 陈 is not 程.
    """
    points = names.characters.points.astype(np.uint32, copy=False)
    place = np.argmax(points[left] != points[right], axis=1)
    one, other = points[left, place], points[right, place]
    sounds, others = readings_of(one), readings_of(other)
    alike = meet(sounds, others) | ((place > 0) & meet(roughly(sounds), roughly(others)))
    alike |= look_alike(one, other)
    return np.where(alike, level("name", "slip"), 0).astype(np.uint8)


def _hidden_levels(names: HanNames, left: Codes, right: Codes) -> Levels:
    """Return masked for couples that agree where both can be read, sound if the rest reads so.

    0 where a character written as its pinyin does not read like the other name's.
    """
    fits, heard = np.ones(len(left), dtype=np.bool_), np.ones(len(left), dtype=np.bool_)
    for place in range(int(names.characters.lengths[left].max(initial=0))):
        hidden = names.characters.wild[left, place] | names.characters.wild[right, place]
        some = np.flatnonzero(hidden)
        one, other = _heard(names, left[some], place), _heard(names, right[some], place)
        alike = meet(one, other)
        fits[some] &= alike | (one[:, 0] < 0) | (other[:, 0] < 0)
        heard[some] &= alike
    result = np.where(fits, level("name", "masked"), 0).astype(np.uint8)
    result[heard] = level("name", "sound")
    return result


def _heard(names: HanNames, codes: Codes, place: int) -> Sounds:
    """Return how the character at a place may read; a wildcard as it is written in letters."""
    result = readings_of(names.characters.points[codes, place].astype(np.uint32))
    written = names.characters.wild[codes, place]
    result[written, 0] = names.spoken[names.spoken_row[codes[written]], place]
    return result


def _long(names: HanNames, left: Codes, right: Codes) -> Levels:
    """Return near for transliterated names alike by their syllables, short for a beginning."""
    one, other = names.spelling[left], names.spelling[right]
    alike: Any = cpdist(one, other, scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE)
    result = np.zeros(len(left), dtype=np.uint8)
    shorter = np.array(
        [a.startswith(b) or b.startswith(a) for a, b in zip(one, other, strict=True)]
    )
    result[shorter] = level("name", "short")
    result[alike >= _ALIKE] = level("name", "near")
    return result


def _cut_short(texts: Characters, left: Codes, right: Codes) -> Mask:
    """Tell where one name is the other and one character more, which is not a wildcard."""
    a, b = texts.lengths[left], texts.lengths[right]
    shorter = np.minimum(a, b)
    result: Mask = (np.abs(a - b) == 1) & (shorter >= 2) & (shorter < texts.width)
    some = np.flatnonzero(result)
    left, right, shorter = left[some], right[some], shorter[some]
    found = np.ones(len(some), dtype=np.bool_)
    wild = texts.wild
    for place in range(int(shorter.max(initial=-1)) + 1):
        equal = texts.points[left, place] == texts.points[right, place]
        found &= (place >= shorter) | (equal & ~wild[left, place])
        found &= (place != shorter) | ~(wild[left, place] | wild[right, place])
    result[some] = found
    return result


def _spoken(sounds: Texts, rows: Ints) -> tuple[Codes, Sounds]:
    """Return each name's row of the array of syllables, of which row 0 knows none, and that."""
    numbers = {text: place for place, text in enumerate(syllables())}
    found = np.full((len(rows) + 1, _WIDTH), -1, dtype=np.int16)
    row_of = np.zeros(len(sounds), dtype=np.int32)
    row_of[rows] = np.arange(1, len(rows) + 1)
    for row, sound in enumerate(sounds.take(rows).to_pylist(), start=1):
        heard = [numbers.get(syllable, -1) for syllable in sound.split()[:_WIDTH]]
        found[row, : len(heard)] = heard
    return row_of, found


def _spelling(sounds: Texts, wanted: Mask) -> NDArray[np.object_]:
    """Return the syllables of the wanted names as one letter each."""
    letters = {text: chr(0x100 + place) for place, text in enumerate(syllables())}
    result = np.full(len(sounds), "", dtype=object)
    rows = np.flatnonzero(wanted)
    for row, sound in zip(rows, sounds.take(rows).to_pylist(), strict=True):
        result[row] = "".join(letters.get(syllable, "?") for syllable in (sound or "").split())
    return result


def _told(values: Values, part: str) -> Texts:
    """Family or given name where it can be read: a wildcard is nobody's name."""
    text = values.texts(part)
    readable = pc.invert(pc.match_substring_regex(text, r"^$|[*?□＊？\x{FFFD}]"))
    return pc.if_else(pc.fill_null(readable, False), text, None)
