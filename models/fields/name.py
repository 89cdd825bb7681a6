"""What one name becomes, and the cleaning every name goes through first."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from models.fields.han import HAN, recover
from models.fields.reference import words

# One sign for the dot inside a transliterated name; NFKC knows only some of its lookalikes.
DOT = "·"
_DOTS = re.compile(rf"(?<=[{HAN}])\s*[·•・．‧∙.｡。﹒･]\s*(?=[{HAN}])")
_SPACED_HAN = re.compile(rf"(?<=[{HAN}·])\s+(?=[{HAN}·?*])|(?<=[?*])\s+(?=[{HAN}·])")
_CONTROL = re.compile(
    r"[\s\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff]+"
)
_QUOTES = "\"'“”‘’`"
# Names most people have: Han alone, nothing to clean.
PLAIN = re.compile("[\u4e00-\u9fff]{2,4}")
_REPEATED = re.compile(r"([a-z])\1{2,}")
_NOT_LETTERS = re.compile(r"[\W\d_]+")

PLACEHOLDERS = words(
    """
    无 无名 无名氏 无姓名 未知 未填 未填写 未提供 未登记 不详 不明 不知道 不知 不清楚 暂无 待定
    待补 待补充 待核实 匿名 其他 其它 保密 空 空白 某某 某某某 同上 姓名 客户姓名 名称 客户 用户
    先生 女士 小姐 测试 测试用户 测试客户 测试账户 测试账号 测试公司 测试数据 测试姓名 无效 作废
    已注销 删除 勿动 个人 散户 test tester testing testuser testcustomer testcompany ceshi na
    nan none null nil nul unknown unnamed noname anonymous anon undefined dummy fake sample
    customer user name fullname firstname lastname surname xxx xx x asdf asd qwerty abc abcd tbd
    tba nobody noreply blank empty notapplicable notavailable notprovided void deleted
    """
)


class Name(NamedTuple):
    """One name, in the columns of ``normalised.name`` and the name of its defect."""

    value: str | None = None
    script: str | None = None
    family: str | None = None
    given: str | None = None
    fold_key: str | None = None
    sound_key: str | None = None
    org_region: str | None = None
    org_core: str | None = None
    org_form: str | None = None
    org_branch: str | None = None
    status: str | None = None
    rule: str | None = None


NOTHING = Name()


def clean(text: str) -> str:
    """Return ``text`` with widths, dots, spaces, quotes and lost characters made uniform."""
    if PLAIN.fullmatch(text):
        return text
    if not text.isascii():
        text = unicodedata.normalize("NFKC", recover(text))
    text = _CONTROL.sub(" ", text).strip(" " + _QUOTES)
    text = _DOTS.sub(DOT, text)
    return _SPACED_HAN.sub("", text)


def is_placeholder(cleaned: str) -> bool:
    """Tell whether a cleaned text stands for no name: 测试, unknown, N/A, 1234, aaaa."""
    letters = _NOT_LETTERS.sub("", cleaned).casefold()
    if not letters:
        return not any(mark in cleaned for mark in "?*")
    return letters in PLACEHOLDERS or _REPEATED.fullmatch(letters) is not None


def placeholder(cleaned: str) -> Name:
    """Return the name for a text that is none: readable, without keys to match by."""
    return Name(cleaned, script_of(cleaned), status="placeholder", rule="placeholder")


def unreadable(cleaned: str) -> Name:
    """Return the name for a text of which no letter is left."""
    if "*" in cleaned:
        return Name(cleaned, "other", status="masked", rule="masked")
    if "?" in cleaned:
        return Name(cleaned, "other", status="partial", rule="chars_lost")
    return placeholder(cleaned)


def script_of(text: str) -> str:
    """Return ``han``, ``latin``, ``mixed`` (of both) or ``other``."""
    if text.isascii():
        return "latin" if _NOT_LETTERS.sub("", text) else "other"
    han = _HAN_RUN.search(text) is not None
    rest = _NOT_LETTERS.sub("", _HAN_RUN.sub("", text))
    if not rest:
        return "han" if han else "other"
    if not rest.isascii() and any("LATIN" not in unicodedata.name(char, "") for char in rest):
        return "other"
    return "mixed" if han else "latin"


_HAN_RUN = re.compile(f"[{HAN}]+")
