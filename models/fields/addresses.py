"""Addresses by the column: the place by GB/T 2260, the rest in one spelling, and a key to compare.

Chinese addresses are read by ``divisions.locate``: as far as certain, never by a guess. Others keep
the parts their source gives. ``rule`` is NULL or a defect: ``placeholder`` for a text that is no
address (nothing of it is kept), ``masked`` where characters are hidden (such an address has no
key), ``chars_lost`` where some are lost.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.fields import addresses_western, han
from models.fields.address_detail import comparable, tidy
from models.fields.columns import (
    Ints,
    Texts,
    by_value,
    matches,
    nulls,
    on_distinct,
    pc,
    put,
    texts,
)
from models.fields.divisions import Place, level, locate, named
from models.fields.text import clean

COLUMNS = (
    "text",
    "country",
    "province",
    "city",
    "district",
    "region_code",
    "detail",
    "postcode",
    "address_key",
    "level",
    "rule",
)
SCHEMA = pa.schema([(column, pa.string()) for column in COLUMNS])

_IN_ORDER = ("province", "region", "city", "district", "text", "line")
_NO_ADDRESS = (
    r"(?i)^(?:[\d\s\p{P}\p{S}]*|无|没有|不详|未知|同上|同户籍|同身份证|暂无|暂缺|待补充?|保密|其他|空|地址|详细地址|"
    r"(?:测试)+(?:地址)?[\d\p{P}]*|test\w*|n/?a|none|null|nil|unknown|x+|asdf\w*|tbd)$"
)
_POSTCODE = (
    r"(?:邮编|邮政编码)[\s:]*(?P<a>\d{6})|^(?P<b>\d{6})[\s,]+\p{Han}|\p{Han}[\s,(]+(?P<c>\d{6})\)?$"
    r"|^(?P<d>\d{6})\p{Han}{2,8}[省市县]"
)
_NO_POSTCODE = r"[\s,(]*(?:邮编|邮政编码)[\s:]*\d{6}[\s)]*|^\d{6}[\s,]*|[\s,(]+\d{6}\)?$"
_HIDDEN = r"\*|[xX×]{3,}|某"
_LOST = r"\?|\x{FFFD}|[□▯■〓◆＊○◯？▢☐\x{E000}-\x{F8FF}]"
# The head of an address: to the last sign of a unit near its beginning. Few heads differ, so each
# is read once; more text is read only where its head does not tell the county.
_HEAD = "^(?s:.)*[省市区县旗州盟]"
_HEAD_WIDTH, _READ_AT_MOST = 20, 40


def normalise_addresses(parts: dict[str, Texts], country: str = "CN") -> pa.Table:
    """Return addresses, one row per row of ``parts``; all NULL where there is none.

    ``parts`` holds some of text, line, province, city, district, region and postcode;
    ``country`` is ISO 3166 alpha-2. The columns are ``COLUMNS``, all text.
    """
    columns = {name: texts(column) for name, column in parts.items()}
    length = len(next(iter(columns.values())))
    if country != "CN":
        return _table(addresses_western.read(columns, country, length), length)
    postcode = columns.pop("postcode", None)
    ordered = [columns[name] for name in _IN_ORDER if name in columns]
    text = addresses_western.joined([*ordered, nulls(length)], " ")
    # a text beside columns for its places tends to say the places once more
    width = _HEAD_WIDTH if set(columns) <= {"text", "line"} else _READ_AT_MOST
    table = on_distinct(text, lambda distinct: _chinese(distinct, width))
    return table if postcode is None else _with_postcode(table, postcode)


def _table(columns: dict[str, Texts], length: int) -> pa.Table:
    ordered: list[Texts] = [columns.get(name, nulls(length)) for name in COLUMNS]
    return pa.table(ordered, schema=SCHEMA)


def _with_postcode(table: pa.Table, postcode: Texts) -> pa.Table:
    """Return ``table`` with the postcodes the source gives, where they are some."""
    plain = pc.replace_substring_regex(pc.utf8_normalize(postcode, form="NFKC"), r"\s", "")
    given = put(plain, ~matches(plain, "^[0-9]{6}$") | matches(plain, "^0+$"), None)
    merged = pc.if_else(
        pc.is_valid(table["level"]), pc.coalesce(given, table["postcode"]), table["postcode"]
    )
    return table.set_column(COLUMNS.index("postcode"), SCHEMA.field("postcode"), merged)


def _chinese(raw: Texts, width: int) -> pa.Table:
    """Read distinct addresses in China, in Chinese or in Latin letters."""
    text, rule, postcode = _cleaned(raw)
    latin = ~matches(text, r"\p{Han}") & matches(text, ".")
    codes, ends = _places(put(text, latin, ""), width)
    details = [value[end:] for value, end in zip(_plain(text), ends.tolist(), strict=True)]
    detail = tidy(texts(pa.array(details, pa.string())))
    place = _named(codes)
    region = texts(put(codes, matches(codes, "^$"), None))
    together = _together(place, detail)
    there = matches(text, ".")
    left = ~matches(together, _NO_ADDRESS) | latin
    rule = put(rule, there & ~left, "placeholder")
    there &= left
    columns = {
        **place,
        "text": together,
        "country": pa.repeat("CN", len(raw)),
        "region_code": region,
        "detail": detail,
        "postcode": postcode,
        "address_key": _key(region, place["level"], detail, rule),
        "rule": rule,
    }
    if latin.any():
        western = addresses_western.read({"text": put(text, ~latin, None)}, "CN", len(raw))
        for name in ("text", "detail", "address_key"):
            columns[name] = texts(pc.if_else(pa.array(latin), western[name], columns[name]))
    kept = {
        name: column if name == "rule" else put(column, ~there, None)
        for name, column in columns.items()
    }
    return _table(kept, len(raw))


def _cleaned(raw: Texts) -> tuple[Texts, Texts, Texts]:
    """Return the text ("" when it is no address), the defect and the postcode of each address."""
    damaged = matches(raw, _LOST)
    repaired = put(raw, damaged, by_value(raw.filter(pa.array(damaged)), han.recover))
    text = clean(repaired)
    text = texts(pa.array(han.simplify_all(_plain(text)), pa.string()))
    rule = put(nulls(len(raw)), matches(text, r"\?"), "chars_lost")
    rule = put(rule, matches(text, _HIDDEN), "masked")
    nothing = matches(text, _NO_ADDRESS)
    rule = put(rule, nothing & matches(text, "."), "placeholder")
    text, postcode = _without_postcode(put(text, nothing, ""))
    return text, rule, postcode


def _without_postcode(text: Texts) -> tuple[Texts, Texts]:
    """Return the text without its postcode, and the postcode."""
    where = matches(text, _POSTCODE)
    if not where.any():
        return text, nulls(len(text))
    some = text.filter(pa.array(where))
    groups = pc.extract_regex(some, _POSTCODE)
    found = pc.binary_join_element_wise(*(groups.field(name) for name in "abcd"), "")
    shorter = pc.utf8_trim_whitespace(pc.replace_substring_regex(some, _NO_POSTCODE, ""))
    return put(text, where, shorter), put(nulls(len(text)), where, found)


def _places(text: Texts, width: int) -> tuple[Texts, Ints]:
    """Return the code of the place each text begins with ("" for none) and where it ends."""
    start = pc.utf8_slice_codeunits(text, 0, width)
    beyond = pc.utf8_length(pc.replace_substring_regex(start, _HEAD, ""))
    sizes = np.asarray(pc.subtract(pc.utf8_length(start), beyond)).tolist()
    heads = [value[:size] for value, size in zip(_plain(start), sizes, strict=True)]
    codes, ends = _located(texts(pa.array(heads, pa.string())))
    unsure = ~matches(codes, "(?:[1-9].|.[1-9])$")
    if unsure.any():
        more = pc.utf8_slice_codeunits(text.filter(pa.array(unsure)), 0, _READ_AT_MOST)
        more_codes, ends[unsure] = _located(more)
        codes = put(codes, unsure, more_codes)
    return codes, ends


def _located(heads: Texts) -> tuple[Texts, Ints]:
    encoded = heads.dictionary_encode()
    places: list[Place] = [locate(head) for head in encoded.dictionary.to_pylist()]
    codes = pa.array([place.code for place in places], pa.string()).take(encoded.indices)
    ends = np.array([place.end for place in places], dtype=np.int64)
    return codes, ends[np.asarray(encoded.indices)]


def _named(codes: Texts) -> dict[str, Texts]:
    """Return the names of the places and the level they are known to."""
    encoded = codes.dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    names = [named(code) for code in distinct]
    columns: dict[str, list[str | None]] = {
        "province": [name.province for name in names],
        "city": [name.city for name in names],
        "district": [name.district for name in names],
        "level": [level(code) for code in distinct],
    }
    return {
        name: texts(pa.array(column, pa.string()).take(encoded.indices))
        for name, column in columns.items()
    }


def _together(place: dict[str, Texts], detail: Texts) -> Texts:
    """Return the whole address; the city is left out where it is the province (北京市)."""
    same = pc.fill_null(pc.equal(place["province"], place["city"]), False)
    city = pc.if_else(same, "", place["city"])
    parts = [pc.coalesce(part, "") for part in (place["province"], city, place["district"], detail)]
    joined = pc.binary_join_element_wise(*parts, "")
    return put(texts(joined), matches(joined, "^$"), None)


def _key(region: Texts, levels: Texts, detail: Texts, rule: Texts) -> Texts:
    """Return the key; NULL without a detail, for masked ones, and for a bare road in no city."""
    key = comparable(detail)
    joined = pc.binary_join_element_wise(pc.coalesce(region, ""), key, "|")
    vague = matches(levels, "^(?:none|province)$") & ~matches(key, r"^.{4}.*\d.*.{3}$")
    return put(texts(joined), vague | matches(rule, "masked"), None)


def _plain(values: Texts) -> list[str]:
    return [value or "" for value in values.to_pylist()]
