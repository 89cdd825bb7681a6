"""Derive the small character tables that names are normalised with.

Run by a maintainer, with the ``derive`` extra installed::

    python -m scripts.derive_han_tables

pypinyin gives the readings, OpenCC the simplified forms; both are needed only here. The written
tables are committed, sorted, and read at run time by ``models.fields.han``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from scripts.surnames import COMPOUND, PER_MILLE, READINGS, SINGLE

TABLES = Path(__file__).parent.parent / "models" / "fields" / "tables"
HAN_RANGES = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00), (0x20000, 0x323B0))

# The first reading in names of people and places, where the package puts another first.
FIRST_READINGS = {"卜": "bu", "厦": "xia", "都": "du", "重": "chong", "长": "chang"}
# Same character to a reader, kept apart by OpenCC or by Unicode.
EXTRA_FOLDS = {"锺": "钟", "甯": "宁", "囯": "国", "宻": "密", "昰": "是", "祕": "秘", "歩": "步"}
# Simplified names use these as they are: 乾 (qián) is not 干.
NOT_FOLDED = frozenset("乾")
# Written for one another in practice, yet different in law: never folded, only "nearly equal".
VARIANTS = (
    "闫阎 肖萧 付傅 代戴 兰蓝 邱丘 咀嘴 歺餐 炤照 堃坤 喆哲 仝同 晧皓 昊昦 珎珍 祎袆 甦苏 桔橘 "
    "辉晖 佑祐"
)
# FE50…FEA0 of GBK had these 14 code points in private use until Unicode 4.1; Python decodes the
# first eight to private use to this day (GB 18030-2005, annex; Unicode 4.1 U+9FB4…U+9FBB).
STILL_PRIVATE = {
    0xE81E: "\u9fb4",
    0xE826: "\u9fb5",
    0xE82B: "\u9fb6",
    0xE82C: "\u9fb7",
    0xE832: "\u9fb8",
    0xE843: "\u9fb9",
    0xE854: "\u9fba",
    0xE864: "\u9fbb",
    0xE816: "\U00020087",
    0xE817: "\U00020089",
    0xE818: "\U000200cc",
    0xE831: "\U000215d7",
    0xE83B: "\U0002298f",
    0xE855: "\U000241fe",
    0xE7C7: "\u1e3f",
    0xE7C8: "\u01f9",
}
FIRST_PRIVATE = 0xE815


def main() -> None:
    """Write every table."""
    simplified = dict(_simplified())
    write("han_simplified.tsv", _grouped(simplified))
    write("han_pinyin.tsv", _pinyin())
    write("han_legacy.tsv", (f"{code:04X}\t{char}" for code, char in sorted(_legacy().items())))
    write("han_variants.tsv", (f"{pair[0]}\t{pair[1]}" for pair in _variants(simplified)))
    write("surnames.tsv", _surnames())


def write(name: str, lines: Iterable[str]) -> None:
    """Write one table and say its size."""
    path = TABLES / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    print(f"{name}: {path.stat().st_size} bytes")


def _simplified() -> Iterator[tuple[str, str]]:
    """Yield ``(character, simplified)`` for all that change, chains followed to their end."""
    from opencc import OpenCC

    convert = OpenCC("t2s").convert
    for char in _han():
        result = EXTRA_FOLDS.get(char, char)
        for _ in range(3):
            result = convert(result)
            result = EXTRA_FOLDS.get(result, result)
        if result != char and len(result) == 1 and char not in NOT_FOLDED:
            yield char, result


def _grouped(folds: dict[str, str]) -> Iterator[str]:
    """Yield ``simplified<TAB>all characters that fold to it``."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for char, simplified in folds.items():
        groups[simplified].append(char)
    for simplified in sorted(groups):
        yield f"{simplified}\t{''.join(sorted(groups[simplified]))}"


def _pinyin() -> Iterator[str]:
    """Yield ``syllable<TAB>characters first read so<TAB>characters also read so``."""
    from pypinyin.constants import PINYIN_DICT

    first: defaultdict[str, list[str]] = defaultdict(list)
    also: defaultdict[str, list[str]] = defaultdict(list)
    for char in _han():
        readings = list(dict.fromkeys(map(toneless, PINYIN_DICT.get(ord(char), "").split(","))))
        readings = [reading for reading in readings if reading]
        if char in FIRST_READINGS:
            readings = list(dict.fromkeys([FIRST_READINGS[char], *readings]))
        for place, reading in enumerate(readings):
            (also if place else first)[reading].append(char)
    for reading in sorted(set(first) | set(also)):
        yield f"{reading}\t{''.join(first[reading])}\t{''.join(also[reading])}"


def toneless(reading: str) -> str:
    """Return a syllable without tone, with ü written u: passports write LYU, cards LV or LU.

    One spelling must meet all of them, and only ``lu`` does: LU on a card is 卢 as often as 吕.
    Interjections without a vowel (hm, ng) are dropped.
    """
    from pypinyin import Style
    from pypinyin.style import convert

    plain = convert(reading, Style.NORMAL, strict=False)
    plain = plain.replace("v", "u").replace("ê", "e")
    return plain if set(plain) & set("aeiou") else ""


def _legacy() -> dict[int, str]:
    """Return the private-use code points of old GBK converters and the characters they were."""
    found: dict[int, str] = {}
    cells = [low for low in range(0x50, 0xA1) if low != 0x7F]
    for offset, low in enumerate(cells):
        char = bytes((0xFE, low)).decode("gb18030")
        if not "\ue000" <= char <= "\uf8ff":
            found[FIRST_PRIVATE + offset] = char
    return {**found, **STILL_PRIVATE}


def _variants(folds: dict[str, str]) -> list[str]:
    """Return the pairs that still differ after folding, each once and in order."""
    folded = {tuple(sorted(folds.get(char, char) for char in pair)) for pair in VARIANTS.split()}
    return sorted("".join(pair) for pair in folded if pair[0] != pair[1])


def _surnames() -> Iterator[str]:
    """Yield ``surname<TAB>readings, comma separated<TAB>per mille``; readings empty: as usual."""
    names = sorted({*SINGLE, *READINGS, *COMPOUND.split()})
    for name in names:
        yield f"{name}\t{','.join(READINGS.get(name, ()))}\t{PER_MILLE.get(name, 0)}"


def _han() -> Iterator[str]:
    for start, stop in HAN_RANGES:
        yield from map(chr, range(start, stop))


if __name__ == "__main__":
    main()
