"""A raw zone written run by run, and what loading it lands and rejects."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from models.source import SourceConfig
from warehouse.landing import RawZone
from warehouse.load import LoadReport, ObjectLoad, load
from warehouse.parts import RunFacts
from warehouse.run_manifest import Kind, PulledWindow
from warehouse.store import Store

Row = dict[str, str | None]
MAPPING = {"party": "person", "names": [{"full": "NAME"}]}


def source(**read: Any) -> SourceConfig:
    """Return a source with one object, read so."""
    return SourceConfig.model_validate(
        {
            "name": "core",
            "connector": "sql",
            "objects": {"customer": {"read": {"primary_key": ["ID"], **read}, "mapping": MAPPING}},
        }
    )


FLAGGED = {"deletes": {"flag": {"field": "DEL", "values": ["1"]}}}
CURSOR = {"cursor": {"field": "TS"}}


class Raw:
    """A raw zone that is written run by run."""

    def __init__(self, root: Path) -> None:
        self.zone = RawZone(root)
        self.runs = 0

    def add(
        self,
        *batches: Sequence[Row],
        kind: Kind = "delta",
        keys: Sequence[str] | None = None,
        rejects: int = 0,
        sequences: bool = False,
    ) -> None:
        """Write one run; with ``sequences`` every batch is a source file of its own."""
        run_id = f"2026112{self.runs}T000000.000000Z"
        self.runs += 1
        with self.zone.writer("core", "customer", run_id) as writer:
            for number, batch in enumerate(batches):
                writer.write(as_table(batch), sequence=number if sequences else 0)
            if keys is not None:
                writer.write_keys(as_table([{"ID": key} for key in keys], ["ID"]))
            for line in range(rejects):
                writer.write_rejects(reject(line))
            window = PulledWindow(lo=None, hi="2026-11-23T00:00:00+00:00")
            when = "2026-11-23T00:00:00+00:00"
            writer.commit(RunFacts("core", "customer", run_id, kind, window, None, when))


def as_table(rows: Sequence[Row], columns: Sequence[str] = ()) -> pa.Table:
    """Return rows as text columns; what a row does not name is NULL."""
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    )


def reject(line: int) -> pa.Table:
    """Return one unreadable line."""
    return pa.table(
        {
            "file": ["a.csv"],
            "line": pa.array([line], pa.int64()),
            "rule": ["bad_line"],
            "reason": [f"a.csv, line {line}: 2 fields where the header has 3."],
            "text": [f"x,{line}"],
        }
    )


def run(store: Store, raw: Raw, *sources: SourceConfig) -> ObjectLoad:
    """Load, and return the report on the first object."""
    return load_all(store, raw, *sources).objects[0]


def load_all(store: Store, raw: Raw, *sources: SourceConfig) -> LoadReport:
    """Load, and check that every row read has one fate."""
    with store.writing() as con:
        report = load(con, raw.zone, sources)
    for item in report.objects:
        fates = (item.rows_live, item.rows_superseded, item.rows_deleted, item.rows_duplicate)
        assert item.rows_read == sum(fates) + item.rows_rejected
    return report


def landed(store: Store, columns: str = "*") -> list[tuple[Any, ...]]:
    """Return the landed rows in key order."""
    with store.reading() as con:
        return con.execute(f"SELECT {columns} FROM landed.core__customer ORDER BY _pk").fetchall()


def rejected(store: Store) -> list[tuple[Any, ...]]:
    """Return whose rows were rejected, and by which rule."""
    with store.reading() as con:
        return con.execute(
            "SELECT source, object, source_pk, field, rule FROM landed.rejected ORDER BY ALL"
        ).fetchall()
