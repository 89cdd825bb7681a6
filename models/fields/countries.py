"""Countries: codes and names become ISO 3166 alpha-2; and how a country's phones are dialled."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pyarrow as pa

from models.fields.columns import Texts, mask, pc, put, texts
from models.fields.reference import rows
from models.fields.text import clean, is_empty_word

_CHINA = {"中华人民共和国": "CN", "中国大陆": "CN", "PRC": "CN", "P.R.CHINA": "CN"}
_SHORT = {"香港": "HK", "中国香港": "HK", "澳门": "MO", "中国澳门": "MO", "中国台湾": "TW"}
_ENGLISH = {"UK": "GB", "USA": "US", "HONG KONG": "HK", "MACAU": "MO", "MACAO": "MO", "KOREA": "KR"}


@dataclass(frozen=True, slots=True)
class Dialling:
    """How a country's numbers are written: calling code, trunk prefix, national digits."""

    code: str
    trunk: str
    shortest: int
    longest: int


@cache
def dialling() -> dict[str, Dialling]:
    """Return dialling rules by alpha-2 code."""
    return {
        alpha2: Dialling(code, trunk, int(shortest), int(longest))
        for alpha2, _, _, code, trunk, shortest, longest, *_ in rows("countries.tsv")
        if code
    }


@cache
def _codes() -> dict[str, str]:
    """Return alpha-2 by every code and name, in upper case."""
    codes: dict[str, str] = {}
    for alpha2, alpha3, numeric, *_, english, chinese in rows("countries.tsv"):
        for name in (alpha2, *alpha3.split(), *numeric.split(), english.upper(), chinese):
            codes.setdefault(name, alpha2)
    return codes | _SHORT | _ENGLISH | _CHINA


def normalise_countries(values: Texts) -> pa.Table:
    """Return ``value`` (alpha-2) and ``rule`` (``unknown_code``, ``placeholder``) for each value.

    Understands alpha-2, alpha-3 and numeric codes, and English and Chinese names. NA is taken
    for "not available", as it nearly always is, and not for Namibia.
    """
    plain = pc.utf8_upper(clean(texts(values)))
    codes = _codes()
    names = pa.array(sorted(codes), pa.string())
    targets = pa.array([codes[name] for name in sorted(codes)], pa.string())
    value = texts(targets.take(pc.index_in(plain, value_set=names)))
    empty = is_empty_word(plain)
    value = put(value, empty, None)
    unknown = mask(pc.is_valid(plain)) & mask(pc.is_null(value))
    rule = put(pa.nulls(len(plain), pa.string()), unknown, "unknown_code")
    return pa.table({"value": value, "rule": put(rule, empty, "placeholder")})
