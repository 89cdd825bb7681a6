"""Free text: one spelling of characters and spaces, words that mean "nothing", masked values."""

from __future__ import annotations

import pyarrow as pa

from models.fields.columns import Mask, Texts, by_value, mask, matches, pc, put, texts

_EMPTY_WORDS = """
无 没有 空 不详 未知 暂无 未填 未填写 待补 待补充 待定 不清楚 保密 无名
NULL NONE NIL NAN N/A NA #N/A N.A. UNKNOWN UNDEFINED UNSPECIFIED TBD (NULL) <NULL> [NULL] \\N
TEST TESTTEST 测试 XX XXX XXXX - -- --- — —— / // \\ . .. ... ? ?? ??? * ** _ 0 00 000
"""
# What people and programs type where there is no value; compared in upper case.
EMPTY_WORDS = frozenset(_EMPTY_WORDS.split())
# after NFKC the only single space that is not U+0020 is the Ogham one
_MESSY = r"[\p{Z}]{2}|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\x{1680}]|^\p{Z}|\p{Z}$"
_MASKS = "[●•×✱∗※]"
_RUN_OF_X = "X{4,}"


def to_ascii_forms(values: Texts) -> Texts:
    """Return ``values`` in NFKC: full-width letters, digits and brackets become ASCII."""
    values = texts(values)
    odd = ~mask(pc.fill_null(pc.string_is_ascii(values), True))
    if not odd.any():
        return values
    return put(values, odd, pc.utf8_normalize(values.filter(pa.array(odd)), form="NFKC"))


def clean(values: Texts) -> Texts:
    """Return ``values`` in NFKC, without control characters, spaces single; NULL when empty."""
    plain = to_ascii_forms(values)
    messy = matches(plain, _MESSY)
    if messy.any():
        tidy = plain.filter(pa.array(messy))
        tidy = pc.replace_substring_regex(tidy, r"[\t\r\n\v\f]", " ")
        tidy = pc.replace_substring_regex(tidy, r"[\p{Cc}\p{Cf}]", "")
        tidy = pc.utf8_trim_whitespace(pc.replace_substring_regex(tidy, r"[\p{Z}]+", " "))
        plain = put(plain, messy, tidy)
    return put(plain, mask(pc.equal(plain, "")), None)


def is_empty_word(values: Texts) -> Mask:
    """Return which cleaned ``values`` are words or signs for "there is none"."""
    words = pa.array(sorted(EMPTY_WORDS), pa.string())
    return mask(pc.is_in(pc.utf8_upper(values), value_set=words)) & mask(pc.is_valid(values))


def star_masks(values: Texts) -> Texts:
    """Return upper-case ``values`` with ``*`` for each masked character, however it was written."""
    plain = pc.replace_substring_regex(values, _MASKS, "*")
    runs = matches(plain, _RUN_OF_X)
    if not runs.any():
        return plain
    return put(plain, runs, by_value(plain.filter(pa.array(runs)), _stars_for_x))


def _stars_for_x(value: str) -> str:
    import re

    return re.sub(_RUN_OF_X, lambda run: "*" * len(run.group()), value)


def normalise_texts(values: Texts) -> pa.Table:
    """Return ``value`` and ``rule`` for plain text such as an occupation.

    Words for "none" give NULL and rule ``placeholder``; a replacement character (a byte some
    program could not read) gives NULL and rule ``chars_lost``.
    """
    value = clean(values)
    empty = is_empty_word(value)
    lost = matches(value, "\ufffd")
    rule = put(put(pa.nulls(len(value), pa.string()), empty, "placeholder"), lost, "chars_lost")
    return pa.table({"value": put(value, empty | lost, None), "rule": rule})
