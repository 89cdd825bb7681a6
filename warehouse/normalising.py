"""Landed tables → ``normalised.*``, batch by batch, every landed row with its fate.

Party objects come before the objects that belong to them, because a row without its record is an
orphan. An object whose source has drifted is set aside whole, and the others go on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from models.errors import SchemaDrift
from models.normalise import Normalised, normalise_object
from models.normalising.batch import BOOKKEEPING, PARENT_PARTY, Batch, find_columns, source_columns
from models.normalising.use import column_use
from models.progress import Progress, silent
from models.source import SourceConfig
from models.tables import LANDED, Table, landed_table, table
from models.tables.normalised import NORMALISED
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, begin_layer, count, insert, insert_select

BATCH_ROWS = 200_000
_QUARANTINE = table("normalised", "quarantine")
_RECORD = table("normalised", "record")
_COLUMN_USE = table("normalised", "column_use")


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


@dataclass(frozen=True, slots=True)
class _Object:
    """One object and where its landed rows are."""

    con: Connection
    source: SourceConfig
    name: str

    @property
    def landed(self) -> str:
        return f"landed.{quote(landed_table(self.source.name, self.name))}"

    @property
    def where(self) -> str:
        """Condition for its rows in ``normalised.quarantine`` and ``defect``."""
        return f"source = {literal(self.source.name)} AND object = {literal(self.name)}"

    def columns(self) -> list[str]:
        """Return the landed columns; none when the object was never loaded."""
        found = self.con.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'landed' "
            "AND table_name = ? AND table_catalog = current_database() ORDER BY ordinal_position",
            [landed_table(self.source.name, self.name)],
        ).fetchall()
        return [str(name) for (name,) in found]


def normalise(
    con: Connection, sources: Sequence[SourceConfig], progress: Progress = silent
) -> NormaliseReport:
    """Fill all ``normalised`` tables from ``landed``, inside the caller's transaction."""
    begin_layer(con, "normalised")
    report = NormaliseReport()
    adding: set[str] = set()
    for source in sources:
        for name in _parents_first(source):
            item = _Object(con, source, name)
            try:
                report.objects.append(_normalise_one(item, adding, progress))
            except SchemaDrift as drift:
                said = report.failed.get(source.name)
                report.failed[source.name] = f"{said} {drift}" if said else str(drift)
                report.objects.append(_set_aside(item, str(drift)))
    for name in sorted(adding):
        _renumber(con, table("normalised", name))
    return report


def _parents_first(source: SourceConfig) -> list[str]:
    return sorted(source.objects, key=lambda name: (not source.objects[name].mapping.party, name))


def _normalise_one(item: _Object, adding: set[str], progress: Progress) -> ObjectNormalised:
    columns = item.columns()
    if not set(columns) - set(BOOKKEEPING):  # never pulled: nothing to compare the mapping with
        return ObjectNormalised(item.source.name, item.name, 0, 0, 0, 0)
    child = item.source.objects[item.name].mapping.belongs_to is not None
    rows = count(item.con, f"SELECT count(*) FROM {item.landed}")
    attached = 0
    for batch in _batches(item, columns, rows, progress):
        done = normalise_object(item.source, item.name, batch)
        _store(item.con, done)
        attached += done.attached
        if child:
            adding |= {name for name, part in done.tables.items() if part.num_rows}
    _note_columns(item)
    if child:
        _quarantine_orphans(item, columns)
    return _report(item, rows, attached)


def _store(con: Connection, done: Normalised) -> None:
    for definition in NORMALISED:
        rows = done.tables[definition.name]
        if definition is not _COLUMN_USE and rows.num_rows:
            insert(con, definition, rows)


def _note_columns(item: _Object) -> None:
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


def _batches(
    item: _Object, columns: list[str], rows: int, progress: Progress
) -> Iterator[pa.Table]:
    """Yield the landed rows whose record is there; at least one batch, so that columns are seen.

    By ranges of row numbers: a stream would be cut off by the inserts on the same connection.
    """
    select, what = _select(item, columns), f"normalise {item.source.name}.{item.name}"
    start, done = 0, 0
    while done == 0 or start:
        progress(what, min(done, rows), rows)
        yield item.con.execute(
            f"{select} AND landed.rowid >= ? AND landed.rowid < ?", [start, start + BATCH_ROWS]
        ).to_arrow_table()
        done += BATCH_ROWS
        # row numbers may jump: rows not yet committed count from 2^55 or so
        start = count(
            item.con,
            f"SELECT min(rowid) FROM {item.landed} WHERE rowid >= {start + BATCH_ROWS}",
        )
    progress(what, rows, rows)


def _select(item: _Object, columns: list[str]) -> str:
    """Return the SELECT of the object's rows; children bring the party type of their record."""
    key = _parent_key(item, columns)
    if key is None:
        return f"SELECT landed.* FROM {item.landed} AS landed WHERE true"
    return f"""
        SELECT landed.*, record.party_type AS {quote(PARENT_PARTY)}
        FROM {item.landed} AS landed
        LEFT JOIN {full_name(_RECORD)} AS record ON record.record_key = {_record_key(item, key)}
        WHERE (record.record_key IS NOT NULL OR coalesce(trim({key}), '') = '')
    """


def _parent_key(item: _Object, columns: list[str]) -> str | None:
    """Return the quoted column that names the record a row belongs to, if there is one."""
    parent = item.source.objects[item.name].mapping.belongs_to
    if parent is None:
        return None
    found = find_columns([parent.key], columns)
    return f"landed.{quote(found[parent.key])}" if found else None


def _record_key(item: _Object, key: str) -> str:
    parent = item.source.objects[item.name].mapping.belongs_to
    return f"{literal(f'{item.source.name}.{parent.object if parent else item.name}:')} || {key}"


def _quarantine_orphans(item: _Object, columns: list[str]) -> None:
    """Set aside the rows whose record is not there, and say whether it was set aside itself."""
    parent, key = item.source.objects[item.name].mapping.belongs_to, _parent_key(item, columns)
    if parent is None or key is None:
        return
    of_parent = f"source = {literal(item.source.name)} AND object = {literal(parent.object)}"
    refused = f"SELECT source_pk FROM {full_name(_QUARANTINE)} WHERE {of_parent}"
    if _exists(item.con, "landed", "rejected"):
        refused += f" UNION SELECT source_pk FROM landed.rejected WHERE {of_parent}"
    insert_select(
        item.con,
        _QUARANTINE,
        f"""
        SELECT {literal(item.source.name)} AS source, {literal(item.name)} AS object,
               {LANDED.key} AS source_pk, {LANDED.hash} AS row_hash, {literal(parent.key)} AS field,
               CASE WHEN refused.source_pk IS NULL THEN 'orphan' ELSE 'parent_quarantined' END
               AS rule,
               CASE WHEN refused.source_pk IS NULL
               THEN {literal(f"No live row of {parent.object} has this key.")}
               ELSE {literal(f"The row of {parent.object} it belongs to is in quarantine.")} END
               AS reason
        FROM {item.landed} AS landed
        LEFT JOIN (SELECT DISTINCT source_pk FROM ({refused})) AS refused
               ON refused.source_pk = {key}
        WHERE trim({key}) <> '' AND NOT EXISTS (
            FROM {full_name(_RECORD)} AS record WHERE record.record_key = {_record_key(item, key)}
        )
        """,
    )


def _set_aside(item: _Object, reason: str) -> ObjectNormalised:
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


def _report(item: _Object, rows: int, attached: int) -> ObjectNormalised:
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


def _exists(con: Connection, schema: str, name: str) -> bool:
    found = con.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ? "
        "AND table_catalog = current_database()",
        [schema, name],
    ).fetchone()
    return found is not None
