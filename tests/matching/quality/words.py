"""Names and places to make records of: common ones first, as frequent as their places say.

A third of the names are made of syllables, so that no list of known names can hold them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate
from random import Random

from matching.table.wordlists import kinds_of_words
from models.fields.reference import rows


def listed(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


_HEADS = listed("b br c ch d f g gr h j k kr l m n p r s sch st t tr v w z")
_HEARTS = listed("a e i o u ai ei ou")
_TAILS = listed("n r l s ck nd rt mann son ic ez ski berg ley man ov ton dt m")


def zipf(words: Sequence[str], steepness: float = 0.75) -> Callable[[Random], str]:
    """Return a drawer of words: the first is the commonest."""
    weights = list(accumulate((place + 3) ** -steepness for place in range(len(words))))
    return lambda r: r.choices(words, cum_weights=weights)[0]


@cache
def _of_kind(letter: str) -> list[str]:
    found = [
        word for word, kinds in kinds_of_words().items()
        if kinds == letter and word.isascii() and word.isalpha() and 3 <= len(word) <= 11
    ]  # fmt: skip
    Random(f"kind {letter}").shuffle(found)
    return [word.title() for word in found]


def _syllables(r: Random, most: int) -> str:
    parts = [r.choice(_HEADS) + r.choice(_HEARTS) for _ in range(r.randint(1, most))]
    return ("".join(parts) + r.choice(_TAILS)).title()


def _mixed(letter: str, number: int, most: int) -> list[str]:
    r = Random(f"syllables {letter}")
    known = _of_kind(letter)[: number * 2 // 3]
    made = sorted({_syllables(r, most) for _ in range(number)})
    r.shuffle(made)
    words = known + made[: number - len(known)]
    r.shuffle(words)
    return words


@cache
def nicknames() -> dict[str, list[str]]:
    """Return given name → what it is called for short."""
    return {line[0].title(): [nick.title() for nick in line[1].split()] for line in
            rows("nicknames.tsv") if len(line) > 1 and line[1]}  # fmt: skip


@cache
def given_names() -> Callable[[Random], str]:
    """Return a drawer of given names, many of which have short forms."""
    r = Random("given names")
    short = sorted(name for name in nicknames() if name.isalpha() and len(name) > 3)
    r.shuffle(short)
    words = short[:150] + _mixed("g", 350, 2)
    r.shuffle(words)
    return zipf(words)


@cache
def family_names() -> Callable[[Random], str]:
    """Return a drawer of family names."""
    return zipf(_mixed("f", 1500, 2))


@cache
def places() -> list[tuple[str, str]]:
    """Return suburbs with their postcodes; two suburbs share one postcode now and then."""
    r = Random("places")
    names = _mixed("c", 220, 3)
    ends = ["", "", "", " North", " Heights", " Park", "ville"]
    result, code = [], 2000
    for name in names:
        code += r.choice([0, 1, 1, 2, 5])
        result.append((name + r.choice(ends), str(code)))
    return result


@cache
def streets() -> list[str]:
    """Return street names with their kinds."""
    r = Random("streets")
    kinds = listed("Street Street Street Road Road Avenue Lane Court Drive Place Crescent")
    return [f"{name} {r.choice(kinds)}" for name in _mixed("f", 900, 2)[::2]]


SHORT = {"Street": "St", "Road": "Rd", "Avenue": "Ave", "Lane": "Ln", "Court": "Ct",
         "Drive": "Dr", "Place": "Pl", "Crescent": "Cres"}  # fmt: skip
