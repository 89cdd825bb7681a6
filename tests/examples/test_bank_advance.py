from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.bank.advance import advance
from examples.bank.create import create, read_bank
from examples.bank.desk import Luck
from examples.bank.happenings import RATES, Day
from examples.bank.systems import Place
from tests.examples.bank_contents import digests, rows, source, truth

Row = dict[str, object]


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """1,500 people."""
    root = tmp_path_factory.mktemp("advance") / "before"
    create(Place(root, {}), 1_500, Luck(7))
    return root


@pytest.fixture(scope="module", autouse=True)
def lively() -> Iterator[None]:
    """Ten times as much happens."""
    with pytest.MonkeyPatch.context() as patch:
        for what, rate in list(RATES.items()):
            patch.setitem(RATES, what, rate * 10)
        yield


@pytest.fixture(scope="module")
def passed(
    bank: Path, lively: None, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path, list[Day]]:
    """The bank before and after two days, and what happened."""
    after = tmp_path_factory.mktemp("advance") / "after"
    shutil.copytree(bank, after)
    return bank, after, list(advance(Place(after, {}), 2))


def _by_key(bank: Path, name: str, key: str) -> dict[str, Row]:
    return {str(row[key]): row for row in rows(bank, name)}


def test_the_clock_moves(passed: tuple[Path, Path, list[Day]]) -> None:
    _, after, days = passed
    assert [day.date for day in days] == ["2026-11-02", "2026-11-03"]
    assert json.loads((after / "systems" / "clock.json").read_text()) == {"today": "2026-11-03"}
    assert read_bank(after).today == "2026-11-03"


def test_same_days_same_bytes(passed: tuple[Path, Path, list[Day]], own_bank: Path) -> None:
    for _ in range(2):
        list(advance(Place(own_bank, {}), 1))
    assert digests(own_bank) == digests(passed[1])


def test_another_seed_lets_other_things_happen(
    passed: tuple[Path, Path, list[Day]], own_bank: Path
) -> None:
    (day,) = advance(Place(own_bank, {}), 1, seed=5)
    assert day.happened != passed[2][0].happened


def test_only_what_changed_has_a_new_business_time(passed: tuple[Path, Path, list[Day]]) -> None:
    before, after = (_by_key(bank, "core.customer", "CUST_NO") for bank in passed[:2])
    changed = {key for key in before if before[key] != after[key]}
    assert changed
    assert len(changed) < len(before) * 0.3
    assert all(str(after[key]["UPD_TS"]) >= "2026-11-01" for key in changed)
    assert all(str(row["UPD_TS"]) < "2026-11-03" for row in after.values())


def test_rewritten_records_keep_their_old_mistakes(passed: tuple[Path, Path, list[Day]]) -> None:
    before, after = (_by_key(bank, "core.customer", "CUST_NO") for bank in passed[:2])
    renamed = {
        str(key)
        for (key,) in truth(
            passed[1],
            "FROM record JOIN person USING (entity_id) SELECT source_pk WHERE former_name NOT NULL",
        )
    }
    same = [
        key
        for key in before
        if before[key]["UPD_TS"] != after[key]["UPD_TS"] and key not in renamed
    ]
    assert len(same) > 5
    assert [before[key]["CUST_NM"] for key in same] == [after[key]["CUST_NM"] for key in same]


def test_new_phones_reach_the_records_that_are_written_again(
    passed: tuple[Path, Path, list[Day]],
) -> None:
    sql = "SELECT entity_id, mobile FROM person"
    old, new = ({str(key): str(value) for key, value in truth(p, sql)} for p in passed[:2])
    changed = {entity for entity in old if old[entity] != new[entity]}
    assert 0 < len(changed) <= sum(day.happened["new phones"] for day in passed[2])
    told = truth(
        passed[1],
        """SELECT source_pk, entity_id FROM record WHERE source = 'core'
           AND updated_at >= '2026-11-01'
           AND record_key NOT IN (SELECT record_key FROM error WHERE field = 'phone')""",
    )
    seen = _by_key(passed[1], "core.customer", "CUST_NO")
    pairs = [
        (re.sub(r"\D", "", str(seen[str(key)]["MOB_NO"]))[-11:], new[str(entity)][-11:])
        for key, entity in told
        if entity in changed
    ]
    assert len(pairs) > 3
    late = [pair for pair in pairs if pair[0] != pair[1]]
    assert len(late) < len(pairs) / 2  # a second new phone may come after the visit


def test_customers_leave_as_each_system_lets_them(
    own_bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("examples.bank.advance.DELETED", 0.05)
    known = {str(key) for (key,) in truth(own_bank, "SELECT record_key FROM record")}
    list(advance(Place(own_bank, {}), 1))
    live = {str(key) for (key,) in truth(own_bank, "SELECT record_key FROM record")}
    gone = known - live
    marks = {
        "core.customer": ("CUST_NO", "DEL_FLG", "1"),
        "mobile.user": ("user_id", "state", "CLOSED"),
        "wealth.client": ("客户编号", "客户状态", "已销户"),
        "crm.contact": ("id", "status", "DELETED"),
    }
    for name, (key, column, value) in marks.items():
        marked = {f"{name}:{row[key]}" for row in rows(own_bank, name) if row[column] == value}
        assert marked
        assert marked == {record for record in gone if record.startswith(f"{name}:")}
    for name, key in (
        ("loan.borrower", "BRW_ID"),
        ("card.holder", "KHH"),
        ("marketing.lead", "lead_id"),
    ):
        left = {record for record in gone if record.startswith(f"{name}:")}
        assert left
        assert not left & {f"{name}:{row[key]}" for row in rows(own_bank, name)}
    assert not {record for record in gone if record.startswith("callcentre")}


def test_accounts_go_with_their_customer(own_bank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("examples.bank.advance.DELETED", 0.05)
    list(advance(Place(own_bank, {}), 1))
    live = {row["CUST_NO"] for row in rows(own_bank, "core.customer") if row["DEL_FLG"] == "0"}
    assert {row["CUST_NO"] for row in rows(own_bank, "core.account")} <= live
    relations = [row for row in rows(own_bank, "core.relation") if row["DEL_FLG"] == "0"]
    assert {row["CUST_NO"] for row in relations} <= live


def test_files_come_as_new_drops(passed: tuple[Path, Path, list[Day]]) -> None:
    before, after = (bank / "systems" for bank in passed[:2])
    new = {path.name for path in after.rglob("*.*")} - {path.name for path in before.rglob("*.*")}
    for day in ("20261102", "20261103"):
        assert {f"CARD_CUST_{day}.csv", f"CARD_CUST_{day}.ctl", f"USER_{day}.jsonl"} <= new
    for path in before.rglob("*.csv"):
        assert (after / path.relative_to(before)).read_bytes() == path.read_bytes()


def test_truth_still_names_exactly_the_live_rows(passed: tuple[Path, Path, list[Day]]) -> None:
    after = passed[1]
    for name in (
        "core.customer",
        "loan.borrower",
        "card.holder",
        "mobile.user",
        "wealth.client",
        "crm.contact",
        "crm.company",
        "marketing.lead",
        "callcentre.caller",
    ):
        system, item = name.split(".")
        read = source(system).objects[item].read
        flag = read.get("deletes", {}).get("flag")
        live = {
            f"{name}:{row[read['primary_key'][0]]}"
            for row in rows(after, name)
            if not flag or row[flag["field"]] not in flag["values"]
        }
        known = {
            str(key)
            for (key,) in truth(
                after,
                f"SELECT record_key FROM record WHERE source = '{system}' AND object = '{item}'",
            )
        }
        assert live == known, name


def test_newcomers_are_new(passed: tuple[Path, Path, list[Day]]) -> None:
    ((people, ids),) = truth(passed[1], "SELECT count(*), count(DISTINCT id_number) FROM person")
    assert people == ids == 1_500 + sum(day.happened["new people"] for day in passed[2])
