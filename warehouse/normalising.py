"""Landed tables → ``normalised.*``, batch by batch, every landed row with its fate.

Party objects come before the objects that belong to them, because a row without its record is an
orphan. An object whose source has drifted is set aside whole, and the others go on.

Only records whose landed rows changed since the last time are made anew, with all the rows that
belong to them; all records of a source when its mapping, its columns or this program did. The
tables are then the same, row by row, as those made in an empty working file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from models.progress import Progress, silent
from models.source import SourceConfig
from models.tables import Table
from models.tables.normalised import NORMALISED
from warehouse.fingerprint import write_fingerprints
from warehouse.landed_object import LandedObject
from warehouse.normalise_landed import ObjectNormalised, normalise_landed
from warehouse.normalise_rules import rules_of
from warehouse.normalised_from import DIRTY, find_dirty, forget, remember, rules_before
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection, begin_layer

_BY_RECORD = [item for item in NORMALISED if "record_key" in item.column_names]
_BY_SOURCE = [item for item in NORMALISED if item.name in ("quarantine", "column_use")]


@dataclass(slots=True)
class NormaliseReport:
    """What was normalised, and the sources whose columns are not those of their mapping."""

    objects: list[ObjectNormalised] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, item: ObjectNormalised) -> None:
        """Add the counts of one object."""
        self.objects.append(item)
        if item.drift:
            said = self.failed.get(item.source)
            self.failed[item.source] = f"{said} {item.drift}" if said else item.drift

    def counts(self) -> dict[str, int]:
        """Return rows, records or attached rows, quarantined rows, defects, drifted sources.

        ``redone`` is how many of the rows were normalised now.
        """
        return {
            "rows": sum(item.rows for item in self.objects),
            "attached": sum(item.attached for item in self.objects),
            "quarantined": sum(item.quarantined for item in self.objects),
            "defects": sum(item.defects for item in self.objects),
            "drifted": len(self.failed),
            "redone": sum(item.redone for item in self.objects),
        }


@dataclass(frozen=True, slots=True)
class _Source:
    """One source: its objects, parents first; its rules; whether all of it is made anew."""

    items: tuple[LandedObject, ...]
    rules: str
    whole: bool

    @property
    def name(self) -> str:
        return self.items[0].source.name


def normalise(
    con: Connection, sources: Sequence[SourceConfig], progress: Progress = silent
) -> NormaliseReport:
    """Bring all ``normalised`` tables up to date with ``landed``, inside the caller's transaction.

    Landed keys are never NULL and stand once in their object: the load sees to that.
    """
    before = rules_before(con)
    works = [_work(con, source, before) for source in sources]
    fresh = all(work.whole for work in works)
    _clear(con, works, before, fresh=fresh)
    report = NormaliseReport()
    for work in works:
        for item in work.items:
            report.add(normalise_landed(item, progress, whole=work.whole))
        if work.whole and not fresh:
            _all_dirty(con, work.name)
        remember(work.items, work.rules, whole=work.whole)
    _renumber_all(con, sources, fresh=fresh)
    progress("fingerprint the records", 0, 1)
    write_fingerprints(con, only=None if fresh else DIRTY)
    return report


def _work(con: Connection, source: SourceConfig, before: dict[str, str]) -> _Source:
    names = sorted(source.objects, key=lambda name: (not source.objects[name].mapping.party, name))
    items = tuple(LandedObject.find(con, source, name) for name in names)
    rules = rules_of(items)
    return _Source(items, rules, before.get(source.name) != rules or not find_dirty(items))


def _clear(
    con: Connection, works: Sequence[_Source], before: dict[str, str], *, fresh: bool
) -> None:
    """Take away every row that will be made anew, and all of sources that are there no more."""
    gone = before.keys() - {work.name for work in works}
    for name in sorted(gone):
        forget(con, name)
    if fresh:
        begin_layer(con, "normalised")
        return
    for name in sorted(gone | {work.name for work in works if work.whole}):
        for definition in _BY_RECORD:
            condition = f"starts_with(record_key, {literal(f'{name}.')})"
            con.execute(f"DELETE FROM {full_name(definition)} WHERE {condition}")
        for definition in _BY_SOURCE:
            con.execute(f"DELETE FROM {full_name(definition)} WHERE source = {literal(name)}")
    for definition in _BY_RECORD:
        con.execute(
            f"DELETE FROM {full_name(definition)} "
            f"WHERE record_key IN (SELECT record_key FROM {DIRTY})"
        )


def _all_dirty(con: Connection, source: str) -> None:
    con.execute(
        f"INSERT INTO {DIRTY} SELECT record_key FROM normalised.record "
        f"WHERE source = {literal(source)}"
    )


def _renumber_all(con: Connection, sources: Sequence[SourceConfig], *, fresh: bool) -> None:
    """Give the values of a record ordinals from 0 where several objects may add to it."""
    for definition in NORMALISED:
        if "ordinal" in definition.column_names:
            prefixes = sorted(
                {
                    f"{source.name}.{mapping.belongs_to.object}:"
                    for source in sources
                    for mapping in (config.mapping for config in source.objects.values())
                    if mapping.belongs_to and definition.name in mapping.tables()
                }
            )
            if prefixes:
                _renumber(con, definition, prefixes, fresh=fresh)


def _renumber(con: Connection, definition: Table, prefixes: Sequence[str], *, fresh: bool) -> None:
    name = full_name(definition)
    where = " OR ".join(f"starts_with(record_key, {literal(prefix)})" for prefix in prefixes)
    others = [item for item in definition.column_names if item not in ("record_key", "ordinal")]
    order = ", ".join(["ordinal", *map(quote, others)])
    number = f"(row_number() OVER (PARTITION BY record_key ORDER BY {order}) - 1)::INTEGER"
    renumbered = f"SELECT * REPLACE ({number} AS ordinal) FROM {name} WHERE"
    if fresh:
        con.execute(
            f"CREATE OR REPLACE TABLE {name} AS {renumbered} {where} "
            f"UNION ALL SELECT * FROM {name} WHERE NOT ({where})"
        )
        return
    where = f"({where}) AND record_key IN (SELECT record_key FROM {DIRTY})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE normalise_renumbered AS {renumbered} {where}")
    con.execute(f"DELETE FROM {name} WHERE {where}")
    con.execute(f"INSERT INTO {name} BY NAME FROM normalise_renumbered")
    con.execute("DROP TABLE normalise_renumbered")
