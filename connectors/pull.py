"""Pull one object into the raw zone: window, rows, checks, one rename.

1. The window goes from the cursor of the last complete run, less the look-back, to the clock.
2. The connector hands over chunks; they are written beside the raw zone.
3. Declared counts must agree, key and mapped columns must be there, and an object that had rows
   must not be suddenly empty. Otherwise nothing lands, and the next pull reads the same window.
4. One rename shows the run together with the cursor to go on from.

Killed anywhere, a pull leaves no trace; the same run id twice is one run.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pyarrow as pa

from connectors.base import Connector, Extraction, Window
from connectors.registry import open_connector
from models.errors import ConfigError, IncompleteData, SchemaDrift, StoreError
from models.progress import Progress, silent
from models.reading import Reading, reading_of
from models.source import SourceConfig
from warehouse.landing import RawZone
from warehouse.load_parts import runs_that_count
from warehouse.parts import RunFacts, RunWriter
from warehouse.run_manifest import CursorValue, Kind, Manifest, PulledWindow

# A window whose counts disagree is read again once: rows may have moved while it was read.
ATTEMPTS = 2


@dataclass(frozen=True, slots=True)
class PullReport:
    """What one pull did.

    ``outcome``: ``landed``, ``unchanged`` (no new file), or ``done_before`` (the run id was
    there). ``new_columns`` and ``gone_columns`` are relative to the run before.
    """

    source: str
    object: str
    run_id: str
    outcome: Literal["landed", "unchanged", "done_before"]
    kind: Kind | None
    rows: int
    rejects: int
    keys: int | None
    lo: str | None
    hi: str
    cursor: str | None
    new_columns: tuple[str, ...] = ()
    gone_columns: tuple[str, ...] = ()


def pull(
    source: SourceConfig,
    object_name: str,
    raw: RawZone,
    run_id: str,
    now: datetime,
    base: Path,
    progress: Progress = silent,
    *,
    full: bool = False,
) -> PullReport:
    """Land what changed in one object since its last complete run (``full``: all of it).

    Raises SourceError and its kinds when the source fails, ConfigError when its YAML is wrong.
    """
    if object_name not in source.objects:
        raise ConfigError(
            f"source {source.name!r} has no object {object_name!r}.",
            file=f"sources/{source.name}.yml",
            hint=f"Its objects are {', '.join(source.objects)}.",
        )
    with closing(open_connector(source, base)) as connector, raw.locked(source.name, object_name):
        known = raw.find(source.name, object_name, run_id)
        before = raw.latest(source.name, object_name)
        if known:
            return _report(known, "done_before", known)
        if before and run_id < before.run_id:
            raise StoreError(
                f"The run {run_id} of {source.name}.{object_name} would stand before the last one, "
                f"{before.run_id}: the clock went back. Set the clock right and pull again."
            )
        job = _Job(source, object_name, raw, run_id, now, progress, before, full)
        return job.run(connector)


@dataclass(frozen=True, slots=True)
class _Job:
    """One pull under way."""

    source: SourceConfig
    name: str
    raw: RawZone
    run_id: str
    now: datetime
    progress: Progress
    before: Manifest | None
    full: bool

    @property
    def reading(self) -> Reading:
        return reading_of(self.source.name, self.name, self.source.objects[self.name].read)

    def run(self, connector: Connector) -> PullReport:
        for attempt in range(ATTEMPTS):
            try:
                manifest = self._land(connector)
                break
            except IncompleteData:
                if attempt + 1 == ATTEMPTS:
                    raise
        if manifest is None:
            hi = self._hi().isoformat()
            return PullReport(
                self.source.name, self.name, self.run_id, "unchanged", None, 0, 0, None, None, hi,
                self.before.cursor.value if self.before and self.before.cursor else None,
            )  # fmt: skip
        return _report(manifest, "landed", self.before)

    def _hi(self) -> datetime:
        cursor = self.reading.cursor
        now = self.now if self.now.tzinfo else self.now.replace(tzinfo=UTC)
        return now - cursor.safety if cursor else now

    def _window(self) -> Window:
        if self.full or self.before is None:
            return Window(None, self._hi())
        field = self.reading.cursor.field if self.reading.cursor else None
        cursor = self.before.cursor
        # a cursor over another column says nothing about this one: everything is read again
        return Window(
            cursor if cursor and cursor.field == field else None,
            self._hi(),
            seen=frozenset(file.sha256 for run in self._runs() for file in run.consumed),
            seen_last=frozenset(file.sha256 for file in self.before.consumed),
        )

    def _land(self, connector: Connector) -> Manifest | None:
        window = self._window()
        extraction = connector.extract(self.name, window)
        if extraction.chunks is None:
            return None
        with self.raw.writer(self.source.name, self.name, self.run_id) as writer:
            declared, cursor = self._write(extraction, writer)
            if self.reading.deletes.sweep and extraction.kind == "delta":
                # after the rows: what comes in between is listed but not landed, never the reverse
                writer.write_keys(self._no_keys())
                for keys in connector.keys(self.name):
                    writer.write_keys(keys)
            self._check(extraction, writer, declared)
            lo = window.cursor.value if extraction.kind == "delta" and window.cursor else None
            return writer.commit(
                RunFacts(
                    source=self.source.name,
                    object=self.name,
                    run_id=self.run_id,
                    kind=extraction.kind,
                    window=PulledWindow(lo=lo, hi=window.hi.isoformat()),
                    cursor=cursor or (window.cursor if extraction.kind == "delta" else None),
                    extracted_at=self.now.isoformat(),
                    source_row_count=declared,
                    consumed=extraction.consumed,
                )
            )

    def _write(
        self, extraction: Extraction, writer: RunWriter
    ) -> tuple[int | None, CursorValue | None]:
        """Write all chunks; return the rows declared, and the cursor of the last chunk."""
        declared: int | None = None
        cursor: CursorValue | None = None
        for chunk in extraction.chunks or ():
            writer.write(chunk.rows, chunk.sequence)
            if chunk.rejects is not None and chunk.rejects.num_rows:
                writer.write_rejects(chunk.rejects, chunk.sequence)
            if chunk.declared is not None:
                declared = (declared or 0) + chunk.declared
            cursor = chunk.cursor or cursor
            self.progress(f"pull {self.source.name}.{self.name}", writer.rows, declared)
        return declared, cursor

    def _check(self, extraction: Extraction, writer: RunWriter, declared: int | None) -> None:
        received = writer.rows + writer.rejects
        if declared is not None and declared != received:
            raise IncompleteData(
                self.source.name,
                f"{self.name} declares {declared} rows, and {received} came; nothing was landed. "
                "Pull again; if it stays so, ask the source's owner.",
            )
        gone = [name for name in self._needed(extraction) if name not in writer.columns]
        if gone and writer.rows:
            raise SchemaDrift(
                self.source.name,
                f"{self.name} has no column {', '.join(gone)}; its columns are "
                f"{', '.join(writer.columns)}. Correct objects.{self.name} in "
                f"sources/{self.source.name}.yml.",
            )
        emptied = (extraction.kind == "full" and not writer.rows) or writer.swept_nothing
        if emptied and self._had_rows() and not self.reading.allow_empty:
            raise IncompleteData(
                self.source.name,
                f"{self.name} has no rows now, and had some before; nothing was landed. If it is "
                f"right, write 'allow_empty: true' into objects.{self.name}.read of "
                f"sources/{self.source.name}.yml.",
            )

    def _needed(self, extraction: Extraction) -> list[str]:
        """Return the columns without which the rows cannot be used."""
        reading = self.reading
        columns = list(reading.primary_key)
        if extraction.fixed:
            columns += [reading.cursor.field] if reading.cursor else []
            columns += [reading.deletes.flag.field] if reading.deletes.flag else []
            columns += [column for column, _ in self.source.objects[self.name].mapping.uses()]
        return list(dict.fromkeys(columns))

    def _no_keys(self) -> pa.Table:
        return pa.table({name: pa.array([], pa.string()) for name in self.reading.primary_key})

    def _had_rows(self) -> bool:
        return any(run.rows for run in runs_that_count(self._runs()))

    def _runs(self) -> list[Manifest]:
        return self.raw.runs(self.source.name, self.name)


def _report(
    manifest: Manifest, outcome: Literal["landed", "done_before"], before: Manifest | None
) -> PullReport:
    old = set(before.columns) if before else set(manifest.columns)
    return PullReport(
        source=manifest.source,
        object=manifest.object,
        run_id=manifest.run_id,
        outcome=outcome,
        kind=manifest.kind,
        rows=manifest.rows,
        rejects=manifest.rejects,
        keys=manifest.keys,
        lo=manifest.window.lo,
        hi=manifest.window.hi,
        cursor=manifest.cursor.value if manifest.cursor else None,
        new_columns=tuple(name for name in manifest.columns if name not in old),
        gone_columns=tuple(sorted(old - set(manifest.columns))),
    )
