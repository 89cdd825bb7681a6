"""Normalising again makes anew what changed, and leaves what an empty file would be given."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.tables.normalised import NORMALISED
from tests.plugins.changing_bank import CRM, Row, again, bank, core, land
from warehouse import normalise_landed, normalised_from
from warehouse.normalising import normalise
from warehouse.store import Connection, Store, count


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    with Store(tmp_path / "golden_next.duckdb").writing() as connection:
        yield connection


@pytest.fixture(autouse=True)
def never_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make anew only what changed, however much that is; and cross the borders of batches."""
    monkeypatch.setattr(normalised_from, "_WORTH_IT", 0)
    monkeypatch.setattr(normalise_landed, "BATCH_ROWS", 7)


def test_the_same_rows_again_are_not_touched(con: Connection) -> None:
    land(con, bank())
    assert again(con, [core(), CRM]) == 12
    assert again(con, [core(), CRM]) == 0


@pytest.mark.parametrize(
    ("table", "number", "change", "redone"),
    [
        # customer 1 with two accounts and a contract
        pytest.param("core__customer", 0, {"NM": "王大明"}, 4, id="a-party"),
        pytest.param("core__customer", 1, {"TP": "1"}, 2, id="party-type-of-a-parent"),
        pytest.param("core__customer", 2, {"TP": "1"}, 2, id="a-parent-out-of-quarantine"),
        pytest.param("core__customer", 2, {"CUST_NO": "4"}, 3, id="a-parent-of-other-orphans"),
        pytest.param("core__account", 1, {"ACCT_NM": "王明"}, 4, id="a-child"),
        pytest.param("core__account", 0, {"CUST_NO": "2"}, 6, id="a-child-moves"),
        pytest.param("core__account", 0, {"CUST_NO": " "}, 4, id="a-child-loses-its-parent"),
        pytest.param("core__account", 5, {"CUST_NO": "4"}, 2, id="a-child-finds-an-orphan's-place"),
        pytest.param("crm__contact", 1, {"NAME": "李红"}, 1, id="another-source"),
    ],
)
def test_only_records_that_changed_are_made_anew(
    con: Connection, table: str, number: int, change: Row, redone: int
) -> None:
    rows = bank()
    land(con, rows)
    again(con, [core(), CRM])
    rows[table][number] |= change
    land(con, rows)
    assert again(con, [core(), CRM]) == redone


def test_a_parent_that_goes_or_is_rejected_renames_its_orphans(con: Connection) -> None:
    rows = bank()
    land(con, rows)
    again(con, [core()])
    del rows["core__customer"][0]
    land(con, rows)
    assert again(con, [core()]) == 3
    land(con, rows, rejected=["1"])
    assert again(con, [core()]) == 3
    land(con, rows)
    assert again(con, [core()]) == 3


def test_a_mapping_that_changes_makes_its_source_anew(con: Connection) -> None:
    land(con, bank())
    again(con, [core(), CRM])
    assert again(con, [core(names=[{"full": "NM"}, {"full": "REGION"}]), CRM]) == 10
    assert again(con, [CRM]) == 0
    assert again(con, [core(), CRM]) == 10


def test_trust_changes_nothing_here(con: Connection) -> None:
    land(con, bank())
    again(con, [core(), CRM])
    trusted = [item.model_copy(update={"trust": 0.9}) for item in (core(), CRM)]
    assert again(con, trusted) == 0


def test_drift_comes_stays_and_goes(con: Connection) -> None:
    rows = bank()
    land(con, rows)
    again(con, [core(), CRM])
    con.execute("ALTER TABLE landed.core__account RENAME COLUMN CUST_NO TO CUSTOMER")
    again(con, [core(), CRM])
    con.execute("DELETE FROM landed.core__account WHERE ACCT_NO = '62220011'")
    con.execute("DELETE FROM landed.core__customer WHERE CUST_NO = '2'")
    again(con, [core(), CRM])
    land(con, rows)
    again(con, [core(), CRM])


def test_many_changes_make_a_source_anew(con: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(normalised_from, "_WORTH_IT", 3)
    rows = bank()
    land(con, rows)
    again(con, [core(), CRM])
    rows["core__account"][2]["ACCT_NM"] = None
    land(con, rows)
    assert again(con, [core(), CRM]) == 10


def test_another_edition_of_the_program_makes_all_anew(
    con: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(con, bank())
    again(con, [core(), CRM])
    monkeypatch.setattr("warehouse.normalise_rules.edition", lambda: "another")
    assert again(con, [core(), CRM]) == 12


def test_a_table_of_another_shape_makes_all_anew(con: Connection) -> None:
    land(con, bank())
    again(con, [core(), CRM])
    con.execute("ALTER TABLE normalised.address DROP COLUMN level")
    assert again(con, [core(), CRM]) == 12


def test_every_table_is_filled_here(con: Connection) -> None:
    rows = bank()
    rows["core__customer"][0] |= {"REGION": "杭州", "CERT": "E12345678"}
    land(con, rows)
    normalise(con, [core(), CRM])
    empty = [
        item.name
        for item in NORMALISED
        if not count(con, f"SELECT count(*) FROM normalised.{item.name}")
    ]
    assert empty == []
