"""Code tables: every source writes its own codes, and the same code means different things.

Only listed codes are understood; any other is NULL and a defect, never a guess.
"""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from models.fields.columns import Texts, mask, pc, put, texts
from models.fields.text import clean, is_empty_word

SEX_WORDS = {
    **dict.fromkeys(("男", "男性", "男士", "先生", "M", "MALE", "MAN"), "male"),
    **dict.fromkeys(("女", "女性", "女士", "小姐", "F", "FEMALE", "WOMAN"), "female"),
}
CURRENCY_WORDS = {
    **dict.fromkeys(("人民币", "人民币元", "元", "RMB", "CNY", "156", "01", "CNH"), "CNY"),
    **dict.fromkeys(("美元", "840", "US$"), "USD"),
    **dict.fromkeys(("港币", "港元", "344"), "HKD"),
    **dict.fromkeys(("欧元", "978"), "EUR"),
    **dict.fromkeys(("英镑", "826"), "GBP"),
    **dict.fromkeys(("日元", "日圆", "392"), "JPY"),
    **dict.fromkeys(("澳元", "澳大利亚元", "036"), "AUD"),
}
_FLOAT = r"^(\d+)\.0+$"  # a code that passed through a spreadsheet


def apply_codes(values: Texts, codes: Mapping[str, str]) -> pa.Table:
    """Return ``value`` and ``rule`` (``unknown_code``, ``placeholder``) for each of ``values``.

    Codes are compared as written, without outer spaces and in ASCII forms; ``1.0`` is ``1``.
    """
    plain = clean(texts(values))
    written = sorted(codes)
    keys = clean(pa.array(written, pa.string()))
    meanings = pa.array([codes[code] for code in written], pa.string())
    place = pc.index_in(plain, value_set=keys)
    place = pc.coalesce(
        place, pc.index_in(pc.replace_substring_regex(plain, _FLOAT, r"\1"), value_set=keys)
    )
    place = pc.if_else(pc.is_valid(plain), place, pa.scalar(None, pa.int32()))
    return with_rules(plain, texts(meanings.take(place)))


def normalise_sexes(values: Texts) -> pa.Table:
    """Return ``male`` or ``female`` for words in Chinese and English; digits need a code table.

    One bank's 1 is a man and another's a woman, so they are never guessed.
    """
    return apply_codes(pc.utf8_upper(clean(texts(values))), SEX_WORDS)


def normalise_currencies(values: Texts) -> pa.Table:
    """Return ISO 4217 codes for codes, words and numeric codes."""
    plain = pc.utf8_upper(clean(texts(values)))
    known = apply_codes(plain, CURRENCY_WORDS)["value"].combine_chunks()
    letters = pc.if_else(pc.match_substring_regex(plain, "^[A-Z]{3}$"), plain, None)
    return with_rules(plain, texts(pc.coalesce(known, letters)))


def with_rules(plain: Texts, value: Texts) -> pa.Table:
    """Return ``value`` and the rule for each cleaned input that has none."""
    unknown = mask(pc.is_valid(plain)) & mask(pc.is_null(value))
    rule = put(pa.nulls(len(plain), pa.string()), unknown, "unknown_code")
    return pa.table(
        {"value": value, "rule": put(rule, unknown & is_empty_word(plain), "placeholder")}
    )
