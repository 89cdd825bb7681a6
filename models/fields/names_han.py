"""Names of people in Chinese characters.

After cleaning: titles and notes off, family name and given name told apart where they can be,
spelling folded to simplified, reading as toneless pinyin with the surname's own reading
(单 is shan). What the source has lost (``?``) or hidden (``*``, 某) is marked and never matched
as if it were a name: such names have a ``fold_key`` with the marks in it and no ``sound_key``.
"""

from __future__ import annotations

import re
from functools import cache

from models.fields import han
from models.fields.han import HAN, LOST, MASK
from models.fields.name import (
    DOT,
    PLACEHOLDERS,
    PLAIN,
    Name,
    clean,
    is_placeholder,
    placeholder,
    unreadable,
)
from models.fields.reference import any_of, rows

_NOTE = re.compile(r"[(\[{【〔<《][^()\[\]{}【】〔〕<>《》]*[)\]}】〕>》]")
_BRACKETS = re.compile(r"[()\[\]{}【】〔〕<>《》]")
_TITLES = """
先生 女士 小姐 太太 夫人 同志 老师 教授 博士 医生 大夫 律师 师傅 阿姨 叔叔 大哥 大姐 总经理
副总经理 经理 董事长 总裁 总监 副总 主任 主管 行长 副行长 局长 处长 科长 部长 院长 校长 厂长
队长 店长 老板 会计 客户 贵宾 本人 已故 故
"""
_TITLE = re.compile(rf"(?:{any_of(_TITLES)}|VIP|\d+|[-_#:,;.·]+)$", re.IGNORECASE)
_BEFORE = re.compile(r"^(?:VIP|尊敬的|客户[:]?|姓名[:]?|\d+|[-_#:,;.·]+)", re.IGNORECASE)
_NOT_JUST_A_NAME = re.compile(rf"(?:{any_of(_TITLES)}|总)$|某|^客户|^姓名|^尊敬的")
_HIDDEN = re.compile(rf"(?<=[{HAN}])某+|(?<=[{HAN}])[xX×]+(?=[{HAN}xX×]*$)")
_SEVERAL = re.compile(rf"(?<=[{HAN}]{{2}})[/、,;&|+](?=[{HAN}]{{2}})")
_KEPT = re.compile(rf"[^{HAN}?*]")
_WHOLE = ("legal", "former")  # kinds of name that need a given name to be complete


@cache
def surnames() -> dict[str, tuple[str, int]]:
    """Return surname → its reading (syllables joined by a space) and its share per mille."""
    return {
        name: (special.split(",")[0] or " ".join(map(han.syllable, name)), int(share))
        for name, special, share in rows("surnames.tsv")
    }


def plain(text: str) -> Name | None:
    """Return the name for two to four characters that are just a name: the fast way for most."""
    if not PLAIN.fullmatch(text) or text in PLACEHOLDERS or _NOT_JUST_A_NAME.search(text):
        return None
    fold = han.fold(text)
    size = family_size(fold)
    if size == len(text):
        return None
    family, given = (text[:size], text[size:]) if size else (None, None)
    return Name(text, "han", family, given, fold, sound(text, size), status="ok")


def person(cleaned: str, kind: str) -> Name:
    """Return what a cleaned text in Chinese characters says."""
    text = _without_titles(cleaned)
    if is_placeholder(text):
        return placeholder(text)
    shown = _HIDDEN.sub(lambda match: MASK * len(match.group()), text)
    letters = _KEPT.sub("", shown)
    if not letters.strip(LOST + MASK):
        return unreadable(cleaned)
    if _SEVERAL.search(text):
        return Name(text, "han", status="partial", rule="several_names")
    value = "".join(char for char in text if char == DOT or not _KEPT.match(char)).strip(DOT)
    if shown == text != value:
        return person(value, kind)
    fold = han.fold(letters)
    size = family_size(fold)
    if DOT in value and size != value.index(DOT):  # 买买提·阿不都拉 has no family name
        size = 0
    return _named(Name(text, "han", fold_key=fold), letters, size, kind)


def of_parts(family: str, given: str) -> Name:
    """Return the name whose family and given part the source tells apart, both cleaned."""
    family, given = (_KEPT.sub("", _without_titles(part)) for part in (family, given))
    letters = family + given
    fold = han.fold(letters)
    return _named(Name(letters, "han", fold_key=fold), letters, len(family), "legal")


def _named(name: Name, letters: str, size: int, kind: str) -> Name:
    """Complete ``name``: parts, reading and status, the family name being ``size`` letters."""
    whole = kind in _WHOLE
    family = letters[:size] or None
    if MASK in letters:
        return name._replace(family=_known(family), status="masked", rule="masked")
    if LOST in letters:
        return name._replace(family=_known(family), status="partial", rule="chars_lost")
    if whole and (size == len(letters) or len(letters) == 1):
        fold = f"{name.fold_key}{LOST}"
        return name._replace(family=letters, fold_key=fold, status="partial", rule="given_missing")
    return name._replace(
        family=family,
        given=letters[size:] or None if size else None,
        sound_key=sound(letters, size),
        status="ok",
    )


def _known(part: str | None) -> str | None:
    return None if part is None or LOST in part or MASK in part else part


def _without_titles(text: str) -> str:
    """Return ``text`` without notes in brackets, titles and numbers; never nothing."""
    text = clean(_BRACKETS.sub("", _NOTE.sub("", text) or text)).replace(" ", "") or text
    while True:
        shorter = _BEFORE.sub("", _TITLE.sub("", text)).strip()
        if shorter.endswith("总") and (shorter[:-1] in surnames() or len(shorter) > 2):
            shorter = shorter[:-1]
        if not shorter or shorter == text:
            return text
        text = shorter


def family_size(fold: str) -> int:
    """Return how many letters of a folded name are the family name, 0 when it cannot be told.

    All of them where only a family name stands; 欧阳 alone is that sooner than 欧 and 阳.
    """
    known, length = surnames(), len(fold)
    if fold in known:
        return length
    if length > 4 and fold[:4] in known:
        return 4
    if length > 2 and fold[:2] in known:
        return 2
    if length == 4 and min(known.get(char, ("", 0))[1] for char in fold[:2]) > 1:
        return 2  # two surnames, as married women in Hong Kong write them
    return 1 if 1 < length <= 4 and fold[0] in known else 0


def sound(letters: str, size: int) -> str:
    """Return the toneless syllables of a name, its family name read as a surname."""
    family = letters[: size or 1]
    known = surnames().get(han.fold(family))
    if not known:
        return spoken(letters)
    return f"{known[0]} {spoken(letters[len(family) :])}".rstrip()


def spoken(letters: str) -> str:
    """Return the toneless syllables of any characters, each read as usual."""
    table = han.syllable_of()
    return " ".join([table.get(char, char) for char in letters])
