"""What the values of a column look like: shares of shapes and of known words.

A share is of the records in a sample of at most ``SAMPLE`` that know the value, evenly spaced over
the sorted records; it is worked out when it is asked for, on the sample's distinct values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cached_property
from math import log2

import numpy as np
import pyarrow as pa

from matching.columns import Mask, Texts, flat, pc
from matching.table import wordlists
from matching.table.wordlists import PARTICLES
from models.fields.names_latin import fold
from models.fields.text import EMPTY_WORDS

SAMPLE = 1000
_NUMBER = r"[-+]?[0-9][0-9,]*(?:\.[0-9]+)?"
# RE2 patterns of shapes, on values in lower case
SHAPES = {
    "digits": r"^[0-9]+$",
    "number": rf"^{_NUMBER}$",
    "fraction": r"^[-+]?[0-9,]+\.[0-9]{1,6}$",
    "letters": r"^[\p{L}][\p{L}\p{M}'’`.,\- ]*$",
    "han": r"\p{Han}",
    "email": r"^[^@\s]+@[^@\s]+\.[^@\s.]+$|^[^@\s]+@[^@\s]{3,}$",
    "clock": r"^[0-9]{1,4}[-/.年]?[0-9]{1,2}[-/.月]?[0-9]{1,4}日?[t ]+[0-2]?[0-9][:时.][0-5][0-9]",
    "epoch": r"^1[5-9][0-9]{8}$|^1[5-9][0-9]{11}$|^20[0-9]{2}[01][0-9][0-3][0-9][0-2][0-9]{5}$",
    "phone": r"^\+?[0-9(][0-9 ()./\-]{5,20}[0-9](?: ?(?:x|ext|转|-)\.? ?[0-9]{1,5})?$",
    "phone_sign": r"^\+[0-9]|^00[1-9][0-9 ]{9,14}|^\(0?[0-9]{2,4}\)|^0[0-9]{2,4}[ /\-][0-9]"
    r"|^[0-9]{2,4}(?:[ .\-/]{1,2}[0-9]{2,4}){2,4}(?: ?x[0-9]+)?$|^0[1-9][0-9]{7,9}$",
    "mobile_cn": r"^(?:(?:\+|00)?86[- ]?)?1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}$",
    "phone_plain": r"^1?[2-9][0-9]{2}[2-9][0-9]{6}$",
    "ssn": r"^[0-9]{3}-[0-9]{2}-[0-9]{4}$",
    "code": r"^[\p{L}]{0,6}[- ]?[0-9][\p{L}0-9 ./\-]*$",
    "mixed": r"^(?:[a-z]+[0-9]|[0-9]+[a-z])[a-z0-9]*$",
    "uk_postcode": r"^[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}$",
    "other_postcode": r"^[a-z][0-9][a-z] ?[0-9][a-z][0-9]$|^[0-9]{4} ?[a-z]{2}$"
    r"|^[0-9]{5}-[0-9]{4}$|^[0-9]{2}-[0-9]{3}$",
    "house_number": r"^(?:no\.? ?)?[0-9]{1,5}(?:[ \-/]?[a-z]|[-/][0-9]{1,4}[a-z]?| 1/2)?\.?号?$",
    "unit": r"^(?:(?:apt|apartment|unit|ste|suite|flat|rm|room|fl|floor|lot|bldg|p\.? ?o\.? box"
    r"|level|shop|trlr|spc)\b\.? ?#?.{0,8}|#.{1,6}|.{1,8}[室层单元])$",
    "leading_number": r"^[0-9]{1,6}[a-z]?(?:[-/][0-9]+[a-z]?)?,? +\p{L}",
    "trailing_number": r"^\p{L}.* [0-9]{1,5} ?[a-z]?$",
    "comma": r",",
    "zip_end": r"\b(?:[a-z]{2} [0-9]{5}(?:-[0-9]{4})?|[0-9]{4,6})(?:,? [a-z ]+)?$",
    "list": r"[^;|]+[;|][^;|]+",
    "company_form_han": wordlists.HAN_COMPANY,
    "han_street": r"[路街道巷弄村里镇乡号幢栋楼室]",
    "tiny": r"^\p{L}\.?$",
    "initials": r"^[\p{L}]{1,2}\.?$",
    "years": r"^(?:1[89][0-9]{2}|20[0-4][0-9])$",
    "months": r"^(?:0?[1-9]|1[0-2])$",
    "days": r"^(?:0?[1-9]|[12][0-9]|3[01])$",
    "lettered": r"^[^0-9@]*\p{L}[^0-9@]*(?:[0-9][^0-9@]*){0,2}$",
    "figure": r"[0-9]",
    "uuid": r"^[0-9a-f]{8}-[0-9a-f]{4}-|^[0-9a-f]{24,64}$",
    "iban": r"^[a-z]{2}[0-9]{2} ?(?:[a-z0-9]{4} ?){2,7}[a-z0-9]{1,4}$",
    "partial_date": r"^(?:1[89]|20)[0-9]{2}[-/.年]?(?:[01]?[0-9])?月?$",
    "long_digits": r"^(?:[0-9] ?){9,24}$",
    "nested": r"^(?:\{.*:.*\}|\[.*\])$",
    "sentence": r"^(?:\S+\s+){4,}\S+",
}  # fmt: skip


class Profile:
    """One column, looked at."""

    def __init__(self, name: str, column: Texts) -> None:
        self.name = name
        texts = flat(column)
        self.rows = len(texts)
        known = texts.drop_null()
        self._missing = pc.is_null(texts)
        self.count = len(known)
        self.distinct = int(pc.count_distinct(known).as_py()) if self.count else 0
        steps = np.linspace(0, self.count - 1, min(SAMPLE, self.count)).astype(np.int64)
        sample = known.take(pa.array(steps))
        counts = sample.value_counts()
        counted = sorted(
            (str(value), int(count))
            for value, count in zip(
                counts.field(0).to_pylist(), counts.field(1).to_pylist(), strict=True
            )
            if str(value).upper() not in EMPTY_WORDS or str(value) in "01"
        )
        self.values = [value for value, _ in counted]
        self.weights = [count for _, count in counted]
        self._counts = np.array(self.weights, dtype=np.int64)
        self._lower: Texts = pc.utf8_lower(pa.array(self.values, pa.string()))
        self._shares: dict[str, float] = {}

    @property
    def known(self) -> float:
        """The share of records that know the value."""
        return self.count / self.rows if self.rows else 0.0

    def apart_from(self, other: Profile) -> bool:
        """Tell whether no record knows both columns: one fact, written in two files."""
        both = pc.and_(pc.invert(self._missing), pc.invert(other._missing))
        return not pc.any(both).as_py()

    @property
    def variety(self) -> float:
        """Distinct values per known value: 1 where nothing repeats."""
        return self.distinct / self.count if self.count else 0.0

    @cached_property
    def top(self) -> float:
        """The share of the commonest value."""
        return max(self.weights, default=0) / max(sum(self.weights), 1)

    @cached_property
    def entropy(self) -> float:
        """Bits that the sample's values tell."""
        total = sum(self.weights)
        return -sum(count / total * log2(count / total) for count in self.weights)

    def share(self, shape: str) -> float:
        """Return the share of records whose value has the shape, a key of ``SHAPES``."""
        if shape not in self._shares:
            hits = pc.match_substring_regex(self._lower, SHAPES[shape])
            self._shares[shape] = self.share_of(np.asarray(hits))
        return self._shares[shape]

    def where(self, test: Callable[[str], bool]) -> float:
        """Return the share of records whose value passes the test."""
        return self.share_of([test(value) for value in self.values])

    def share_of(self, hits: Sequence[bool] | Mask) -> float:
        """Return the share of records whose distinct value is marked; 0 of nothing."""
        total = int(self._counts.sum())
        return int(self._counts[np.asarray(hits, dtype=np.bool_)].sum()) / total if total else 0.0

    @cached_property
    def folded(self) -> list[str]:
        """The sample's values in lower-case ASCII words."""
        return [fold(value) for value in self.values]

    @cached_property
    def words(self) -> float:
        """The mean number of words."""
        total = sum(self.weights)
        counts = map(len, self._words)
        sums = (count * weight for count, weight in zip(counts, self.weights, strict=True))
        return sum(sums) / total if total else 0.0

    @cached_property
    def name_words(self) -> float:
        """The mean number of words, the particles of names not counted."""
        counts = np.array([len([w for w in text if w not in PARTICLES]) for text in self._words])
        return float(counts @ self._counts / max(self._counts.sum(), 1)) if len(counts) else 0.0

    @cached_property
    def lengths(self) -> dict[int, float]:
        """The share of each length in characters."""
        total, found = sum(self.weights), dict[int, float]()
        for value, weight in zip(self.values, self.weights, strict=True):
            found[len(value)] = found.get(len(value), 0.0) + weight / total
        return found

    @cached_property
    def one_length(self) -> tuple[int, float]:
        """The commonest length and its share."""
        if not self.lengths:
            return 0, 0.0
        length = max(self.lengths, key=lambda size: (self.lengths[size], -size))
        return length, self.lengths[length]

    @cached_property
    def vocabulary(self) -> dict[str, float]:
        """The share of records whose whole value is mostly a name or a place of each letter."""
        letters = list(map(wordlists.name_letters, self.folded))
        return {letter: self.share_of([letter in found for found in letters]) for letter in "gfcr"}

    def folded_where(self, test: Callable[[list[str]], bool]) -> float:
        """Return the share of records whose folded words pass the test."""
        return self.share_of([test(words) for words in self._words])

    @cached_property
    def _words(self) -> list[list[str]]:
        return [text.split() for text in self.folded]

    def numbers(self) -> list[float]:
        """Return the sample's values that are numbers, ascending."""
        plain = [re.sub("[,\u00a0 ]", "", value) for value in self.values]
        return sorted(float(text) for text in plain if re.fullmatch(r"[-+]?\d+(?:\.\d+)?", text))
