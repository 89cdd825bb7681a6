"""Judging couples of given names and of family names, in Latin letters or Chinese characters.

Similarity of letters is no evidence between Chinese characters (a stranger's given name of two
characters has one in common as often as a slip leaves one), so those are compared by sound and
shape.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.columns import Codes, Judge, Levels, Mask, Texts
from matching.compare.characters import Characters
from matching.compare.han_alike import look_alike, meet, readings_of
from matching.compare.levels import LEVELS
from matching.compare.nicknames import Nicknames
from matching.compare.texts import Spellings
from matching.table.kinds.levels import FAMILY, GIVEN, PERSON
from models.fields.columns import matches

# Jaro-Winkler similarity from which two spellings are so alike. 0.88 and up are mostly one name
# with a slip in it, 0.94 and up one letter of a longer name.
CUTS = {"alike": 0.70, "similar": 0.80, "near": 0.88, "close": 0.94}
_HAN = r"\p{Han}"
_HAN_WIDTH = 4


@dataclass(frozen=True, slots=True)
class NameWords:
    """Distinct given or family names by code, ready to be judged in couples."""

    levels: tuple[str, ...]
    spellings: Spellings
    nicknames: Nicknames | None
    han: Mask
    characters: Characters

    @classmethod
    def given(cls, keys: Texts) -> NameWords:
        """Prepare given names: initials and nicknames count."""
        return cls._of(keys, GIVEN, Nicknames.of(keys.to_pylist()))

    @classmethod
    def family(cls, keys: Texts) -> NameWords:
        """Prepare family names."""
        return cls._of(keys, FAMILY, None)

    @classmethod
    def _of(cls, keys: Texts, levels: tuple[str, ...], nicknames: Nicknames | None) -> NameWords:
        han = matches(keys, _HAN)
        return cls(levels, Spellings.of(keys), nicknames, han, Characters.of(keys, _HAN_WIDTH))

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different names."""
        result = spelling_levels(self.spellings, self.levels, left, right)
        part = self.spellings.contained(left, right)
        result[part] = np.maximum(result[part], self.levels.index("near"))
        if self.nicknames is not None:
            self._nicknames(self.nicknames, result, left, right)
        han = np.flatnonzero(self.han[left] | self.han[right])
        if len(han):
            alike = _han_alike(self.characters, left[han], right[han])
            close, differ = self.levels.index("close"), self.levels.index("differ")
            result[han] = np.where(alike, close, differ)
        return result

    def _nicknames(self, known: Nicknames, result: Levels, left: Codes, right: Codes) -> None:
        result[self.spellings.initial(left, right)] = self.levels.index("initial")
        for found, name in ((known.alike, "nickname"), (known.kin, "similar")):
            some = found(left, right)
            result[some] = np.maximum(result[some], self.levels.index(name))


@dataclass(frozen=True, slots=True)
class PersonNames:
    """Distinct whole names by code: what ``judge`` leaves open is compared by letters and words.

    ``places`` turns a level of ``matching.compare.names`` into one of ``PERSON``.
    """

    judge: Judge
    spellings: Spellings
    han: Mask
    places: Levels

    @classmethod
    def of(cls, judge: Judge, keys: Texts) -> PersonNames:
        """Prepare distinct folded names; ``judge`` compares them by family and given name."""
        places = np.array([PERSON.index(name) for name in LEVELS["name"]], dtype=np.uint8)
        return cls(judge, Spellings.of(keys), matches(keys, _HAN), places)

    def levels(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different names."""
        result = self.places[self.judge(left, right)]
        some = np.flatnonzero(
            (result <= PERSON.index("given")) & ~self.han[left] & ~self.han[right]
        )
        left, right = left[some], right[some]
        scores = self.spellings.alike(left, right, CUTS["similar"])
        found = np.zeros(len(some), dtype=np.uint8)
        found[scores >= CUTS["similar"]] = PERSON.index("alike")
        found[scores >= CUTS["near"]] = PERSON.index("similar")
        found[self.spellings.contained(left, right)] = PERSON.index("within")
        result[some] = np.maximum(result[some], found)
        return result


def spelling_levels(
    spellings: Spellings, levels: tuple[str, ...], left: Codes, right: Codes
) -> Levels:
    """Return the level of couples of different texts by their similarity alone."""
    scores = spellings.alike(left, right, min(CUTS.values()))
    result = np.full(len(left), levels.index("differ"), dtype=np.uint8)
    for name, cut in CUTS.items():
        result[scores >= cut] = levels.index(name)
    return result


def _han_alike(texts: Characters, left: Codes, right: Codes) -> Mask:
    """Tell which names are as long as each other and alike in every place, by sound or by shape."""
    result: Mask = texts.lengths[left] == texts.lengths[right]
    result &= texts.lengths[left] <= texts.width
    for place in range(texts.width):
        one = texts.points[left, place].astype(np.uint32)
        other = texts.points[right, place].astype(np.uint32)
        alike = (one == other) | look_alike(one, other)
        result &= alike | meet(readings_of(one), readings_of(other))
    return result
