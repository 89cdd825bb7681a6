"""A Chinese bank's customers: slips of ear, eye and keyboard; headers that say much or nothing."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import accumulate
from random import Random

from examples.bank.words import DATA, read_table
from tests.matching.quality.made import Made, Row, made
from tests.matching.quality.slips import digits, sometimes
from tests.matching.quality.words import listed

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ROADS = listed("人民 中山 解放 建设 和平 新华 文化 胜利 光明 长江 黄河 迎宾 朝阳 滨江 青年 友谊")
_ESTATES = listed("阳光花园 锦绣家园 水岸新城 翠湖苑 紫荆花园 东方明珠 世纪新城 丽景湾")
_HEADERS = ("客户姓名", "证件号码", "手机号", "出生日期", "通讯地址", "性别")
_INITIALS = ("XM", "ZJHM", "SJH", "CSRQ", "TXDZ", "XB")
_KINDS = ("person_name", "identifier", "phone", "date", "address", "sex")


def named() -> Made:
    """Headers in Chinese."""
    return _made(_HEADERS)


def initials() -> Made:
    """Headers of pinyin initials."""
    return _made(_INITIALS)


def numbered() -> Made:
    """Headers that say nothing."""
    return _made(tuple(f"c{number}" for number in range(1, 7)))


def _made(headers: tuple[str, ...]) -> Made:
    r = Random("a Chinese bank")
    people = _people(r, 1300)
    rows = [
        (entity, _written(r, headers, person, people[max(0, entity - 1)]))
        for entity, person in enumerate(people)
        for _ in range(r.choice([1, 1, 2, 2, 3, 4]))
    ]
    fields = "\n".join(
        f"  - {{name: f{at}, kind: {kind}, columns: [{header}]}}"
        for at, (kind, header) in enumerate(zip(_KINDS, headers, strict=True))
    )
    return made(r, {"customers": rows}, f"version: 1\nfields:\n{fields}\n")


Person = tuple[str, str, str, str, str]  # name, id, mobile, address, sex


def _people(r: Random, number: int) -> list[Person]:
    """Return people; neighbours in the list are couples or twins now and then."""
    people: list[Person] = []
    while len(people) < number:
        surname = _surname()(r)
        male = r.random() < 0.5
        region, place = r.choice(_districts())
        born = f"{r.randint(1945, 2006)}{r.randint(1, 12):02d}{r.randint(1, 28):02d}"
        order = r.randint(0, 498) * 2 + male
        mobile, address = _mobile(r), _address(r, place)
        people.append(
            (
                surname + _given(r, male),
                _resident_id(region, born, order),
                mobile,
                address,
                "女男"[male],
            )
        )
        if r.random() < 0.03:  # a twin of the same sex: the next number but one
            twin = _resident_id(region, born, (order + 2) % 1000)
            people.append((surname + _given(r, male), twin, _mobile(r), address, "女男"[male]))
        elif r.random() < 0.15:  # wife or husband: the same home, sometimes the same mobile
            other = _resident_id(
                r.choice(_districts())[0],
                f"{int(born[:4]) + 1}{born[6:8]}{r.randint(10, 28)}"
                if int(born[6:8]) <= 12
                else born,
                r.randint(0, 498) * 2 + (not male),
            )
            shared = mobile if r.random() < 0.4 else _mobile(r)
            people.append(
                (_surname()(r) + _given(r, not male), other, shared, address, "男女"[male])
            )
    return people[:number]


def _resident_id(region: str, born: str, order: int) -> str:
    body = f"{region}{born}{order:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _mobile(r: Random) -> str:
    return f"1{r.choice('3578')}{r.randint(0, 9)}{r.randint(0, 99_999_999):08d}"


def _address(r: Random, place: str) -> str:
    estate = r.choice(_ESTATES)
    road = f"{r.choice(_ROADS)}路{r.randint(1, 300)}号"
    return f"{place}|{road}|{estate}|{r.randint(1, 20)}|{r.randint(101, 1802)}"


def _written(r: Random, headers: tuple[str, ...], person: Person, near: Person) -> Row:
    name, number, mobile, address, sex = person
    born = f"{number[6:10]}-{number[10:12]}-{number[12:14]}"
    if r.random() < 0.12:
        name = _slip(r, name)
    if r.random() < 0.04:
        name = "".join(_traditional().get(sign, sign) for sign in name)
    if r.random() < 0.07:
        number = number[:6] + number[8:17]  # as before 1999
    elif r.random() < 0.06:
        number = digits(r, number)
    if r.random() < 0.03:
        mobile = near[2]
    place, road, estate, building, room = address.split("|")
    style = r.randrange(4)
    written = f"{place}{road}{estate}{building}栋{room}室"
    if style == 0:
        written = f"{road}{estate}{building}号楼{room}"
    elif style == 1:
        written = f"{place}{road}{estate}{building}-{room}"
    values = (
        sometimes(r, 0.01, name),
        sometimes(r, 0.2, number),
        sometimes(r, 0.2, digits(r, mobile) if r.random() < 0.04 else mobile),
        sometimes(r, 0.3, born if r.random() < 0.97 else digits(r, born)),
        sometimes(r, 0.3, written),
        sometimes(r, 0.15, sex),
    )
    return dict(zip(headers, values, strict=True))


def _slip(r: Random, name: str) -> str:
    """Return the name with one character of the given name misheard or misread."""
    at = r.randrange(1, len(name))
    alike = [other for other in _alike().get(name[at], "") if other != name[at]]
    return name[:at] + r.choice(alike) + name[at + 1 :] if alike else name


@cache
def _alike() -> dict[str, str]:
    """Return character → those that sound or look like it."""
    by_sound: dict[str, str] = {}
    sounds = {row[0]: row[1] for row in read_table("sounds")}
    for character, sound in sounds.items():
        by_sound[sound] = by_sound.get(sound, "") + character
    result = {character: by_sound[sound] for character, sound in sounds.items()}
    for group in (DATA / "shapes.txt").read_text("utf-8").split():
        for character in group:
            result[character] = result.get(character, "") + group
    return result


@cache
def _traditional() -> dict[str, str]:
    return {row[0]: row[2] for row in read_table("sounds")}


@cache
def _surname() -> Callable[[Random], str]:
    rows = [row for row in read_table("surnames") if len(row[0]) == 1]
    weights = list(accumulate(float(row[1]) for row in rows))
    words = [row[0] for row in rows]
    return lambda r: r.choices(words, cum_weights=weights)[0]


@cache
def _signs() -> dict[str, str]:
    result: dict[str, str] = {}
    for sex, _, characters in read_table("given"):
        result[sex] = result.get(sex, "") + characters
    return result


def _given(r: Random, male: bool) -> str:
    signs = _signs()["male" if male else "female"]
    return "".join(r.choice(signs) for _ in range(1 if r.random() < 0.2 else 2))


@cache
def _districts() -> list[tuple[str, str]]:
    r = Random("districts")
    rows = r.sample([row for row in read_table("districts") if row[3]], 60)
    return [(row[0], f"{row[1]}{row[2]}{row[3]}") for row in rows]
