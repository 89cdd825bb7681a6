"""Make the landed table of one object from its raw runs, or add new runs to it.

Both leave the same rows, rejected rows and counts. New runs can be added because a key they name
has its newest row in them: whatever was loaded of it before is superseded.
"""

from __future__ import annotations

import pyarrow as pa

from models.tables import LANDED
from models.tables.landed import OBJECT_LOAD, REJECTED
from warehouse.landed_sql import (
    FATES,
    NO_FATES,
    RawRows,
    live_rows,
    no_rows,
    versions_statement,
)
from warehouse.landing import RawZone
from warehouse.load_parts import (
    RawObject,
    Runs,
    make_parts,
    make_sweep,
    refuse_missing_key,
    runs_that_count,
)
from warehouse.loaded_keys import add_keys, key_counts, keys_return, make_keys, make_swept
from warehouse.sql import full_name, literal
from warehouse.store import Connection, insert, insert_select

__all__ = ["RawObject", "add_runs", "rebuild", "runs_that_count"]

_TEMPORARY = ("load_part", "load_sweep", "load_key", "load_version", "load_fate", "load_gone")


def rebuild(con: Connection, raw: RawZone, item: RawObject) -> None:
    """Replace the landed table, its rejected rows and its counts."""
    runs = Runs(raw, item)
    runs.verify()
    con.execute(f"DELETE FROM {full_name(REJECTED)} WHERE {item.where}")
    rows = runs.rows(con)
    refuse_missing_key(item, rows)
    _find_fates(con, runs, rows)
    live = live_rows(rows) if rows.files else no_rows()
    con.execute(f"CREATE OR REPLACE TABLE {item.landed} AS {live}")
    make_keys(con, item)
    _finish(con, runs)


def add_runs(con: Connection, raw: RawZone, item: RawObject, loaded: int) -> bool:
    """Add the runs after the first ``loaded`` ones; return whether that could be done.

    It cannot when they bring a column the table does not have, come without the key's columns, or
    when a new sweep lists a key again that an earlier one had missed: its row is not at hand. Then
    nothing has been changed.
    """
    runs = Runs(raw, item, loaded)
    runs.verify()
    there = con.execute(f"SELECT * FROM {item.landed} LIMIT 0").description or []
    columns = {str(column[0]) for column in there}
    rows = runs.rows(con, sorted(columns))
    if rows.files and not set(item.reading.primary_key) <= set(rows.columns) <= columns:
        return False
    _find_fates(con, runs, rows)
    make_swept(con, item, new_sweep=any(run.keys is not None for run in runs.manifests))
    if keys_return(con, item):
        return False
    con.execute(f"""
        UPDATE load_fate SET kind = 'repeated', fate = 'duplicate' WHERE fate = 'no_key' AND hash IN
        (SELECT row_hash FROM landed.rejected WHERE {item.where} AND rule = 'no_key')
    """)
    add_keys(con, item)
    over = "(SELECT pk FROM load_fate UNION ALL SELECT pk FROM load_gone)"
    con.execute(
        f"DELETE FROM landed.rejected WHERE {item.where} AND rule = 'duplicate_key' "
        f"AND source_pk IN {over}"
    )
    con.execute(f"DELETE FROM {item.landed} WHERE {LANDED.key} IN {over}")
    if rows.files:
        con.execute(f"INSERT INTO {item.landed} BY NAME {live_rows(rows)}")
    _finish(con, runs)
    return True


def _find_fates(con: Connection, runs: Runs, rows: RawRows) -> None:
    make_parts(con, runs)
    make_sweep(con, runs.raw, runs.item)
    if rows.files:
        con.execute(versions_statement(runs.item.reading, rows))
        con.execute(FATES)
    else:
        con.execute(NO_FATES)


def _finish(con: Connection, runs: Runs) -> None:
    _note_rejected(con, runs)
    _note_counts(con, runs.item)
    for name in _TEMPORARY:
        con.execute(f"DROP TABLE IF EXISTS {name}")


def _note_rejected(con: Connection, runs: Runs) -> None:
    """Write down unreadable lines, rows without a key, and rows that contradict another."""
    item = runs.item
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
    files = [path for _, path, _ in runs.parts("rejects")]
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
    counts = key_counts(con, item)
    rejects = sum(run.rejects for run in item.runs)
    last = item.runs[-1] if item.runs else None
    facts = {
        "source": item.source,
        "object": item.name,
        "runs": len(item.runs),
        "rows_read": sum(run.rows for run in item.runs) + rejects,
        "rows_live": counts.live,
        "rows_superseded": counts.superseded,
        "rows_deleted": counts.deleted,
        "rows_duplicate": counts.duplicate,
        "rows_rejected": counts.rejected + rejects,
        "keys_missing": counts.missing,
        "last_run_id": last.run_id if last else None,
        "extracted_at": last.extracted_at if last else None,
        "cursor": last.cursor.value if last and last.cursor else None,
        "fingerprint": item.fingerprint,
    }
    con.execute(f"DELETE FROM {full_name(OBJECT_LOAD)} WHERE {item.where}")
    insert(con, OBJECT_LOAD, pa.Table.from_pylist([facts]))
