"""Every test gets a database of its own, behind a password."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError


@pytest.fixture(
    params=[
        pytest.param("postgres_url", marks=pytest.mark.postgres),
        pytest.param("mariadb_url", marks=pytest.mark.mariadb),
    ]
)
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database on a real server."""
    found: str = request.getfixturevalue(request.param)
    return found


@pytest.mark.parametrize("attempt", ["first", "second"])
def test_the_database_is_empty_and_takes_utf8(url: str, attempt: str) -> None:
    engine = sa.create_engine(url)
    assert sa.inspect(engine).get_table_names() == []
    table = sa.Table("t", sa.MetaData(), sa.Column("name", sa.String(10)))
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(table.insert().values(name="𬱖䶮"))
        assert connection.execute(sa.select(table.c.name)).scalar() == "𬱖䶮"
    engine.dispose()


def test_a_wrong_password_is_refused(url: str) -> None:
    engine = sa.create_engine(sa.make_url(url).set(password="wrong"))
    with pytest.raises(OperationalError):
        engine.connect()
    engine.dispose()
