"""One body over three databases: what is pulled is what the database holds, as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.registry import open_connector
from models.errors import (
    AuthError,
    ConfigError,
    ForbiddenError,
    GoldenError,
    IncompleteData,
    SchemaDrift,
    SourceError,
    TransientError,
)
from tests.connectors.conftest import Project, source_of

CURSOR = {"cursor": {"field": "UPD_TS", "lookback": "10m", "timezone": "UTC"}}

METADATA = sa.MetaData()
CUSTOMERS = sa.Table(
    "CUST_INFO",
    METADATA,
    sa.Column("ID", sa.String(20), primary_key=True),
    sa.Column("客户姓名", sa.String(40)),
    sa.Column("order", sa.BigInteger),
    sa.Column("BAL", sa.Numeric(20, 4)),
    sa.Column("BIRTH_DT", sa.Date),
    sa.Column("UPD_TS", sa.DateTime),
    sa.Column("DEL_FLG", sa.CHAR(4)),
)


class Bank:
    """A database with a customer table."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = sa.create_engine(url)
        METADATA.create_all(self.engine)

    def put(self, key: str, at: datetime | None = None, **values: Any) -> None:
        """Insert or replace one customer."""
        row = {"ID": key, "客户姓名": None, "UPD_TS": at, "DEL_FLG": "0", **values}
        with self.engine.begin() as connection:
            connection.execute(CUSTOMERS.delete().where(CUSTOMERS.c.ID.in_([key])))
            connection.execute(CUSTOMERS.insert().values(row))

    def run(self, statement: str) -> None:
        """Run one statement."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgres", marks=pytest.mark.postgres),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def bank(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bank]:
    """A bank on each of the databases."""
    url = (
        f"sqlite:///{tmp_path / 'core.db'}"
        if request.param == "sqlite"
        else request.getfixturevalue(f"{request.param}_url")
    )
    bank = Bank(url)
    yield bank
    bank.engine.dispose()


def reading(bank: Bank, **read: Any) -> Any:
    return source_of("sql", {"url": bank.url}, **({"table": "CUST_INFO"} | read))


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 23, hour, minute)  # noqa: DTZ001  # columns without a zone


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
    first, second = project.landed(source, "COLUMNS(c -> c NOT IN ('_pk', '_hash', '_pos'))")
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


def test_after_the_first_pull_only_changes_are_read(bank: Bank, project: Project) -> None:
    bank.put("1", at(10))
    bank.put("2", at(11))
    source = reading(bank, **CURSOR)
    first = project.pull(source)
    bank.put("1", at(12), 客户姓名="new")
    bank.put("3", at(10, 55))  # late, but within the look-back
    second = project.pull(source)
    assert (first.kind, first.lo, first.rows) == ("full", None, 2)
    assert (second.kind, second.rows) == ("delta", 3)
    assert second.lo == first.cursor
    assert datetime.fromisoformat(str(second.cursor)) == at(12)
    assert project.landed(source, "ID, 客户姓名") == [("1", "new"), ("2", None), ("3", None)]


def test_changes_and_a_full_pull_land_the_same(bank: Bank, project: Project) -> None:
    for number in range(20):
        bank.put(str(number), at(number % 12))
    source = reading(bank, **CURSOR)
    project.pull(source)
    for number in range(0, 20, 3):
        bank.put(str(number), at(12, number), 客户姓名=f"new {number}")
    project.pull(source)
    changes = project.landed(source)
    project.pull(source, full=True)
    assert project.landed(source) == changes


def test_rows_of_the_future_or_of_no_time_are_read_and_do_not_move_the_cursor(
    bank: Bank, project: Project
) -> None:
    bank.put("1", at(10))
    bank.put("2", datetime(9999, 12, 31))  # noqa: DTZ001
    bank.put("3", None)
    source = reading(bank, **CURSOR)
    first = project.pull(source)
    assert datetime.fromisoformat(str(first.cursor)) == at(10)
    bank.put("4", at(11))
    second = project.pull(source)
    assert second.rows == 4
    assert project.landed(source, "ID") == [("1",), ("2",), ("3",), ("4",)]


def test_a_pull_that_finds_nothing_keeps_the_cursor(bank: Bank, project: Project) -> None:
    bank.put("1", at(10))
    source = reading(bank, cursor={**CURSOR["cursor"], "lookback": "0s"})
    first = project.pull(source)
    bank.run("DELETE FROM " + bank.engine.dialect.identifier_preparer.quote("CUST_INFO"))
    second = project.pull(source)
    assert (second.kind, second.rows, second.cursor) == ("delta", 0, first.cursor)
    assert project.landed(source, "ID") == [("1",)]


def test_a_cursor_over_another_column_starts_again(bank: Bank, project: Project) -> None:
    bank.put("1", at(10), order=5)
    project.pull(reading(bank, **CURSOR))
    source = reading(bank, cursor={"field": "order"})
    second = project.pull(source)
    assert (second.kind, second.cursor) == ("full", "5")
    bank.put("2", at(9), order=6)
    bank.put("3", at(9), order=4)
    third = project.pull(source)
    assert (third.kind, third.rows, third.cursor) == ("delta", 2, "6")


def test_a_sweep_finds_deleted_rows(bank: Bank, project: Project) -> None:
    for key in "123":
        bank.put(key, at(10))
    source = reading(bank, **CURSOR, deletes={"sweep": True})
    project.pull(source)
    bank.run(f"DELETE FROM {bank.engine.dialect.identifier_preparer.quote('CUST_INFO')} "
             f"WHERE {bank.engine.dialect.identifier_preparer.quote('ID')} = '2'")  # fmt: skip
    report = project.pull(source)
    assert (report.kind, report.keys) == ("delta", 2)
    assert project.landed(source, "ID") == [("1",), ("3",)]


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


def failing(bank: Bank, project: Project, **read: Any) -> GoldenError:
    with pytest.raises(GoldenError) as caught:
        project.pull(reading(bank, **read))
    return caught.value


@pytest.mark.parametrize(
    ("read", "said"),
    [
        pytest.param(
            {"table": "CUST_INF"}, r"no table 'CUST_INF' \(there is 'CUST_INFO'\)", id="table"
        ),
        pytest.param({"primary_key": ["Id"]}, r"no column 'Id' \(there is 'ID'\)", id="key"),
        pytest.param({"cursor": {"field": "UPD"}}, "no column 'UPD'", id="cursor"),
        pytest.param({"table": None, "query": "SELECT x FROM y"}, r"not there", id="query"),
    ],
)
def test_what_is_not_there_is_drift_and_names_the_nearest(
    bank: Bank, project: Project, read: dict[str, Any], said: str
) -> None:
    error = failing(bank, project, **read)
    assert isinstance(error, SchemaDrift)
    with pytest.raises(SchemaDrift, match=said):
        raise error
    assert project.raw.latest("core", "customer") is None


def test_a_mapped_column_that_vanished_lands_nothing(bank: Bank, project: Project) -> None:
    bank.put("1")
    source = reading(bank)
    mapping = source.objects["customer"].mapping.model_copy(update={"updated_at": "GONE_TS"})
    changed = source.objects["customer"].model_copy(update={"mapping": mapping})
    source = source.model_copy(update={"objects": {"customer": changed}})
    with pytest.raises(SchemaDrift, match="no column GONE_TS; its columns are ID, 客户姓名"):
        project.pull(source)


def test_a_table_that_is_suddenly_empty_is_refused_unless_allowed(
    bank: Bank, project: Project
) -> None:
    bank.put("1")
    project.pull(reading(bank))
    bank.run("DELETE FROM " + bank.engine.dialect.identifier_preparer.quote("CUST_INFO"))
    with pytest.raises(IncompleteData, match="allow_empty: true"):
        project.pull(reading(bank))
    assert project.landed(reading(bank), "ID") == [("1",)]
    source = reading(bank, allow_empty=True)
    project.pull(source)
    assert project.landed(source) == []


def test_columns_that_came_and_went_are_reported(bank: Bank, project: Project) -> None:
    bank.put("1")
    project.pull(reading(bank))
    quote = bank.engine.dialect.identifier_preparer.quote
    bank.run(f"ALTER TABLE {quote('CUST_INFO')} ADD COLUMN EMAIL VARCHAR(10)")
    bank.run(f"ALTER TABLE {quote('CUST_INFO')} DROP COLUMN {quote('BAL')}")
    report = project.pull(reading(bank))
    assert [name.upper() for name in report.new_columns] == ["EMAIL"]
    assert report.gone_columns == ("BAL",)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("postgres_url", marks=pytest.mark.postgres),
        pytest.param("mariadb_url", marks=pytest.mark.mariadb),
    ],
)
class TestServers:
    """Failures that only a server can have."""

    @pytest.fixture
    def bank(self, url: str, request: pytest.FixtureRequest) -> Iterator[Bank]:
        bank = Bank(request.getfixturevalue(url))
        yield bank
        bank.engine.dispose()

    def test_a_wrong_password_is_an_auth_error_that_does_not_show_it(
        self, bank: Bank, project: Project
    ) -> None:
        bank.url = sa.make_url(bank.url).set(password="hunter2").render_as_string(False)
        error = failing(bank, project)
        assert isinstance(error, AuthError)
        assert "renew the password" in str(error)
        assert "hunter2" not in f"{error!r} {error} {error.__cause__!r} {error.__context__!r}"

    def test_a_missing_right_is_forbidden(self, bank: Bank, project: Project) -> None:
        bank.put("1")
        name = f"reader{abs(hash(bank.url)) % 10**8}"
        postgres = bank.engine.dialect.name == "postgresql"
        at_host = "" if postgres else "@'127.0.0.1'"
        bank.run(f"CREATE USER {name}{at_host} " + (
            "PASSWORD 'x'" if postgres else "IDENTIFIED BY 'x'"))  # fmt: skip
        if not postgres:
            database = sa.make_url(bank.url).database
            bank.run("CREATE TABLE open_to_all (ID INT)")
            bank.run(f"GRANT SELECT ON {database}.open_to_all TO {name}{at_host}")
        bank.url = sa.make_url(bank.url).set(username=name, password="x").render_as_string(False)
        query = f"SELECT * FROM {bank.engine.dialect.identifier_preparer.quote('CUST_INFO')}"
        error = failing(bank, project, table=None, query=query)
        bank.run(f"DROP USER {name}{at_host}")
        assert isinstance(error, ForbiddenError)
        assert "SELECT" in str(error)

    def test_a_server_that_is_not_there_is_worth_another_try(
        self, bank: Bank, project: Project
    ) -> None:
        bank.url = sa.make_url(bank.url).set(port=1).render_as_string(False)
        assert isinstance(failing(bank, project), TransientError)

    def test_a_database_that_is_not_there_is_a_mistake_of_the_configuration(
        self, bank: Bank, project: Project
    ) -> None:
        bank.url = sa.make_url(bank.url).set(database="nowhere").render_as_string(False)
        error = failing(bank, project)
        assert isinstance(error, ConfigError)
        assert "no database 'nowhere'" in str(error)

    def test_check_says_what_is_wrong(self, bank: Bank, project: Project) -> None:
        bank.url = sa.make_url(bank.url).set(port=1).render_as_string(False)
        connector = open_connector(reading(bank), project.base)
        health = connector.check()
        connector.close()
        assert not health.ok
        assert "cannot be reached" in health.detail


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


def test_sqlite_text_timestamps_are_cursors_too(project: Project) -> None:
    engine = sa.create_engine(f"sqlite:///{project.base / 'core.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (ID INTEGER, UPD_TS TEXT)")
        connection.exec_driver_sql("INSERT INTO t VALUES (1, '2026-11-23 10:00:00')")
    source = source_of("sql", {"url": "sqlite:///core.db"}, table="t", **CURSOR)
    project.pull(source)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO t VALUES (2, '2026-11-23 09:51:00')")
        connection.exec_driver_sql("INSERT INTO t VALUES (3, '2026-11-23 09:49:00')")
    engine.dispose()
    assert project.pull(source).rows == 2
    assert project.landed(source, "ID") == [("1",), ("2",)]


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


def test_a_missing_sqlite_file_is_not_created(project: Project) -> None:
    source = source_of("sql", {"url": "sqlite:///core.db"}, table="t")
    with pytest.raises(SourceError, match=r"no SQLite file .*core\.db"):
        project.pull(source)
    assert not (project.base / "core.db").exists()


def test_sqlite_is_opened_read_only(project: Project) -> None:
    engine = sa.create_engine(f"sqlite:///{project.base / 'a b#?%.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE t (ID INTEGER)")
    engine.dispose()
    source = source_of(
        "sql", {"url": "sqlite:///a b%23%3F%25.db"}, query="DELETE FROM t RETURNING ID"
    )
    with pytest.raises(GoldenError):
        project.pull(source)


@pytest.mark.parametrize(
    ("connection", "said"),
    [
        pytest.param({"url": "not a url"}, "not a database URL", id="no-url"),
        pytest.param({"url": "oracle+oracledb://u:secret@h/x"}, "oracledb", id="no-driver"),
        pytest.param({"url": "nosql://u:secret@h/x"}, "no driver is known for 'nosql'", id="kind"),
        pytest.param({}, "connection.url: Field required", id="no-connection"),
        pytest.param({"url": "sqlite://", "uri": "x"}, "connection.uri: Extra inputs", id="typo"),
    ],
)
def test_mistakes_of_the_configuration_name_the_file_and_never_the_password(
    project: Project, connection: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        project.pull(source_of("sql", connection, table="t"))
    assert "sources/core.yml" in str(caught.value)
    assert "secret" not in f"{caught.value!r} {caught.value.__context__!r}"


def test_a_table_and_a_query_are_one_too_many(project: Project) -> None:
    with pytest.raises(ConfigError, match="write 'table: NAME' or 'query"):
        project.pull(source_of("sql", {"url": "sqlite://"}, table="t", query="SELECT 1"))
