"""A database with a customer table, on any server, and how it is read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from models.errors import GoldenError
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


def reading(bank: Bank, **read: Any) -> Any:
    """Return a source that reads the customer table, or what is said instead."""
    return source_of("sql", {"url": bank.url}, **({"table": "CUST_INFO"} | read))


def at(hour: int, minute: int = 0) -> datetime:
    """Return a time of the one day of these tests."""
    return datetime(2026, 11, 23, hour, minute)  # noqa: DTZ001  # columns without a zone


def failing(bank: Bank, project: Project, **read: Any) -> GoldenError:
    """Return the error that a pull ends with."""
    with pytest.raises(GoldenError) as caught:
        project.pull(reading(bank, **read))
    return caught.value
