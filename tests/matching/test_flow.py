"""The hard cases of a bank, end to end: what must be joined, and what must never be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.plugins.hard_cases import (
    APART,
    BORN,
    NUMBER,
    PHONE,
    SAME,
    TWIN_NUMBER,
    firm,
    number,
    person,
)
from tests.plugins.parties import Bank, Party


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
    assert levels == '{"mobile":"same","name":"exact","rarity":"unique","source":"other"}'
    assert score is None  # two records are nothing to learn weights from


def test_a_vetoed_pair_that_a_rule_would_join_is_kept_as_veto(bank: Bank) -> None:
    bank.fill(*APART["homophone name and phone, but two numbers"]).match()
    assert bank.pair("a.customer:1", "b.customer:1") == ("veto", "two_lifelong_numbers")


def test_nothing_in_gives_empty_tables(bank: Bank) -> None:
    report = bank.fill().match()
    assert report.counts()["records"] == 0
    assert bank.dump()["cluster"] == []
