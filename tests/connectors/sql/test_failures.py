"""Every failure of a database or its configuration is named, and never shows the password."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.registry import open_connector
from models.errors import (
    AuthError,
    ConfigError,
    ForbiddenError,
    GoldenError,
    SourceError,
    TransientError,
)
from tests.connectors.conftest import Project, source_of
from tests.plugins.sql_bank import Bank, failing, reading


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
