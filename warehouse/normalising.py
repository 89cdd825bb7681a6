"""Landed tables → ``normalised.*``, batch by batch, every landed row with its fate.

Party objects come before the objects that belong to them, because a row without its record is an
orphan. An object whose source has drifted is set aside whole, and the others go on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

import pyarrow as pa

from models.errors import SchemaDrift
from models.normalise import Normalised, normalise_object
from models.normalising.batch import BOOKKEEPING, Batch, source_columns
from models.normalising.use import column_use
from models.progress import Progress, silent
from models.source import SourceConfig
from models.tables import LANDED, Table, table
from models.tables.normalised import NORMALISED
from warehouse.fingerprint import write_fingerprints
from warehouse.landed_object import LandedObject, batches, quarantine_orphans
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, begin_layer, count, insert, insert_select

BATCH_ROWS = 200_000
AHEAD = 2  # batches in work at once, one for each core of the smallest machine
_QUARANTINE = table("normalised", "quarantine")
_COLUMN_USE = table("normalised", "column_use")
_FINGERPRINT = table("normalised", "fingerprint")


@dataclass(frozen=True, slots=True)
class ObjectNormalised:
    """Counts of one object: ``rows`` landed are ``attached`` or ``quarantined``.

    ``attached`` rows of a party object are its records; of others, the rows that add to a record.
    """

    source: str
    object: str
    rows: int
    attached: int
    quarantined: int
    defects: int


@dataclass(slots=True)
class NormaliseReport:
    """What was normalised, and the sources whose columns are not those of their mapping."""

    objects: list[ObjectNormalised] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def counts(self) -> dict[str, int]:
        """Return rows, records or attached rows, quarantined rows, defects and drifted sources."""
        return {
            "rows": sum(item.rows for item in self.objects),
            "attached": sum(item.attached for item in self.objects),
            "quarantined": sum(item.quarantined for item in self.objects),
            "defects": sum(item.defects for item in self.objects),
            "drifted": len(self.failed),
        }


def normalise(
    con: Connection, sources: Sequence[SourceConfig], progress: Progress = silent
) -> NormaliseReport:
    """Fill all ``normalised`` tables from ``landed``, inside the caller's transaction."""
    begin_layer(con, "normalised")
    report = NormaliseReport()
    adding: set[str] = set()
    for source in sources:
        for name in _parents_first(source):
            item = LandedObject(con, source, name)
            try:
                report.objects.append(_normalise_one(item, adding, progress))
            except SchemaDrift as drift:
                said = report.failed.get(source.name)
                report.failed[source.name] = f"{said} {drift}" if said else str(drift)
                report.objects.append(_set_aside(item, str(drift)))
    for name in sorted(adding):
        _renumber(con, table("normalised", name))
    progress("fingerprint the records", 0, 1)
    write_fingerprints(con)
    return report


def _parents_first(source: SourceConfig) -> list[str]:
    return sorted(source.objects, key=lambda name: (not source.objects[name].mapping.party, name))


def _normalise_one(item: LandedObject, adding: set[str], progress: Progress) -> ObjectNormalised:
    columns = item.columns()
    if not set(columns) - set(BOOKKEEPING):  # never pulled: nothing to compare the mapping with
        return ObjectNormalised(item.source.name, item.name, 0, 0, 0, 0)
    child = item.source.objects[item.name].mapping.belongs_to is not None
    rows = count(item.con, f"SELECT count(*) FROM {item.landed}")
    attached = 0
    for done in _normalised(item, batches(item, columns, rows, BATCH_ROWS, progress)):
        _store(item.con, done)
        attached += done.attached
        if child:
            adding |= {name for name, part in done.tables.items() if part.num_rows}
    _note_columns(item)
    if child:
        quarantine_orphans(item, columns)
    return _report(item, rows, attached)


def _normalised(item: LandedObject, batches: Iterator[pa.Table]) -> Iterator[Normalised]:
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
        if definition in (_COLUMN_USE, _FINGERPRINT):
            continue
        rows = done.tables[definition.name]
        if rows.num_rows:
            insert(con, definition, rows)


def _note_columns(item: LandedObject) -> None:
    """Note what each column feeds, and how many of all landed rows fill it."""
    empty = item.con.execute(f"FROM {item.landed} LIMIT 0").to_arrow_table()
    uses = column_use(Batch.of(item.source, item.name, empty))
    names = source_columns(empty)
    counts = ", ".join(f"count(nullif({quote(name)}, ''))" for name in names)
    numbers = item.con.execute(f"SELECT {counts} FROM {item.landed}").fetchone() or ()
    filled = dict(zip(names, numbers, strict=True))
    whole = [filled.get(str(name), 0) for name in uses["column_name"].to_pylist()]
    place = uses.schema.get_field_index("filled")
    insert(item.con, _COLUMN_USE, uses.set_column(place, "filled", pa.array(whole, pa.int64())))


def _set_aside(item: LandedObject, reason: str) -> ObjectNormalised:
    """Quarantine every row of an object whose columns are not those of its mapping."""
    _note_columns(item)
    rows = insert_select(
        item.con,
        _QUARANTINE,
        f"""
        SELECT {literal(item.source.name)} AS source, {literal(item.name)} AS object,
               {LANDED.key} AS source_pk, {LANDED.hash} AS row_hash, NULL AS field,
               'schema_drift' AS rule, {literal(reason)} AS reason
        FROM {item.landed}
        """,
    )
    return ObjectNormalised(item.source.name, item.name, rows, 0, rows, 0)


def _report(item: LandedObject, rows: int, attached: int) -> ObjectNormalised:
    counts = [
        count(item.con, f"SELECT count(*) FROM normalised.{name} WHERE {item.where}")
        for name in ("quarantine", "defect")
    ]
    return ObjectNormalised(item.source.name, item.name, rows, attached, *counts)


def _renumber(con: Connection, definition: Table) -> None:
    """Give each record's rows ordinals from 0, whichever object and batch they came from."""
    if "ordinal" not in definition.column_names:
        return
    others = [name for name in definition.column_names if name not in ("record_key", "ordinal")]
    order = ", ".join(["ordinal", *map(quote, others)])
    con.execute(
        f"""
        CREATE OR REPLACE TABLE {full_name(definition)} AS
        SELECT * REPLACE (
            (row_number() OVER (PARTITION BY record_key ORDER BY {order}) - 1)::INTEGER AS ordinal
        ) FROM {full_name(definition)}
        """
    )
