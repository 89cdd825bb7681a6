"""The hard cases of a bank: parties that are one, and parties that only look alike."""

from __future__ import annotations

from dataclasses import replace

from tests.plugins.parties import HOME, OTHER_CITY, Party, resident_id

PHONE = "+8613812345678"
BORN = "1985-03-12"
NUMBER = resident_id("440305", BORN, "123")
TWIN_NUMBER = resident_id("440305", BORN, "141")
USCC, OTHER_USCC = "91440300708461136T", "91440300192181490G"


def person(key: str, name: str, **facts: object) -> Party:
    """Return a person of the source ``key``."""
    return Party(f"{key}.customer:1", name, **facts)  # type: ignore[arg-type]


def firm(key: str, name: str, **facts: object) -> Party:
    """Return an organisation of the source ``key``."""
    return Party(f"{key}.company:1", name, party_type="organisation", **facts)  # type: ignore[arg-type]


def number(value: str) -> list[tuple[str, ...]]:
    """Return the ids of somebody with this resident number."""
    return [("resident_id", value)]


SAME = {
    "one number, homophone name": (
        person("a", "王小明", ids=number(NUMBER)),
        person("b", "王晓明", ids=number(NUMBER)),
    ),
    "one number, Chinese and Latin name": (
        person("a", "张伟", ids=number(NUMBER)),
        person("b", "ZHANG WEI", ids=number(NUMBER)),
    ),
    "one number, present and former name": (
        person("a", "李芳", names=[("former", "李招娣")], ids=number(NUMBER)),
        person("b", "李招娣", ids=number(NUMBER)),
    ),
    "one number and birth date, one character of two differs": (
        person("a", "王旭", ids=number(NUMBER), birth=BORN),
        person("b", "王炬", ids=number(NUMBER), birth=BORN),
    ),
    "one number, a name one character short": (
        person("a", "刘慧", ids=number(NUMBER)),
        person("b", "刘慧玲", ids=number(NUMBER)),
    ),
    "name and the readable part of a mobile": (
        person("a", "张伟", mobile=PHONE),
        person("b", "张伟", mobile="+86138****5678"),
    ),
    "a slip in the number, caught by its check": (
        person("a", "张伟", ids=number(NUMBER)),
        person("b", "张伟", ids=[("resident_id", NUMBER[:-3] + "999", "invalid")], mobile=PHONE),
        person("c", "张伟", mobile=PHONE),
        person("d", "张伟", ids=number(NUMBER), mobile=PHONE),
    ),
    "a masked number that fits": (
        person("a", "张伟", ids=number(NUMBER)),
        person("b", "张伟", ids=[("resident_id", NUMBER[:6] + "********" + NUMBER[14:], "masked")]),
    ),
    "name and mobile": (person("a", "张伟", mobile=PHONE), person("b", "张伟", mobile=PHONE)),
    "homophone name and mobile": (
        person("a", "王小明", mobile=PHONE),
        person("b", "王晓明", mobile=PHONE),
    ),
    "masked name on a mobile only one person uses": (
        person("a", "张三", mobile=PHONE, birth=BORN),
        person("b", "张*", mobile=PHONE),
    ),
    "name, birth date and address": (
        person("a", "张伟", birth=BORN, address=HOME),
        person("b", "张伟", birth=BORN, address=HOME),
    ),
    "passport and name": (
        person("a", "John Smith", ids=[("passport_foreign", "548921736", "unchecked")]),
        person("b", "SMITH JOHN", ids=[("passport_foreign", "548921736", "unchecked")]),
    ),
    "organisation code inside the unified code": (
        firm("a", "深圳市腾飞科技有限公司", ids=[("uscc", USCC)]),
        firm("b", "腾飞科技有限公司", ids=[("org_code", USCC[8:17])]),
    ),
    "full registered name": (
        firm("a", "深圳市腾飞科技有限公司", ids=[("uscc", USCC)]),
        firm("b", "深圳市腾飞科技有限公司", landline="+8675526551234"),
    ),
}
APART = {
    "twins": (
        person("a", "王小明", ids=number(NUMBER), mobile=PHONE, address=HOME),
        person("b", "王小亮", ids=number(TWIN_NUMBER), mobile=PHONE, address=HOME),
    ),
    "twins without numbers": (
        person("a", "王小明", birth=BORN, mobile=PHONE, address=HOME),
        person("b", "王小亮", birth=BORN, mobile=PHONE, address=HOME),
    ),
    "father and son": (
        person("a", "张建国", birth="1960-01-15", mobile=PHONE, address=HOME, sex="male"),
        person("b", "张建军", birth="1990-07-28", mobile=PHONE, address=HOME, sex="male"),
    ),
    "spouses": (
        person("a", "张伟", birth=BORN, mobile=PHONE, address=HOME),
        person("b", "李芳", birth="1986-11-02", mobile=PHONE, address=HOME),
    ),
    "recycled phone": (
        person("a", "张伟", ids=number(NUMBER), mobile=PHONE),
        person("b", "陈静", birth="1999-09-09", mobile=PHONE),
    ),
    "homophone name and phone, but other birth dates": (
        person("a", "王小明", birth=BORN, mobile=PHONE),
        person("b", "王晓明", birth="1962-07-25", mobile=PHONE),
    ),
    "homophone name and phone, but two numbers": (
        person("a", "王小明", ids=number(NUMBER), mobile=PHONE),
        person("b", "王晓明", ids=number(TWIN_NUMBER), mobile=PHONE),
    ),
    "one name and birth date, two cities": (
        person("a", "张伟", birth=BORN, address=HOME),
        person("b", "张伟", birth=BORN, address=OTHER_CITY),
    ),
    "one name and birth date, nothing else, two numbers": (
        person("a", "张伟", ids=number(NUMBER)),
        person("b", "张伟", ids=number(TWIN_NUMBER)),
    ),
    "a child under a parent's number": (
        person("a", "张建国", ids=number(NUMBER)),
        person("b", "张小宝", ids=number(NUMBER)),
    ),
    "a child under a parent's number and family name, born on another day": (
        person("a", "张建国", ids=number(NUMBER), birth=BORN),
        person("b", "张宝", ids=number(NUMBER), birth="2012-08-27"),
    ),
    "owner and business": (
        person("a", "张三", mobile=PHONE, address=HOME),
        firm("b", "张三", mobile=PHONE, address=HOME),
    ),
    "head and branch": (
        firm("a", "腾飞科技股份有限公司", landline="+8675526551234", address=HOME),
        firm("b", "腾飞科技股份有限公司深圳分公司", landline="+8675526551234", address=HOME),
    ),
    "sister companies by number": (
        firm("a", "深圳市第一贸易有限公司", landline="+8675526551234", address=HOME),
        firm("b", "深圳市第二贸易有限公司", landline="+8675526551234", address=HOME),
    ),
    "sister companies by region": (
        firm("a", "深圳腾飞科技有限公司", email="info1@tengfei.cn"),
        firm("b", "上海腾飞科技有限公司", email="info1@tengfei.cn"),
    ),
    "one name, two unified codes": (
        firm("a", "深圳市腾飞科技有限公司", ids=[("uscc", USCC)]),
        firm("b", "深圳市腾飞科技有限公司", ids=[("uscc", OTHER_USCC)]),
    ),
}
# All scenarios in one bank: sources get the scenario's number so that keys stay apart.
EVERYBODY = [
    replace(party, key=f"s{scenario}{party.key}")
    for scenario, parties in enumerate([*SAME.values(), *APART.values()])
    for party in parties
]
