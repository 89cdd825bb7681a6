"""Derive how Chinese names are spelled where not in pinyin: Cantonese in Hong Kong, Wade-Giles.

Run by a maintainer, with ``cantonese-romanisation`` installed::

    python -m scripts.derive_romanised

The package has the spellings that the Hong Kong government uses, by character. Wade-Giles follows
from pinyin by rule, without its apostrophes and accents, as passports of Taiwan print it. The
written table is committed, sorted, and read at run time by ``matching.compare.han_latin``.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib.metadata import distribution
from pathlib import Path

from models.fields.han import fold, readings, syllables
from scripts.derive_han_tables import write

INITIALS = {
    "zh": "ch", "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "z": "ts", "c": "ts",
    "r": "j",
}  # fmt: skip
WHOLE = {
    "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih", "zi": "tzu", "ci": "tzu", "si": "ssu",
    "er": "erh", "ge": "ko", "ke": "ko", "he": "ho", "e": "o", "ye": "yeh", "yan": "yen",
    "you": "yu", "yue": "yueh", "gui": "kuei", "kui": "kuei", "guo": "kuo", "kuo": "kuo",
    "huo": "huo", "shuo": "shuo", "yong": "yung", "rong": "jung",
}  # fmt: skip
FINALS = {"ian": "ien", "ie": "ieh", "ue": "ueh", "uo": "o", "ong": "ung", "iong": "iung"}
_SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.+)")


def main() -> None:
    """Write the table: spelling, characters read so in Cantonese, syllables spelled so in full."""
    cantonese = _cantonese()
    spelled: defaultdict[str, set[str]] = defaultdict(set)
    for syllable in syllables():
        spelled[wade_giles(syllable)].add(syllable)
    write(
        "han_romanised.tsv",
        (
            f"{text}\t{''.join(sorted(cantonese[text]))}\t{' '.join(sorted(spelled[text]))}"
            for text in sorted({*cantonese, *spelled})
        ),
    )


def wade_giles(syllable: str) -> str:
    """Return a toneless pinyin syllable in Wade-Giles."""
    if syllable in WHOLE:
        return WHOLE[syllable]
    match = _SYLLABLE.fullmatch(syllable)
    initial, final = match.groups() if match else ("", syllable)
    return INITIALS.get(initial, initial) + FINALS.get(final, final)


def _cantonese() -> defaultdict[str, set[str]]:
    """Return the characters of everyday use by their spellings, in simplified characters."""
    path = distribution("cantonese-romanisation").locate_file("cantoroman/data/charToRoman.json")
    found: defaultdict[str, set[str]] = defaultdict(set)
    for char, spellings in json.loads(Path(str(path)).read_text(encoding="utf-8")).items():
        simplified = fold(char)
        common = len(simplified.encode("gb2312", errors="ignore")) == 2
        if common and simplified in readings():
            for spelling in spellings:
                found[spelling].add(simplified)
    return found


if __name__ == "__main__":
    main()
