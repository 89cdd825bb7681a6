"""What a steward decided holds in every run: for changed, renumbered and missing records too."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from matching.decided import DecisionReport, resolve, told, write_decisions
from matching.decided_conflicts import Step
from tests.matching.decided_bank import (
    NOON,
    TODAY,
    because,
    decided,
    erase,
    give_number,
    write,
    written,
)
from warehouse.store import Connection, begin_layer


@pytest.fixture
def con() -> Iterator[Connection]:
    """A bank of records core.c:1 to 9 and crm.p:1 to 9, each saying something of its own."""
    with duckdb.connect() as connection:
        begin_layer(connection, "normalised", "record", "fingerprint", "identifier")
        for place, number in itertools.product(("core.c", "crm.p"), range(1, 10)):
            write(connection, f"{place}:{number}", f"{place}-{number}")
        yield connection


def test_a_decision_names_every_record_with_its_side(con: Connection) -> None:
    rows = written(con, decided(3, "link", "a1 a2", "b1"))
    assert rows == [
        (3, "left", "core.c:1", "in_force"),
        (3, "left", "core.c:2", "in_force"),
        (3, "right", "crm.p:1", "in_force"),
    ]
    assert because(con, 3) == {None}


def test_a_pin_carries_its_attribute_and_value(con: Connection) -> None:
    written(con, decided(1, "pin", "a1", attribute="full_name", value="Wei Wang"))
    assert con.execute(
        "SELECT side, attribute, value, author, decided_at FROM matched.decision"
    ).fetchall() == [("left", "full_name", "Wei Wang", "wang", NOON + timedelta(minutes=1))]


@pytest.mark.parametrize(("expires_on", "rows"), [(TODAY, 0), (TODAY + timedelta(days=1), 2)])
def test_from_its_last_day_on_it_is_left_out(con: Connection, expires_on: date, rows: int) -> None:
    link = decided(1, "link", "a1", "b1", expires_on=expires_on)
    assert len(written(con, link)) == rows
    assert write_decisions(con, [link], TODAY).expired == (rows == 0)


def test_an_expired_decision_stands_in_no_others_way(con: Connection) -> None:
    expired = decided(1, "split", "a1", "b1", expires_on=TODAY)
    assert {row[3] for row in written(con, expired, decided(2, "link", "a1", "b1"))} == {"in_force"}


def test_changed_evidence_is_told_and_the_decision_holds(con: Connection) -> None:
    write(con, "crm.p:1", "something else")
    assert written(con, decided(1, "split", "a1", "b1")) == [
        (1, "left", "core.c:1", "in_force"),
        (1, "right", "crm.p:1", "evidence_changed"),
    ]
    assert any("has changed since" in str(text) for text in because(con, 1))


def test_a_missing_record_takes_nothing_from_the_others(con: Connection) -> None:
    erase(con, "core.c:2")
    assert written(con, decided(1, "link", "a1 a2", "b1")) == [
        (1, "left", "core.c:1", "in_force"),
        (1, "left", "core.c:2", "no_record"),
        (1, "right", "crm.p:1", "in_force"),
    ]


def test_with_one_side_gone_it_has_no_effect(con: Connection) -> None:
    erase(con, "crm.p:1")
    rows = written(con, decided(1, "link", "a1 a2", "b1"), decided(2, "split", "a1", "a2"))
    assert {row[3] for row in rows if row[0] == 1} == {"no_record"}
    assert {row[3] for row in rows if row[0] == 2} == {"in_force"}


def test_a_renumbered_record_is_followed(con: Connection) -> None:
    erase(con, "core.c:1")
    write(con, "core.c:new", "core.c-1")
    assert written(con, decided(1, "split", "a1", "b1")) == [
        (1, "left", "core.c:new", "in_force"),
        (1, "right", "crm.p:1", "in_force"),
    ]
    assert any("new key" in str(text) for text in because(con, 1))


@pytest.mark.parametrize(
    ("others", "known"),
    [
        pytest.param(["core.c:new", "core.c:newer"], [], id="two say it"),
        pytest.param(["crm.p:new"], [], id="in another object"),
        pytest.param(["core.c:twin"], ["core.c:twin"], id="it said so when it was decided"),
    ],
)
def test_a_missing_record_is_not_followed_to(
    con: Connection, others: list[str], known: list[str]
) -> None:
    erase(con, "core.c:1")
    for other in others:
        write(con, other, "core.c-1")
    evidence = {"core.c:1": "core.c-1", "crm.p:1": "crm.p-1"} | dict.fromkeys(known, "core.c-1")
    rows = written(con, decided(1, "split", "a1", "b1", evidence=evidence))
    assert {row[3] for row in rows} == {"no_record"}


def test_records_that_say_the_same_move_together_on_one_side_only(con: Connection) -> None:
    evidence = dict.fromkeys(("core.c:1", "core.c:2"), "same") | {"crm.p:1": "crm.p-1"}
    together = decided(1, "link", "a1 a2", "b1", evidence=evidence)
    apart = decided(2, "split", "a1", "a2", evidence=evidence)
    erase(con, "core.c:1", "core.c:2")
    write(con, "core.c:x", "same")
    write(con, "core.c:y", "same")
    rows = written(con, together, apart)
    assert [row[2:] for row in rows if row[:2] == (1, "left")] == [
        ("core.c:x", "in_force"),
        ("core.c:y", "in_force"),
    ]
    assert {row[3] for row in rows if row[0] == 2} == {"no_record"}


def published(con: Connection, file: Path) -> Path:
    """Publish what ``matched.decision`` holds, as the golden tables will show it."""

    rows = con.execute(
        "SELECT decision_id, side, record_key FROM matched.decision "
        "WHERE status IN ('in_force', 'evidence_changed')"
    ).to_arrow_table()
    with duckdb.connect(str(file)) as other:
        other.register("rows", rows)
        other.execute("CREATE TABLE main.customer_decision AS FROM rows")
    return file


def test_a_followed_record_that_changes_later_stays_bound(con: Connection, tmp_path: Path) -> None:
    split = decided(1, "split", "a1", "b1")
    erase(con, "core.c:1")
    write(con, "core.c:new", "core.c-1")
    written(con, split)
    previous = published(con, tmp_path / "golden.duckdb")
    write(con, "core.c:new", "core.c-1 with a new telephone")
    assert written(con, split, previous=previous) == [
        (1, "left", "core.c:new", "evidence_changed"),
        (1, "right", "crm.p:1", "in_force"),
    ]
    assert {row[3] for row in written(con, split)} == {"no_record"}, "only the version knows"


def test_the_newer_of_two_that_contradict_each_other_is_refused(con: Connection) -> None:
    rows = written(
        con,
        decided(7, "split", "a1", "b2"),
        decided(3, "link", "a1", "b1"),
        decided(5, "link", "b1", "b2"),
    )
    assert {row[0] for row in rows if row[3] == "refused"} == {7}
    assert len(because(con, 7)) == 1
    assert "(decisions 3, 5)" in str(because(con, 7))


def test_a_link_that_closes_a_chain_across_a_split_is_refused(con: Connection) -> None:
    rows = written(
        con,
        decided(3, "link", "a1", "b1"),
        decided(5, "split", "a1", "b2"),
        decided(7, "link", "b1", "b2"),
    )
    assert {row[0] for row in rows if row[3] == "refused"} == {7}
    assert "(decisions 3, 5)" in str(because(con, 7))


def test_a_refused_decision_does_not_count_against_others(con: Connection) -> None:
    rows = written(
        con,
        decided(1, "split", "a1", "b1"),
        decided(2, "link", "a1", "b1"),
        decided(3, "split", "a1", "b1"),
    )
    assert {row[0] for row in rows if row[3] == "refused"} == {2}


def test_a_link_of_two_lifelong_numbers_is_refused_and_shows_neither(con: Connection) -> None:
    give_number(con, "core.c:1", "110101199001011234")
    give_number(con, "crm.p:2", "110101198502025678")
    rows = written(con, decided(1, "link", "a1", "b1"), decided(2, "link", "b1", "b2"))
    assert {row[0] for row in rows if row[3] == "refused"} == {2}
    (text,) = because(con, 2)
    assert "lifelong numbers" in str(text)
    assert "(decisions 1)" in str(text)
    assert "1101" not in str(text)


def test_a_number_that_is_not_valid_forbids_nothing(con: Connection) -> None:
    give_number(con, "core.c:1", "110101199001011234")
    give_number(con, "crm.p:2", "110101198502025678", status="invalid")
    assert {row[3] for row in written(con, decided(1, "link", "a1", "b2"))} == {"in_force"}


def test_a_person_and_an_organisation_are_not_linked(con: Connection) -> None:
    write(con, "crm.p:1", "crm.p-1", party="organisation")
    assert {row[3] for row in written(con, decided(1, "link", "a1", "b1"))} == {"refused"}


def test_two_pins_of_one_linked_group_must_agree(con: Connection) -> None:
    rows = written(
        con,
        decided(1, "pin", "a1", attribute="sex", value="male"),
        decided(2, "pin", "b1", attribute="sex", value="female"),
        decided(3, "link", "a1", "b1"),
        decided(4, "pin", "b1", attribute="sex", value="male"),
        decided(5, "pin", "b2", attribute="sex", value="female"),
    )
    assert {row[0] for row in rows if row[3] == "refused"} == {2}
    assert "(decisions 1, 3)" in str(because(con, 2))


def test_the_report_counts_decisions(con: Connection) -> None:
    erase(con, "core.c:1", "core.c:9")
    write(con, "core.c:new", "core.c-1")
    write(con, "core.c:2", "new")
    decisions = [
        decided(1, "link", "a1", "b1"),
        decided(2, "link", "a2", "b2"),
        decided(3, "link", "a9", "b3"),
        decided(4, "split", "a2", "b2"),
        decided(5, "split", "a4", "b4", expires_on=TODAY),
    ]
    assert write_decisions(con, decisions, TODAY) == DecisionReport(
        in_force=1, evidence_changed=1, refused=1, no_record=1, expired=1, followed=1
    )


def test_the_order_in_which_decisions_are_read_changes_nothing(con: Connection) -> None:
    decisions = [
        decided(1, "link", "a1", "b1"),
        decided(2, "split", "a1", "b2"),
        decided(3, "link", "b1", "b2"),
        decided(4, "link", "b2", "b3"),
    ]
    orders = [written(con, *order) for order in itertools.permutations(decisions)]
    assert all(rows == orders[0] for rows in orders)


def test_the_chain_is_the_shortest_way(con: Connection) -> None:
    decisions = [
        decided(1, "link", "a1", "a2"),
        decided(2, "link", "a2", "a3"),
        decided(3, "link", "a3", "b1"),
        decided(4, "link", "a2", "b1"),
        decided(5, "split", "a1", "b1"),
    ]
    (refused,) = [item for item in resolve(con, decisions, TODAY) if item.refusal]
    assert refused.refusal is not None
    assert refused.refusal.chain == (
        Step("core.c:1", "core.c:2", 1),
        Step("core.c:2", "crm.p:1", 4),
    )
    assert told(refused.refusal).startswith("links hold the two sides together (decisions 1, 4)")
