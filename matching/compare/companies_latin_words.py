"""The words of one Latin organisation name: which count, in which spelling, and their initials."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from models.fields.names_latin import fold
from models.fields.reference import rows
from models.fields.reference import words as set_of

STOPWORDS = set_of(
    "the of and for in at on a an de la le les du des d l der die das den und von et y e di del da "
    "do"
)
# Abbreviation or variant, and the word it stands for.
_SPELLED = """
intl=international int=international natl=national nat=national univ=university uni=university
universitat=university universite=university universidad=university universita=university
inst=institute institut=institute instituto=institute mfg=manufacturing mfr=manufacturing
bros=brothers assn=association assoc=association ass=association dept=department tech=technology
technologies=technology svc=service svcs=service serv=service hldg=holding hldgs=holding
grp=group groupe=group gruppe=group grupo=group gruppo=group sys=system dev=development
mgmt=management mgt=management ctr=center centre=center centers=center eng=engineering
engg=engineering elec=electric pharm=pharmaceutical pharma=pharmaceutical labs=laboratory
lab=laboratory laboratories=laboratory ind=industry inds=industry industries=industry
ins=insurance fin=finance financial=finance comm=communication telecom=telecommunication
telecoms=telecommunication admin=administration govt=government hosp=hospital mkt=market
prod=product trans=transport transportation=transport corp=corporation co=company
companies=company st=saint ste=saint mt=mount ft=fort am=american amer=american us=usa
"""
# Words that many names have in any country, as far as they are in one spelling.
GENERIC = set_of(
    "group holding international global world company corporation enterprise industry service "
    "solution system technology product trading trade investment capital partner management "
    "development consulting national american european china first new general united university "
    "school college institute bank insurance energy media software"
)
_PREFIX_FORMS = set_of("pt uab ooo oao zao sia")
_ROMAN = re.compile("(?=[ivx])(?:x{0,2})(?:ix|iv|v?i{0,3})")
_SERIAL = set_of(
    "north south east west northern southern eastern western central first second third fourth "
    "fifth sixth seventh eighth ninth tenth one two three four five six seven eight nine ten"
)
_LONGEST_FORM = 4


# Legal forms of one country or of a few, as far as ``models.fields.companies_latin`` keeps them
# apart. Ltd, Co and Corp are what any form is translated with.
_LAWS = {
    "us": "inc|llc",
    "uk": "plc",
    "de": "gmbh|ag|ohg|gmbh co kg|kgaa|kg",
    "romance": "sa|sarl|sas|eurl|snc|spa|srl|sl",
    "nl": "bv|nv",
    "nordic": "ab|as|aps|oy",
    "my": "sdn bhd|bhd",
    "cz": "sro",
    "hu": "kft|zrt|nyrt",
    "pl": "sp zoo",
    "ba": "doo|dooel",
    "ru": "ooo|oao|zao",
    "mx": "sa de cv",
    "lt": "uab",
    "lv": "sia",
}
# Countries as companies write them, beside their English names.
_COUNTRY_WORDS = """
uk=gb usa=us us=us america=us deutschland=de france=fr espana=es italia=it polska=pl sverige=se
danmark=dk norge=no suomi=fi nederland=nl schweiz=ch suisse=ch osterreich=at brasil=br turkiye=tr
mexico=mx cesko=cz magyarorszag=hu hungaria=hu hellas=gr belgie=be belgique=be benelux=benelux
europe=europe asia=asia africa=africa korea=kr russia=ru prc=cn hongkong=hk macau=mo macao=mo
emea=emea apac=apac nordic=nordic baltic=baltic iberia=iberia scandinavia=nordic
"""


class Words(NamedTuple):
    """What one name says: distinctive words in their order, the numbers and directions among them,
    legal form, the country that form is of, the countries named, and its initials: of these words,
    with the legal form, with every of and the.
    """

    words: tuple[str, ...]
    serial: str
    form: str
    law: str
    places: str
    initials: tuple[str, str, str]


NOTHING = Words((), "", "", "", "", ("", "", ""))


def read(core: str, form: str, region: str) -> Words:
    """Return the words of a folded core whose legal form and region are known, or ""."""
    tokens, rest = _without_form(core.split())
    form = form or rest
    tokens, places = _without_places(tokens)
    places |= set(filter(None, [_countries().get(tuple(region.split()))]))
    kept = [token for token in tokens if token not in STOPWORDS] or tokens
    spelled = tuple(dict.fromkeys(map(canonical, kept)))
    letters = _initials(kept)
    return Words(
        spelled,
        " ".join(sorted({_number(word) for word in spelled if is_serial(word)})),
        form,
        _law().get(form, ""),
        " ".join(sorted(places)),
        (letters, letters + _initials(form.split()), _initials(tokens)),
    )


def is_serial(word: str) -> bool:
    """Tell whether a word is a number or a direction, which tell sister companies apart."""
    return word in _SERIAL or word.isdigit() or bool(_ROMAN.fullmatch(word))


def canonical(token: str) -> str:
    """Return a word in one spelling, without the s of a plural."""
    word = _spellings().get(token, token)
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-1] if len(word) > 4 and word[-1] == "s" and word[-2] not in "siu" else word


def _initials(tokens: Sequence[str]) -> str:
    return "".join(token[0] for token in tokens)


def _number(word: str) -> str:
    return word.lstrip("0") or word


def _without_form(tokens: list[str]) -> tuple[list[str], str]:
    """Return the words before legal forms, and the last of these in one spelling."""
    found, forms = "", _forms()
    while len(tokens) > 1:
        sizes = range(min(_LONGEST_FORM, len(tokens) - 1), 0, -1)
        size = next((size for size in sizes if tuple(tokens[-size:]) in forms), 0)
        if not size:
            break
        found, tokens = found or forms[tuple(tokens[-size:])], tokens[:-size]
    if len(tokens) > 1 and tokens[0] in _PREFIX_FORMS:
        found, tokens = found or tokens[0], tokens[1:]
    return tokens, found


def _without_places(tokens: list[str]) -> tuple[list[str], set[str]]:
    """Return the words before the countries a name ends with, and these; Bank of China has none."""
    found: set[str] = set()
    for size in (3, 2, 1, 1):
        code = _countries().get(tuple(tokens[-size:]))
        if code and len(tokens) > size and tokens[-size - 1] not in STOPWORDS:
            tokens = tokens[:-size]
            found.add(code)
    return tokens, found


@cache
def _countries() -> dict[tuple[str, ...], str]:
    """Return the country, or the part of the world, by its words."""
    named = {tuple(fold(row[-2]).split()): row[0].lower() for row in rows("countries.tsv")}
    more = {(word,): code for word, code in _pairs(_COUNTRY_WORDS)}
    spelled = {("hong", "kong"): "hk", ("czech", "republic"): "cz", ("south", "korea"): "kr"}
    return named | more | spelled


@cache
def _spellings() -> dict[str, str]:
    return dict(_pairs(_SPELLED))


@cache
def _law() -> dict[str, str]:
    """Return the law by legal form, the form in the spelling of either normaliser."""
    return {form: law for law, forms in _LAWS.items() for form in forms.split("|")}


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(one, other) for one, _, other in (pair.partition("=") for pair in text.split())]


@cache
def _forms() -> dict[tuple[str, ...], str]:
    """Return the words of every spelling of a legal form, and the form."""
    return {
        tuple(spelling.split()): form
        for form, spellings in rows("company_forms.tsv")
        for spelling in spellings.split("|")
    }
