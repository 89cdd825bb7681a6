"""One body over three databases: what is pulled is what the database holds, as text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from connectors.registry import open_connector
from models.errors import SourceError
from tests.connectors.conftest import Project, source_of
from tests.plugins.sql_bank import CURSOR, CUSTOMERS, Bank, at, reading


def test_values_land_as_the_text_the_database_holds(bank: Bank, project: Project) -> None:
    bank.put(
        "A 1",
        at(10),
        客户姓名="𬱖䶮 O'Neil\n第二行",
        order=9_007_199_254_740_993,
        BAL=Decimal("1234567890123456.7800"),
        BIRTH_DT=date(1990, 1, 1),
        DEL_FLG="0",
    )
    bank.put("B")
    source = reading(bank)
    report = project.pull(source)
    assert (report.outcome, report.kind, report.rows) == ("landed", "full", 2)
    first, second = project.landed(source, "COLUMNS(c -> c NOT IN ('_pk', '_hash'))")
    assert first[:3] == ("A 1", "𬱖䶮 O'Neil\n第二行", "9007199254740993")
    assert first[4] == "1990-01-01"
    assert datetime.fromisoformat(first[5]) == at(10)
    assert first[6].strip() == "0"
    assert second == ("B", None, None, None, None, None, "0")
    if bank.engine.dialect.name != "sqlite":  # which has no decimals
        assert first[3] == "1234567890123456.7800"


def test_the_padding_of_fixed_length_columns_is_no_part_of_the_value(
    bank: Bank, project: Project
) -> None:
    bank.put("1", DEL_FLG="1")
    source = reading(bank, deletes={"flag": {"field": "DEL_FLG", "values": ["1"]}})
    project.pull(source)
    assert project.landed(source) == []


def test_a_query_is_read_like_a_table(bank: Bank, project: Project) -> None:
    for key in "123":
        bank.put(key, at(int(key)))
    quote = bank.engine.dialect.identifier_preparer.quote
    query = (
        f"SELECT {quote('ID')}, {quote('UPD_TS')}, '10:30:00 100%' AS note "
        f"FROM {quote('CUST_INFO')} WHERE {quote('ID')} <> '2';"
    )
    source = reading(bank, table=None, query=query, **CURSOR)
    project.pull(source)
    assert project.landed(source, "ID, note") == [("1", "10:30:00 100%"), ("3", "10:30:00 100%")]
    bank.put("4", at(4))
    assert project.pull(source).rows == 2


def test_big_tables_come_in_batches(
    bank: Bank, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.sql.connector.BATCH_ROWS", 3)
    with bank.engine.begin() as connection:
        rows = [{"ID": f"{number:02d}", "UPD_TS": at(number)} for number in range(10)]
        connection.execute(CUSTOMERS.insert(), rows)
    source = reading(bank, **CURSOR)
    report = project.pull(source)
    assert report.rows == 10
    assert [done for _, done, _ in project.steps] == [0, 3, 6, 9, 10]
    assert [key for (key,) in project.landed(source, "ID")] == [row["ID"] for row in rows]


def test_discover_lists_tables_with_columns_types_and_keys(bank: Bank, project: Project) -> None:
    connector = open_connector(reading(bank), project.base)
    (found,) = connector.discover()
    connector.close()
    assert (found.name, found.primary_key) == ("CUST_INFO", ("ID",))
    types = {column.name: column.type for column in found.columns}
    assert types["ID"] == "VARCHAR(20)"
    assert list(types) == [column.name for column in CUSTOMERS.columns]


def test_sample_and_check_look_without_pulling(bank: Bank, project: Project) -> None:
    for key in "123":
        bank.put(key)
    connector = open_connector(reading(bank), project.base)
    assert connector.sample("customer", 2).num_rows == 2
    assert connector.check().ok
    connector.close()
    assert project.raw.latest("core", "customer") is None


@pytest.mark.postgres
def test_timestamps_with_a_zone_keep_their_instant(postgres_url: str, project: Project) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE t ("ID" int, ts timestamptz, ok bool, j jsonb)')
        connection.exec_driver_sql(
            "INSERT INTO t VALUES (1, '2026-11-23 10:00:00+08', true, '{\"a\": [1, \"二\"]}')"
        )
    engine.dispose()
    source = source_of("sql", {"url": postgres_url}, table="t", cursor={"field": "ts"})
    first = project.pull(source)
    ((ts, ok, j),) = project.landed(source, "ts, ok, j")
    assert datetime.fromisoformat(ts) == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert (ok, j) == ("true", '{"a":[1,"二"]}')
    assert datetime.fromisoformat(str(first.cursor)) == datetime(2026, 11, 23, 2, tzinfo=UTC)
    assert project.pull(source).rows == 1


def test_text_that_is_not_utf8_says_so(project: Project) -> None:
    engine = sa.create_engine(f"sqlite:///{project.base / 'core.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (ID TEXT, N TEXT)")
        connection.exec_driver_sql("INSERT INTO t VALUES ('1', CAST(x'D5C5C8FD' AS TEXT))")
    engine.dispose()
    source = source_of("sql", {"url": "sqlite:///core.db"}, table="t")
    with pytest.raises(SourceError, match="customer holds text that is not UTF-8"):
        project.pull(source)


@pytest.mark.postgres
@pytest.mark.parametrize("value", ["infinity", "20000-01-01", "0044-03-15 BC"])
def test_dates_that_python_cannot_hold_are_named_not_guessed(
    postgres_url: str, project: Project, value: str
) -> None:
    engine = sa.create_engine(postgres_url)
    with engine.begin() as connection:
        connection.exec_driver_sql('CREATE TABLE t ("ID" int, d date)')
        connection.exec_driver_sql(f"INSERT INTO t VALUES (1, '{value}')")
    engine.dispose()
    source = source_of("sql", {"url": postgres_url}, table="t")
    with pytest.raises(SourceError, match=r"a value .* read it with a query that casts"):
        project.pull(source)
    query = 'SELECT "ID", d::text AS d FROM t'
    source = source_of("sql", {"url": postgres_url}, query=query)
    project.pull(source)
    assert project.landed(source, "d") == [(value,)]
