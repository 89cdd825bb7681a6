"""One landed object as the normalisation reads it: its rows in batches, and its orphans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from models.normalising.batch import PARENT_PARTY, find_columns
from models.progress import Progress
from models.source import SourceConfig
from models.tables import LANDED, landed_table, table
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, count, insert_select

_QUARANTINE = table("normalised", "quarantine")
_RECORD = table("normalised", "record")
# The landed rows to normalise when not all are: place (from 0), id (row number), pk.
REDO = "normalise_redo"


@dataclass(frozen=True, slots=True)
class LandedObject:
    """One object and where its landed rows are; ``columns`` is empty if it was never loaded."""

    con: Connection
    source: SourceConfig
    name: str
    columns: tuple[str, ...]

    @classmethod
    def find(cls, con: Connection, source: SourceConfig, name: str) -> LandedObject:
        """Look up the object's landed table."""
        found = con.execute(
            "SELECT column_name FROM duckdb_columns() WHERE schema_name = 'landed' "
            "AND table_name = ? AND database_name = current_database() ORDER BY column_index",
            [landed_table(source.name, name)],
        ).fetchall()
        return cls(con, source, name, tuple(str(column) for (column,) in found))

    @property
    def landed(self) -> str:
        """Its landed table, quoted."""
        return f"landed.{quote(landed_table(self.source.name, self.name))}"

    @property
    def where(self) -> str:
        """Condition for its rows in tables with a source and an object."""
        return f"source = {literal(self.source.name)} AND object = {literal(self.name)}"

    @property
    def parent(self) -> str | None:
        """The object its rows belong to, if they do not stand for a party themselves."""
        parent = self.source.objects[self.name].mapping.belongs_to
        return parent.object if parent else None

    @property
    def owner(self) -> str:
        """SQL for the key, in its source, of the record a row of ``landed`` describes."""
        parent = self.source.objects[self.name].mapping.belongs_to
        if parent is None:
            return f"landed.{LANDED.key}"
        found = find_columns([parent.key], self.columns)
        return f"landed.{quote(found[parent.key])}" if found else "NULL::VARCHAR"

    @property
    def owner_prefix(self) -> str:
        """What stands before that key in a record key."""
        return f"{self.source.name}.{self.parent or self.name}:"

    @property
    def record_key(self) -> str:
        """SQL for the key of the record a row of ``landed`` describes."""
        return f"{literal(self.owner_prefix)} || {self.owner}"


def batches(
    item: LandedObject, size: int, progress: Progress, *, whole: bool
) -> Iterator[pa.Table]:
    """Yield ``size`` landed rows at a time, those whose record is there.

    ``whole``: all rows, else those in REDO. By ranges of row numbers or places: a stream would be
    cut off by the inserts on the same connection.
    """
    what = f"normalise {item.source.name}.{item.name}"
    rows = count(item.con, f"SELECT count(*) FROM {item.landed if whole else REDO}")
    ranges = _row_ranges(item, size) if whole else _places(rows, size)
    for done, condition in enumerate(ranges):
        progress(what, min(done * size, rows), rows)
        yield item.con.execute(f"{_select(item, whole=whole)} AND {condition}").to_arrow_table()
    progress(what, rows, rows)


def _places(rows: int, size: int) -> Iterator[str]:
    for start in range(0, rows, size):
        yield f"redo.place >= {start} AND redo.place < {start + size}"


def _row_ranges(item: LandedObject, size: int) -> Iterator[str]:
    """Yield ranges of row numbers. They may jump: rows not yet committed count from 2^55 or so."""
    start = -1
    while True:
        row = item.con.execute(
            f"SELECT min(rowid) FROM {item.landed} WHERE rowid >= {start}"
        ).fetchone()
        if row is None or row[0] is None:
            return
        yield f"landed.rowid >= {row[0]} AND landed.rowid < {row[0] + size}"
        start = row[0] + size


def _select(item: LandedObject, *, whole: bool) -> str:
    """Return the SELECT of the object's rows; children bring the party type of their record."""
    redo = "" if whole else f"JOIN {REDO} AS redo ON redo.id = landed.rowid"
    if item.parent is None:
        return f"SELECT landed.* FROM {item.landed} AS landed {redo} WHERE true"
    return f"""
        SELECT landed.*, record.party_type AS {quote(PARENT_PARTY)}
        FROM {item.landed} AS landed {redo}
        LEFT JOIN {full_name(_RECORD)} AS record ON record.record_key = {item.record_key}
        WHERE (record.record_key IS NOT NULL OR coalesce(trim({item.owner}), '') = '')
    """


def quarantine_orphans(item: LandedObject, *, whole: bool) -> None:
    """Set aside the rows whose record is not there, and say whether it was set aside itself."""
    parent = item.source.objects[item.name].mapping.belongs_to
    if parent is None:
        return
    of_parent = f"source = {literal(item.source.name)} AND object = {literal(parent.object)}"
    refused = f"SELECT source_pk FROM {full_name(_QUARANTINE)} WHERE {of_parent}"
    if exists(item.con, "landed", "rejected"):
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
               ON refused.source_pk = {item.owner}
        WHERE {"true" if whole else f"landed.rowid IN (SELECT id FROM {REDO})"}
          AND trim({item.owner}) <> '' AND NOT EXISTS (
            FROM {full_name(_RECORD)} AS record WHERE record.record_key = {item.record_key}
        )
        """,
    )


def exists(con: Connection, schema: str, name: str) -> bool:
    """Whether there is a table ``schema.name`` in the working file."""
    found = con.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ? "
        "AND database_name = current_database()",
        [schema, name],
    ).fetchone()
    return found is not None
