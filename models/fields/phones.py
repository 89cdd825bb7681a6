"""Phone numbers: E.164 with the extension apart, and whether anybody can be reached there.

Chinese mobiles are eleven digits from 13 to 19; no list of number ranges is used to reject any,
because new ranges open every year. Landlines need their area code, as written or from the
mapping. Numbers of other countries get their calling code and lose their trunk prefix.

Rules: ``placeholder`` (13800138000, 13900000000, repeated or counting digits), ``masked``,
``phone_form``, ``phone_area_missing``, ``phone_precision_lost`` (a number in scientific notation),
``several_values`` (the first one is kept).
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa

from models.fields.columns import (
    Mask,
    Texts,
    by_value,
    mask,
    matches,
    nulls,
    on_filled,
    pc,
    put,
    texts,
)
from models.fields.countries import Dialling, dialling
from models.fields.text import clean, is_empty_word, star_masks

_MOBILE = r"^(?:(?:\+|00)?86)?0?(1[3-9]\d{9})$"
_AREA = r"10|2[0-9]|[3-9]\d{2}"
_LANDLINE = rf"^(?:(?:\+|00)?860?|0)({_AREA})([2-9]\d{{6,7}})$"
_LOCAL = r"^[2-9]\d{6,7}$"
_SERVICE = r"^(?:(?:\+|00)?86)?([48]00\d{7})$"  # 400 and 800: reaches a company's desk
_ABROAD = r"^(?:\+|00)([1-9]\d{6,14})$"
_MASKED = r"^(?:(?:\+|00)?86)?(1[0-9*]{10})$"

_PLAIN = r"^\+?[0-9]+$"
_WHOLE_FLOAT = r"^(\d{7,15})\.0+$"
_FLOAT = r"^\d(?:\.\d+)?E\+?\d+$"
_EXTENSION = (
    r"^(?P<main>.*?\d) ?(?:转|分机|分|EXT\.?|EXTENSION|X|#|,)[: ]*(?P<ext>\d{1,6})$"
    r"|^(?P<dashed>(?:\+?86[- ]?)?\(?0?\d{2,3}\)?[- ]?[2-9]\d{6,7}|[2-9]\d{6,7})-(?P<tail>\d{1,6})$"
)
_SEVERAL = r"^([+0-9() -]{7,20}?) *[/;、|,和或] *[+(]?\d[0-9() -]{6,}.*$|^(\d{11}) +\d{7,}.*$"
_SEPARATORS = r"\(0\)|[\p{Z}\p{Pd}()\[\].·_'’/\\:]|TEL|MOBILE|手机|电话"

_REPEATED_9 = "|".join(f"{digit}{{9}}" for digit in range(10))
_REPEATED_LOCAL = "|".join(f"{digit}{{7,8}}" for digit in range(10))
_REPEATED = "|".join(f"{digit}{{7,}}" for digit in range(10))
_COUNTING = "12345678|87654321|1234567|7654321"
_FILLER = (
    rf"^\+86(?:13800138000|1[3-9](?:{_REPEATED_9}|\d0{{8}}|\d?123456789|\d?987654321|\d(?:{_COUNTING}))"
    rf"|(?:{_AREA})(?:{_REPEATED_LOCAL}|{_COUNTING}))$|^\+[1-9]\d{{0,2}}(?:{_REPEATED})$"
)
_RAW_FILLER = (
    r"^(?:(?:\+|00)?86)?(?:"
    + "|".join(f"{digit}{{5,}}" for digit in range(10))
    + rf"|0?12345678?9?0?1?2?|9876543210?|0(?:{_AREA})(?:{_REPEATED_LOCAL}|{_COUNTING}))$"
)


def normalise_phones(
    values: Texts, kind: str = "phone", area_code: str | None = None, country: str = "CN"
) -> pa.Table:
    """Return one row per value: kind, value, extension, status, rule; all NULL for no value.

    ``kind`` is what the column is said to hold (``mobile`` or ``phone``); a Chinese number tells
    its kind itself (``mobile``, ``landline``, or ``phone`` for service numbers). ``area_code``
    completes landlines written without one. Status: valid, invalid, masked or placeholder; an
    invalid value keeps its digits, and nothing that is not a number is kept.
    """
    return on_filled(texts(values), lambda filled, _: _normalised(filled, kind, area_code, country))


def _normalised(values: Texts, kind: str, area_code: str | None, country: str) -> pa.Table:
    raw = pc.utf8_upper(clean(values))
    filled, empty = mask(pc.is_valid(raw)), is_empty_word(raw)
    digits, extension, several, lost = _taken_apart(raw, filled)
    phones = _Phones(digits, kind, area_code, country)
    phones.refuse(empty | matches(digits, _RAW_FILLER), "placeholder")
    rule = put(phones.rule, several & mask(pc.is_null(phones.rule)), "several_values")
    rule = put(rule, lost, "phone_precision_lost")
    strange = filled & ~matches(phones.value, r"^\+?[0-9*]{3,20}$")
    return pa.table(
        {
            "kind": put(phones.kind, ~filled, None),
            "value": put(phones.value, strange | lost, None),
            "extension": put(extension, mask(pc.not_equal(phones.status, "valid")), None),
            "status": put(phones.status, ~filled, None),
            "rule": put(rule, ~filled, None),
        }
    )


def _taken_apart(raw: Texts, filled: Mask) -> tuple[Texts, Texts, Mask, Mask]:
    """Return bare digits, extensions, where several numbers stood, and what a float destroyed."""
    digits, extension = raw, nulls(len(raw))
    several, lost = np.zeros(len(raw), np.bool_), np.zeros(len(raw), np.bool_)
    odd = filled & ~matches(raw, _PLAIN)
    if odd.any():
        some = pc.replace_substring_regex(raw.filter(pa.array(odd)), _WHOLE_FLOAT, r"\1")
        lost[odd] = matches(some, _FLOAT)
        several[odd] = matches(some, _SEVERAL)
        main, extensions = _split_extension(pc.replace_substring_regex(some, _SEVERAL, r"\1\2"))
        bare = texts(pc.replace_substring_regex(star_masks(main), _SEPARATORS, ""))
        digits = put(raw, odd, put(bare, mask(pc.equal(bare, "")), None))
        extension = put(extension, odd, extensions)
    return digits, extension, several, lost


class _Phones:
    """The result while it is being worked out; every row starts as invalid and is then settled."""

    def __init__(self, digits: Texts, kind: str, area_code: str | None, country: str) -> None:
        rows = len(digits)
        self.value = digits
        self.kind = pa.repeat(pa.scalar(kind), rows)
        self.status = pa.repeat(pa.scalar("invalid"), rows)
        self.rule = pa.repeat(pa.scalar("phone_form"), rows)
        self.open = mask(pc.is_valid(digits))
        self._masked()
        if country == "CN":
            self._chinese(self.open, area_code)
            self._abroad()
        else:
            self._chinese(matches(digits, r"^(?:\+|00)86"), None)
            self._abroad()
            self._national(dialling()[country])
        fillers = matches(self.value, _FILLER)
        self.refuse(fillers, "placeholder")

    def refuse(self, rows: Mask, rule: str) -> None:
        """Set ``rows`` to status and rule ``rule``."""
        self.status, self.rule = put(self.status, rows, rule), put(self.rule, rows, rule)

    def settle(self, rows: Mask, value: Texts, kind: str | None = None) -> None:
        """Set ``rows`` to valid with ``value`` (a whole column) and ``kind``."""
        rows = rows & self.open
        self.value = put(self.value, rows, value.filter(pa.array(rows)))
        self.status, self.rule = put(self.status, rows, "valid"), put(self.rule, rows, None)
        if kind:
            self.kind = put(self.kind, rows, kind)
        self.open &= ~rows

    def _masked(self) -> None:
        rows = self.open & mask(pc.match_substring(self.value, "*"))
        if rows.any():
            mobiles = pc.replace_substring_regex(self.value, _MASKED, r"+86\1")
            self.value = put(self.value, rows, mobiles.filter(pa.array(rows)))
            self.refuse(rows, "masked")
            self.open &= ~rows

    def _chinese(self, rows: Mask, area_code: str | None) -> None:
        if not rows.any():
            return
        digits = put(self.value, ~rows, None)
        mobile = matches(digits, _MOBILE)
        self.settle(mobile, pc.replace_substring_regex(digits, _MOBILE, r"+86\1"), "mobile")
        if not self.open.any():
            return
        landline = matches(digits, _LANDLINE)
        self.settle(landline, pc.replace_substring_regex(digits, _LANDLINE, r"+86\1\2"), "landline")
        service = matches(digits, _SERVICE)
        self.settle(service, pc.replace_substring_regex(digits, _SERVICE, r"+86\1"), "phone")
        local = matches(digits, _LOCAL) & self.open
        if area_code:
            self.settle(
                local, pc.binary_join_element_wise(f"+86{area_code[1:]}", digits, ""), "landline"
            )
        else:
            self.rule = put(self.rule, local, "phone_area_missing")
            self.kind = put(self.kind, local, "landline")

    def _abroad(self) -> None:
        """Settle numbers written with a foreign calling code, by the longest code that fits."""
        if not self.open.any():
            return
        rows = self.open & matches(self.value, _ABROAD)
        if rows.any():
            answers = by_value(put(self.value, ~rows, None), _international)
            self.settle(mask(pc.is_valid(answers)), answers)

    def _national(self, rules: Dialling) -> None:
        """Settle numbers as they are dialled inside their country."""
        trunk = f"(?:{rules.trunk})?" if rules.trunk else ""
        pattern = (
            rf"^(?:{rules.code})?{trunk}([1-9]\d{{{rules.shortest - 1},{rules.longest - 1}}})$"
        )
        if not rules.trunk:  # Italy keeps its leading zero
            pattern = rf"^(\d{{{rules.shortest},{rules.longest}}})$"
        international = pc.replace_substring_regex(self.value, pattern, rf"+{rules.code}\1")
        self.settle(matches(self.value, pattern), international)


def _split_extension(values: Texts) -> tuple[Texts, Texts]:
    parts = pc.extract_regex(values, _EXTENSION)
    found = mask(pc.is_valid(parts))
    if not found.any():
        return values, nulls(len(values))
    either = {}
    for name, other in (("main", "dashed"), ("ext", "tail")):
        one, two = pc.struct_field(parts, name), pc.struct_field(parts, other)
        either[name] = pc.if_else(pc.equal(one, ""), two, one)
    return pc.if_else(pa.array(found), either["main"], values), texts(either["ext"])


def _international(value: str) -> str | None:
    """Return ``value`` in E.164 when it starts with a known calling code and has its length."""
    digits = value.removeprefix("+").removeprefix("00")
    for width in (3, 2, 1):
        for rules in _by_calling_code().get(digits[:width], ()):
            national = digits[width:]
            if rules.trunk and national.startswith(rules.trunk) and rules.trunk == "0":
                national = national[1:]
            if rules.shortest <= len(national) <= rules.longest and rules.code != "86":
                return f"+{rules.code}{national}"
    return None


@cache
def _by_calling_code() -> dict[str, list[Dialling]]:
    codes: dict[str, list[Dialling]] = {}
    for rules in dialling().values():
        codes.setdefault(rules.code, []).append(rules)
    return codes
