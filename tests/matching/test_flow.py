"""The hard cases of a bank, end to end: what must be joined, and what must never be."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugins.parties import HOME, OTHER_CITY, Bank, Party, resident_id

PHONE = "+8613812345678"
BORN = "1985-03-12"
NUMBER = resident_id("440305", BORN, "123")
TWIN_NUMBER = resident_id("440305", BORN, "141")
USCC, OTHER_USCC = "91440300708461136T", "91440300192181490G"


def person(key: str, name: str, **facts: object) -> Party:
    return Party(f"{key}.customer:1", name, **facts)  # type: ignore[arg-type]


def firm(key: str, name: str, **facts: object) -> Party:
    return Party(f"{key}.company:1", name, party_type="organisation", **facts)  # type: ignore[arg-type]


def number(value: str) -> list[tuple[str, ...]]:
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


@pytest.mark.parametrize("parties", SAME.values(), ids=SAME.keys())
def test_one_party_becomes_one_cluster(bank: Bank, parties: tuple[Party, ...]) -> None:
    bank.fill(*parties).match()
    assert bank.clusters() == {frozenset(party.key for party in parties)}


@pytest.mark.parametrize("parties", APART.values(), ids=APART.keys())
def test_two_parties_stay_two_clusters(bank: Bank, parties: tuple[Party, ...]) -> None:
    bank.fill(*parties).match()
    assert bank.clusters() == {frozenset([party.key]) for party in parties}


def test_what_looks_alike_but_is_not_proven_goes_to_review(bank: Bank) -> None:
    twins = APART["twins without numbers"]
    bank.fill(*twins).match()
    assert bank.reviews() == {("a.customer:1", "b.customer:1", "slip_or_twin")}


def test_an_agents_phone_on_many_firms_is_no_evidence(bank: Bank) -> None:
    cores = ["宏远", "腾飞", "永盛", "华泰", "金石", "明德", "瑞丰", "东升", "海纳", "天成"]
    firms = [firm(core, f"{core}商贸", mobile=PHONE) for core in cores]
    again = replace(firms[0], key="again.company:1")
    report = bank.fill(*firms, again).match()
    assert report.stop_values == 1
    assert bank.dump()["stop_value"] == [("mobile", PHONE, 11, 10)]
    assert len(bank.clusters()) == 11


def test_a_masked_name_on_a_family_phone_is_not_guessed(bank: Bank) -> None:
    father = person("a", "张建国", mobile=PHONE, birth="1960-01-15")
    son = person("b", "张小宝", mobile=PHONE, birth="1990-07-28")
    bank.fill(father, son, person("c", "张*", mobile=PHONE)).match()
    assert len(bank.clusters()) == 3
    assert {rule for *_, rule in bank.reviews()} == {"masked_name_shared_mobile"}


def test_a_record_without_a_number_never_joins_two_numbers(bank: Bank) -> None:
    one = person("a", "张伟", ids=number(NUMBER), mobile=PHONE)
    other = person("b", "张伟", ids=number(TWIN_NUMBER), mobile=PHONE)
    between = person("c", "张伟", mobile=PHONE)
    report = bank.fill(one, other, between).match()
    assert len(bank.clusters()) == 2
    assert report.refused == 1
    assert {rule for *_, rule in bank.reviews()} == {"cluster_conflict"}


def test_a_record_without_a_birth_date_never_joins_two_birth_dates(bank: Bank) -> None:
    one = person("a", "张伟", birth=BORN, mobile=PHONE)
    other = person("b", "张伟", birth="1962-07-25", email="zhangwei@qq.com")
    between = person("c", "张伟", mobile=PHONE, email="zhangwei@qq.com")
    bank.fill(one, other, between).match()
    assert len(bank.clusters()) == 2


def test_every_record_stands_in_one_cluster_named_after_its_smallest_key(bank: Bank) -> None:
    bank.fill(*SAME["name and mobile"], person("z", "李四")).match()
    assert sorted(bank.dump()["cluster"]) == [
        ("a.customer:1", "a.customer:1"),
        ("b.customer:1", "a.customer:1"),
        ("z.customer:1", "z.customer:1"),
    ]


def test_a_pair_says_what_it_found_and_why(bank: Bank) -> None:
    bank.fill(*SAME["name and mobile"]).match()
    ((left, right, decision, rule, because, levels, score),) = bank.dump()["pair"]
    assert (left, right, decision, rule) == (
        "a.customer:1",
        "b.customer:1",
        "match",
        "name_and_mobile",
    )
    assert "·" in because
    assert levels == '{"mobile":"same","name":"exact","party":"same","rarity":"unique"}'
    assert 0.5 < score < 1


def test_a_vetoed_pair_that_a_rule_would_join_is_kept_as_veto(bank: Bank) -> None:
    bank.fill(*APART["homophone name and phone, but two numbers"]).match()
    assert bank.pair("a.customer:1", "b.customer:1") == ("veto", "two_lifelong_numbers")


def test_nothing_in_gives_empty_tables(bank: Bank) -> None:
    report = bank.fill().match()
    assert report.counts()["records"] == 0
    assert bank.dump()["cluster"] == []


def test_matching_twice_gives_the_same_tables(bank: Bank) -> None:
    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.match()
    assert bank.dump() == first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_nothing(bank: Bank, seed: int) -> None:
    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.fill(*EVERYBODY, shuffle=seed).match()
    assert bank.dump() == first


def test_the_size_of_a_chunk_changes_nothing(bank: Bank) -> None:
    from matching.config import load_matching

    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.match(load_matching("limits: {chunk: 3}"))
    assert bank.dump() == first


# All scenarios in one bank: sources get the scenario's number so that keys stay apart.
EVERYBODY = [
    replace(party, key=f"s{scenario}{party.key}")
    for scenario, parties in enumerate([*SAME.values(), *APART.values()])
    for party in parties
]

NUMBERS = [resident_id("440305", BORN, f"{serial}") for serial in (123, 141, 167)]
records = st.lists(
    st.builds(
        Party,
        key=st.just("x"),
        name=st.sampled_from(["张伟", "张薇", "王小明", "王晓明"]),
        ids=st.lists(
            st.sampled_from([("resident_id", value) for value in NUMBERS]), max_size=2, unique=True
        ),
        mobile=st.lists(st.sampled_from([PHONE, "+8613911112222"]), max_size=2, unique=True),
        birth=st.sampled_from([None, BORN, "1985-12-03", "1962-07-25"]),
        address=st.sampled_from([None, HOME]),
    ),
    max_size=7,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(records)
def test_no_cluster_ever_holds_two_numbers_or_two_kinds_of_party(
    bank: Bank, drawn: list[Party]
) -> None:
    parties = {f"s.o:{at}": replace(party, key=f"s.o:{at}") for at, party in enumerate(drawn)}
    bank.fill(*parties.values()).match()
    clusters = bank.clusters()
    assert sorted(key for keys in clusters for key in keys) == sorted(parties)
    for keys in clusters:
        values = {value for key in keys for _, value in parties[key].ids}
        assert len(values) <= 1 or len(keys) == 1
