from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.source import SourceConfig
from warehouse import normalise_landed
from warehouse.normalising import NormaliseReport, normalise
from warehouse.store import Connection, Store, count

CORE = SourceConfig.model_validate(
    {
        "name": "core",
        "connector": "sql",
        "objects": {
            # sorts before its parent on purpose
            "account": {
                "read": {"table": "ACCT", "primary_key": ["ACCT_NO"]},
                "mapping": {
                    "belongs_to": {"object": "customer", "key": "CUST_NO"},
                    "names": [{"full": "ACCT_NM", "kind": "alias"}],
                    "accounts": [{"number": "ACCT_NO"}],
                },
            },
            "customer": {
                "read": {"table": "CUST", "primary_key": ["CUST_NO"]},
                "mapping": {
                    "party": {"field": "TP", "codes": {"1": "person", "2": "organisation"}},
                    "names": [{"full": "NM"}],
                    "identifiers": [{"number": "CERT"}],
                    "accounts": [{"number": "MAIN_ACCT"}],
                },
            },
        },
    }
)
CRM = SourceConfig.model_validate(
    {
        "name": "crm",
        "connector": "csv",
        "objects": {
            "contact": {
                "read": {"glob": "*.csv", "primary_key": ["ID"]},
                "mapping": {"party": "person", "names": [{"full": "NAME"}]},
            }
        },
    }
)
Row = dict[str, str | None]
CUSTOMER = ("CUST_NO", "TP", "NM", "CERT", "MAIN_ACCT")
ACCOUNT = ("ACCT_NO", "CUST_NO", "ACCT_NM")


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    with Store(tmp_path / "golden.duckdb").writing() as connection:
        connection.execute("CREATE SCHEMA landed")
        yield connection


def land(con: Connection, name: str, columns: tuple[str, ...], rows: list[Row]) -> None:
    """Make a landed table; the first column is the key."""
    whole = [
        {column: row.get(column) for column in columns}
        | {"_pk": row.get(columns[0]), "_hash": f"h{row.get(columns[0])}"}
        for row in rows
    ]
    schema = pa.schema([(column, pa.string()) for column in (*columns, "_pk", "_hash")])
    con.register("rows", pa.Table.from_pylist(whole, schema=schema))
    con.execute(f'CREATE OR REPLACE TABLE landed."{name}" AS SELECT * FROM rows')
    con.unregister("rows")


def land_bank(con: Connection) -> None:
    land(
        con,
        "core__customer",
        CUSTOMER,
        [
            {"CUST_NO": "1", "TP": "1", "NM": "王小明", "MAIN_ACCT": "6222000000000099"},
            {"CUST_NO": "2", "TP": "2", "NM": "杭州西湖茶叶有限公司"},
            {"CUST_NO": "3", "TP": "9", "NM": "李红"},
        ],
    )
    land(
        con,
        "core__account",
        ACCOUNT,
        [
            {"ACCT_NO": "6222000000000011", "CUST_NO": "1"},
            {"ACCT_NO": "6222000000000012", "CUST_NO": "1"},
            {"ACCT_NO": "6222000000000021", "CUST_NO": "2", "ACCT_NM": "西湖茶叶有限公司"},
            {"ACCT_NO": "6222000000000031", "CUST_NO": "3"},
            {"ACCT_NO": "6222000000000041", "CUST_NO": "4"},
            {"ACCT_NO": "6222000000000051", "CUST_NO": None},
            {"ACCT_NO": "6222000000000061", "CUST_NO": " "},
        ],
    )
    land(
        con,
        "crm__contact",
        ("ID", "NAME"),
        [{"ID": "a", "NAME": "王小明"}, {"ID": "b", "NAME": "-"}],
    )


def fates(con: Connection) -> dict[str, str]:
    """Return the rule by key for every quarantined row."""
    return dict(con.execute("SELECT source_pk, rule FROM normalised.quarantine").fetchall())


def conserved(con: Connection, report: NormaliseReport) -> bool:
    """Whether each object's landed rows are attached or quarantined, to the row."""
    return all(
        item.rows
        == count(con, f'SELECT count(*) FROM landed."{item.source}__{item.object}"')
        == item.attached + item.quarantined
        for item in report.objects
    )


def test_every_landed_row_has_one_fate(con: Connection) -> None:
    land_bank(con)
    report = normalise(con, [CORE, CRM])
    assert conserved(con, report)
    assert [(i.source, i.object, i.rows, i.attached, i.quarantined) for i in report.objects] == [
        ("core", "customer", 3, 2, 1),
        ("core", "account", 7, 3, 4),
        ("crm", "contact", 2, 1, 1),
    ]
    assert report.counts() == {
        "rows": 12,
        "attached": 6,
        "quarantined": 6,
        "defects": 0,
        "drifted": 0,
        "redone": 12,
    }


def test_rows_without_their_record_say_why(con: Connection) -> None:
    land_bank(con)
    normalise(con, [CORE, CRM])
    assert fates(con) == {
        "3": "unknown_party_type",
        "6222000000000031": "parent_quarantined",
        "6222000000000041": "orphan",
        "6222000000000051": "no_key",
        "6222000000000061": "no_key",
        "b": "says_nothing",
    }


def test_a_parent_rejected_when_it_was_loaded_is_no_orphan(con: Connection) -> None:
    land_bank(con)
    con.execute(
        "CREATE TABLE landed.rejected AS "
        "SELECT 'core' AS source, 'customer' AS object, '4' AS source_pk"
    )
    normalise(con, [CORE, CRM])
    assert fates(con)["6222000000000041"] == "parent_quarantined"


def test_children_have_the_party_type_of_their_record(con: Connection) -> None:
    land_bank(con)
    normalise(con, [CORE])
    rows = con.execute(
        "SELECT org_core IS NOT NULL FROM normalised.name WHERE record_key = 'core.customer:2'"
    ).fetchall()
    assert rows == [(True,), (True,)]


def test_ordinals_count_each_record_s_values_over_all_objects(con: Connection) -> None:
    land_bank(con)
    normalise(con, [CORE])
    rows = con.execute(
        "SELECT ordinal, account_no FROM normalised.account "
        "WHERE record_key = 'core.customer:1' ORDER BY ordinal"
    ).fetchall()
    assert rows == [
        (0, "6222000000000011"),
        (1, "6222000000000012"),
        (2, "6222000000000099"),
    ]


@pytest.mark.parametrize("batch_rows", [1, 2, 200_000])
def test_batches_and_order_change_nothing(
    con: Connection, monkeypatch: pytest.MonkeyPatch, batch_rows: int
) -> None:
    land_bank(con)
    normalise(con, [CORE, CRM])
    expected = contents(con)
    monkeypatch.setattr(normalise_landed, "BATCH_ROWS", batch_rows)
    for name in ("core__customer", "core__account", "crm__contact"):
        con.execute(
            f"CREATE OR REPLACE TABLE landed.{name} AS FROM landed.{name} ORDER BY _pk DESC"
        )
    con.execute("DELETE FROM work.normalised_rules")  # so that all is made anew
    assert normalise(con, [CRM, CORE]).counts()["redone"] == 12
    assert contents(con) == expected


def contents(con: Connection) -> dict[str, list[Any]]:
    """Return all normalised rows, sorted."""
    names = con.execute(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'normalised'"
    ).fetchall()
    return {
        name: sorted(con.execute(f"FROM normalised.{name}").fetchall(), key=str)
        for (name,) in names
    }


def test_a_drifted_object_is_set_aside_and_the_others_go_on(con: Connection) -> None:
    land_bank(con)
    con.execute("ALTER TABLE landed.core__customer RENAME COLUMN NM TO NAME")
    report = normalise(con, [CORE, CRM])
    assert conserved(con, report)
    assert list(report.failed) == ["core"]
    assert "NM" in report.failed["core"]
    assert report.counts()["drifted"] == 1
    rules = fates(con)
    assert {rules[key] for key in "123"} == {"schema_drift"}
    assert rules["6222000000000011"] == "parent_quarantined"
    assert count(con, "SELECT count(*) FROM normalised.record") == 1
    uses = con.execute(
        "SELECT column_name, use, filled FROM normalised.column_use "
        "WHERE object = 'customer' AND column_name IN ('NM', 'NAME') ORDER BY 1"
    ).fetchall()
    assert uses == [("NAME", "unmapped", 3), ("NM", "missing", 0)]


def test_column_use_counts_all_landed_rows(
    con: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    land_bank(con)
    monkeypatch.setattr(normalise_landed, "BATCH_ROWS", 2)
    normalise(con, [CORE])
    filled = con.execute(
        "SELECT filled, count(*) OVER () FROM normalised.column_use "
        "WHERE object = 'account' AND column_name = 'ACCT_NO'"
    ).fetchall()
    assert filled == [(7, 1)]


def test_objects_never_loaded_and_empty_ones_give_nothing(con: Connection) -> None:
    con.execute("CREATE TABLE landed.crm__contact (_pk VARCHAR, _hash VARCHAR)")
    report = normalise(con, [CORE, CRM])
    assert report.counts()["rows"] == 0
    assert report.failed == {}


def test_an_emptied_object_still_shows_its_columns(con: Connection) -> None:
    land(con, "crm__contact", ("ID", "NAME"), [])
    normalise(con, [CRM])
    assert count(con, "SELECT count(*) FROM normalised.column_use") == 2


KEYS = st.sampled_from([None, "", "1", "2", "3", "4"])
CUSTOMERS = st.lists(
    st.fixed_dictionaries(
        {
            "CUST_NO": KEYS,
            "TP": st.sampled_from(["1", "2", "9"]),
            "NM": st.sampled_from([None, "王小明", "无"]),
        }
    ),
    max_size=5,
    unique_by=lambda row: row["CUST_NO"],
)
ACCOUNTS = st.lists(
    st.fixed_dictionaries(
        {"ACCT_NO": st.sampled_from([None, "62220011", "62220022"]), "CUST_NO": KEYS}
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None)
@given(CUSTOMERS, ACCOUNTS)
def test_nothing_is_lost_and_nothing_counted_twice(
    tmp_path_factory: pytest.TempPathFactory, customers: list[Row], accounts: list[Row]
) -> None:
    with Store(tmp_path_factory.mktemp("store") / "golden.duckdb").writing() as con:
        con.execute("CREATE SCHEMA landed")
        land(con, "core__customer", CUSTOMER, customers)
        land(con, "core__account", ACCOUNT, accounts)
        assert conserved(con, normalise(con, [CORE]))
