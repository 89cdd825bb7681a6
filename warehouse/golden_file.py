"""Writes the golden tables to files: Parquet, and a DuckDB file made from it, with all it explains.

The DuckDB file is built through a connection of its own, because a transaction that has written
to the working file may not write to another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from models.errors import StoreError
from models.tables import BESIDE_GOLDEN, LAYERS, VERSION, VERSION_INFO, Table
from warehouse.history import macro_statements
from warehouse.marts import make_marts
from warehouse.sql import comment_statements, create_statement, full_name, literal, quote
from warehouse.store import Connection
from warehouse.versions import Version

# What DuckDB 1.0 can read, every later one can.
_STORAGE = "v1.0.0"
# Columns that hold version numbers, 0 for the version being made.
_NUMBERED = {("customer_history", "known_from"), ("customer_history", "known_to")}
Config = dict[str, str | bool | int | float | list[str]]


def write_parquet(con: Connection, folder: Path, number: int) -> None:
    """Write every golden table as one Parquet file, its rows in one fixed order.

    ``number`` is that of the version being made; customer_history has 0 for it until now.
    """
    for table in LAYERS["golden"]:
        rows = f"SELECT {_selected(table, number)} FROM {full_name(table)} ORDER BY ALL"
        _copy(con, rows, folder / f"{table.name}.parquet")


def write_version_list(
    con: Connection, folder: Path, previous: Version | None, this: tuple[int, str, datetime]
) -> None:
    """Write the table ``version``: what the ``previous`` version lists, and ``this`` one."""
    file = f"{VERSION.name}.parquet"
    rows = _version_row(*this)
    if previous:
        manifest = previous.manifest
        earlier = previous.parquet / file
        rows += (
            f" UNION ALL SELECT * FROM read_parquet({literal(str(earlier))})"
            if earlier.exists()
            else f" UNION ALL {_version_row(previous.number, previous.name, manifest.published_at)}"
        )
    _copy(con, f"{rows} ORDER BY 1", folder / file)


def _version_row(number: int, name: str, published_at: datetime) -> str:
    return (
        f"SELECT {number}::BIGINT AS number, {literal(name)} AS version, "
        f"{literal(published_at.isoformat())}::TIMESTAMP AS published_at"
    )


def _selected(table: Table, number: int) -> str:
    """Return the columns of ``table``, the version being made under its ``number``."""
    return ", ".join(
        f"CASE {quote(name)} WHEN 0 THEN {number} ELSE {quote(name)} END::BIGINT AS {quote(name)}"
        if (table.name, name) in _NUMBERED
        else quote(name)
        for name in table.column_names
    )


def _copy(con: Connection, rows: str, file: Path) -> None:
    con.execute(f"COPY ({rows}) TO {literal(str(file))} (FORMAT parquet, COMPRESSION zstd)")


def resources(con: Connection) -> Config:
    """Return how much of the machine the working connection may use, as DuckDB settings."""
    row = con.execute("SELECT current_setting('memory_limit'), current_setting('threads')")
    memory_limit, threads = row.fetchone() or ("1GB", 1)
    return {"memory_limit": str(memory_limit), "threads": int(threads)}


def build_file(file: Path, parquet: Path, info: Sequence[object], settings: Config) -> None:
    """Build the DuckDB ``file`` from the Parquet files, and leave no log beside it.

    ``info`` is the row of ``version_info``. Raises StoreError when a log stays behind.
    """
    spill = f"{file.parent}_spill"
    config = {**settings, "storage_compatibility_version": _STORAGE, "temp_directory": spill}
    with duckdb.connect(str(file), config=config) as published:
        published.execute("BEGIN")  # one commit, not one for each of two hundred comments
        for table in (*LAYERS["golden"], *BESIDE_GOLDEN):
            source = literal(str(parquet / f"{table.name}.parquet"))
            _fill(published, replace(table, layer="main"), f"SELECT * FROM read_parquet({source})")
        holes = ", ".join("?" * len(VERSION_INFO.columns))
        _fill(published, VERSION_INFO, f"VALUES ({holes})", info)
        make_marts(published)
        published.execute("; ".join(macro_statements()))
        published.execute("COMMIT")
        published.execute("CHECKPOINT")
    if file.with_name(f"{file.name}.wal").exists():
        raise StoreError(f"DuckDB left a log beside {file}. Run the step 'publish' again.")


def _fill(published: Connection, table: Table, rows: str, values: Sequence[object] = ()) -> None:
    published.execute(create_statement(table))
    published.execute(f"INSERT INTO {full_name(table)} {rows}", list(values))
    published.execute("; ".join(comment_statements(table)))
