"""Names of people in Latin letters: Western names, and Chinese names written in pinyin.

A name whose every word is made of pinyin syllables, with a surname first or last, reads like the
Chinese name: 张三, ZHANG SAN, San Zhang and Zhangsan share a ``sound_key``. Any other name has its
sorted words there.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import cache, lru_cache

from models.fields import han
from models.fields.name import Name, unreadable
from models.fields.names_han import surnames
from models.fields.reference import words as set_of

_SPECIAL = str.maketrans(
    {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "æ": "ae", "Æ": "AE", "œ": "oe"}
    | {"Œ": "OE", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D", "ı": "i", "ß": "ss", "ə": "e", "ŋ": "n"}
)
_TITLES = set_of("mr mrs ms miss mx dr prof professor sir madam mme mlle herr frau rev vip")
_SUFFIXES = set_of("jr sr ii iii iv phd md esq mba cpa dds vip")
_PARTICLES = set_of(
    "van von de der den del della di da dos das du la le ter ten bin ibn al el st san santa"
)
_NOTE = re.compile(r"[(\[{][^()\[\]{}]*[)\]}]|[()\[\]{}]")
_WORD = re.compile(r"(?:[^\W_]|[?*])+(?:[^\w\s,?*]+(?:[^\W_]|[?*])+)*\.?")
_APOSTROPHE = re.compile(r"['’`´ʼ]")
_NOT_WORD = re.compile(r"[^0-9a-z?*]+")

# A Latin name of a Chinese in a Chinese system has its surname first in about 85 of 100 cases;
# so the first of two surnames wins unless the other is this much commoner.
_FIRST_WINS = 5.7


@lru_cache(maxsize=1 << 16)
def fold(text: str) -> str:
    """Return ``text`` in lower-case ASCII words, as far as letters have an ASCII form."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.translate(_SPECIAL))
        text = "".join(char for char in decomposed if not unicodedata.combining(char))
    text = _APOSTROPHE.sub("", text.casefold())
    return _NOT_WORD.sub(" ", text).strip() if text.isascii() else _words_only(text)


def _words_only(text: str) -> str:
    return " ".join("".join(c if c.isalnum() or c in "?*" else " " for c in text).split())


def person(cleaned: str) -> Name:
    """Return what a cleaned text in Latin letters says."""
    family, given, comma = _parts(cleaned)
    words = [*family, *given] if comma else given
    if not any(char.isalpha() for word in words for char in word):
        return unreadable(cleaned)
    pinyin = _chinese(words, comma=len(family) if comma else 0)
    if pinyin:
        return marked(pinyin)
    if not comma:
        family, given = _western(words)
    else:
        words = [*given, *family]
    value = " ".join(words)
    if comma and _western(_parts(value)[1])[0] != family:
        value = f"{' '.join(family)}, {' '.join(given)}"  # the comma says what the order cannot
    key = fold(" ".join(words))
    return marked(
        Name(
            value,
            "latin",
            " ".join(family) or None,
            " ".join(given) or None,
            key or None,
            " ".join(sorted(key.split())) or None,
        )
    )


def of_parts(family: str, given: str, middle: str) -> Name:
    """Return the name whose parts the source tells apart, all cleaned."""
    last, first = words_of(family), [*words_of(given), *words_of(middle)]
    if not (last and first):
        return person(" ".join([*first, *last]))
    if pinyin := _chinese([*last, *first], comma=len(last)):
        return marked(pinyin)
    name = person(f"{' '.join(last)}, {' '.join(first)}")
    return name._replace(value=" ".join([*first, *last]))


def _parts(cleaned: str) -> tuple[list[str], list[str], bool]:
    """Return family words, other words, and whether a comma told them apart."""
    before, comma, after = cleaned.partition(",")
    family, given = words_of(before), words_of(after)
    if comma and family and given:
        return family, given, True
    return [], words_of(cleaned.replace(",", " ")), False


def words_of(text: str) -> list[str]:
    """Return the words of a text without titles, suffixes, notes and numbers."""
    found = _WORD.findall(_NOTE.sub(" ", text))
    words = [word for word in found if not word.isdigit() and fold(word)]
    while words and fold(words[0]) in _TITLES:
        words = words[1:]
    while words and fold(words[-1]) in _SUFFIXES:
        words = words[:-1]
    return words


def _western(words: list[str]) -> tuple[list[str], list[str]]:
    """Return (family words, given words): the last word, with the particles before it."""
    if len(words) < 2:
        return [], words
    if len(fold(words[-1])) == 1 < len(words[0]) and fold(words[0]) in surname_shares():
        return words[:1], words[1:]  # ZHANG S.
    start = len(words) - 1
    while start > 1 and fold(words[start - 1]) in _PARTICLES:
        start -= 1
    return words[start:], words[:start]


def marked(name: Name) -> Name:
    """Mark a name with hidden or lost letters; it keeps no reading to match by."""
    key = name.fold_key or ""
    if han.MASK in key or "xxx" in key:
        return name._replace(sound_key=None, status="masked", rule="masked")
    if han.LOST in key:
        return name._replace(sound_key=None, status="partial", rule="chars_lost")
    return name._replace(status="ok")


def _chinese(words: list[str], comma: int) -> Name | None:
    """Return the name read as pinyin, family name first; None if it cannot be one.

    ``comma`` is how many of the first words are the family name, 0 when that is not known.
    """
    read = [spelled(word) for word in words]
    if not all(read) or not 2 <= sum(map(len, read)) <= 5:
        return None
    front = _family_words(read)
    back = _family_words(read[::-1])
    if comma and not _comma_astray(read):
        front, back = comma, 0
    if len(words) == 1:
        return _one_word(words[0], read[0])
    if not front and not back:
        return None
    if back and (not front or (back >= front and _likelier_last(words, read))):
        family, given = words[-back:], words[:-back]
    else:
        family, given = words[:front], words[front:]
    sound = [syllable for word in (*family, *given) for syllable in spelled(word)]
    return Name(
        " ".join(words),
        "latin",
        " ".join(family),
        " ".join(given),
        fold(" ".join(words)),
        " ".join(sound),
    )


def _comma_astray(read: list[tuple[str, ...]]) -> bool:
    """Tell whether the comma in San, Zhang stands after the given name."""
    known = surname_shares()
    return known.get(" ".join(read[-1]), 0) > 0 == known.get(" ".join(read[0]), 0)


def _family_words(read: list[tuple[str, ...]]) -> int:
    """Return how many of the first words are a surname: 1, 2 (OU YANG), or 0 for none."""
    known = surname_shares()
    if len(read) > 2 and " ".join([*read[0], *read[1]]) in known:
        return 2
    return int(" ".join(read[0]) in known)


def _likelier_last(words: list[str], read: list[tuple[str, ...]]) -> bool:
    """Tell whether, of a surname first and one last, the last is the family name."""
    first, last = words[0], words[-1]
    if first.isupper() != last.isupper() and len(last) > 1 and len(first) > 1:
        return last.isupper()  # Wei ZHANG
    known = surname_shares()
    shares = [known.get(" ".join(syllables), 0) for syllables in (read[0], read[-1])]
    return shares[0] * _FIRST_WINS < shares[1]


def _one_word(word: str, read: tuple[str, ...]) -> Name | None:
    """Return Zhangsan read as zhang san, or None when it does not begin with a surname."""
    known = surname_shares()
    size = 2 if len(read) > 2 and " ".join(read[:2]) in known else int(read[0] in known)
    if not size or len(read) < 2:
        return None
    letters = len("".join(read[:size]))
    exact = len(word) == len("".join(read))
    return Name(
        word,
        "latin",
        word[:letters] if exact else None,
        word[letters:] if exact else None,
        fold(word),
        " ".join(read),
    )


@cache
def surname_shares() -> dict[str, int]:
    """Return toneless surname → how many per mille have it, all characters of it together."""
    shares: defaultdict[str, int] = defaultdict(int)
    for reading, share in surnames().values():
        shares[reading] += share
    return dict(shares)


@lru_cache(maxsize=1 << 16)
def spelled(word: str) -> tuple[str, ...]:
    """Return the toneless syllables a word is made of, () if it is not pinyin.

    Apostrophes and hyphens part syllables. Between several ways, a syllable inside a word rather
    begins with a consonant (fan gang, not fang ang), and fewer syllables are better.
    """
    parts = re.split(r"[-'’.]", _APOSTROPHE.sub("'", word))
    read = [_split(_plain_u(part)) for part in parts if part]
    return tuple(syllable for part in read for syllable in part) if all(read) else ()


def _plain_u(word: str) -> str:
    """Return a word in lower-case ASCII with the spellings of ü as u."""
    plain = fold(word)
    return re.sub(r"(?<=[ln])(?:yu|v|u:)", "u", plain)


def _split(word: str) -> tuple[str, ...]:
    best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ())]
    for end in range(1, len(word) + 1):
        ways = []
        for start in range(max(0, end - 6), end):
            before, piece = best[start], word[start:end]
            if before is not None and piece in han.syllables():
                vowel = int(start > 0 and piece[0] in "aeo")
                ways.append((before[0] + vowel, before[1] + 1, (*before[2], piece)))
        best.append(min(ways) if ways else None)
    found = best[-1]
    return found[2] if found else ()
