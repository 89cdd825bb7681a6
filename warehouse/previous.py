"""Reads tables of an earlier published file into the working connection.

Through a connection of its own, streamed as Arrow: DuckDB attaches a file inside a transaction
but cannot detach it again before the transaction ends, and a step is one transaction.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from models.errors import StoreError
from models.tables import VERSION_INFO, Table
from warehouse.sql import full_name, quote
from warehouse.store import Connection

_BATCH_ROWS = 100_000


def bring(
    con: Connection, previous: Path | None, table: Table, name: str, only: str | None = None
) -> tuple[str, ...]:
    """Make the temporary table ``name`` with the rows of ``table`` in the ``previous`` file.

    Without a previous file, or when it has no such table, the result is empty. Columns that the
    previous file does not have are NULL. ``only`` names a table of ``con`` with a column
    ``customer_id``: then only the rows of these customers are read. Returns the names of the
    columns that the previous file does have. Raises StoreError when it cannot be read.
    """
    columns = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {quote(name)} ({columns})")
    return append(con, previous, table, quote(name), only)


def append(
    con: Connection,
    previous: Path | None,
    table: Table,
    into: str | None = None,
    only: str | None = None,
) -> tuple[str, ...]:
    """Append the rows of ``table`` in the ``previous`` file to the table ``into`` of ``con``.

    ``into`` is its quoted name, by default that of ``table`` itself; else as ``bring``.
    """
    if previous is None:
        return ()
    with _open(previous) as earlier:
        present = _columns(earlier, table.name)
        common = tuple(column for column in table.column_names if column in present)
        if common:
            select = f"SELECT {', '.join(map(quote, common))} FROM main.{quote(table.name)}"
            if only:
                earlier.register(
                    "wanted",
                    con.execute(f"SELECT DISTINCT customer_id FROM {only}").to_arrow_table(),
                )
                select += " SEMI JOIN wanted USING (customer_id)"
            _copy(con, earlier, select, into or full_name(table))
    return common


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


def version_number(previous: Path | None) -> int:
    """Return the number of the version in the ``previous`` file; 0 without one."""
    name = version_info(previous).get("version")
    return int(str(name).removeprefix("v")) if name else 0


def _open(previous: Path) -> Connection:
    try:
        return duckdb.connect(str(previous), read_only=True)
    except duckdb.Error as error:
        raise StoreError(
            f"The published file {previous} cannot be opened ({type(error).__name__}). Check it "
            "with 'golden verify', or go back to an earlier version."
        ) from error


def _columns(earlier: Connection, table: str) -> set[str]:
    rows = earlier.execute(
        "SELECT column_name FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' AND table_name = $table",
        {"table": table},
    ).fetchall()
    return {row[0] for row in rows}


def _copy(con: Connection, earlier: Connection, select: str, into: str) -> None:
    con.register("earlier_rows", earlier.execute(select).to_arrow_reader(_BATCH_ROWS))
    try:
        con.execute(f"INSERT INTO {into} BY NAME SELECT * FROM earlier_rows")
    finally:
        con.unregister("earlier_rows")
