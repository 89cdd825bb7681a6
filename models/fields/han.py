"""Chinese characters: one spelling for the simplified and the traditional, and their readings.

Everything here looks at single characters, in tables derived from OpenCC and pypinyin; see
``tables/README.md``. Toneless syllables write ü as u: passports say LYU, cards LV or LU, and only
``lu`` meets them all.
"""

from __future__ import annotations

import re
from functools import cache

import numpy as np

from models.fields.reference import rows

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af々〇"
LOST = "?"  # a character the source could not hold
MASK = "*"  # a character the source hides

# What systems write for a character they cannot hold; 〇 is a character of its own.
_LOST_MARKS = "□◻▯■〓◆\ufffd＊○◯？▢☐"
_PRIVATE = ((0xE000, 0xF8FF), (0xF0000, 0x10FFFF))
_SEPARATOR = "\U0010ffff"  # a non-character: never in text that means something


@cache
def simplified() -> dict[int, str]:
    """Return the fold for ``str.translate``: traditional and variant → simplified."""
    return {ord(char): target for target, chars in rows("han_simplified.tsv") for char in chars}


@cache
def recovered() -> dict[int, str]:
    """Return the repair for ``str.translate``, to be used before NFKC.

    Private-use code points of old converters become the characters they were, all others, and
    the boxes and question marks of lost characters, become ``?``.
    """
    lost = {code: LOST for first, last in _PRIVATE[:1] for code in range(first, last + 1)}
    lost |= dict.fromkeys(map(ord, _LOST_MARKS), LOST)
    return lost | {int(code, 16): char for code, char in rows("han_legacy.tsv")}


def fold(text: str) -> str:
    """Return ``text`` in simplified characters."""
    # looking for something to fold first: most texts have nothing, and translate() is slow
    return text.translate(simplified()) if _foldable().search(text) else text


def recover(text: str) -> str:
    """Return ``text`` with lost characters as ``?`` and legacy code points repaired."""
    return text.translate(recovered()) if _recoverable().search(text) else text


@cache
def _foldable() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, simplified()))}]")


@cache
def _recoverable() -> re.Pattern[str]:
    return re.compile(f"[\ue000-\uf8ff{_LOST_MARKS}]")


@cache
def readings() -> dict[str, tuple[str, ...]]:
    """Return character → its toneless syllables, the commonest first."""
    table = rows("han_pinyin.tsv")
    found: dict[str, tuple[str, ...]] = {
        char: (reading,) for reading, chars, _ in table for char in chars
    }
    for reading, _, chars in table:
        for char in chars:
            found[char] = (*found[char], reading)
    return found


@cache
def syllable_of() -> dict[str, str]:
    """Return character → its commonest toneless reading."""
    return {char: syllables[0] for char, syllables in readings().items()}


def syllable(char: str) -> str:
    """Return the commonest toneless reading of ``char``; itself if it has none."""
    return syllable_of().get(char, char)


@cache
def syllables() -> frozenset[str]:
    """Return every toneless syllable."""
    return frozenset(row[0] for row in rows("han_pinyin.tsv"))


@cache
def variants() -> frozenset[tuple[str, str]]:
    """Return pairs of simplified characters written for one another (闫, 阎), both ways round."""
    pairs = [(left, right) for left, right in rows("han_variants.tsv")]
    return frozenset(pairs + [(right, left) for left, right in pairs])


@cache
def _simplified_codes() -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    codes = np.arange(0x110000, dtype=np.uint32)
    for code, char in simplified().items():
        codes[code] = ord(char)
    return codes


def simplify_all(texts: list[str]) -> list[str]:
    """Return ``texts`` folded to simplified characters: one pass over all of them at once."""
    joined = _SEPARATOR.join(texts)
    if not texts or joined.count(_SEPARATOR) != len(texts) - 1:
        return [text.translate(simplified()) for text in texts]
    codes = np.frombuffer(joined.encode("utf-32-le"), dtype="<u4")
    folded: str = _simplified_codes()[codes].tobytes().decode("utf-32-le")
    return folded.split(_SEPARATOR)
