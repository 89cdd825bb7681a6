"""What a column's header says it holds: English, Chinese, pinyin initials, other languages.

A header is a hint, never a proof: ``recognise`` asks the values. Words in front of the known ones
say whose the column is (``employer_city``, ``mailing_address_zip``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.fields.reference import words

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_HAN = re.compile("[\u3400-\u9fff]")
# In front of a known word these say nothing: cust_nm, customer_address, home_phone.
_EMPTY = words(
    "customer cust client clt person party contact member patient subject user kh khxx the of my "
    "full current primary main address addr adr and no num number nbr nr reg registered c1 orig "
    "original raw clean std norm fake in is"
)
_EMPTY_HAN = re.compile(
    "^(?:客户|申请人|会员|用户|本人|个人|联系|通讯|通信|家庭|现|主|的|信息|注册)+|(?:信息|的)$"
)
_NAMES = ("given_name", "family_name", "person_name")
_FORMERLY = words("old former previous prior maiden birth alias alternative alternate other")
_HAN_ABOUT = {
    **dict.fromkeys(("单位", "公司", "工作", "工作单位", "雇主", "办公", "企业"), "employer"),
    **dict.fromkeys(("配偶", "爱人"), "spouse"),
    **dict.fromkeys(("紧急", "紧急联系人", "联系人"), "contact"),
    **dict.fromkeys(("法人", "法定代表人", "负责人"), "representative"),
    **dict.fromkeys(("户籍", "身份证", "证件"), "registered"),
    "出生": "birth",
}


@dataclass(frozen=True, slots=True)
class Hint:
    """What a header says; ``says`` is a kind, ``year``, ``month``, ``day`` or ``ignore:…``.

    ``about`` is whose the column is, "" for the record's own; ``whole`` says that the header has
    no other word that could change the meaning.
    """

    says: str = ""
    about: str = ""
    whole: bool = False


NOTHING = Hint()


@cache
def hint(header: str) -> Hint:
    """Return what ``header`` says, ``NOTHING`` when it says nothing."""
    if _HAN.search(header):
        return _chinese(header)
    said = _words(header)
    runs = [(start, stop) for start in range(len(said)) for stop in range(start + 1, len(said) + 1)]
    # what ends last is the noun (mailing_address_zipcode); of its spellings the longest
    for start, stop in sorted(runs, key=lambda run: (-run[1], run[0])):
        says = _spellings().get("".join(said[start:stop]))
        if says:
            rest = said[:start] + said[stop:]
            return _told(says, _about(said[:start]), not rest)
    return NOTHING


def _told(says: str, about: str, whole: bool) -> Hint:
    """Return the hint of a known spelling; some of them say whose the fact is."""
    if says == "day_alone":
        return Hint("ignore:moment" if about or not whole else "date", "", whole)
    if says in _NAMES and any(word in _FORMERLY for word in about.split("_")):
        return Hint("other_names", "", whole)
    says, _, whose = says.partition("/")
    return Hint(says, whose or about, whole)


def _words(header: str) -> list[str]:
    """Return the lower-case words of a header, digits on their own left out."""
    parted = _CAMEL.sub(" ", header) if not header.isupper() else header
    return [
        word.lower()
        for word in re.split(r"[^A-Za-zÀ-ÿß0-9]+", parted)
        if word and not (word.isdigit() and len(word) > 1)
    ]


def _about(before: list[str]) -> str:
    """Return whose the column is, from the words in front of the known ones."""
    said = [word for word in before if word not in _EMPTY]
    return "_".join(word for word in said if len(word) > 1 and word.isalpha())


def _chinese(header: str) -> Hint:
    """Return the known word that ends last in a Chinese header; of its spellings the longest."""
    known = _spellings()
    plain = re.sub(r"[\s_()（）:：\-]+", "", header)
    found = [
        (stop, stop - start, known[plain[start:stop]])
        for start in range(len(plain))
        for stop in range(start + 1, len(plain) + 1)
        if plain[start:stop] in known
    ]
    if not found:
        return NOTHING
    stop, size, says = max(found)
    front = plain[: stop - size]
    before = front if front in _HAN_ABOUT else _EMPTY_HAN.sub("", front)
    after = _EMPTY_HAN.sub("", plain[stop:])
    about = _HAN_ABOUT.get(before, "other" if before else "")
    return _told(says, about, not before and not after)


@cache
def _spellings() -> dict[str, str]:
    """Return spelling → what it says, from ``headers.tsv``: kind, spellings."""
    text = (files("matching.table") / "headers.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if not line.startswith("#")]
    return {spelling: says for says, spellings in lines for spelling in spellings.split()}
