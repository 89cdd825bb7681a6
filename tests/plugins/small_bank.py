"""A few source records and their clusters, taken through identify, survive and publish.

A record is a dict: ``key`` (``source.object:pk``) and what it states; see ``_ROWS``. No part of the
flow is replaced: tests that need a previous version publish one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from matching.identify import IdentifyReport, identify
from matching.survive import survive
from matching.survivorship import SurvivorshipConfig, load_survivorship
from models.source import SourceConfig
from models.tables import LAYERS, table
from models.verdict import GATE_KEY, Passed
from warehouse.digest import layer_digest
from warehouse.publish import Published, PublishRun, publish
from warehouse.store import Connection, Store, begin_layer, insert
from warehouse.versions import VersionFolder

Record = dict[str, Any]
Cluster = Sequence[str]


def source(name: str, trust: float = 0.5, **by_attribute: float) -> SourceConfig:
    """Return a source that is trusted so far."""
    return SourceConfig.model_validate(
        {
            "name": name,
            "connector": "csv",
            "trust": trust,
            "trust_by_attribute": by_attribute,
            "objects": {
                "c": {"read": {}, "mapping": {"party": "person", "names": [{"full": "N"}]}}
            },
        }
    )


# A valid resident number, and what it tells.
RESIDENT = {"value": "110101199003070011", "birth_date": "1990-03-07", "sex": "male"}
SOURCES = (source("core", 0.9), source("crm", 0.5), source("web", 0.5))


def fill(con: Connection, records: Iterable[Record], clusters: Iterable[Cluster] = ()) -> None:
    """Write records and clusters into an empty working file, in the given order.

    Records in no cluster are clusters of their own.
    """
    for layer in ("normalised", "matched"):
        begin_layer(con, layer)
    cluster_of = {key: min(cluster) for cluster in clusters for key in cluster}
    tables: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for record in records:
        for name, rows in _rows(record).items():
            tables.setdefault(("normalised", name), []).extend(rows)
        cluster = cluster_of.get(record["key"], record["key"])
        row = {"record_key": record["key"], "cluster_id": cluster}
        tables.setdefault(("matched", "cluster"), []).append(row)
    for (layer, name), rows in tables.items():
        columns = sorted({column for row in rows for column in row})
        values = {column: [row.get(column) for row in rows] for column in columns}
        if rows:
            insert(con, table(layer, name), pa.table(values))


def _rows(record: Record) -> dict[str, list[dict[str, Any]]]:
    """Return the normalised rows of one record, by table."""
    key = record["key"]
    place, source_pk = key.split(":")
    source_name, object_name = place.split(".")
    parts = {
        "record": [
            {
                "source": source_name,
                "object": object_name,
                "source_pk": source_pk,
                "party_type": record.get("party_type", "person"),
                "updated_at": record.get("updated_at"),
            }
        ],
        "name": [
            {"kind": "legal", "script": "han", "status": "ok", **name}
            for name in record.get("names", [])
        ],
        "identifier": [
            {"id_class": "resident_id", "status": "valid", **number}
            for number in record.get("identifiers", [])
        ],
        "contact": [
            {"kind": "mobile", "status": "valid", **contact}
            for contact in record.get("contacts", [])
        ],
        "address": [
            {"use": "home", "level": "district", **address}
            for address in record.get("addresses", [])
        ],
        "attribute": [
            {"attribute": name, "value": value}
            for name, value in record.get("attributes", {}).items()
        ],
        "account": record.get("accounts", []),
        "relationship": record.get("relationships", []),
        "consent": record.get("consents", []),
    }
    numbered = {"name", "identifier", "contact", "address", "account", "relationship", "consent"}
    return {
        name: [
            {"record_key": key, **({"ordinal": i} if name in numbered else {}), **row}
            for i, row in enumerate(rows)
        ]
        for name, rows in parts.items()
    }


def person(key: str, name: str = "王小明", day: int = 1, **more: Any) -> Record:
    """Return a person's record last changed on that day of 2026 (1 to 28)."""
    return {
        "key": key,
        "names": [{"value": name}],
        "updated_at": datetime.fromisoformat(f"2026-01-{day:02d}"),
        **more,
    }


def leave(con: Connection, run_id: str = "run") -> Passed:
    """Return the gate's leave for the golden tables as they are."""
    return Passed(run_id, layer_digest(con, "golden"), GATE_KEY)


def working(records: Iterable[Record], clusters: Iterable[Cluster] = ()) -> Connection:
    """Return an in-memory working file with these records matched, and nothing golden yet."""
    con = duckdb.connect()
    for layer in LAYERS:
        begin_layer(con, layer)
    fill(con, records, clusters)
    return con


def golden(
    records: list[Record],
    *clusters: list[str],
    rules: str | None = None,
    sources: Sequence[SourceConfig] = SOURCES,
) -> Connection:
    """Return an in-memory working file with its golden tables filled.

    Without clusters, all records are one customer.
    """
    con = working(records, clusters or [[record["key"] for record in records]])
    con.execute("BEGIN")
    identify(con, None)
    survive(con, load_survivorship(rules), sources, None)
    con.execute("COMMIT")
    return con


def why(con: Connection, attribute: str) -> list[tuple[Any, ...]]:
    """Return ``(value, won, rule, record_key)`` of one attribute, the winner first."""
    return con.execute(
        "SELECT value, won, rule, record_key FROM golden.customer_provenance "
        "WHERE attribute = ? ORDER BY won DESC, value",
        [attribute],
    ).fetchall()


@dataclass
class SmallBank:
    """A project's data folder; every ``publish`` makes the next version from scratch."""

    root: Path
    rules: SurvivorshipConfig = field(default_factory=lambda: load_survivorship(None))
    sources: Sequence[SourceConfig] = SOURCES
    runs: int = 0

    @property
    def store(self) -> Store:
        """The working file."""
        return Store(self.root / "work" / "bank.duckdb")

    @property
    def versions(self) -> VersionFolder:
        """The published versions."""
        return VersionFolder(self.root / "published")

    def prepare(
        self, records: Iterable[Record], clusters: Iterable[Cluster] = ()
    ) -> IdentifyReport:
        """Fill the golden tables of the working file, continuing the current version."""
        self.store.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            self.store.path.unlink()
        current = self.versions.current()
        previous = current.golden_file if current else None
        with self.store.writing() as con:
            fill(con, records, clusters)
            report = identify(con, previous)
            survive(con, self.rules, self.sources, previous)
        return report

    def release(self, keep_versions: int = 10, **more: Any) -> Published:
        """Publish the golden tables of the working file."""
        self.runs += 1
        when = datetime.fromisoformat("2026-02-01")
        run = PublishRun(f"r{self.runs}", when, "config", keep_versions)
        with self.store.writing() as con:
            return publish(con, leave(con), self.versions, run, **more)

    def publish(self, records: Iterable[Record], clusters: Iterable[Cluster] = ()) -> Published:
        """Prepare and publish one version."""
        self.prepare(records, clusters)
        return self.release()

    def people(self, clusters: Iterable[Cluster]) -> dict[str, str]:
        """Publish one version of bare records in these clusters; return record → customer id."""
        clusters = list(clusters)
        self.publish([person(key) for cluster in clusters for key in cluster], clusters)
        return dict(self.ask("SELECT record_key, customer_id FROM customer_xref"))

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the current published version."""
        current = self.versions.current()
        assert current is not None
        with duckdb.connect(str(current.golden_file), read_only=True) as con:
            return con.execute(sql).fetchall()

    def work(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query on the working file."""
        with self.store.reading() as con:
            return con.execute(sql).fetchall()
