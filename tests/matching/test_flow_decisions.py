"""What stewards decided stands above rules, doubts, the model and vetoes; not above two numbers."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pytest

from matching.config import load_matching
from matching.flow import match
from models.tables import table
from tests.matching.test_flow_models import CROWD, TWINS
from tests.plugins.hard_cases import APART, BORN, NUMBER, PHONE, TWIN_NUMBER, firm, number, person
from tests.plugins.parties import Bank, Party
from warehouse.store import begin_layer, insert

A, B, C, D = (f"{name}.customer:1" for name in "abcd")
CONFIG = load_matching("model: {least_records: 100}")


@dataclass(frozen=True)
class Said:
    number: int
    kind: str
    left: Sequence[str]
    right: Sequence[str]
    status: str = "in_force"


def decide(bank: Bank, *said: Said, shuffle: int | None = None) -> Bank:
    """Write decisions the way the beginning of the match step does."""
    begin_layer(bank.connection, "matched", "decision")
    rows = [
        {
            "decision_id": item.number,
            "kind": item.kind,
            "side": side,
            "record_key": key,
            "author": "li.na",
            "decided_at": datetime.fromisoformat("2026-07-01"),
            "status": item.status,
        }
        for item in said
        for side, keys in (("left", item.left), ("right", item.right))
        for key in keys
    ]
    if shuffle is not None:
        random.Random(shuffle).shuffle(rows)
    insert(bank.connection, table("matched", "decision"), pa.Table.from_pylist(rows))
    return bank


STRANGERS = (person("a", "张伟"), person("b", "欧阳德华"))
NAMESAKES = tuple(person(name, "张伟", mobile=PHONE) for name in "abc")


def test_a_link_joins_what_blocking_never_proposed_and_says_who_decided(bank: Bank) -> None:
    report = decide(bank.fill(*STRANGERS), Said(12, "link", [A], [B])).match()
    assert bank.clusters() == {frozenset([A, B])}
    ((left, right, decision, rule, because, *_),) = bank.dump()["pair"]
    assert (left, right, decision, rule) == (A, B, "match", "steward_link")
    assert because == "decided by li.na (decision 12) · 由li.na决定（决定 12）"
    assert report.rules["match", "steward_link"] == 1


@pytest.mark.parametrize(
    "case", ["twins without numbers", "homophone name and phone, but other birth dates"]
)
def test_a_link_outweighs_doubts_and_vetoes(bank: Bank, case: str) -> None:
    one, other = APART[case]
    bank.fill(one, other).match()
    assert len(bank.clusters()) == 2
    decide(bank, Said(1, "link", [one.key], [other.key])).match()
    assert len(bank.clusters()) == 1
    assert bank.pair(one.key, other.key) == ("match", "steward_link")
    assert bank.reviews() == set()


def test_a_split_keeps_two_records_apart_that_rules_join(bank: Bank) -> None:
    bank.fill(*NAMESAKES[:2]).match()
    assert len(bank.clusters()) == 1
    decide(bank, Said(7, "split", [A], [B])).match()
    assert len(bank.clusters()) == 2
    assert bank.pair(A, B) == ("veto", "steward_split")
    assert bank.reviews() == set()
    assert bank.dump()["pair"][0][4].startswith("decided by li.na (decision 7) · ")


def test_a_split_holds_however_many_records_lie_between(bank: Bank) -> None:
    between = [person(f"m{at}", "张伟", mobile=PHONE) for at in range(5)]
    decide(bank.fill(*NAMESAKES, *between), Said(7, "split", [A, C], [B])).match()
    home = {key: cluster for cluster in bank.clusters() for key in cluster}
    assert home[A] == home[C] != home[B]
    assert len(bank.clusters()) == 2
    reasons = {row[3] for row in bank.dump()["review"]}
    assert any("a steward keeps apart" in reason for reason in reasons)


def test_a_split_holds_for_what_was_linked_to_its_sides(bank: Bank) -> None:
    parties = (*NAMESAKES, person("d", "欧阳德华"))
    said = (Said(1, "split", [A], [B]), Said(2, "link", [A], [D]), Said(3, "link", [D], [B]))
    decide(bank.fill(*parties), *said).match()
    home = {key: cluster for cluster in bank.clusters() for key in cluster}
    assert D in home[A]
    assert B not in home[A]
    assert bank.pair(B, D) == ("veto", "steward_split")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(person("b", "张伟", ids=number(TWIN_NUMBER)), id="two lifelong numbers"),
        pytest.param(firm("b", "张伟商贸有限公司"), id="a person and an organisation"),
    ],
)
def test_a_link_over_two_identities_is_refused_and_asked_again(bank: Bank, other: Party) -> None:
    one = person("a", "张伟", ids=number(NUMBER), mobile=PHONE)
    decide(bank.fill(one, other), Said(12, "link", [one.key], [other.key])).match()
    assert len(bank.clusters()) == 2
    assert bank.pair(one.key, other.key) == ("review", "steward_link_refused")
    ((*_, rule, because, _score),) = bank.dump()["review"]
    assert rule == "steward_link_refused"
    assert "decision 12" in because
    assert "决定 12" in because


def test_links_never_bring_two_numbers_together_over_a_third_record(bank: Bank) -> None:
    one = person("a", "张伟", ids=number(NUMBER))
    other = person("b", "李雷", ids=number(TWIN_NUMBER))
    said = (Said(1, "link", [A], [C]), Said(2, "link", [B], [C]))
    decide(bank.fill(one, other, person("c", "王芳")), *said).match()
    assert bank.clusters() == {frozenset([A, C]), frozenset([B])}
    assert bank.reviews() == {(B, C, "steward_link_refused")}


def test_a_linked_record_takes_its_own_number_along_and_leaves_the_other_behind(bank: Bank) -> None:
    one = person("a", "张伟", ids=number(NUMBER), mobile=PHONE)
    same = person("b", "张伟", mobile=PHONE)
    other = person("c", "张玮", ids=number(TWIN_NUMBER))
    decide(bank.fill(one, same, other), Said(1, "link", [B], [C])).match()
    assert bank.clusters() == {frozenset([A]), frozenset([B, C])}
    assert (A, B, "cluster_conflict") in bank.reviews()


def test_a_link_joins_whole_customers_whatever_stood_between_their_other_records(
    bank: Bank,
) -> None:
    born = {"a": BORN, "b": BORN, "c": "1962-07-25", "d": "1962-07-25"}
    parties = [
        person(name, "张伟" if name in "ab" else "欧阳德华", birth=day, mobile=phone)
        for (name, day), phone in zip(born.items(), [PHONE, PHONE, PHONE, PHONE], strict=True)
    ]
    bank.fill(*parties).match()
    assert bank.clusters() == {frozenset([A, B]), frozenset([C, D])}
    decide(bank, Said(5, "link", [A], [C])).match()
    assert bank.clusters() == {frozenset([A, B, C, D])}
    assert bank.reviews() == set()
    decisions = {row[:2]: row[2:4] for row in bank.dump()["pair"]}
    assert decisions[A, B] == ("match", "name_and_mobile")
    assert "veto" not in {decision for decision, _ in decisions.values()}
    bank.connection.execute("DELETE FROM matched.decision")
    bank.match()
    assert bank.clusters() == {frozenset([A, B]), frozenset([C, D])}


def test_vetoes_between_linked_customers_are_stated_as_the_links(bank: Bank) -> None:
    names = {"a": ("王小明", BORN), "b": ("王小明", BORN), "c": ("王晓明", "1962-07-25")}
    bank.fill(*(person(at, name, birth=day, mobile=PHONE) for at, (name, day) in names.items()))
    phone = "{id: phone, when: {mobile: [same, shared]}, decision: match, because: {en: p, zh: p}}"
    config = load_matching(f"rules: [{phone}]")
    bank.match(config)
    assert bank.pair(B, C) == ("veto", "other_birth_date")
    decide(bank, Said(9, "link", [A], [C])).match(config)
    assert bank.clusters() == {frozenset([A, B, C])}
    assert bank.pair(B, C) == ("match", "steward_link")


@pytest.mark.parametrize("status", ["refused", "no_record"])
def test_what_is_not_in_force_changes_nothing(bank: Bank, status: str) -> None:
    decide(bank.fill(*STRANGERS), Said(1, "link", [A], [B], status)).match()
    assert len(bank.clusters()) == 2
    assert bank.dump()["pair"] == []


def test_evidence_that_changed_does_not_lift_a_decision(bank: Bank) -> None:
    decide(bank.fill(*STRANGERS), Said(1, "link", [A], [B], "evidence_changed")).match()
    assert len(bank.clusters()) == 1


def test_records_that_are_gone_are_passed_over(bank: Bank) -> None:
    decide(bank.fill(*STRANGERS), Said(1, "link", [A, "gone.customer:1"], [B])).match()
    assert len(bank.clusters()) == 1


def test_a_source_that_holds_nobody_twice_gives_way_to_a_link(bank: Bank) -> None:
    twice = [Party(f"a.c:{at}", "张伟", mobile=PHONE, birth=BORN) for at in (1, 2)]
    decide(bank.fill(*twice), Said(1, "link", ["a.c:1"], ["a.c:2"]))
    match(bank.connection, CONFIG, duplicate_free=["a"])
    assert len(bank.clusters()) == 1


def test_the_order_of_rows_and_decisions_changes_nothing(bank: Bank) -> None:
    parties = (*CROWD, *TWINS)
    keys = [party.key for party in CROWD[:40]]
    said = [
        Said(at + 1, "link" if at % 3 else "split", [keys[at]], [keys[at * 7 % 31 + 9]])
        for at in range(12)
    ]
    decide(bank.fill(*parties), *said).match(CONFIG)
    first = bank.dump()
    assert {"match", "veto"} <= {row[2] for row in first["pair"] if row[3].startswith("steward")}
    for seed in (3, 4):
        decide(bank.fill(*parties, shuffle=seed), *said, shuffle=seed).match(CONFIG)
        assert bank.dump() == first


@pytest.mark.parametrize("seed", range(4))
def test_random_decisions_leave_no_veto_inside_and_no_link_unanswered(
    bank: Bank, seed: int
) -> None:
    dice = random.Random(seed)
    numbers = [number(value) for value in (NUMBER, TWIN_NUMBER)]
    parties = [
        person(
            f"s{at:02}",
            dice.choice(["张伟", "王小明", "王晓明", "欧阳德华"]),
            ids=dice.choice([*numbers, [], []]),
            birth=dice.choice([BORN, "1962-07-25", None]),
            mobile=dice.choice([PHONE, "+8613900001111"]),
        )
        for at in range(24)
    ]
    keys = [party.key for party in parties]
    said = [
        Said(at, dice.choice(["link", "split"]), dice.sample(keys, 2), dice.sample(keys, 1))
        for at in range(1, 9)
    ]
    decide(bank.fill(*parties), *said).match()
    home = {key: cluster for cluster in bank.clusters() for key in cluster}
    for left, right, decision, *_ in bank.dump()["pair"]:
        assert decision != "veto" or home[left] != home[right]
        assert decision != "match" or home[left] == home[right]
    asked = {row[:2] for row in bank.dump()["review"]}
    for item in said:
        for one in item.left:
            for other in set(item.right) - {one}:
                pair = (min(one, other), max(one, other))
                if item.kind == "split":
                    assert home[one] != home[other]
                    assert pair not in asked
                elif bank.pair(*pair) != ("veto", "steward_split"):
                    assert (home[one] == home[other]) != (pair in asked)
