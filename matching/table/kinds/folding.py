"""One spelling for comparing: lower case, no accents, words parted by single spaces."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from models.fields import han
from models.fields.columns import Mask, Texts, by_value, mask, matches, pc, put, texts
from models.fields.names_latin import fold
from models.fields.text import is_empty_word

# "NA" is a given name in China and "No" a family name in Korea: only signs mean nothing there.
_NOT_LETTERS = r"^[^\p{L}]*$"


def folded(values: Texts) -> Texts:
    """Return cleaned ``values`` in lower-case words without accents and signs; NULL when none."""
    plain = _ascii(values)
    foreign = ~mask(pc.fill_null(pc.string_is_ascii(values), True))
    if foreign.any():
        plain = put(plain, foreign, by_value(values.filter(pa.array(foreign)), _foreign))
    return filled(plain)


def joined_up(values: Texts) -> Texts:
    """Return folded ``values`` without any space: codes and numbers of all sorts."""
    return filled(texts(pc.replace_substring_regex(folded(values), " ", "")))


def filled(values: Texts) -> Texts:
    """Return ``values`` with NULL for the empty text."""
    return put(values, mask(pc.equal(values, "")), None)


def says_nothing(values: Texts, *, names: bool = False) -> Mask:
    """Tell which cleaned values stand for "there is none"; among ``names`` fewer words do."""
    empty = is_empty_word(values)
    if names:
        empty &= ~matches(pc.utf8_upper(values), "^(?:NA|NAN|NO|XX|TEST)$")
    return empty | (matches(values, _NOT_LETTERS) if names else np.zeros(len(values), np.bool_))


def sorted_words(values: Texts) -> Texts:
    """Return the distinct words of each folded value, in order, parted by spaces."""
    return filled(by_value(values, lambda text: " ".join(sorted(set(text.split())))))


def _foreign(text: str) -> str:
    """Fold a text that is not ASCII: traditional and variant characters are one with the others."""
    return fold(han.fold(text))


def _ascii(values: Texts) -> Any:
    lower = pc.utf8_lower(values)
    odd = matches(lower, "[^0-9a-z]")
    if not odd.any():
        return lower
    some = pc.replace_substring_regex(lower.filter(pa.array(odd)), "['`]", "")
    some = pc.utf8_trim_whitespace(pc.replace_substring_regex(some, "[^0-9a-z]+", " "))
    return put(texts(lower), odd, some)
