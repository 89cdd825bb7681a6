"""A project folder in which one object is pulled and loaded, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from connectors.pull import PullReport, pull
from models.source import SourceConfig
from warehouse.landing import RawZone
from warehouse.load import ObjectLoad, load

NOW = datetime(2026, 11, 23, 18, 23, 10, tzinfo=UTC)


def source_of(connector: str, connection: dict[str, Any], **read: Any) -> SourceConfig:
    """Return a source with one object ``customer`` whose mapping reads nothing but its key."""
    key = read.get("primary_key", ["ID"])[0]
    mapping = {"party": "person", "identifiers": [{"number": key}]}
    return SourceConfig.model_validate(
        {
            "name": "core",
            "connector": connector,
            "connection": connection,
            "objects": {"customer": {"read": {"primary_key": ["ID"], **read}, "mapping": mapping}},
        }
    )


@dataclass
class Project:
    """A project folder. Every pull has a later run id and clock than the one before."""

    base: Path
    con: duckdb.DuckDBPyConnection
    now: datetime = NOW
    runs: int = 0
    steps: list[tuple[str, int, int | None]] = field(default_factory=list)

    @property
    def raw(self) -> RawZone:
        return RawZone(self.base / "data" / "raw", wait=0.1)

    def pull(self, source: SourceConfig, **options: Any) -> PullReport:
        """Pull the object."""
        self.runs += 1
        self.now += timedelta(minutes=1)
        run_id = options.pop("run_id", f"20261123T{self.runs:06d}.000000Z")
        return pull(
            source, "customer", self.raw, run_id, self.now, self.base, self._note, **options
        )

    def load(self, source: SourceConfig) -> ObjectLoad:
        """Load what was pulled."""
        return load(self.con, self.raw, [source]).objects[0]

    def landed(self, source: SourceConfig, columns: str = "*") -> list[tuple[Any, ...]]:
        """Load, and return the landed rows in key order."""
        self.load(source)
        return self.con.execute(
            f"SELECT {columns} FROM landed.core__customer ORDER BY _pk"
        ).fetchall()

    def rejected(self) -> list[tuple[str, str]]:
        """Return rule and reason of every rejected row."""
        return self.con.execute("SELECT rule, reason FROM landed.rejected ORDER BY ALL").fetchall()

    def _note(self, what: str, done: int, total: int | None = None) -> None:
        self.steps.append((what, done, total))


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """An empty project folder."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    yield Project(tmp_path, con)
    con.close()
