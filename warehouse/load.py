"""Raw zone → ``landed.*``: the latest live row of every key, and why every other row is not.

A landed table stands for the last full run and everything after it. New runs are added to those
loaded; when a new full run came, or the rules or a loaded run changed, it is rebuilt. Either way
the same runs give the same rows and the same counts, also when loaded twice or after a kill.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.progress import Progress, silent
from models.reading import reading_of
from models.source import SourceConfig
from models.tables.landed import OBJECT_LOAD, REJECTED
from warehouse.landing import RawZone
from warehouse.load_object import add_runs, rebuild
from warehouse.load_parts import RawObject, runs_that_count
from warehouse.loaded_keys import PREFIX
from warehouse.sql import create_statement, full_name, quote
from warehouse.store import Connection, count


@dataclass(frozen=True, slots=True)
class ObjectLoad:
    """Counts of one object; ``rows_read`` is the sum of the five that follow it.

    ``unchanged``: the table stood already, made from the same runs by the same rules.
    """

    source: str
    object: str
    runs: int
    rows_read: int
    rows_live: int
    rows_superseded: int
    rows_deleted: int
    rows_duplicate: int
    rows_rejected: int
    keys_missing: int
    last_run_id: str | None
    unchanged: bool


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What the load did, one entry per source object in configuration order."""

    objects: tuple[ObjectLoad, ...]

    @property
    def rows_live(self) -> int:
        """Live rows over all objects."""
        return sum(item.rows_live for item in self.objects)


def load(
    con: Connection, raw: RawZone, sources: Sequence[SourceConfig], progress: Progress = silent
) -> LoadReport:
    """Bring every landed table up to date with the raw zone.

    Raises DigestMismatch when a stored part is damaged, ConfigError when a key column is missing.
    """
    con.execute("CREATE SCHEMA IF NOT EXISTS landed")
    for table in (OBJECT_LOAD, REJECTED):
        statement = create_statement(table)
        con.execute(statement.replace("CREATE OR REPLACE TABLE", "CREATE TABLE IF NOT EXISTS", 1))
    objects = [
        RawObject(
            source.name,
            name,
            reading_of(source.name, name, config.read),
            runs_that_count(raw.runs(source.name, name)),
        )
        for source in sources
        for name, config in source.objects.items()
    ]
    _forget_others(con, objects)
    loads = []
    for number, item in enumerate(objects):
        progress(f"load {item.source}.{item.name}", number, len(objects))
        loads.append(_bring_up_to_date(con, raw, item))
    return LoadReport(tuple(loads))


def _bring_up_to_date(con: Connection, raw: RawZone, item: RawObject) -> ObjectLoad:
    known = con.execute(
        f"SELECT fingerprint, runs FROM landed.object_load WHERE {item.where}"
    ).fetchone()
    fingerprint, loaded = known or (None, 0)
    unchanged = fingerprint == item.fingerprint and _stands(con, item)
    if not unchanged:
        earlier = replace(item, runs=item.runs[:loaded])
        grown = 0 < loaded < len(item.runs) and fingerprint == earlier.fingerprint
        if not (grown and _stands(con, item) and add_runs(con, raw, item, loaded)):
            rebuild(con, raw, item)
    columns = [name for name in ObjectLoad.__dataclass_fields__ if name != "unchanged"]
    rows: list[tuple[Any, ...]] = con.execute(
        f"SELECT {', '.join(columns)} FROM landed.object_load WHERE {item.where}"
    ).fetchall()
    return ObjectLoad(**dict(zip(columns, rows[0], strict=True)), unchanged=unchanged)


def _stands(con: Connection, item: RawObject) -> bool:
    """Whether the landed table and the notes on its keys are there."""
    tables = count(
        con,
        "SELECT count(*) FROM duckdb_tables() WHERE database_name = current_database() AND "
        "(schema_name = 'landed' AND table_name = $landed "
        "OR schema_name = 'work' AND table_name = $keys)",
        {"landed": item.table_name, "keys": f"{PREFIX}{item.table_name}"},
    )
    return tables == 2


def _forget_others(con: Connection, objects: Sequence[RawObject]) -> None:
    """Drop what belongs to objects that are no longer configured."""
    kept = {("landed", OBJECT_LOAD.name), ("landed", REJECTED.name)}
    for item in objects:
        kept |= {("landed", item.table_name), ("work", f"{PREFIX}{item.table_name}")}
    tables = con.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = current_database() AND (schema_name = 'landed' "
        "OR schema_name = 'work' AND starts_with(table_name, ?)) ORDER BY ALL",
        [PREFIX],
    ).fetchall()
    for schema, name in tables:
        if (schema, name) not in kept:
            con.execute(f"DROP TABLE {quote(schema)}.{quote(name)}")
    others = " AND ".join(f"NOT ({item.where})" for item in objects) or "true"
    for table in (OBJECT_LOAD, REJECTED):
        con.execute(f"DELETE FROM {full_name(table)} WHERE {others}")
