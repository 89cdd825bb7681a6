"""The raw runs of one object as the load reads them: which files, which columns, which keys.

Makes the temporary tables that ``warehouse.landed_sql`` reads: ``load_part`` (one row per file of
rows), ``load_sweep`` (number of the last run that swept keys) and ``load_key`` (those keys).
"""

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
from warehouse.landed_sql import OPERATION, RawRows, key_of
from warehouse.landing import RawZone
from warehouse.run_manifest import Manifest, Role
from warehouse.sql import literal, quote
from warehouse.store import Connection

# Part of every fingerprint: raise it when the statements change what is landed.
RULES_VERSION = 2


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
    def landed(self) -> str:
        """Its landed table, quoted."""
        return f"landed.{quote(self.table_name)}"

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


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of an object from number ``first`` on; earlier ones are loaded already."""

    raw: RawZone
    item: RawObject
    first: int = 0

    @property
    def manifests(self) -> Sequence[Manifest]:
        """Their manifests, oldest first."""
        return self.item.runs[self.first :]

    def verify(self) -> None:
        """Raise DigestMismatch when a stored part is damaged."""
        for run in self.manifests:
            self.raw.verify(run)

    def parts(self, role: Role) -> Iterator[tuple[int, Path, int]]:
        """Yield ``(number of the run, file, sequence)`` of every part of one role."""
        for number, run in enumerate(self.item.runs):
            if number >= self.first:
                for part in run.parts(role):
                    yield number, self.raw.path(run) / part.name, part.sequence

    def rows(self, con: Connection, landed: Sequence[str] = ()) -> RawRows:
        """Return where the rows stand: columns of the newest run first, then those of older ones.

        A column that is always NULL is left out when it is the stem of dotted ones (``contact``
        beside ``contact.mobile``), here or in ``landed``, the columns there already.
        """
        files = [path for _, path, _ in self.parts("rows")]
        names = {name: None for run in reversed(self.manifests) for name in run.columns}
        rows = RawRows(files, [name for name in names if name != OPERATION], OPERATION in names)
        stems = {name for name in rows.columns if name not in landed} & {
            other[:place]
            for other in (*rows.columns, *landed)
            for place, letter in enumerate(other)
            if letter == "."
        }
        return _without_empty(con, rows, sorted(stems)) if files else rows


def runs_that_count(runs: Sequence[Manifest]) -> tuple[Manifest, ...]:
    """Return the last full run and all after it."""
    full = [number for number, run in enumerate(runs) if run.kind == "full"]
    return tuple(runs[full[-1] :] if full else runs)


def refuse_missing_key(item: RawObject, rows: RawRows) -> None:
    """Raise ConfigError when a key column never came."""
    missing = [name for name in item.reading.primary_key if name not in rows.columns]
    if rows.files and missing:
        raise ConfigError(
            f"objects.{item.name}.read.primary_key names {', '.join(missing)}, which the pulled "
            f"rows do not have; their columns are {', '.join(rows.columns)}.",
            file=f"sources/{item.source}.yml",
        )


def _without_empty(con: Connection, rows: RawRows, names: Sequence[str]) -> RawRows:
    if not names:
        return rows
    counts = ", ".join(f"count({quote(name)})" for name in names)
    filled = con.execute(f"SELECT {counts} FROM {rows.scan}").fetchone() or ()
    empty = {name for name, number in zip(names, filled, strict=True) if not number}
    columns = [name for name in rows.columns if name not in empty]
    return RawRows(rows.files, columns, rows.operation)


def make_parts(con: Connection, runs: Runs) -> None:
    """Make ``load_part``."""
    parts = list(runs.parts("rows"))
    incoming = pa.table(
        {
            "part": pa.array(range(len(parts)), pa.int32()),
            "file": pa.array([str(path) for _, path, _ in parts], pa.string()),
            "run": pa.array([run for run, _, _ in parts], pa.int32()),
            "sequence": pa.array([sequence for _, _, sequence in parts], pa.int64()),
        }
    )
    _make_table(con, "load_part", incoming)


def make_sweep(con: Connection, raw: RawZone, item: RawObject) -> None:
    """Make ``load_sweep`` and ``load_key``: whichever run swept last, new or not."""
    swept = [number for number, run in enumerate(item.runs) if run.keys is not None][-1:]
    _make_table(con, "load_sweep", pa.table({"run": pa.array(swept, pa.int32())}))
    files = [path for number, path, _ in Runs(raw, item).parts("keys") if number in swept]
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
