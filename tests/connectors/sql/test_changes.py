"""After the first pull only changes are read, and nothing that changed is missed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from tests.connectors.conftest import Project, source_of
from tests.plugins.sql_bank import CURSOR, Bank, at, reading


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
