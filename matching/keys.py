"""Key columns: what blocking rules may join records on, by name.

Each is built from the frame once, when a rule first asks for it: per record none, one or several
integer codes. Masked and incomplete values make no key, except in the columns made for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa

from matching.block import BlockRule
from matching.columns import Codes, Column, Texts, Values, arrow, encode, marked, pc
from matching.crosswalk import org_codes
from matching.values import Frame

# Consonants that are easily taken for one another share a digit (after Russell's Soundex, 1918).
_SOUNDS_ALIKE = str.maketrans("bfpvcgjkqsxzdtlmnr", "111122222222334556", "aeiouyhw'-.´`")


def key_column(frame: Frame, name: str) -> Column:
    """Return the key column called ``name``; KeyError if there is none."""
    return _KEYS[name](frame)


def key_columns(frame: Frame, rules: Sequence[BlockRule]) -> Mapping[str, Column]:
    """Return every key column that ``rules`` name, to be asked for in the order of the rules.

    A column is built when it is first asked for, and forgotten when no later rule can need it: all
    of them together would take more memory than the frame.
    """
    return _KeyColumns(frame, rules)


class _KeyColumns(Mapping[str, Column]):
    def __init__(self, frame: Frame, rules: Sequence[BlockRule]) -> None:
        self._frame = frame
        self._uses = Counter(name for rule in rules for name in (*rule.keys, *rule.split))
        self._built: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        column = self._built.get(name) or key_column(self._frame, name)
        self._uses[name] -= 1
        if self._uses[name] > 0:
            self._built[name] = column
        else:
            self._built.pop(name, None)
        return column

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._uses))

    def __len__(self) -> int:
        return len(self._uses)


def phonetic(word: str) -> str | None:
    """Return a rough sound of a Latin word: its first letter and up to three consonant classes."""
    if len(word) < 2 or not word.isascii():
        return None
    digits = word[1:].translate(_SOUNDS_ALIKE)
    kept = [digit for at, digit in enumerate(digits) if at == 0 or digits[at - 1] != digit]
    return word[0] + "".join(kept)[:3]


def _keyed(values: Values, codes: Codes) -> Column:
    """Translate each value's code; values whose new code is -1 make no key."""
    translated = codes[values.column.codes] if len(codes) else values.column.codes
    wanted = translated >= 0
    return Column.build(
        values.column.records[wanted], translated[wanted], len(values.column.starts) - 1
    )


def _plain(values: Values, attribute: str) -> Codes:
    """Code an attribute of values that are whole; -1 for masked or damaged ones."""
    codes = encode(values.texts(attribute))
    damaged = marked(values.texts("status"), "masked") | marked(values.texts("status"), "partial")
    return np.where(damaged, -1, codes).astype(np.int32)


def _attribute(kind: str, attribute: str) -> Callable[[Frame], Column]:
    def build(frame: Frame) -> Column:
        values: Values = getattr(frame, kind)
        return _keyed(values, _plain(values, attribute))

    return build


def _address(attribute: str) -> Callable[[Frame], Column]:
    def build(frame: Frame) -> Column:
        return _keyed(frame.address, encode(frame.address.texts(attribute)))

    return build


def _district(frame: Frame) -> Column:
    return _keyed(frame.address, encode(_region(frame.address, 6, "district")))


def _city(frame: Frame) -> Column:
    return _keyed(frame.address, encode(_region(frame.address, 4, "city")))


def _region(address: Values, digits: int, other: str) -> Texts:
    """The region code to so many digits where it is that fine, else the name of the place."""
    code = address.texts("region_code")
    part = pc.utf8_slice_codeunits(code, 0, digits)
    coarse = pc.match_substring_regex(part, "00$")
    return pc.coalesce(
        pc.if_else(pc.fill_null(coarse, True), pa.scalar(None, pa.string()), part),
        address.texts(other),
    )


def _identifier(frame: Frame) -> Column:
    values = frame.identifier
    masked = marked(values.texts("status"), "masked")
    return _keyed(values, np.where(masked, -1, encode(values.texts("value"))).astype(np.int32))


def _org_code(frame: Frame) -> Column:
    return _keyed(frame.identifier, encode(org_codes(frame.identifier)))


def _ends(kind: str, head: int, tail: int) -> Callable[[Frame], Column]:
    """First and last characters of a number, which masks usually leave readable."""

    def build(frame: Frame) -> Column:
        values: Values = getattr(frame, kind)
        texts = values.texts("value")
        first = pc.utf8_slice_codeunits(texts, 0, head) if head else ""
        last = pc.utf8_slice_codeunits(texts, -tail)
        ends = pc.binary_join_element_wise(first, last, "~") if head else last
        hidden = np.asarray(pc.match_substring(ends, "*").to_numpy(zero_copy_only=False))
        return _keyed(values, np.where(hidden, -1, encode(ends)).astype(np.int32))

    return build


def _single(values: Codes) -> Column:
    """A key every record has at most once; 0 is none."""
    records = np.flatnonzero(values).astype(np.int32)
    return Column.build(records, values[records].astype(np.int32), len(values))


def _words(frame: Frame) -> Column:
    """The rough sound of every Latin word of a person's names."""
    return _spelled(frame.person_names, lambda words: [phonetic(word) for word in words])


def _all_words(frame: Frame) -> Column:
    """The rough sounds of all words of a Latin name together, in any order."""
    return _spelled(frame.person_names, lambda words: [_together(words)])


def _together(words: Sequence[str]) -> str | None:
    sounds = sorted(sound for word in words if (sound := phonetic(word)))
    return " ".join(sounds) if len(sounds) > 1 else None


def _spelled(names: Values, codes_of: Callable[[list[str]], list[str | None]]) -> Column:
    """Build a column from the words of each distinct Latin name (this is the only Python loop)."""
    latin = ~marked(names.texts("script"), "han") & ~marked(names.texts("status"), "masked")
    rows = np.flatnonzero(latin)
    texts = pc.coalesce(names.texts("sound_key"), names.texts("fold_key")).take(arrow(rows))
    at: list[int] = []
    sounds: list[str] = []
    for code, text in zip(rows.tolist(), texts.to_pylist(), strict=True):
        found = sorted({sound for sound in codes_of(text.split()) if sound})
        at.extend([code] * len(found))
        sounds.extend(found)
    inner = Column.build(
        np.asarray(at, dtype=np.int32), encode(pa.array(sounds, pa.string())), len(names.table)
    )
    return _through(names.column, inner)


def _through(outer: Column, inner: Column) -> Column:
    """Follow records to values to the values' own codes."""
    counts = np.diff(inner.starts)[outer.codes]
    rows = np.repeat(inner.starts[:-1][outer.codes], counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return Column.build(
        np.repeat(outer.records, counts), inner.codes[rows + within], len(outer.starts) - 1
    )


_KEYS: dict[str, Callable[[Frame], Column]] = {
    "identifier": _identifier,
    "org_code": _org_code,
    "identifier_tail": _ends("identifier", 0, 4),
    "mobile": _attribute("mobile", "value"),
    "mobile_ends": _ends("mobile", 6, 4),
    "landline": _attribute("landline", "value"),
    "email": _attribute("email", "value"),
    "name": _attribute("person_names", "fold_key"),
    "sound": _attribute("person_names", "sound_key"),
    "family": _attribute("person_names", "family"),
    "given": _attribute("person_names", "given"),
    "word": _words,
    "words": _all_words,
    "birth_date": lambda frame: _single(frame.birth),
    "birth_year": lambda frame: _single(frame.birth // 10_000),
    "address": _address("address_key"),
    "district": _district,
    "city": _city,
    "postcode": _address("postcode"),
    "company": _attribute("company_names", "fold_key"),
    "company_sound": _attribute("company_names", "sound_key"),
    "company_core": _attribute("company_names", "org_core"),
    "company_region": _attribute("company_names", "org_region"),
}
KEY_NAMES = tuple(_KEYS)
