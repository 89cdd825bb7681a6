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


@dataclass(frozen=True, slots=True)
class LandedObject:
    """One object and where its landed rows are."""

    con: Connection
    source: SourceConfig
    name: str

    @property
    def landed(self) -> str:
        """Its landed table, quoted."""
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


def batches(
    item: LandedObject, columns: list[str], rows: int, size: int, progress: Progress
) -> Iterator[pa.Table]:
    """Yield ``size`` landed rows at a time, those whose record is there; at least one batch.

    By ranges of row numbers: a stream would be cut off by the inserts on the same connection.
    """
    select, what = _select(item, columns), f"normalise {item.source.name}.{item.name}"
    start, done = 0, 0
    while done == 0 or start:
        progress(what, min(done, rows), rows)
        yield item.con.execute(
            f"{select} AND landed.rowid >= ? AND landed.rowid < ?", [start, start + size]
        ).to_arrow_table()
        done += size
        # row numbers may jump: rows not yet committed count from 2^55 or so
        start = count(
            item.con,
            f"SELECT min(rowid) FROM {item.landed} WHERE rowid >= {start + size}",
        )
    progress(what, rows, rows)


def _select(item: LandedObject, columns: list[str]) -> str:
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


def _parent_key(item: LandedObject, columns: list[str]) -> str | None:
    """Return the quoted column that names the record a row belongs to, if there is one."""
    parent = item.source.objects[item.name].mapping.belongs_to
    if parent is None:
        return None
    found = find_columns([parent.key], columns)
    return f"landed.{quote(found[parent.key])}" if found else None


def _record_key(item: LandedObject, key: str) -> str:
    parent = item.source.objects[item.name].mapping.belongs_to
    return f"{literal(f'{item.source.name}.{parent.object if parent else item.name}:')} || {key}"


def quarantine_orphans(item: LandedObject, columns: list[str]) -> None:
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


def _exists(con: Connection, schema: str, name: str) -> bool:
    found = con.execute(
        "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ? "
        "AND table_catalog = current_database()",
        [schema, name],
    ).fetchone()
    return found is not None
