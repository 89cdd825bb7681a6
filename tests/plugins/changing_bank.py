"""Landed tables of a small bank that changes, and what normalising them again must come to."""

from __future__ import annotations

from typing import Any

import duckdb
import pyarrow as pa

from models.source import SourceConfig
from warehouse.digest import layer_digest
from warehouse.normalising import NormaliseReport, normalise
from warehouse.store import Connection, count

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
