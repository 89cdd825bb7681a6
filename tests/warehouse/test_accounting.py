"""Every change has one cause: the first that could have made it, down a stated ladder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.versions_by_hand import NOTHING_ELSE, Customer, Golden
from warehouse.accounting import NEIGHBOURS, Causes

A, B, C = "C01", "C02", "C03"
R1, R2, R3, R4 = (f"core.c:{n}" for n in (1, 2, 3, 4))
RULES = replace(NOTHING_ELSE, rules_changed=True)
CODE = replace(NOTHING_ELSE, code_changed=True)
LATER = replace(NOTHING_ELSE, as_of=date(2026, 6, 2))
Changes = dict[tuple[str, str, str | None], tuple[str, str | None]]


def customer(
    records: Mapping[str, tuple[str, int | None]], name: str = "Li", won_by: str = R1, **more: Any
) -> Customer:
    cells = {"full_name": (name, 1), **more.pop("cells", {})}
    return Customer(cells, records, dict.fromkeys(cells, won_by), **more)


def records(*keys: str, **changed: str) -> dict[str, tuple[str, int | None]]:
    """Return records that all say ``h``, or what ``changed`` gives for ``r<n>``."""
    return {key: (changed.get(f"r{key[-1]}", "h"), 1) for key in keys}


def decision(number: int, *keys: tuple[str, str], kind: str = "link", **more: str) -> list[Any]:
    return [
        {"decision_id": number, "kind": kind, "customer_id": id_, "record_key": key, **more}
        for id_, key in keys
    ]


def changes(golden: Golden) -> Changes:
    rows = golden.ask(
        "SELECT customer_id, change, attribute, cause, detail FROM customer_change "
        "WHERE attribute IS DISTINCT FROM 'record_count'"
    )
    assert len({row[:3] for row in rows}) == len(rows)
    return {row[:3]: row[3:] for row in rows}


NAME = (A, "updated", "full_name")


def renamed(
    folder: Path,
    causes: Causes = NOTHING_ELSE,
    before: dict[str, Any] | None = None,
    now: dict[str, Any] | None = None,
    **more: Any,
) -> tuple[str, str | None]:
    """Return the cause of a customer's other name, between two sets of records."""
    golden = Golden(folder)
    golden.version({A: customer(before or records(R1, R2))})
    golden.version({A: customer(now or records(R1, R2), "Wang")}, causes, **more)
    return changes(golden)[NAME]


def test_the_first_version_creates_for_its_records(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    report = golden.version({A: customer(records(R2, R1)), B: customer(records(R3))})
    assert changes(golden) == {
        (A, "created", None): ("source_data", R1),
        (B, "created", None): ("source_data", R3),
    }
    assert report.counts() == {"customer_change": 2, "unexplained": 0, "customer_history": 2}


def test_nothing_differs_nothing_changes(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    for causes in (NOTHING_ELSE, RULES):
        golden.version({A: customer(records(R1))}, causes)
    assert changes(golden) == {}


@pytest.mark.parametrize(
    ("now", "detail"),
    [
        (records(R1, R2, r2="other"), R2),
        (records(R1, R2, r1="other", r2="other"), R1),
        (records(R1), R2),
        (records(R1, R2, R3), R3),
    ],
    ids=["another says something else", "the winner first", "one went", "one came"],
)
def test_a_record_of_its_own(tmp_path: Path, now: dict[str, Any], detail: str) -> None:
    for causes in (NOTHING_ELSE, LATER):
        folder = tmp_path / str(causes.as_of)
        assert renamed(folder, causes, now=now) == ("source_data", detail)


@pytest.mark.parametrize(
    ("causes", "cause"),
    [
        (RULES, ("rule", "survivorship.yml")),
        (CODE, ("code", None)),
        (replace(RULES, code_changed=True), ("rule", "survivorship.yml")),
        (NOTHING_ELSE, ("unexplained", None)),
        (LATER, ("unexplained", None)),
    ],
    ids=["rule", "code", "rule before code", "nothing", "no name depends on the day"],
)
def test_no_record_of_its_own(tmp_path: Path, causes: Causes, cause: tuple[str, Any]) -> None:
    assert renamed(tmp_path, causes) == cause


def test_what_a_changed_rule_reads_otherwise_is_the_rules(tmp_path: Path) -> None:
    other = records(R1, R2, r2="other")
    assert renamed(tmp_path / "1", RULES, now=other) == ("rule", R2)
    assert renamed(tmp_path / "2", CODE, now=other) == ("code", R2)
    newer = {R1: ("h", 1), R2: ("other", 2)}
    assert renamed(tmp_path / "3", RULES, now=newer) == ("source_data", R2)


def test_a_document_goes_out_of_force_with_time(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    for number, causes in (("1", NOTHING_ELSE), ("2", LATER)):
        cells = {"id_number": (number, 1)}
        golden.version({A: customer(records(R1), cells=cells)}, causes)
    assert changes(golden) == {(A, "updated", "id_number"): ("time", None)}


def test_a_pin_stands_above_the_sources(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1), cells={"province": ("X", 1), "sex": ("male", 1)})})
    golden.version(
        {A: customer(records(R1, r1="other"), cells={"province": ("Y", 1), "sex": ("female", 1)})},
        decisions=decision(7, (A, R1), kind="pin", attribute="address"),
    )
    assert changes(golden) == {
        (A, "updated", "province"): ("decision", "7"),
        (A, "updated", "sex"): ("source_data", R1),
    }


def test_a_pin_that_went_or_expired(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    pin = decision(7, (A, R1), kind="pin", attribute="full_name")
    golden.version({A: customer(records(R1), "Li")}, decisions=pin)
    golden.version({A: customer(records(R1), "Li")}, decisions=pin)
    assert changes(golden) == {}
    golden.version({A: customer(records(R1), "Wang")}, RULES)
    assert changes(golden)[NAME] == ("decision", "7")
    golden.version({A: customer(records(R1), "Li")}, decisions=pin)
    golden.version({A: customer(records(R1), "Wang")}, replace(LATER, expired=frozenset({7})))
    assert changes(golden)[NAME] == ("time", "7")


def test_a_merge_that_was_decided(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1)), B: customer(records(R2), won_by=R2)})
    link = decision(3, (A, R1), (A, R2))
    golden.version(
        {A: customer(records(R1, R2), "Wang", won_by=R2)},
        decisions=link,
        events=[(B, "merged", A)],
    )
    assert changes(golden) == {
        (B, "merged", None): ("decision", "3"),
        NAME: ("decision", "3"),
    }
    golden.version(
        {A: customer(records(R1)), B: customer(records(R2), won_by=R2)},
        events=[(B, "split", A)],
    )
    assert changes(golden) == {(B, "split", None): ("decision", "3"), NAME: ("decision", "3")}


def test_a_decision_that_moved_nothing_changed_nothing_but_a_doubt(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1, R2), review_pending=True)})
    golden.version(
        {A: customer(records(R1, R2, r2="other"), "Wang")},
        decisions=decision(3, (A, R1), (A, R2)),
    )
    assert changes(golden) == {
        NAME: ("source_data", R2),
        (A, "updated", "review_pending"): ("decision", "3"),
    }


@pytest.mark.parametrize("changed", [R1, R2], ids=["the survivor's", "the other's"])
def test_a_merge_by_a_record_of_either_side(tmp_path: Path, changed: str) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1)), B: customer(records(R2), won_by=R2)})
    now = records(R1, R2) | {changed: ("other", 2)}
    golden.version({A: customer(now, "Wang", won_by=R2)}, events=[(B, "merged", A)])
    found = changes(golden)
    assert found[B, "merged", None] == ("source_data", changed)
    assert found[NAME] == ("source_data", changed)


def test_a_merge_by_a_rule_or_by_nothing(tmp_path: Path) -> None:
    found = []
    for name, causes in (("rule", RULES), ("code", CODE), ("nothing", NOTHING_ELSE)):
        golden = Golden(tmp_path / name)
        golden.version({A: customer(records(R1)), B: customer(records(R2), won_by=R2)})
        golden.version({A: customer(records(R1, R2))}, causes, events=[(B, "merged", A)])
        found.append(changes(golden)[B, "merged", None])
    assert found == [("rule", "matching.yml"), ("code", None), ("unexplained", None)]


def test_customers_come_and_go_with_their_records_even_when_rules_change(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1)), B: customer(records(R2), won_by=R2)})
    golden.version({A: customer(records(R1)), C: customer(records(R3), won_by=R3)}, RULES)
    assert changes(golden) == {
        (B, "retired", None): ("source_data", R2),
        (C, "created", None): ("source_data", R3),
    }


def test_other_customers_records_explain_doubts_and_moves_only(tmp_path: Path) -> None:
    def world(r4: str, **more: Any) -> dict[str, Customer]:
        return {A: customer(records(R1), **more), B: customer(records(R4, r4=r4), won_by=R4)}

    golden = Golden(tmp_path)
    golden.version(world("h"))
    golden.version(world("other", review_pending=True, cells={"mobile": ("1", 1)}))
    assert changes(golden) == {
        (A, "updated", "review_pending"): ("source_data", NEIGHBOURS),
        (A, "updated", "mobile"): ("source_data", NEIGHBOURS),
    }
    golden.version(
        world("again", name="Wang", review_pending=True, cells={"mobile": ("1", 1)}),
    )
    assert changes(golden) == {NAME: ("unexplained", None)}


def test_a_record_that_leaves_for_a_customer_whose_record_changed(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1, R2)), B: customer(records(R3), won_by=R3)})
    golden.version(
        {A: customer(records(R1), "Wang"), B: customer(records(R2, R3, r3="other"), won_by=R3)}
    )
    assert changes(golden)[NAME] == ("source_data", R3)


def test_only_touched_customers_are_compared(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: customer(records(R1)), B: customer(records(R2), won_by=R2)})
    golden.con.execute("CREATE SCHEMA work")
    golden.con.execute("CREATE TABLE work.touched_basis AS SELECT FALSE AS whole")
    golden.con.execute(f"CREATE TABLE work.touched AS SELECT '{A}' AS customer_id")
    world = {A: customer(records(R1), "Wang"), B: customer(records(R2), "Wu", won_by=R2)}
    golden.version(world, RULES)
    assert list(changes(golden)) == [NAME]


def test_a_version_without_hashes_is_compared_by_its_times(tmp_path: Path) -> None:
    none: Any = None
    cause = renamed(tmp_path / "1", CODE, before={R1: (none, 1)}, now={R1: ("h", 1)})
    assert cause == ("code", None)
    assert renamed(tmp_path / "2", before={R1: (none, 1)}, now={R1: ("h", 2)})[0] == "source_data"
