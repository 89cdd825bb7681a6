"""Judging couples of places, streets, categories, sets of words, free texts and amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Levels, Texts, encode, known, same
from matching.compare.companies_weights import WeighedWords
from matching.compare.texts import Spellings
from matching.table.kinds.folding import filled
from matching.table.kinds.levels import CATEGORY, NAME_WORDS, NUMBER, SPELLING, STREET, WORDS
from matching.table.kinds.names import spelling_levels
from models.fields.columns import pc, texts

# Bits of shared words that make them rare: about one text in 128 has such a word.
_RARE_BITS = 7.0
_ALL = 0.95
_SHARES = {"some": 0.25, "half": 0.5, "most": 0.8}
_ALIKE, _NEAR, _CLOSE = 0.80, 0.90, 0.96
_ADDRESS_NEAR = 0.7
# Shorter codes of a list (NSW, VIC) are near each other by chance.
_LONG_WORD = 6
_NUMBERS = r"(?:^| )[0-9]+[a-z]?(?: |$)"


@dataclass(frozen=True, slots=True)
class Places:
    """Distinct names of places."""

    spellings: Spellings

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different places; one may be part of the other."""
        result = spelling_levels(self.spellings, SPELLING, left, right)
        part = self.spellings.contained(left, right)
        result[part] = np.maximum(result[part], SPELLING.index("near"))
        return result

    def judge_category(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different words out of a list: near is a slip."""
        lengths = self.spellings.lengths
        long = np.minimum(lengths[left], lengths[right]) >= _LONG_WORD
        near = long & (self.spellings.alike(left, right, _NEAR) > 0)
        return np.where(near, CATEGORY.index("near"), CATEGORY.index("differ")).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class Streets:
    """Distinct streets: what is left without the house number, and the number."""

    spellings: Spellings
    street: Codes
    number: Codes
    words: WeighedWords | None

    @classmethod
    def of(cls, keys: Texts, numbers: Texts, *, whole: bool) -> Streets:
        """Prepare distinct keys; in ``whole`` addresses the words may come in any order."""
        bare = texts(pc.utf8_trim_whitespace(pc.replace_substring_regex(keys, _NUMBERS, " ")))
        words = weighed(keys) if whole else None
        return cls(Spellings.of(bare), encode(filled(bare)), encode(numbers), words)

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different streets."""
        scores = self.spellings.alike(left, right, _ALIKE)
        equal = same(self.street, left, right)
        number = same(self.number, left, right)
        other_number = known(self.number, left, right) & ~number
        near = (scores >= _NEAR) | self.spellings.contained(left, right)
        result = np.full(len(left), STREET.index("differ"), dtype=np.uint8)
        result[number] = STREET.index("number")
        result[scores >= _ALIKE] = STREET.index("alike")
        result[near] = STREET.index("near")
        if self.words is not None:
            some = self.words.shared(left, right, slips=True).dice >= _ADDRESS_NEAR
            result[some] = np.maximum(result[some], STREET.index("near"))
            near |= some
        result[equal] = STREET.index("street")
        close = (near & number) | ((scores >= _CLOSE) & ~other_number & ~equal)
        result[close | (equal & ~other_number)] = STREET.index("close")
        return result


@dataclass(frozen=True, slots=True)
class WordSets:
    """Distinct sets of words, or texts, with their words weighed by how rare they are."""

    words: WeighedWords
    spellings: Spellings

    def judge_names(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different further names."""
        shared = self.words.shared(left, right, slips=True)
        result = np.full(len(left), NAME_WORDS.index("differ"), dtype=np.uint8)
        result[self.spellings.initial(left, right)] = NAME_WORDS.index("initial")
        result[shared.both > 0] = NAME_WORDS.index("common")
        rare = shared.both >= _RARE_BITS
        result[rare] = NAME_WORDS.index("rare")
        result[rare & (shared.cover >= _ALL)] = NAME_WORDS.index("within")
        return result

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different texts by the share of words in common."""
        dice = self.words.shared(left, right, slips=True).dice
        result = np.full(len(left), WORDS.index("differ"), dtype=np.uint8)
        for name, share in _SHARES.items():
            result[dice >= share] = WORDS.index(name)
        return result


@dataclass(frozen=True, slots=True)
class Amounts:
    """Distinct numbers; what is none is NaN and near nothing."""

    values: NDArray[np.float64]

    def judge(self, left: Codes, right: Codes) -> Levels:
        """Return the level of couples of different numbers by how close they are."""
        one, other = self.values[left], self.values[right]
        gap = np.abs(one - other)
        size = np.maximum(np.abs(one), np.abs(other))
        result = np.full(len(left), NUMBER.index("differ"), dtype=np.uint8)
        result[gap <= 0.1 * size] = NUMBER.index("tenth")
        result[gap <= 0.01 * size] = NUMBER.index("hundredth")
        return result


def weighed(keys: Texts) -> WeighedWords:
    """Weigh the words of distinct keys."""
    words = [tuple((key or "").split()) for key in keys.to_pylist()]
    return WeighedWords.of(words, frozenset())
