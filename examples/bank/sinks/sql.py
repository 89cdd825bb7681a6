"""Relational systems: SQLite by default, PostgreSQL or MariaDB by URL."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

_BATCH = 20_000
_FAST = ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "PRAGMA locking_mode = EXCLUSIVE")


@dataclass(frozen=True)
class TableSpec:
    """One table: its key, its columns with their length, and the column people filter by.

    A length of None is a point in time, 0 a whole number.
    """

    key: str
    columns: dict[str, int | None]
    index: str | None = None


class SqlSink:
    """Writes rows straight from columns; no row is an object on the way to SQLite."""

    def __init__(self, url: str, tables: dict[str, TableSpec], *, new: bool) -> None:
        self._specs = tables
        self._engine = sa.create_engine(url)
        self._tables = {name: _table(name, spec) for name, spec in tables.items()}
        self._lite = self._engine.dialect.name == "sqlite"
        self._new = new
        self._connection = self._engine.connect()
        if self._lite and new:
            for pragma in _FAST:
                self._connection.exec_driver_sql(pragma)
        if new:
            self._create()

    def _create(self) -> None:
        for table in self._tables.values():
            table.create(self._connection)

    def append(self, tables: dict[str, pa.Table]) -> None:
        """Insert all rows."""
        for name, rows in tables.items():
            self._insert(name, rows)

    def change(self, tables: dict[str, pa.Table], gone: dict[str, list[str]]) -> None:
        """Delete the keys that change or go, then insert what there is now."""
        for name, rows in tables.items():
            key = self._specs[name].key
            self._delete(name, [*map(str, rows.column(key).to_pylist()), *gone.get(name, [])])
            self._insert(name, rows)
        for name in gone.keys() - tables.keys():
            self._delete(name, gone[name])

    def finish(self) -> None:
        """Index what is new, commit and close."""
        if self._new:
            for name, spec in self._specs.items():
                if spec.index:
                    column = self._tables[name].c[spec.index]
                    sa.Index(f"{name}_{spec.index}", column).create(self._connection)
        self._connection.commit()
        self._connection.close()
        self._engine.dispose()

    def _insert(self, name: str, rows: pa.Table) -> None:
        """Insert in the order of the key, which is several times as fast."""
        rows = rows.combine_chunks().sort_by(self._specs[name].key)
        columns = list(self._specs[name].columns)
        times = {c for c, length in self._specs[name].columns.items() if length is None}
        values = zip(*(_values(rows, c, c in times and self._lite) for c in columns), strict=True)
        if self._lite:
            marks = ", ".join("?" * len(columns))
            cursor = self._raw().cursor()
            cursor.executemany(f'INSERT INTO "{name}" VALUES ({marks})', values)
            return
        insert = self._tables[name].insert()
        while batch := [dict(zip(columns, row, strict=True)) for row in islice(values, _BATCH)]:
            self._connection.execute(insert, batch)

    def _delete(self, name: str, keys: list[str]) -> None:
        table = self._tables[name]
        column = table.c[self._specs[name].key]
        for start in range(0, len(keys), 500):
            self._connection.execute(table.delete().where(column.in_(keys[start : start + 500])))

    def _raw(self) -> Any:
        return self._connection.connection.driver_connection


def _values(rows: pa.Table, column: str, micros: bool) -> Iterator[Any]:
    """Return one column's values; times as SQLAlchemy writes them into SQLite."""
    values = rows.column(column).to_pylist()
    return (f"{value}.000000" for value in values) if micros else iter(values)


def _table(name: str, spec: TableSpec) -> sa.Table:
    types: dict[str, Any] = {
        column: sa.DateTime()
        if length is None
        else sa.BigInteger()
        if length == 0
        else sa.String(length)
        for column, length in spec.columns.items()
    }
    return sa.Table(
        name,
        sa.MetaData(),
        *(
            sa.Column(c, kind, primary_key=c == spec.key, autoincrement=False)
            for c, kind in types.items()
        ),
        sqlite_with_rowid=False,
    )
