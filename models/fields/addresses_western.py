"""Addresses outside China, and Chinese ones written in Latin letters: the source's own parts."""

from __future__ import annotations

import pyarrow as pa

from models.fields.columns import Texts, by_value, matches, nulls, pc, put, texts
from models.fields.names_latin import fold
from models.fields.text import clean

_SHORT = {
    "street": "st",
    "road": "rd",
    "avenue": "ave",
    "av": "ave",
    "drive": "dr",
    "lane": "ln",
    "court": "ct",
    "crescent": "cres",
    "cr": "cres",
    "place": "pl",
    "boulevard": "blvd",
    "highway": "hwy",
    "parkway": "pkwy",
    "square": "sq",
    "terrace": "tce",
    "terr": "tce",
    "circuit": "cct",
    "close": "cl",
    "apartment": "apt",
    "flat": "apt",
    "unit": "apt",
    "suite": "ste",
    "building": "bldg",
    "floor": "fl",
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "saint": "st",
    "mount": "mt",
    "no": "",
    "number": "",
}
_NO_ADDRESS = (
    r"(?i)^(?:[\s\d\p{P}\p{S}]*|n/?a|none|null|nil|unknown|test\w*|x+|tbd"
    r"|无|不详|未知|同上|暂无|测试\d*)$"
)


def read(columns: dict[str, Texts], country: str, length: int) -> dict[str, Texts]:
    """Return the columns of an address table that are known; the others are missing."""
    part = {name: clean(column) for name, column in columns.items()}
    empty = nulls(length)
    line = joined([part.get("text", empty), part.get("line", empty)], ", ")
    city = part.get("city", empty)
    region = pc.coalesce(part.get("region", empty), part.get("province", empty))
    postcode = pc.utf8_upper(part.get("postcode", empty))
    text = joined([line, part.get("district", empty), city, region, postcode], ", ")
    nothing = matches(pc.coalesce(line, city, region, text), _NO_ADDRESS)
    there = pa.array(~nothing & ~matches(pc.coalesce(text, ""), "^$"))

    def kept(column: Texts) -> Texts:
        return pc.if_else(there, column, pa.scalar(None, pa.string()))

    level = put(pc.if_else(pc.is_valid(city), "city", "none"), ~matches(text, "."), None)
    return {
        "text": kept(text),
        "country": kept(pa.repeat(country, length)),
        "province": kept(region),
        "city": kept(city),
        "district": kept(part.get("district", empty)),
        "detail": kept(line),
        "postcode": kept(postcode),
        "address_key": kept(_key(line, city, postcode)),
        "level": kept(level),
        "rule": put(empty, nothing, "placeholder"),
    }


def joined(columns: list[Texts], separator: str) -> Texts:
    """Return the filled columns of each row in one text, NULL where none is filled.

    Arrow's own join with ``null_handling="skip"`` loses rows in which all are NULL (26.0.1).
    """
    together = columns[0]
    for column in columns[1:]:
        both = pc.binary_join_element_wise(together, column, separator)  # NULL if either is
        together = pc.coalesce(both, together, column)
    return put(texts(together), matches(together, r"^\s*$"), None)


def _key(line: Texts, city: Texts, postcode: Texts) -> Texts:
    """Return folded words of the line and the postcode (else the city); NULL without a line."""
    place = pc.coalesce(pc.replace_substring_regex(postcode, r"[\s\-]", ""), city, "")
    words = by_value(line, _words)
    where = pc.coalesce(by_value(place, fold), "")
    key = pc.binary_join_element_wise(words, where, "|")
    return put(key, matches(words, "^$"), None)


def _words(line: str) -> str:
    words = [_SHORT.get(word, word) for word in fold(line).split()]
    return " ".join(word for word in words if word)
