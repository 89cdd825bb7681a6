"""Reads tables of an earlier published file into the working connection.

Through a connection of its own, streamed as Arrow: DuckDB attaches a file inside a transaction
but cannot detach it again before the transaction ends, and a step is one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import duckdb

from models.errors import StoreError
from models.tables import VERSION_INFO, Table
from warehouse.sql import quote
from warehouse.store import Connection

_BATCH_ROWS = 100_000


def bring(con: Connection, previous: Path | None, table: Table, name: str) -> tuple[str, ...]:
    """Make the temporary table ``name`` with the rows of ``table`` in the ``previous`` file.

    Without a previous file, or when it has no such table, the result is empty. Columns that the
    previous file does not have are NULL. Returns the names of the columns that it does have.
    Raises StoreError when the file cannot be read.
    """
    columns = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} ({columns})")
    if previous is None:
        return ()
    with _open(previous) as earlier:
        present = _columns(earlier, table.name)
        common = [column for column in table.column_names if column in present]
        if common:
            _copy(con, earlier, table.name, name, common)
    return tuple(common)


def version_info(previous: Path | None) -> dict[str, object]:
    """Return the one row of ``version_info`` in the ``previous`` file; empty without a file."""
    if previous is None:
        return {}
    with _open(previous) as earlier:
        if not _columns(earlier, VERSION_INFO.name):
            return {}
        result = earlier.execute(f"SELECT * FROM main.{quote(VERSION_INFO.name)}")
        names = [item[0] for item in result.description or ()]
        row = result.fetchone()
    return dict(zip(names, row or (), strict=False))


def _open(previous: Path) -> Connection:
    try:
        return duckdb.connect(str(previous), read_only=True)
    except duckdb.Error as error:
        raise StoreError(
            f"The published file {previous} cannot be opened ({type(error).__name__}). Check it "
            "with 'golden versions verify', or go back to an earlier version."
        ) from error


def _columns(earlier: Connection, table: str) -> set[str]:
    rows = earlier.execute(
        "SELECT column_name FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' AND table_name = $table",
        {"table": table},
    ).fetchall()
    return {row[0] for row in rows}


def _copy(
    con: Connection, earlier: Connection, table: str, name: str, columns: Sequence[str]
) -> None:
    chosen = ", ".join(map(quote, columns))
    reader = earlier.execute(f"SELECT {chosen} FROM main.{quote(table)}").to_arrow_reader(
        _BATCH_ROWS
    )
    con.register("earlier_rows", reader)
    try:
        con.execute(f"INSERT INTO {quote(name)} BY NAME SELECT * FROM earlier_rows")
    finally:
        con.unregister("earlier_rows")
