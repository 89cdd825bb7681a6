"""Normalise the rows of one landed object: all of them, or those that must be made anew."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from models.errors import SchemaDrift
from models.normalise import Normalised, normalise_object
from models.normalising.batch import BOOKKEEPING, Batch, source_columns
from models.normalising.use import column_use
from models.progress import Progress
from models.tables import LANDED, table
from models.tables.normalised import NORMALISED
from warehouse.landed_object import REDO, LandedObject, batches, quarantine_orphans
from warehouse.normalised_from import CHANGED, DIRTY
from warehouse.sql import literal, quote
from warehouse.store import Connection, count, insert, insert_select

BATCH_ROWS = 200_000
AHEAD = 2  # batches in work at once, one for each core of the smallest machine
_QUARANTINE = table("normalised", "quarantine")
_COLUMN_USE = table("normalised", "column_use")
_NOT_BY_BATCH = ("column_use", "fingerprint")


@dataclass(frozen=True, slots=True)
class ObjectNormalised:
    """Counts of one object: ``rows`` landed are ``attached`` or ``quarantined``.

    ``attached`` rows of a party object are its records; of others, the rows that add to a record.
    ``redone`` of them were normalised now; the rest stood already, made from the same.
    """

    source: str
    object: str
    rows: int
    attached: int
    quarantined: int
    defects: int
    redone: int
    drift: str | None = None


def normalise_landed(item: LandedObject, progress: Progress, *, whole: bool) -> ObjectNormalised:
    """Normalise an object whose old rows are gone from the tables by record, and count all of it.

    ``whole``: all its landed rows; otherwise those of DIRTY records, and CHANGED ones without a
    record. A drifted object is set aside whole.
    """
    if not set(item.columns) - set(BOOKKEEPING):  # never pulled: nothing to compare with
        return ObjectNormalised(item.source.name, item.name, 0, 0, 0, 0, 0)
    if not whole:
        _choose_rows(item)
    if whole or count(item.con, f"SELECT count(*) FROM {CHANGED} WHERE {item.where}"):
        _note_columns(item)
    kept = count(item.con, f"SELECT count(*) FROM {_quarantined(item)}")
    rows = count(item.con, f"SELECT count(*) FROM {item.landed}")
    redone = rows if whole else count(item.con, f"SELECT count(*) FROM {REDO}")
    attached, drift = rows - redone - kept, None
    try:
        Batch.of(item.source, item.name, _no_rows(item)).refuse_drift()
        attached += _normalise_rows(item, progress, whole=whole)
    except SchemaDrift as error:
        drift = str(error)
        _set_aside(item, drift, whole=whole)
    quarantined = count(item.con, f"SELECT count(*) FROM {_quarantined(item)}")
    defects = count(item.con, f"SELECT count(*) FROM normalised.defect WHERE {item.where}")
    source, name = item.source.name, item.name
    return ObjectNormalised(source, name, rows, attached, quarantined, defects, redone, drift)


def _quarantined(item: LandedObject) -> str:
    return f"normalised.quarantine WHERE {item.where}"


def _choose_rows(item: LandedObject) -> None:
    """Make REDO, and take what its rows and those that went had put into quarantine."""
    changed = f"(SELECT pk FROM {CHANGED} WHERE {item.where})"
    item.con.execute(f"""
        CREATE OR REPLACE TEMP TABLE {REDO} AS
        SELECT row_number() OVER () - 1 AS place, landed.rowid AS id, landed.{LANDED.key} AS pk
        FROM {item.landed} AS landed
        WHERE {item.record_key} IN (SELECT record_key FROM {DIRTY})
           OR coalesce(trim({item.owner}), '') = '' AND landed.{LANDED.key} IN {changed}
    """)
    item.con.execute(f"""
        DELETE FROM {_quarantined(item)}
        AND (source_pk IN {changed} OR source_pk IN (SELECT pk FROM {REDO}))
    """)


def _normalise_rows(item: LandedObject, progress: Progress, *, whole: bool) -> int:
    attached = 0
    for done in _ahead(item, batches(item, BATCH_ROWS, progress, whole=whole)):
        _store(item.con, done)
        attached += done.attached
    quarantine_orphans(item, whole=whole)
    return attached


def _ahead(item: LandedObject, batches: Iterator[pa.Table]) -> Iterator[Normalised]:
    """Yield the batches normalised, in order, working ahead while the store writes.

    Arrow, NumPy and DuckDB all leave the interpreter free while they work.
    """
    waiting: deque[Future[Normalised]] = deque()
    with ThreadPoolExecutor(AHEAD) as pool:
        for batch in batches:
            waiting.append(pool.submit(normalise_object, item.source, item.name, batch))
            if len(waiting) > AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _store(con: Connection, done: Normalised) -> None:
    for definition in NORMALISED:
        if definition.name not in _NOT_BY_BATCH:
            rows = done.tables[definition.name]
            if rows.num_rows:
                insert(con, definition, rows)


def _no_rows(item: LandedObject) -> pa.Table:
    return item.con.execute(f"FROM {item.landed} LIMIT 0").to_arrow_table()


def _note_columns(item: LandedObject) -> None:
    """Note what each column feeds, and how many of all landed rows fill it."""
    empty = _no_rows(item)
    uses = column_use(Batch.of(item.source, item.name, empty))
    names = source_columns(empty)
    counts = ", ".join(f"count(nullif({quote(name)}, ''))" for name in names)
    numbers = item.con.execute(f"SELECT {counts} FROM {item.landed}").fetchone() or ()
    filled = dict(zip(names, numbers, strict=True))
    whole = [filled.get(str(name), 0) for name in uses["column_name"].to_pylist()]
    place = uses.schema.get_field_index("filled")
    item.con.execute(f"DELETE FROM normalised.column_use WHERE {item.where}")
    insert(item.con, _COLUMN_USE, uses.set_column(place, "filled", pa.array(whole, pa.int64())))


def _set_aside(item: LandedObject, reason: str, *, whole: bool) -> None:
    """Quarantine the rows of an object whose columns are not those of its mapping."""
    insert_select(
        item.con,
        _QUARANTINE,
        f"""
        SELECT {literal(item.source.name)} AS source, {literal(item.name)} AS object,
               {LANDED.key} AS source_pk, {LANDED.hash} AS row_hash, NULL AS field,
               'schema_drift' AS rule, {literal(reason)} AS reason
        FROM {item.landed} AS landed
        WHERE {"true" if whole else f"landed.rowid IN (SELECT id FROM {REDO})"}
        """,
    )
