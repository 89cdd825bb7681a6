"""Normalising again makes anew what changed, and leaves what an empty file would be given."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from models.source import SourceConfig
from models.tables.normalised import NORMALISED
from warehouse import normalise_landed, normalised_from
from warehouse.digest import layer_digest
from warehouse.normalising import NormaliseReport, normalise
from warehouse.store import Connection, Store, count

Row = dict[str, str | None]
Bank = dict[str, list[Row]]
COLUMNS = {
    "core__customer": ("CUST_NO", "TP", "NM", "CERT", "TEL", "UPD", "REGION"),
    "core__account": ("ACCT_NO", "CUST_NO", "ACCT_NM", "TEL"),
    "core__contract": ("NO", "CUST_NO"),
    "crm__contact": ("ID", "NAME", "TEL"),
}


def core(**changes: Any) -> SourceConfig:
    """Return a source of a party object and two that belong to it; ``changes`` to its mapping."""
    customer = {
        "party": {"field": "TP", "codes": {"1": "person", "2": "organisation"}},
        "names": [{"full": "NM"}],
        "identifiers": [{"number": "CERT"}],
        "contacts": [{"phone": "TEL"}],
        "updated_at": "UPD",
        "addresses": [{"text": "REGION"}],
        "attributes": {"occupation": "REGION"},
        "relationships": [{"type": "spouse", "name": "REGION"}],
        "consents": [
            {"purpose": "marketing", "status": {"field": "REGION", "codes": {"杭州": "granted"}}}
        ],
        **changes,
    }
    belongs_to = {"object": "customer", "key": "CUST_NO"}
    return _source(
        "core",
        account={
            "belongs_to": belongs_to,
            "names": [{"full": "ACCT_NM", "kind": "alias"}],
            "contacts": [{"phone": "TEL", "use": "work"}],
            "accounts": [{"number": "ACCT_NO"}],
        },
        contract={"belongs_to": belongs_to, "accounts": [{"number": "NO", "product": "contract"}]},
        customer=customer,
    )


def _source(name: str, **mappings: Any) -> SourceConfig:
    objects = {key: {"read": {}, "mapping": mapping} for key, mapping in mappings.items()}
    return SourceConfig.model_validate({"name": name, "connector": "sql", "objects": objects})


CRM = _source(
    "crm", contact={"party": "person", "names": [{"full": "NAME"}], "contacts": [{"phone": "TEL"}]}
)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    with Store(tmp_path / "golden_next.duckdb").writing() as connection:
        yield connection


@pytest.fixture(autouse=True)
def never_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make anew only what changed, however much that is; and cross the borders of batches."""
    monkeypatch.setattr(normalised_from, "_WORTH_IT", 0)
    monkeypatch.setattr(normalise_landed, "BATCH_ROWS", 7)


def land(con: Connection, bank: Bank, rejected: list[str] | None = None) -> None:
    """Make the landed tables; a row's hash is over its values, as the load makes it."""
    con.execute("CREATE SCHEMA IF NOT EXISTS landed")
    for name, rows in bank.items():
        columns = list(dict.fromkeys([*COLUMNS[name], *(key for row in rows for key in row)]))
        schema = pa.schema([(column, pa.string()) for column in columns])
        con.register("rows", pa.Table.from_pylist(rows, schema=schema))
        key = COLUMNS[name][0]
        con.execute(
            f'CREATE OR REPLACE TABLE landed."{name}" AS SELECT *, "{key}" AS _pk, '
            "md5(rows::VARCHAR) AS _hash FROM rows"
        )
        con.unregister("rows")
    con.execute(
        "CREATE OR REPLACE TABLE landed.rejected "
        "(source VARCHAR, object VARCHAR, source_pk VARCHAR)"
    )
    for key in rejected or ():
        con.execute("INSERT INTO landed.rejected VALUES ('core', 'customer', ?)", [key])


def fresh(con: Connection, sources: list[SourceConfig]) -> tuple[str, NormaliseReport]:
    """Return what normalising the same landed tables in an empty file gives."""
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'landed'"
    ).fetchall()
    with duckdb.connect() as empty:
        empty.execute("CREATE SCHEMA landed")
        for (name,) in tables:
            empty.register("rows", con.execute(f"FROM landed.{name}").to_arrow_table())
            empty.execute(f"CREATE TABLE landed.{name} AS FROM rows")
        report = normalise(empty, sources)
        return layer_digest(empty, "normalised"), report


def again(con: Connection, sources: list[SourceConfig]) -> int:
    """Normalise; check it against an empty file; return how many rows were made anew."""
    report = normalise(con, sources)
    digest, wanted = fresh(con, sources)
    assert layer_digest(con, "normalised") == digest
    counts = [dict(item.counts()) for item in (report, wanted)]
    redone = counts[0].pop("redone")
    counts[1].pop("redone")
    assert counts[0] == counts[1]
    assert report.failed == wanted.failed
    assert count(con, "SELECT count(*) FROM normalised.fingerprint") == count(
        con, "SELECT count(*) FROM normalised.record"
    )
    return redone


def bank() -> Bank:
    return {
        "core__customer": [
            {"CUST_NO": "1", "TP": "1", "NM": "王小明", "TEL": "13800138000"},
            {"CUST_NO": "2", "TP": "2", "NM": "杭州西湖茶叶有限公司"},
            {"CUST_NO": "3", "TP": "9", "NM": "李红"},
        ],
        "core__account": [
            {"ACCT_NO": "62220011", "CUST_NO": "1", "TEL": "13800138001"},
            {"ACCT_NO": "62220012", "CUST_NO": "1"},
            {"ACCT_NO": "62220021", "CUST_NO": "2", "ACCT_NM": "西湖茶叶有限公司"},
            {"ACCT_NO": "62220031", "CUST_NO": "3"},
            {"ACCT_NO": "62220041", "CUST_NO": "4"},
            {"ACCT_NO": "62220051", "CUST_NO": None},
        ],
        "core__contract": [{"NO": "77", "CUST_NO": "1"}],
        "crm__contact": [{"ID": "a", "NAME": "王小明"}, {"ID": "b", "NAME": "-"}],
    }


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


def _any_row(rng: random.Random, table: str, key: str) -> Row:
    customer = rng.choice([None, "", " ", *"123456789"])
    phone = rng.choice([None, "13800138000", "0571-87654321", "123"])
    return {
        "core__customer": {
            "CUST_NO": key,
            "TP": rng.choice("11229"),
            "NM": rng.choice([None, "王小明", "无", "杭州西湖茶叶有限公司"]),
            "CERT": rng.choice([None, "E12345678", "330102199001011234", "无"]),
            "TEL": phone,
            "UPD": rng.choice([None, "2026-01-02", "bad"]),
            "REGION": rng.choice([None, "杭州", "x"]),
        },
        "core__account": {
            "ACCT_NO": key,
            "CUST_NO": customer,
            "ACCT_NM": rng.choice([None, "王明", "-"]),
            "TEL": phone,
        },
        "core__contract": {"NO": key, "CUST_NO": customer},
        "crm__contact": {"ID": key, "NAME": rng.choice([None, "李红", "-"]), "TEL": phone},
    }[table]


def _shake(rng: random.Random, rows: Bank) -> None:
    """Insert, change and delete some rows of every table, in a random order of rows."""
    for table, current in rows.items():
        key = COLUMNS[table][0]
        by_key = {row[key]: row for row in current}
        for _ in range(rng.choice([0, 1, 1, 2, 4])):
            number = str(rng.randrange(1, 10))
            if rng.random() < 0.3:
                by_key.pop(number, None)
            elif number in by_key and rng.random() < 0.5:
                column = rng.choice(COLUMNS[table][1:])
                by_key[number] |= {column: _any_row(rng, table, number)[column]}
            else:
                by_key[number] = _any_row(rng, table, number)
        rows[table] = rng.sample(list(by_key.values()), len(by_key))


@pytest.mark.parametrize("seed", range(5))
def test_any_history_gives_what_an_empty_file_is_given(con: Connection, seed: int) -> None:
    rng = random.Random(seed)
    rows: Bank = {table: [] for table in COLUMNS}
    mappings = [core(), core(updated_at=["UPD", "REGION"]), core(contacts=[])]
    customers = mappings[0]
    for _ in range(8):
        _shake(rng, rows)
        if rng.random() < 0.15:
            customers = rng.choice(mappings)
        land(con, rows, rejected=rng.choices("123456789", k=rng.randrange(3)))
        sources = [customers, CRM] if rng.random() < 0.9 else [CRM]
        rng.shuffle(sources)
        again(con, sources)


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
