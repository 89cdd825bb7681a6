"""Comparing names in Latin letters: family and given name, each by Jaro-Winkler similarity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler
from rapidfuzz.process import cpdist

from matching.columns import (
    Codes,
    Levels,
    Mask,
    Values,
    arrow,
    distinct_pairs,
    encode,
    first_rows,
    marked,
    pc,
)
from matching.compare.levels import level

# Two words at least this alike are one word written twice (0.92 is Splink's upper level too;
# checked here on febrl and the voter data: 0.90 starts joining different short names).
_NEAR = 0.92
Scores = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Words:
    """Distinct words and, for each name code, its family and its given name among them."""

    texts: list[str]
    family: Codes
    given: Codes
    initial: Mask
    first_letter: Codes

    @classmethod
    def of(cls, names: Values) -> Words:
        """Number the family and given names of all Latin names; others get -1."""
        latin = marked(names.texts("script"), "latin")
        parts = [pc.utf8_lower(names.texts(part)) for part in ("family", "given")]
        both = pa.concat_arrays(parts)
        codes = encode(both)
        texts = [str(text) for text in both.take(arrow(first_rows(codes))).to_pylist()]
        family, given = codes[: len(latin)], codes[len(latin) :]
        letters = encode(pa.array([text[:1] for text in texts], pa.string()))
        return cls(
            texts,
            np.where(latin, family, -1).astype(np.int32),
            np.where(latin, given, -1).astype(np.int32),
            np.array([len(text.strip(". ")) == 1 for text in texts], dtype=bool),
            letters,
        )

    def alike(self, left: Codes, right: Codes) -> Scores:
        """Return the similarity of words, 0 to 1; 0 where one is unknown. Each couple once."""
        result = np.zeros(len(left), dtype=np.float32)
        result[(left == right) & (left >= 0)] = 1.0
        some = np.flatnonzero((left != right) & (left >= 0) & (right >= 0))
        if len(some):
            a, b, at = distinct_pairs(left[some], right[some])
            one, other = ([self.texts[code] for code in codes.tolist()] for codes in (a, b))
            scores: Any = cpdist(one, other, scorer=JaroWinkler.similarity, dtype=np.float32)
            result[some] = scores[at]
        return result


def latin_levels(words: Words, left: Codes, right: Codes) -> Levels:
    """Return the ``name`` level of couples of name codes by their Latin family and given names."""
    families = words.alike(words.family[left], words.family[right])
    givens = words.alike(words.given[left], words.given[right])
    crossed = np.minimum(
        words.alike(words.family[left], words.given[right]),
        words.alike(words.given[left], words.family[right]),
    )
    result = np.full(len(left), level("name", "differ"), dtype=np.uint8)
    result[families >= _NEAR] = level("name", "family")
    result[(givens == 1) & (families < _NEAR)] = level("name", "given")
    result[(families == 1) & _initial(words, left, right)] = level("name", "initials")
    near = np.minimum(families, givens) >= _NEAR
    result[near | (crossed >= _NEAR)] = level("name", "near")
    result[crossed == 1] = level("name", "reordered")
    result[np.minimum(families, givens) == 1] = level("name", "exact")
    return result


def _initial(words: Words, left: Codes, right: Codes) -> Mask:
    """Tell where one given name is just the other's first letter."""
    a, b = words.given[left], words.given[right]
    known = (a >= 0) & (b >= 0)
    one_letter = words.initial[a] | words.initial[b]
    return np.asarray(known & one_letter & (words.first_letter[a] == words.first_letter[b]))
