"""What the normalised tables were made from, and which of their records that no longer is.

The rows of a party object need no notes: each stands in ``normalised.record`` or ``quarantine``
with its hash. Of the rows that belong to a record the working file keeps key, hash and record in
``work.normalised_from__<source>__<object>``; beside them stand the rules each source was
normalised by, the digest each landed table had, and the keys that had been rejected. All of it is
compared with what is there now: states, never events, so a run that was killed leaves no trace.

``normalise_changed`` and ``normalise_dirty`` hold the answer for as long as the step works.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.tables import LANDED
from models.tables.normalised import NORMALISED
from warehouse.landed_object import LandedObject, exists
from warehouse.sql import literal, quote
from warehouse.store import Connection, count

# Landed rows that came, went or changed: source, object, pk. And the records they describe.
CHANGED, DIRTY = "normalise_changed", "normalise_dirty"
_TABLES = f"""
    CREATE SCHEMA IF NOT EXISTS work;
    CREATE TABLE IF NOT EXISTS work.normalised_rules (source VARCHAR, rules VARCHAR);
    CREATE TABLE IF NOT EXISTS work.normalised_landed
        (source VARCHAR, object VARCHAR, fingerprint VARCHAR);
    CREATE TABLE IF NOT EXISTS work.normalised_rejected
        (source VARCHAR, object VARCHAR, source_pk VARCHAR);
    CREATE OR REPLACE TEMP TABLE {CHANGED} (source VARCHAR, object VARCHAR, pk VARCHAR);
    CREATE OR REPLACE TEMP TABLE {DIRTY} (record_key VARCHAR);
"""
_WORTH_IT = 3  # with more than one record in three to make anew, making all is faster


def rules_before(con: Connection) -> dict[str, str]:
    """Return the rules each source was normalised by; none when the tables cannot be kept."""
    con.execute(_TABLES)
    there = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE schema_name = 'normalised' AND database_name = current_database()"
    ).fetchall()
    wanted = [(item.name, part.name, part.type) for item in NORMALISED for part in item.columns]
    if sorted(there) != sorted(wanted):
        return {}
    return dict(con.execute("SELECT source, rules FROM work.normalised_rules").fetchall())


def find_dirty(items: Sequence[LandedObject]) -> bool:
    """Note what changed in the objects of one source; return whether it is little enough.

    A record is dirty when its landed row, or a row that belongs to it, came, went or changed; or
    when its key came to or went from the rejected ones: that decides what its orphans are called.
    """
    con, source = items[0].con, items[0].source.name
    for item in items:
        if item.columns and _landed_now(item) != _landed_before(item):
            _find_changed(item)
    now, before = _rejected(con, source), _rejected_before(source)
    con.execute(f"""
        INSERT INTO {DIRTY} SELECT {literal(source)} || '.' || object || ':' || source_pk
        FROM (({now} EXCEPT {before}) UNION ALL ({before} EXCEPT {now}))
    """)
    dirty = count(
        con,
        f"SELECT count(DISTINCT record_key) FROM {DIRTY} "
        f"WHERE starts_with(record_key, {literal(f'{source}.')})",
    )
    records = count(con, f"SELECT count(*) FROM normalised.record WHERE source = {literal(source)}")
    return dirty * _WORTH_IT <= records


def _find_changed(item: LandedObject) -> None:
    item.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE normalise_found AS
        SELECT coalesce(landed.{LANDED.key}, known.pk) AS pk,
               {item.owner} AS owner, known.owner AS owner_before
        FROM {item.landed} AS landed
        FULL JOIN ({_rows_before(item)}) AS known ON known.pk = landed.{LANDED.key}
        WHERE landed.{LANDED.hash} IS DISTINCT FROM known.hash
    """)
    source, name = literal(item.source.name), literal(item.name)
    item.con.execute(f"INSERT INTO {CHANGED} SELECT {source}, {name}, pk FROM normalise_found")
    item.con.execute(f"""
        INSERT INTO {DIRTY} SELECT {literal(item.owner_prefix)} || owner FROM (
            SELECT owner FROM normalise_found UNION SELECT owner_before FROM normalise_found
        ) WHERE trim(owner) <> ''
    """)
    item.con.execute("DROP TABLE normalise_found")


def _rows_before(item: LandedObject) -> str:
    """Return the SELECT of the rows that were normalised last: pk, hash, owner."""
    if item.parent is not None:
        return f"SELECT pk, hash, owner FROM {_notes(item)}"
    return " UNION ALL ".join(
        f"SELECT source_pk AS pk, row_hash AS hash, source_pk AS owner FROM normalised.{name} "
        f"WHERE {item.where}"
        for name in ("record", "quarantine")
    )


def _notes(item: LandedObject) -> str:
    return f"work.{quote(f'{_notes_prefix(item.source.name)}{item.name}')}"


def _notes_prefix(source: str) -> str:
    return f"normalised_from__{source}__"


def _rejected(con: Connection, source: str) -> str:
    """Return the SELECT of the keys that were rejected when rows of a source were loaded."""
    if not exists(con, "landed", "rejected"):
        return "SELECT NULL::VARCHAR AS object, NULL::VARCHAR AS source_pk WHERE false"
    return (
        "SELECT DISTINCT object, source_pk FROM landed.rejected "
        f"WHERE source = {literal(source)} AND source_pk IS NOT NULL"
    )


def _rejected_before(source: str) -> str:
    return (
        f"SELECT object, source_pk FROM work.normalised_rejected WHERE source = {literal(source)}"
    )


def _landed_now(item: LandedObject) -> str | None:
    """Return the digest of what the landed table was made from; None: not known."""
    if not exists(item.con, "landed", "object_load"):
        return None
    statement = f"SELECT fingerprint FROM landed.object_load WHERE {item.where}"
    row = item.con.execute(statement).fetchone()
    return str(row[0]) if row else None


def _landed_before(item: LandedObject) -> str:
    statement = f"SELECT fingerprint FROM work.normalised_landed WHERE {item.where}"
    row = item.con.execute(statement).fetchone()
    return str(row[0]) if row else ""


def forget(con: Connection, source: str) -> None:
    """Forget what a source was normalised from."""
    for name in ("normalised_rules", "normalised_landed", "normalised_rejected"):
        con.execute(f"DELETE FROM work.{name} WHERE source = {literal(source)}")
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'work' "
        "AND database_name = current_database() AND starts_with(table_name, ?)",
        [_notes_prefix(source)],
    ).fetchall()
    for (name,) in tables:
        con.execute(f"DROP TABLE work.{quote(name)}")


def remember(items: Sequence[LandedObject], rules: str, *, whole: bool) -> None:
    """Note what a source has now been normalised from."""
    con, source = items[0].con, items[0].source.name
    if whole:
        forget(con, source)
        con.execute("INSERT INTO work.normalised_rules VALUES (?, ?)", [source, rules])
    for item in items:
        if item.columns:
            _remember_rows(item, whole=whole)
            _remember_landed(item)
    con.execute(f"DELETE FROM work.normalised_rejected WHERE source = {literal(source)}")
    con.execute(f"""
        INSERT INTO work.normalised_rejected
        SELECT {literal(source)}, object, source_pk FROM ({_rejected(con, source)})
    """)


def _remember_landed(item: LandedObject) -> None:
    item.con.execute(f"DELETE FROM work.normalised_landed WHERE {item.where}")
    digest = _landed_now(item)
    if digest is not None:
        row = [item.source.name, item.name, digest]
        item.con.execute("INSERT INTO work.normalised_landed VALUES (?, ?, ?)", row)


def _remember_rows(item: LandedObject, *, whole: bool) -> None:
    if item.parent is None:
        return
    rows = (
        f"SELECT {LANDED.key} AS pk, {LANDED.hash} AS hash, {item.owner} AS owner "
        f"FROM {item.landed} AS landed"
    )
    if whole:
        item.con.execute(f"CREATE OR REPLACE TABLE {_notes(item)} AS {rows}")
        return
    changed = f"(SELECT pk FROM {CHANGED} WHERE {item.where})"
    item.con.execute(f"DELETE FROM {_notes(item)} WHERE pk IN {changed}")
    item.con.execute(f"INSERT INTO {_notes(item)} {rows} WHERE {LANDED.key} IN {changed}")
