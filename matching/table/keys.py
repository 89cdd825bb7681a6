"""Key columns: what blocking rules may join the records of a table on, by name.

A field has a key of its own name, its whole value, and parts as ``field.part``:

- given and family names: ``start`` and ``end`` (three letters), ``sound``; and of the given name
  ``any`` and ``any_start`` (given and family name alike, so that crossed names meet), ``both``
  (the starts of both in either order)
- whole names: ``words``, ``word_starts``, ``sound``, ``family``
- companies: ``words``, ``pairs`` (of words), ``start`` and ``end`` (five letters), ``core``,
  ``initials``, ``grams`` (four letters of the rarest word's beginning and end)
- dates: ``year``, ``month_day``, ``year_month``
- identifiers: ``start`` and ``end`` (four characters); phones: ``end`` (seven digits);
  e-mail: ``local``, ``start`` (five letters)
- postcodes: ``area``, ``outward``; places: ``start`` (three letters)
- streets, addresses: ``words``, ``number``, ``start`` (five letters)
- other names, sets of words, free text: ``words``, ``pairs``

``all`` puts every record into one block, for tables so small that all pairs can be compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Column, Texts, encode, flat, pc
from matching.keys import phonetic
from matching.table.crossed import counterpart
from matching.table.fields import TableField
from matching.table.kinds.folding import filled
from matching.table.spec import Kind
from models.fields.columns import by_value, matches, put, texts

ALL = "all"
# Words of a text that make pairs: the longest text makes 28.
_MOST_WORDS = 8
_NAME, _PLACE, _LONG = 3, 3, 5

_Part = Callable[[TableField], Column]


def key_columns(fields: Sequence[TableField]) -> dict[str, Column]:
    """Return all key columns of the fields by name, ``field`` or ``field.part``."""
    result = {ALL: _everybody(fields)}
    for field in fields:
        result[field.name] = field.values
        for name, part in _PARTS.get(field.kind, {}).items():
            result[f"{field.name}.{name}"] = part(field)
        family = counterpart(field, fields) if field.kind == "given_name" else None
        if family is not None:
            result.update(_either_name(field, family))
    return result


def _everybody(fields: Sequence[TableField]) -> Column:
    size = len(fields[0].values.starts) - 1 if fields else 0
    records = np.arange(size, dtype=np.int32)
    return Column.build(records, np.zeros(size, dtype=np.int32), size)


def _either_name(given: TableField, family: TableField) -> dict[str, Column]:
    """Return keys in which the given name of one record may be the family name of another."""
    size = len(given.values.starts) - 1
    result = {}
    for part, read in (("any", _whole), ("any_start", _start(_NAME))):
        shared = encode(pa.concat_arrays([flat(read(given)), flat(read(family))]))
        halves = shared[: len(given.table)], shared[len(given.table) :]
        columns = [
            _translated(field.values, half)
            for field, half in zip((given, family), halves, strict=True)
        ]
        result[f"{given.name}.{part}"] = _together(columns, size)
        if part == "any_start":
            result[f"{given.name}.both"] = _pairs_of(columns[0].first(), columns[1].first())
    return result


def _pairs_of(one: Codes, other: Codes) -> Column:
    """Return the couple of two codes of each record, in either order, as one code."""
    some = np.flatnonzero((one >= 0) & (other >= 0))
    small, large = np.minimum(one[some], other[some]), np.maximum(one[some], other[some])
    packed = small.astype(np.int64) * (int(large.max(initial=0)) + 1) + large
    codes = np.unique(packed, return_inverse=True)[1].astype(np.int32)
    return Column.build(some.astype(np.int32), codes, len(one))


def _together(columns: Sequence[Column], size: int) -> Column:
    """Return a column with the values of several, each once per record."""
    records = np.concatenate([column.records for column in columns])
    codes = np.concatenate([column.codes for column in columns])
    order = np.lexsort((codes, records))
    records, codes = records[order], codes[order]
    new = np.ones(len(records), dtype=np.bool_)
    new[1:] = (np.diff(records) != 0) | (np.diff(codes) != 0)
    return Column.build(records[new], codes[new], size)


def _translated(values: Column, codes: Codes) -> Column:
    """Return a column with other codes; values whose new code is -1 make no key."""
    translated = codes[values.codes] if len(codes) else values.codes
    wanted = translated >= 0
    return Column.build(values.records[wanted], translated[wanted], len(values.starts) - 1)


def _by(read: Callable[[TableField], Texts]) -> _Part:
    """Return a key that is one text of each value."""
    return lambda field: _translated(field.values, encode(read(field)))


def _by_several(read: Callable[[str], Sequence[str]], part: str = "key") -> _Part:
    """Return a key of several texts for each value, on distinct values."""

    def build(field: TableField) -> Column:
        found = [sorted(set(read(text or ""))) for text in field.part(part).to_pylist()]
        counts = np.fromiter(map(len, found), np.int64, len(found))
        codes = encode(pa.array([word for words in found for word in words], pa.string()))
        starts = np.cumsum(counts) - counts
        sizes = counts[field.values.codes]
        records = np.repeat(field.values.records, sizes)
        within = np.arange(len(records)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows = np.repeat(starts[field.values.codes], sizes) + within
        size = len(field.values.starts) - 1
        column = Column.build(records, codes[rows], size)
        return _together([column], size) if field.several else column

    return build


def _whole(field: TableField) -> Texts:
    return field.part("key")


def _start(letters: int) -> Callable[[TableField], Texts]:
    return lambda field: _cut(field.part("key"), 0, letters)


def _end(letters: int) -> Callable[[TableField], Texts]:
    return lambda field: _cut(field.part("key"), -letters, None)


def _cut(values: Texts, start: int, stop: int | None) -> Texts:
    """Return a part of texts; of characters that are no letters of ours one is enough."""
    cut = texts(pc.utf8_slice_codeunits(values, start, stop))
    short = matches(values, r"^\p{Han}{1,3}$")
    place = pc.utf8_slice_codeunits(values, -1 if start else 0, None if start else 1)
    return put(cut, short, texts(place).filter(pa.array(short)))


def _sound(field: TableField) -> Texts:
    return by_value(field.part("key"), lambda text: phonetic(text.split()[0]) if text else None)


def _digits(start: int, stop: int) -> Callable[[TableField], Texts]:
    """Return some of the eight digits of a day; zeros say that they are not known."""

    def read(field: TableField) -> Texts:
        keys = field.part("key")
        part = texts(pc.utf8_slice_codeunits(keys, start, stop))
        odd = ~matches(keys, "^[0-9a-z]{8}$") | matches(part, "^0+$")
        return put(part, odd, None)

    return read


def _month_day(field: TableField) -> Texts:
    """Return month and day; 1 January stands for a year alone."""
    part = _digits(4, 8)(field)
    return put(part, matches(part, "^(?:0101|..00)$"), None)


def _local(field: TableField) -> Texts:
    return filled(texts(pc.replace_substring_regex(field.part("key"), "@.*$", "")))


def _part_of(name: str) -> Callable[[TableField], Texts]:
    return lambda field: field.part(name)


def _words(text: str) -> list[str]:
    return [word for word in text.split() if len(word) > 1 and not word.isdigit()]


def _pairs(text: str) -> list[str]:
    words = sorted(set(_words(text)))[:_MOST_WORDS]
    return [f"{one} {other}" for one, other in combinations(words, 2)]


def _word_starts(text: str) -> list[str]:
    return [word[:4] for word in _words(text)]


def _initials(text: str) -> list[str]:
    """Return what a name of several words may be called for short, or the one short word."""
    words = text.split()
    if len(words) > 1:
        return ["".join(word[0] for word in words)]
    return [text] if 2 <= len(text) <= _LONG else []


def _grams(text: str) -> list[str]:
    """Return beginning and end of each longer word: a slip leaves one of them."""
    long = [word for word in _words(text) if len(word) > _LONG]
    return [f"{word[:4]}-" for word in long] + [f"-{word[-4:]}" for word in long]


def _joined(text: str) -> list[str]:
    together = "".join(text.split())
    return [together] if together else []


_NAME_PARTS = {"start": _by(_start(_NAME)), "end": _by(_end(_NAME)), "sound": _by(_sound)}
_PLACE_PARTS = {"start": _by(_start(_PLACE))}
_STREET_PARTS = {
    "words": _by_several(_words),
    "number": _by(_part_of("number")),
    "start": _by(_start(_LONG)),
}
_WORD_PARTS = {"words": _by_several(_words), "pairs": _by_several(_pairs)}
_PARTS: Mapping[Kind, Mapping[str, _Part]] = {
    "given_name": _NAME_PARTS,
    "family_name": _NAME_PARTS,
    "other_names": _WORD_PARTS,
    "person_name": {
        "words": _by_several(_words, "fold_key"),
        "word_starts": _by_several(_word_starts, "fold_key"),
        "sound": _by(_part_of("sound_key")),
        "family": _by(_part_of("family")),
        "start": _by(lambda field: _cut(field.part("fold_key"), 0, _NAME)),
    },
    "company": {
        "words": _by_several(_words, "fold_key"),
        "pairs": _by_several(_pairs, "fold_key"),
        "start": _by(lambda field: _cut(field.part("fold_key"), 0, _LONG)),
        "core": _by_several(_joined, "org_core"),
        "initials": _by_several(_initials, "org_core"),
        "grams": _by_several(_grams, "fold_key"),
    },
    "date": {
        "year": _by(_digits(0, 4)),
        "month_day": _by(_month_day),
        "year_month": _by(_digits(0, 6)),
    },
    "identifier": {"start": _by(_start(4)), "end": _by(_end(4))},
    "phone": {"end": _by(_end(7))},
    "email": {"local": _by(_local), "start": _by(_start(_LONG))},
    "street": _STREET_PARTS,
    "address": _STREET_PARTS,
    "city": _PLACE_PARTS,
    "district": _PLACE_PARTS,
    "postcode": {"area": _by(_part_of("area")), "outward": _by(_part_of("outward"))},
    "words": _WORD_PARTS,
    "text": _WORD_PARTS,
}
