"""Writes the golden tables to files: Parquet, and a DuckDB file with comments, made from it.

The DuckDB file is built through a connection of its own, because a transaction that has written
to the working file may not write to another one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb

from models.errors import StoreError
from models.tables import LAYERS, VERSION_INFO, Table
from warehouse.sql import comment_statements, create_statement, full_name, literal
from warehouse.store import Connection

# What DuckDB 1.0 can read, every later one can.
_STORAGE = "v1.0.0"
Config = dict[str, str | bool | int | float | list[str]]


def write_parquet(con: Connection, folder: Path) -> None:
    """Write every golden table as one Parquet file, its rows in one fixed order."""
    for table in LAYERS["golden"]:
        file = folder / f"{table.name}.parquet"
        con.execute(
            f"COPY (SELECT * FROM {full_name(table)} ORDER BY ALL) TO {literal(str(file))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )


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
        for table in LAYERS["golden"]:
            source = literal(str(parquet / f"{table.name}.parquet"))
            _fill(published, replace(table, layer="main"), f"SELECT * FROM read_parquet({source})")
        holes = ", ".join("?" * len(VERSION_INFO.columns))
        _fill(published, VERSION_INFO, f"VALUES ({holes})", info)
        published.execute("CHECKPOINT")
    if file.with_name(f"{file.name}.wal").exists():
        raise StoreError(f"DuckDB left a log beside {file}. Run the step 'publish' again.")


def _fill(published: Connection, table: Table, rows: str, values: Sequence[object] = ()) -> None:
    published.execute(create_statement(table))
    published.execute(f"INSERT INTO {full_name(table)} {rows}", list(values))
    for statement in comment_statements(table):
        published.execute(statement)
