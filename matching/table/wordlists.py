"""Words by which columns are told apart: names, places, streets, companies.

``recognition_words.tsv`` comes from free packages, see ``scripts/derive_recognition_words.py``; the
short lists here are our own.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

from models.fields import divisions, han, names_han, names_latin
from models.fields.countries import normalise_countries
from models.fields.reference import rows, words

GIVEN, FAMILY, CITY, REGION, STREET = "g", "f", "c", "r", "s"

STREETS = words(
    "street st road rd avenue ave av drive dr lane ln court ct crescent cres place pl boulevard "
    "blvd highway hwy parkway pkwy square sq terrace tce ter circuit cct close cl way row walk "
    "trail trl circle cir loop cove cv alley mews grove grange pike plaza turnpike tpke route rte "
    "expressway freeway fwy ridge run path pass crossing xing trace parade esplanade gardens quay "
    "strasse str weg allee platz gasse ring ufer damm chaussee straat laan plein kade rue chemin "
    "impasse quai calle avenida avda paseo plaza carrera camino via viale piazza corso largo rua "
    "travessa ulica utca vej gade gatan vagen katu highw"
)
STREETS_BEFORE = words("rue via viale piazza corso calle avenida avda paseo camino carrera rua "
                       "travessa chemin impasse ulica ul str strada avenue jalan")  # fmt: skip
# Endings that stand for a street inside one word: hauptstrasse, lindenweg, kerkstraat.
_STREET_ENDS = ("strasse", "str", "weg", "allee", "platz", "gasse", "straat", "laan",
               "gatan", "vagen", "gata", "vej", "gade", "katu", "street")  # fmt: skip
COMPANIES = words(
    "group holding holdings bank banking insurance industries industry services service systems "
    "technologies technology tech solutions international global partners associates consulting "
    "capital investments investment ventures energy oil gas motors motor electric electronics "
    "pharmaceuticals pharma chemical chemicals media entertainment studios studio records airlines "
    "airways air railway railways transport logistics shipping foods food restaurant restaurants "
    "cafe bar grill pizza store stores shop market markets supermarket salon hotel hotels "
    "construction builders realty properties estate hospital clinic medical health care school "
    "university college institute academy center centre church foundation association society "
    "club agency company brothers bros sons enterprises corporation trust fund network networks "
    "software data digital telecom communications laboratories labs engineering steel mining "
    "metals paper press publishing books news games sports auto automotive trading import export "
    "design supply repair cleaning fitness spa dental law office offices department city"
)
HAN_COMPANY = (
    "公司|集团|厂|商店|超市|银行|中心|合作社|事务所|经营部|门市部|医院|学校|大学|学院|幼儿园|酒店|餐厅|饭店|"
    "工作室|研究院|研究所|协会|委员会|商行|企业|支行|分行|营业部|个体|店$|局$|行$|馆$"
)
_NOT_HAN = re.compile(f"[^{han.HAN}?*·]|{HAN_COMPANY}|[路街道村镇县市区省族]$")
SEXES = words("m f male female man woman masculine feminine mann frau mannlich weiblich w homme "
              "femme hombre mujer h d divers u unknown 男 女 男性 女性 先生 女士 未知")  # fmt: skip
PARTICLES = words(
    "o mac mc ni nic ui van von de der den del della di da dos das du la le ter ten bin ibn al el"
)
CONJUNCTIONS = words("and und et y e og och en")


@cache
def kinds_of_words() -> dict[str, str]:
    """Return word → the letters of what it mostly is."""
    text = (files("matching.table") / "recognition_words.tsv").read_text(encoding="utf-8")
    cells = re.split("[\t\n]", text.removesuffix("\n"))
    return dict(zip(cells[::2], cells[1::2], strict=True))


@cache
def legal_forms() -> frozenset[str]:
    """Return the last words of companies' legal forms."""
    spellings = [line[-1].split("|") for line in rows("company_forms.tsv")]
    ends = {spelling.split()[-1] for group in spellings for spelling in group}
    return frozenset(ends - {"oy", "as", "se", "sa", "ong", "ou", "pt", "tov", "dd", "ae"}) | {"ag"}


def ends_as_street(word: str) -> bool:
    """Tell whether one folded word names a street by its ending: hauptstrasse, lindenweg."""
    return len(word) > 5 and word.endswith(_STREET_ENDS)


def maybe_street(words_: list[str]) -> bool:
    """Tell whether folded words begin or end like some streets: Johnson Circles, Harbour View."""
    known = kinds_of_words()
    return len(words_) > 1 and any(STREET in known.get(words_[end], "") for end in (0, -1))


def han_surname(text: str) -> str:
    """Return the Chinese family name ``text`` begins with, "" for none."""
    known = names_han.surnames()
    return (
        text[:2] if text[:2] in known and len(text) > 1 else text[:1] if text[:1] in known else ""
    )


def han_person(text: str) -> bool:
    """Tell whether ``text`` has the look of a Chinese person's name."""
    plain = text.replace(" ", "")
    family = han_surname(han.fold(plain))
    return 2 <= len(plain) <= 4 and bool(family) and plain != family and not _NOT_HAN.search(plain)


def latin_person(words_: list[str]) -> bool:
    """Tell whether folded words begin or end with a given name and have another word beside it."""
    known = kinds_of_words()
    if not 1 < len(words_) <= 6:
        return False
    return any(GIVEN in known.get(word, "") for word in words_) or _pinyin_person(words_)


def _pinyin_person(words_: list[str]) -> bool:
    known = kinds_of_words()
    family = any(FAMILY in known.get(words_[end], "") for end in (0, -1))
    return family and all(map(names_latin.spelled, words_))


def name_letters(folded: str) -> str:
    """Return the letters of what a folded text mostly is; pinyin is read as a Chinese name."""
    known = kinds_of_words().get(folded, "")
    first, _, rest = folded.partition(" ")
    if not known and rest and first in PARTICLES:
        return FAMILY if FAMILY in name_letters(rest) else ""
    if known or not folded.isalpha() or not folded.isascii():
        return known
    return GIVEN if len(names_latin.spelled(folded)) == 2 else ""


def han_place(text: str) -> str:
    """Return ``province``, ``city`` or ``district`` if ``text`` is one place by name, else ""."""
    place = divisions.locate(text)
    return divisions.level(place.code) if place.code and place.end >= len(text) else ""


def han_address(text: str) -> bool:
    """Tell whether ``text`` begins with a place and goes on."""
    place = divisions.locate(text)
    return bool(place.code) and place.end < len(text)


@cache
def country_of(texts: tuple[str, ...]) -> tuple[bool, ...]:
    """Tell which texts are a country's name or code."""
    import pyarrow as pa

    found = normalise_countries(pa.array(texts, pa.string())).column("value")
    return tuple(value is not None for value in found.to_pylist())
