"""Words of names weighed by how rare they are, and what two names share of them.

A word weighs about ``log2(names / names with it)`` bits, counted among the names of the column. The
words may be anything countable: words of Latin names, pairs of neighbouring characters of Chinese.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from matching.columns import Codes, Mask, Texts, arrow, distinct_pairs, encode, first_rows

Floats = NDArray[np.float32]

# Words of a name that are compared: the heaviest.
_WIDTH = 8
# Couples worked on at once, so that their words stay in the processor's cache.
_CHUNK = 50_000
# As if there were this many names more: in a small column not every word is common.
_MORE_NAMES = 1000
# Generic words are in one name of so many at least, whatever the column has.
_GENERIC = 16
# Two words this alike are one word with a slip or another ending; short ones have too many
# neighbours: Visa is not Vishay.
_SLIP, _SHORTEST_SLIP = 0.90, 5


@dataclass(frozen=True, slots=True)
class Shared:
    """Bits of the words couples share and of those one side has alone."""

    both: Floats
    left: Floats
    right: Floats

    @property
    def dice(self) -> Floats:
        """Twice the shared bits in the bits of both names: 0 to 1."""
        total = 2 * self.both + self.left + self.right
        return np.asarray(2 * self.both / np.maximum(total, 1e-6))

    @property
    def cover(self) -> Floats:
        """The shared bits in the bits of the lighter name: 1 where the other has all its words."""
        lighter = self.both + np.minimum(self.left, self.right)
        return np.asarray(self.both / np.maximum(lighter, 1e-6))


@dataclass(frozen=True, slots=True)
class WeighedWords:
    """Row ``c`` of ``tokens`` holds the codes of the words of name ``c``, the heaviest first.

    Codes are padded with -1, their ``weights`` with 0; ``words`` are the codes' texts.
    """

    tokens: Codes
    weights: Floats
    words: NDArray[np.object_]
    first_letter: Codes
    lengths: Codes

    @classmethod
    def of(cls, names: Sequence[tuple[str, ...]], generic: frozenset[str]) -> WeighedWords:
        """Weigh the distinct words of each name."""
        counts = np.fromiter(map(len, names), np.int64, len(names))
        rows = np.repeat(np.arange(len(names)), counts)
        texts = pa.array([word for name in names for word in name], pa.string())
        codes, words = _in_order_of_words(texts)
        bits = _bits(codes, words, len(names), generic)
        order = np.lexsort((codes, -bits[codes], rows))
        place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        kept = place < _WIDTH
        at = rows[kept], place[kept]
        tokens = np.full((len(names), _WIDTH), -1, dtype=np.int32)
        weights = np.zeros((len(names), _WIDTH), dtype=np.float32)
        tokens[at] = codes[order][kept]
        weights[at] = bits[codes[order][kept]]
        letters = encode(pa.array([word[:1] for word in words], pa.string()))
        return cls(tokens, weights, words, letters, np.array(list(map(len, words)), np.int32))

    def shared(self, left: Codes, right: Codes, *, slips: bool = False) -> Shared:
        """Return what couples share; with ``slips``, words a letter apart count as the same."""
        starts = range(0, len(left), _CHUNK)
        parts = [
            self._shared(left[start : start + _CHUNK], right[start : start + _CHUNK], slips)
            for start in starts
        ]
        columns = zip(*parts, strict=True) if parts else ([np.empty(0, np.float32)],) * 3
        return Shared(*(np.concatenate(column) for column in columns))

    def _shared(self, left: Codes, right: Codes, slips: bool) -> tuple[Floats, Floats, Floats]:
        one, other = self.tokens[left].T.copy(), self.tokens[right].T.copy()
        met, met_other = one < 0, other < 0
        for a in range(_used(one)):
            for b in range(_used(other)):
                equal = one[a] == other[b]
                met[a] |= equal
                met_other[b] |= equal
        if slips:
            self._slips(one, other, met, met_other)
        bits, bits_other = self.weights[left].T, self.weights[right].T
        # two spellings of a word weigh differently: the mean of both sides
        both = ((bits * met).sum(axis=0) + (bits_other * met_other).sum(axis=0)) / 2
        return both, (bits * ~met).sum(axis=0), (bits_other * ~met_other).sum(axis=0)

    def _slips(self, one: Codes, other: Codes, met: Mask, met_other: Mask) -> None:
        """Let the heaviest word each side has alone meet, where they are nearly the same."""
        some = np.flatnonzero(~met.all(axis=0) & ~met_other.all(axis=0))
        a, b = np.argmax(~met[:, some], axis=0), np.argmax(~met_other[:, some], axis=0)
        left, right = one[a, some], other[b, some]
        near = self.first_letter[left] == self.first_letter[right]
        some, a, b, left, right = some[near], a[near], b[near], left[near], right[near]
        if len(some) == 0:
            return
        x, y, at = distinct_pairs(left, right)
        one_word, other_word = self.words[x], self.words[y]
        scorer = JaroWinkler.similarity
        scores: Any = cpdist(one_word, other_word, scorer=scorer, score_cutoff=_SLIP)
        letters = np.minimum(self.lengths[x], self.lengths[y])
        alike = ((scores >= _SLIP) & (letters >= _SHORTEST_SLIP))[at]
        met[a[alike], some[alike]] = True
        met_other[b[alike], some[alike]] = True


def _used(tokens: Codes) -> int:
    """Return how many words the longest of some names has."""
    return int((tokens >= 0).any(axis=1).sum())


def _in_order_of_words(texts: Texts) -> tuple[Codes, NDArray[np.object_]]:
    """Return codes that ascend with the words, whatever order the names came in, and the words."""
    codes = encode(texts)
    words = np.array(texts.take(arrow(first_rows(codes))).to_pylist(), dtype=object)
    order = np.argsort(words)
    rank = np.empty(len(words), dtype=np.int32)
    rank[order] = np.arange(len(words))
    return rank[codes], words[order]


def _bits(codes: Codes, words: NDArray[np.object_], names: int, generic: frozenset[str]) -> Floats:
    having = np.bincount(codes, minlength=len(words)).astype(np.float64)
    size = names + _MORE_NAMES
    common = np.array([word in generic for word in words], dtype=np.bool_)
    having[common] = np.maximum(having[common], size / _GENERIC)
    return np.log2(size / np.maximum(having, 1)).astype(np.float32)
