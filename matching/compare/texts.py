"""How alike two spellings are: batches over couples of distinct texts.

``Spellings.alike`` is Jaro-Winkler similarity, ``edits`` counts insertions, deletions, exchanges
and swaps of neighbours (optimal string alignment). rapidfuzz compares 4 M couples a second here,
most of the time spent on handing over Python strings; so couples whose letters show that they
cannot be alike enough are left out first, which are three of four couples of different names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from matching.columns import Codes, Ints, Mask, Texts

Scores = NDArray[np.float32]
_OTHER_BIT = 63
# What floating point rounding may take from a bound.
_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Spellings:
    """Distinct texts by code, with what tells quickly that two are unlike.

    ``letters`` has one bit for each letter, digit or remainder class of characters in the text,
    ``extra`` counts characters beyond the first of their bit. ``first`` is the first code point,
    ``words`` the number of words.
    """

    texts: NDArray[np.object_]
    lengths: Codes
    letters: NDArray[np.uint64]
    extra: Codes
    first: Codes
    words: Codes

    @classmethod
    def of(cls, texts: Texts) -> Spellings:
        """Prepare distinct texts; NULL is the empty text."""
        words = np.array([text or "" for text in texts.to_pylist()], dtype=object)
        lengths = np.fromiter(map(len, words), dtype=np.int32, count=len(words))
        letters, extra = _letters(words, lengths)
        first = np.fromiter((ord(word[0]) if word else 0 for word in words), np.int32, len(words))
        spaces = np.fromiter((word.count(" ") + 1 for word in words), np.int32, len(words))
        return cls(words, lengths, letters, extra, first, spaces)

    def alike(self, left: Codes, right: Codes, least: float) -> Scores:
        """Return Jaro-Winkler similarity, 0 to 1, of couples; 0 where it is below ``least``.

        ``least`` must be 0.7 or more: only from there on does Winkler's bonus for equal first
        letters count, and the bound on Jaro's similarity is one on both.
        """
        result = np.zeros(len(left), dtype=np.float32)
        some = np.flatnonzero(self._most_alike(left, right) >= min(least, 0.7) - _SLACK)
        one, other = self.texts[left[some]], self.texts[right[some]]
        scorer = JaroWinkler.similarity
        scores: Any = cpdist(one, other, scorer=scorer, score_cutoff=least, dtype=np.float32)
        result[some] = scores
        return result

    def edits(self, left: Codes, right: Codes, most: int) -> Codes:
        """Return the edits that lead from one text to the other; ``most + 1`` stands for more."""
        result = np.full(len(left), most + 1, dtype=np.int32)
        near = np.abs(self.lengths[left] - self.lengths[right]) <= most
        near &= np.bitwise_count(self.letters[left] ^ self.letters[right]) <= 2 * most
        some = np.flatnonzero(near)
        one, other = self.texts[left[some]], self.texts[right[some]]
        result[some] = cpdist(one, other, scorer=OSA.distance, score_cutoff=most, dtype=np.int32)
        return result

    def initial(self, left: Codes, right: Codes) -> Mask:
        """Tell where one text is just the other's first letter."""
        single = (self.lengths[left] == 1) | (self.lengths[right] == 1)
        found: Mask = single & (self.first[left] == self.first[right])
        return found

    def contained(self, left: Codes, right: Codes) -> Mask:
        """Tell where all words of one text are among the other's, which has more."""
        result = np.zeros(len(left), dtype=np.bool_)
        shared = np.bitwise_count(self.letters[left] & self.letters[right])
        fewer = np.minimum(
            np.bitwise_count(self.letters[left]), np.bitwise_count(self.letters[right])
        )
        some = np.flatnonzero((self.words[left] != self.words[right]) & (shared == fewer))
        couples = zip(self.texts[left[some]], self.texts[right[some]], strict=True)
        result[some] = [_within(set(one.split()), set(other.split())) for one, other in couples]
        return result

    def _most_alike(self, left: Codes, right: Codes) -> Scores:
        """Return what Jaro's similarity can be at most, by the letters two texts have in common."""
        common = np.bitwise_count(self.letters[left] & self.letters[right]).astype(np.float32)
        common += np.minimum(self.extra[left], self.extra[right])
        one, other = self.lengths[left], self.lengths[right]
        common = np.minimum(common, np.minimum(one, other))
        parts = common / np.maximum(one, 1) + common / np.maximum(other, 1)
        return np.asarray((parts + 1) / 3, dtype=np.float32)


def _within(one: set[str], other: set[str]) -> bool:
    """Tell whether a set of words is part of the other; a single letter is no word."""
    smaller = one if len(one) < len(other) else other
    return (one <= other or other <= one) and any(len(word) > 1 for word in smaller)


def _letters(words: NDArray[np.object_], lengths: Codes) -> tuple[NDArray[np.uint64], Codes]:
    """Return the bits of the characters of each text, and how many more characters it has."""
    points = np.frombuffer("".join(words).encode("utf-32-le"), dtype=np.uint32)
    rows = np.repeat(np.arange(len(words)), lengths)
    bit = np.where(points == ord(" "), _OTHER_BIT, points % _OTHER_BIT).astype(np.uint64)
    letters = np.zeros(len(words), dtype=np.uint64)
    np.bitwise_or.at(letters, rows, np.uint64(1) << bit)
    counted: Ints = np.bitwise_count(letters).astype(np.int64)
    return letters, (lengths - counted).astype(np.int32)
