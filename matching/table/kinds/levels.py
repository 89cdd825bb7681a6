"""What each comparison can find, in words people read; ascending in evidence for one party."""

from __future__ import annotations

from collections.abc import Sequence

from matching.compare.levels import LEVELS
from matching.comparison import Level

_TEXTS: dict[str, tuple[str, str]] = {
    "missing": ("not known on both sides", "至少一方缺失"),
    "differ": ("different", "不同"),
    "exact": ("the same", "相同"),
    "initial": ("one is the other's initial", "一方为另一方的首字母"),
    "alike": ("somewhat alike", "略相似"),
    "similar": ("similar", "相似"),
    "crossed": ("given and family name change places", "姓与名互换"),
    "nickname": ("a name and its nickname", "昵称与本名"),
    "near": ("nearly the same", "很相近"),
    "close": ("the same but for a slip", "仅笔误之差"),
    "two_edits": ("two characters differ", "两个字符不同"),
    "one_edit": ("one character differs, or two change places", "一个字符不同或相邻互换"),
    "year": ("the same year", "同年"),
    "month_day": ("the same month and day", "月日相同"),
    "default_day": (
        "the same year; one side gives only that or 1 January",
        "同年，一方仅有年份或为1月1日",
    ),
    "area": ("the same area", "同一大区"),
    "outward": ("the same district of the post", "同一邮区"),
    "number": ("the same number", "门牌号相同"),
    "street": ("the same street, another number", "街道相同，门牌号不同"),
    "common": ("a common word in common", "有常见词相同"),
    "rare": ("a rare word in common", "有少见词相同"),
    "within": ("all words of one are among the other's", "一方的词全部包含在另一方中"),
    "some": ("some words in common", "部分词相同"),
    "half": ("half of the words in common", "半数词相同"),
    "most": ("most words in common", "多数词相同"),
    "ending": ("the same last seven digits", "后七位相同"),
    "local": ("the same before the @", "@前相同"),
    "tenth": ("within ten per cent", "相差不超过百分之十"),
    "hundredth": ("within one per cent", "相差不超过百分之一"),
    # names of persons
    "family": ("only the family name is the same", "仅姓相同"),
    "given": ("only the given name is the same", "仅名相同"),
    "one_char": ("one character differs", "一字不同"),
    "short": ("one is part of the other", "一方为另一方的简写"),
    "masked": ("the same as far as it can be read", "可读部分一致"),
    "initials": ("one is the other's initials", "一方为另一方的首字母"),
    "slip": ("one character differs that sounds or looks alike", "一字之差且音近或形近"),
    "reordered": ("the same words in another order", "词序不同"),
    "sound": ("the same sound", "读音相同"),
    # names of companies
    "serial": ("another number or direction in the name", "名称中的序号或方位不同"),
    "branch": ("one is a branch of the other", "总分支机构关系"),
    "region": ("the same name in another region", "字号相同但地区不同"),
    "words": ("most of the rare words are the same", "多数少见词相同"),
    "acronym": ("one is the other's initials", "一方为另一方的缩写"),
    "core": ("the same name, another legal form", "字号相同"),
    "form": ("the same name and legal form", "字号与组织形式相同"),
    "registered": ("the same registered name", "登记名称相同"),
}

SPELLING = ("missing", "differ", "alike", "similar", "near", "close", "exact")
GIVEN = (
    "missing",
    "differ",
    "initial",
    "alike",
    "similar",
    "crossed",
    "nickname",
    "near",
    "close",
    "exact",
)
FAMILY = ("missing", "differ", "alike", "similar", "crossed", "near", "close", "exact")
DATE = ("missing", "differ", "two_edits", "year", "month_day", "default_day", "one_edit", "exact")
CODE = ("missing", "differ", "two_edits", "one_edit", "exact")
SHORT_CODE = ("missing", "differ", "one_edit", "exact")
POSTCODE = ("missing", "differ", "area", "outward", "one_edit", "exact")
STREET = ("missing", "differ", "number", "alike", "near", "street", "close", "exact")
PHONE = ("missing", "differ", "one_edit", "ending", "exact")
EMAIL = ("missing", "differ", "alike", "near", "local", "one_edit", "exact")
CATEGORY = ("missing", "differ", "near", "exact")
PLAIN = ("missing", "differ", "exact")
NUMBER = ("missing", "differ", "tenth", "hundredth", "exact")
NAME_WORDS = ("missing", "differ", "initial", "common", "rare", "within", "exact")
WORDS = ("missing", "differ", "some", "half", "most", "exact")
# Those of ``LEVELS["name"]``, and likenesses of whole names in letters that it does not tell.
PERSON = tuple(
    name
    for level in LEVELS["name"]
    for name in (("alike", level) if level == "one_char" else (level,))
    + (("similar", "within") if level == "initials" else ())
)
COMPANY = LEVELS["company"]


def described(names: Sequence[str]) -> tuple[Level, ...]:
    """Return levels with what they mean, in English and in Chinese."""
    return tuple(Level(name, *_TEXTS.get(name, (name.replace("_", " "), name))) for name in names)
