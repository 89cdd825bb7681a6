"""Make the landed table of one object new from its raw runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from models.errors import ConfigError
from models.reading import Reading
from models.tables import landed_table
from models.tables.landed import OBJECT_LOAD, REJECTED
from warehouse.landed_sql import (
    FATES,
    NO_FATES,
    OPERATION,
    RawRows,
    empty_statement,
    key_of,
    landed_statement,
    versions_statement,
)
from warehouse.landing import RawZone
from warehouse.run_manifest import Manifest, Role
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, count, insert, insert_select

# Part of every fingerprint: raise it when the statements change what is landed.
RULES_VERSION = 1
_TEMPORARY = ("load_part", "load_sweep", "load_key", "load_version", "load_fate")


@dataclass(frozen=True, slots=True)
class RawObject:
    """One object to load: its rules, and the runs that count."""

    source: str
    name: str
    reading: Reading
    runs: tuple[Manifest, ...]

    @property
    def table_name(self) -> str:
        """Name of its landed table."""
        return landed_table(self.source, self.name)

    @property
    def where(self) -> str:
        """Condition for its rows in the tables beside."""
        return f"(source = {literal(self.source)} AND object = {literal(self.name)})"

    @property
    def fingerprint(self) -> str:
        """Digest of everything its landed table is made from."""
        facts = {
            "rules": RULES_VERSION,
            "reading": self.reading.model_dump(mode="json"),
            "runs": [[run.run_id, run.kind, *(p.sha256 for p in run.files)] for run in self.runs],
        }
        text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def runs_that_count(runs: Sequence[Manifest]) -> tuple[Manifest, ...]:
    """Return the last full run and all after it."""
    full = [number for number, run in enumerate(runs) if run.kind == "full"]
    return tuple(runs[full[-1] :] if full else runs)


def rebuild(con: Connection, raw: RawZone, item: RawObject) -> None:
    """Replace the landed table, its rejected rows and its counts."""
    for run in item.runs:
        raw.verify(run)
    for table in (OBJECT_LOAD, REJECTED):
        con.execute(f"DELETE FROM {full_name(table)} WHERE {item.where}")
    rows = _raw_rows(con, raw, item)
    _make_parts(con, raw, item)
    _make_sweep(con, raw, item)
    table_name = f"landed.{quote(item.table_name)}"
    if rows.files:
        con.execute(versions_statement(item.reading, rows))
        con.execute(FATES)
        con.execute(landed_statement(table_name, rows))
    else:
        con.execute(NO_FATES)
        con.execute(empty_statement(table_name))
    _note_rejected(con, raw, item)
    _note_counts(con, item)
    for name in _TEMPORARY:
        con.execute(f"DROP TABLE IF EXISTS {name}")


def _raw_rows(con: Connection, raw: RawZone, item: RawObject) -> RawRows:
    """Return where the rows stand: columns of the newest run first, then those of older ones."""
    files = [path for _, path, _ in _parts(raw, item, "rows")]
    names = {name: None for run in reversed(item.runs) for name in run.columns}
    rows = RawRows(files, [name for name in names if name != OPERATION], OPERATION in names)
    missing = [name for name in item.reading.primary_key if name not in rows.columns]
    if files and missing:
        raise ConfigError(
            f"objects.{item.name}.read.primary_key names {', '.join(missing)}, which the pulled "
            f"rows do not have; their columns are {', '.join(rows.columns)}.",
            file=f"sources/{item.source}.yml",
        )
    return _without_bare(con, rows)


def _without_bare(con: Connection, rows: RawRows) -> RawRows:
    """Leave out ``contact`` when it is always NULL and ``contact.mobile`` is there."""
    bare = [
        name for name in rows.columns if any(other.startswith(f"{name}.") for other in rows.columns)
    ]
    if not bare:
        return rows
    counts = ", ".join(f"count({quote(name)})" for name in bare)
    filled = con.execute(f"SELECT {counts} FROM {rows.scan}").fetchone() or ()
    empty = {name for name, number in zip(bare, filled, strict=True) if not number}
    columns = [name for name in rows.columns if name not in empty]
    return RawRows(rows.files, columns, rows.operation)


def _parts(raw: RawZone, item: RawObject, role: Role) -> Iterator[tuple[int, Path, int]]:
    """Yield ``(number of the run, file, sequence)`` of every part of one role."""
    for number, run in enumerate(item.runs):
        for part in run.parts(role):
            yield number, raw.path(run) / part.name, part.sequence


def _make_parts(con: Connection, raw: RawZone, item: RawObject) -> None:
    parts = list(_parts(raw, item, "rows"))
    incoming = pa.table(
        {
            "part": pa.array(range(len(parts)), pa.int32()),
            "file": pa.array([str(path) for _, path, _ in parts], pa.string()),
            "run": pa.array([run for run, _, _ in parts], pa.int32()),
            "sequence": pa.array([sequence for _, _, sequence in parts], pa.int64()),
        }
    )
    _make_table(con, "load_part", incoming)


def _make_sweep(con: Connection, raw: RawZone, item: RawObject) -> None:
    """Make ``load_sweep`` (number of the last run that swept) and ``load_key`` (its keys)."""
    swept = [number for number, run in enumerate(item.runs) if run.keys is not None][-1:]
    _make_table(con, "load_sweep", pa.table({"run": pa.array(swept, pa.int32())}))
    files = [path for number, path, _ in _parts(raw, item, "keys") if number in swept]
    if files:
        scan = RawRows(files, item.reading.primary_key, operation=False).scan
        select = f"SELECT DISTINCT {key_of(item.reading.primary_key)} AS pk FROM {scan}"
    else:
        select = "SELECT NULL::VARCHAR AS pk WHERE false"
    con.execute(f"CREATE OR REPLACE TEMP TABLE load_key AS {select}")


def _make_table(con: Connection, name: str, rows: pa.Table) -> None:
    con.register("load_incoming", rows)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM load_incoming")
    con.unregister("load_incoming")


def _note_rejected(con: Connection, raw: RawZone, item: RawObject) -> None:
    """Write down unreadable lines, rows without a key, and rows that contradict another."""
    key = "|".join(item.reading.primary_key)
    insert_select(
        con,
        REJECTED,
        f"""
        SELECT {literal(item.source)} AS source, {literal(item.name)} AS object,
               pk AS source_pk, hash AS row_hash, {literal(key)} AS field, fate AS rule,
               CASE fate WHEN 'no_key' THEN 'The key column is empty.'
               ELSE 'Another row with this key came at the same time with other values.' END
               AS reason
        FROM load_fate WHERE fate IN ('no_key', 'duplicate_key')
        """,
    )
    files = [path for _, path, _ in _parts(raw, item, "rejects")]
    if files:
        insert_select(
            con,
            REJECTED,
            f"""
            SELECT {literal(item.source)} AS source, {literal(item.name)} AS object,
                   NULL AS source_pk, md5(text) AS row_hash, NULL AS field, rule, reason
            FROM {RawRows(files, (), operation=False).scan}
            """,
        )


def _note_counts(con: Connection, item: RawObject) -> None:
    fates = dict(con.execute("SELECT fate, count(*) FROM load_fate GROUP BY fate").fetchall())
    rejects = sum(run.rejects for run in item.runs)
    last = item.runs[-1] if item.runs else None
    missing = count(
        con,
        "SELECT count(*) FROM load_key WHERE pk NOT IN "
        "(SELECT pk FROM load_fate WHERE pk IS NOT NULL)",
    )
    facts = {
        "source": item.source,
        "object": item.name,
        "runs": len(item.runs),
        "rows_read": sum(run.rows for run in item.runs) + rejects,
        "rows_live": fates.get("live", 0),
        "rows_superseded": fates.get("superseded", 0),
        "rows_deleted": fates.get("deleted", 0),
        "rows_duplicate": fates.get("duplicate", 0),
        "rows_rejected": fates.get("no_key", 0) + fates.get("duplicate_key", 0) + rejects,
        "keys_missing": missing,
        "last_run_id": last.run_id if last else None,
        "extracted_at": last.extracted_at if last else None,
        "cursor": last.cursor.value if last and last.cursor else None,
        "fingerprint": item.fingerprint,
    }
    insert(con, OBJECT_LOAD, pa.Table.from_pylist([facts]))
