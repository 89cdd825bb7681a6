"""The working DuckDB file: one writer at a time, every step one transaction.

The file holds nothing that cannot be rebuilt from the raw zone, the decisions and the previous
version, so the answer to a damaged file is to delete it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
from filelock import FileLock, Timeout

from models.errors import StoreLocked
from models.tables import LAYERS, Table
from warehouse.sql import create_statement, full_name, quote

Connection = duckdb.DuckDBPyConnection
# Seconds between two tries to open a file that somebody reads.
_PAUSE = 0.1


@dataclass(frozen=True, slots=True)
class Store:
    """The working file, and how much of the machine it may use.

    ``wait`` is how many seconds a writer waits for another one before ``StoreLocked``.
    """

    path: Path
    memory_limit: str = "4GB"
    threads: int = 2
    wait: float = 60.0

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Yield a connection inside one transaction: all of it is kept, or nothing.

        Raises StoreLocked when another process keeps writing for longer than ``wait``.
        """
        self.path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(f"{self.path}.lock", timeout=self.wait), self._connect() as connection:
                connection.execute("BEGIN")
                try:
                    yield connection
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except Timeout as error:
            raise StoreLocked(
                f"{self.path} is being written by another run; wait for it, or stop it, "
                "and start this step again."
            ) from error

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Yield a read-only connection; raises StoreLocked while another process writes."""
        try:
            connection = duckdb.connect(str(self.path), read_only=True, config=self._config())
        except duckdb.IOException as error:
            raise StoreLocked(f"{self.path} cannot be read now: {error}") from error
        try:
            yield connection
        finally:
            connection.close()

    def _config(self) -> dict[str, str | bool | int | float | list[str]]:
        return {
            "memory_limit": self.memory_limit,
            "threads": self.threads,
            "temp_directory": str(self.path.parent / "spill"),
            # order comes from ORDER BY; keeping insertion order only costs memory
            "preserve_insertion_order": False,
        }

    @contextmanager
    def _connect(self) -> Iterator[Connection]:
        connection = self._open()
        try:
            connection.execute("SET TimeZone = 'UTC'")
            yield connection
        finally:
            connection.close()

    def _open(self) -> Connection:
        """Open the file to write; wait for who reads it, as the quality checks of another run do.

        Readers hold no lock of ours, only DuckDB's on the file.
        """
        deadline = time.monotonic() + self.wait
        while True:
            try:
                return duckdb.connect(str(self.path), config=self._config())
            except duckdb.IOException as error:
                if "lock" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise StoreLocked(
                        f"{self.path} is being read by another run; wait for it, or stop it, and "
                        "start this step again."
                    ) from error
            time.sleep(_PAUSE)


def begin_layer(connection: Connection, layer: str, *names: str) -> None:
    """Make the named tables of ``layer`` (all of them by default) new and empty."""
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quote(layer)}")
    for table in LAYERS[layer]:
        if not names or table.name in names:
            connection.execute(create_statement(table))


def insert(connection: Connection, table: Table, rows: pa.Table | pa.RecordBatch) -> int:
    """Append Arrow ``rows`` (columns by name, cast to the table's types); return how many."""
    connection.register("incoming_rows", rows)
    try:
        return insert_select(connection, table, "SELECT * FROM incoming_rows")
    finally:
        connection.unregister("incoming_rows")


def insert_select(connection: Connection, table: Table, select: str) -> int:
    """Append the rows of a SELECT (columns by name); return how many."""
    result = connection.execute(f"INSERT INTO {full_name(table)} BY NAME {select}").fetchone()
    return int(result[0]) if result else 0


def count(connection: Connection, sql: str, parameters: dict[str, object] | None = None) -> int:
    """Return the one number that ``sql`` selects."""
    row = connection.execute(sql, parameters or {}).fetchone()
    return int(row[0]) if row and row[0] is not None else 0
