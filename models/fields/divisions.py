"""China's provinces, cities and counties by GB/T 2260, and the place an address begins with.

``locate`` reads the units at the head of an address: full names, short names, former names, and
units left out in between. It never guesses: a name that could be two places takes the answer only
as far as both agree, and a short name that may be a road's (南京路) is not taken at all.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from models.fields.reference import rows

# Level of a unit: how many digits of its code say something.
PROVINCE, CITY, COUNTY = 2, 4, 6
MUNICIPALITIES = frozenset({"11", "12", "31", "50"})

_NATIONS = (
    "(?:[回藏苗彝壮满侗瑶白傣黎佤畲水土羌怒京]族|"
    "(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯"
    "|普米|塔吉克|鄂温克|保安|裕固|独龙|鄂伦春|各)族?)*"
)
_KIND = re.compile(
    rf"{_NATIONS}自治[区州县旗]$|(?:特别行政区|自治区|地区|新区|林区|特区|矿区|[省市区县旗州盟])$"
)
_PLAIN_KIND = re.compile(r"自治[区州县旗]$")
_KINDS = "市区县州旗盟"
_FILLER = re.compile(
    r"(?:中华人民共和国|中国(?![\u4e00-\u9fff]{0,6}(?:银行|路|街))"
    r"|(?:省|自治区)?直辖县级?(?:行政区划|行政单位)?|市辖区|[\s,、/·>\-]+)"
)
# What follows a short name when it is the name of something else: a road, a village, a school.
_SOMETHING_ELSE = re.compile(
    r"[东西南北中内外前后上下新老一二三四五六七八九十\d]{0,2}(?:路|街|大街|大道|道|巷|弄|胡同|公路)"
    r"|[东西南北中大小新老]?(?:村|镇|乡|屯|庄|街道|里|门|桥|站|园|苑|坊|湾|港|湖|寺|宫|府)"
    r"|大学|学院|中学|小学|医院|银行|饭店|宾馆|酒店|大厦|广场|花园|公寓|小区|社区|新村|公园|机场|火车|商场"
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an address is, as far as certain.

    ``code`` is the six-digit code of the finest unit, ``""`` when not even the province is known;
    ``end`` is where the rest of the text begins.
    """

    code: str
    end: int


@dataclass(frozen=True, slots=True)
class Named:
    """A unit's names from the province down; the city of a municipality is itself."""

    province: str | None = None
    city: str | None = None
    district: str | None = None


@cache
def divisions() -> dict[str, str]:
    """Return today's units: six-digit code → full name."""
    return dict(rows("divisions.tsv"))


@cache
def named(code: str) -> Named:
    """Return the names of the unit ``code`` and of those above it."""
    units = divisions()
    province = units.get(code[:2] + "0000")
    city = units.get(code[:4] + "00") if code[2:4] != "00" else None
    if code[:2] in MUNICIPALITIES:
        city = province
    return Named(province, city, units.get(code) if code[4:] != "00" else None)


def level(code: str) -> str:
    """Return ``none``, ``province``, ``city`` or ``district`` for a unit's code."""
    if not code:
        return "none"
    if code[4:] != "00":
        return "district"
    return "city" if code[2:4] != "00" or code[:2] in MUNICIPALITIES else "province"


def short_name(name: str) -> str:
    """Return a unit's name without what kind of unit it is (深圳市 → 深圳); itself if too short."""
    for kind in (_KIND, _PLAIN_KIND):
        short = kind.sub("", name)
        if len(short) > 1:
            return short
    return name


def locate(text: str) -> Place:
    """Read the units ``text`` begins with; ``text`` is simplified and width-folded."""
    known, end, former = "", 0, False
    while len(known) < COUNTY:
        start = _skip(text, end)
        step = _step(text, start, known)
        if step is None and former and len(known) == CITY:
            # A prefecture that is no more was divided: its counties may be elsewhere today.
            step = _step(text, start, known[:PROVINCE])
        if step is None:
            break
        known, end, former = step.known, step.end, step.former
        if step.end == start:
            break
    if len(known) == COUNTY and text[end - 1 : end] == "市":
        known, end = _county_of_former_prefecture(text, known, end)
    if not known:
        return Place("", 0)
    return Place(known.ljust(6, "0"), _said_again(text, _skip(text, end) if end else 0, known))


@dataclass(frozen=True, slots=True)
class _Step:
    """One name read: the digits known now, where the text goes on, was it a former name.

    The text goes on at the name itself where it means several places.
    """

    known: str
    end: int
    former: bool


@dataclass(frozen=True, slots=True)
class _Name:
    """The units a name can mean, by their digits: as full, short or former name."""

    full: tuple[str, ...]
    short: tuple[str, ...]
    former: tuple[str, ...]


def _step(text: str, start: int, known: str) -> _Step | None:
    """Read the longest name at ``start`` that fits what is known; None if nothing is gained."""
    names, lengths = _book()
    for length in lengths.get(text[start : start + 2], ()):
        stop = start + length
        name = names.get(text[start:stop])
        if name is None or stop > len(text):
            continue
        units, former = _meanings(name, text, stop, known)
        if not units:
            continue
        digits = _shared(units)
        if digits in units:
            if text[stop - 1] == "市" and _leads_on(text, stop - 1, digits):
                stop -= 1  # 青岛市北区 is 青岛 and 市北区
            return _Step(max(digits, known, key=len), stop, former)
        return _Step(digits, start, former) if len(digits) > len(known) else None
    return None


def _meanings(name: _Name, text: str, stop: int, known: str) -> tuple[tuple[str, ...], bool]:
    """Return the units ``name`` can mean inside ``known``, and whether by a former name."""
    if not known and text[stop - 1] == "区" and name.former and len(name.former[0]) == COUNTY:
        # The former names have gaps: without its city, one place of that name proves nothing.
        return ((*name.full, *name.former), False) if name.full else ((), False)
    if full := _inside(name.full, known):
        return full, False
    if stop < len(text) and text[stop] in _KINDS:  # 万县 in 万县市
        return (), False
    if name.short:
        inside = _inside(name.short, known)
        if leading := tuple(unit for unit in inside if _leads_on(text, stop, unit)):
            return leading, False
        short = _short_meanings(inside, known)
        if short and not _SOMETHING_ELSE.match(text, stop):
            return short, False
    return _inside(name.former, known), True


def _inside(units: tuple[str, ...], known: str) -> tuple[str, ...]:
    """Keep units inside ``known``, and ``known`` or what holds it, said once more."""
    return tuple(unit for unit in units if unit.startswith(known) or known.startswith(unit))


def _short_meanings(units: tuple[str, ...], known: str) -> tuple[str, ...]:
    """Return what a short name may mean here.

    With nothing known it is the province of that name, its capital (always number 01), or a city
    if nothing outside that city has the name. Inside a province it may be a city or a county, but
    not a city's district (``区``): too many villages are called the same. Inside a city it may be
    any.
    """
    if not known:
        cities = tuple(unit for unit in units if len(unit) == CITY)
        provinces = tuple(unit for unit in units if len(unit) == PROVINCE)
        capitals = tuple(unit for unit in cities if unit.endswith("01"))
        return provinces or capitals or (units if cities else ())
    if len(known) == PROVINCE and known not in MUNICIPALITIES:
        names = divisions()
        return tuple(unit for unit in units if len(unit) < COUNTY or names[unit][-1] != "区")
    return units


def _leads_on(text: str, stop: int, unit: str) -> bool:
    """Tell whether the full name of a place inside ``unit`` follows: 杭州 before 西湖区."""
    names, lengths = _book()
    start = _skip(text, stop)
    for length in lengths.get(text[start : start + 2], ()):
        name = names.get(text[start : start + length])
        if name and any(
            part.startswith(unit) and part != unit for part in (*name.full, *name.former)
        ):
            return True
    return False


def _county_of_former_prefecture(text: str, known: str, end: int) -> tuple[str, int]:
    """Prefer the county in 巢湖市庐江县: the city before it is the prefecture of that time."""
    names, lengths = _book()
    for length in lengths.get(text[end : end + 2], ()):
        name = names.get(text[end : end + length])
        counties = _inside(name.full + name.former, known[:PROVINCE]) if name else ()
        if len(counties) == 1 and len(counties[0]) == COUNTY:
            return counties[0], min(end + length, len(text))
    return known, end


def _said_again(text: str, start: int, known: str) -> int:
    """Return where the text goes on after units that were said already, by their full names."""
    names, lengths = _book()
    while True:
        for length in lengths.get(text[start : start + 2], ()):
            name = names.get(text[start : start + length])
            if name and any(known.startswith(unit) for unit in name.full):
                start = _skip(text, min(start + length, len(text)))
                break
        else:
            return start


def _shared(units: tuple[str, ...]) -> str:
    """Return the digits of the finest unit that holds all ``units``."""
    if len(units) == 1:
        return units[0]
    first, last = min(units), max(units)
    size = max(size for size in (0, PROVINCE, CITY, COUNTY) if first[:size] == last[:size])
    digits = first[:size]
    return digits if digits.ljust(6, "0") in divisions() else digits[:PROVINCE]


def _skip(text: str, start: int) -> int:
    """Return where the next name begins: after spaces, the country, 市辖区 and the like."""
    while match := _FILLER.match(text, start):
        start = match.end()
    return start


@cache
def _book() -> tuple[dict[str, _Name], dict[str, tuple[int, ...]]]:
    """Return every name, and the lengths of names by their first two characters, longest first."""
    full, short, former = (defaultdict[str, list[str]](list) for _ in range(3))
    for code, name in divisions().items():
        full[name].append(_digits(code))
        if short_name(name) != name:
            short[short_name(name)].append(_digits(code))
    for name, codes in rows("division_aliases.tsv"):
        units = list(map(_digits, codes.split(",")))
        former[name] += units
        if name[-1] in "市州盟" and short_name(name) not in short:
            short[short_name(name)] += units
    short["内蒙"].append("15")
    lengths: defaultdict[str, set[int]] = defaultdict(set)
    for name in (*full, *short, *former):
        lengths[name[:2]].add(len(name))
    names = {
        name: _Name(*(tuple(table[name]) for table in (full, short, former)))
        for name in {*full, *short, *former}
    }
    return names, {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _digits(code: str) -> str:
    """Return the digits of a code that say something: 440000 → 44."""
    return code[:2] if code[2:] == "0000" else code[:4] if code[4:] == "00" else code
