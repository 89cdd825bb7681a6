"""Write one run of the raw zone: batches in, Parquet parts and a manifest out."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from models.errors import SchemaDrift
from models.tables import LANDED
from warehouse.run_manifest import (
    MANIFEST,
    ConsumedFile,
    CursorValue,
    Kind,
    Manifest,
    Part,
    PulledWindow,
    Role,
    file_digest,
    schema_hash,
)

ROWS_PER_PART = 1_000_000
ROWS_PER_GROUP = 100_000
_RESERVED = frozenset({LANDED.key, LANDED.hash, "_golden_file"})


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a pull knows about its run besides the rows themselves."""

    source: str
    object: str
    run_id: str
    kind: Kind
    window: PulledWindow
    cursor: CursorValue | None
    extracted_at: str
    source_row_count: int | None = None
    consumed: tuple[ConsumedFile, ...] = ()


@dataclass(slots=True)
class _Stream:
    """The rows of one role that are being written: a buffer, and the open part."""

    role: Role
    sequence: int = 0
    buffer: list[pa.Table] = field(default_factory=list)
    buffered: int = 0
    writer: pq.ParquetWriter | None = None
    schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    path: Path | None = None
    written: int = 0


class RunWriter:
    """Writes one run into ``temporary`` and shows it as ``target``."""

    def __init__(self, temporary: Path, target: Path) -> None:
        self._temporary, self._target = temporary, target
        self._streams: dict[Role, _Stream] = {}
        self._parts: list[Part] = []
        self._columns: dict[str, str] = {}  # folded name → name
        self._shapes: set[frozenset[str]] = set()

    def write(self, rows: pa.Table, sequence: int = 0) -> None:
        """Add source rows: every column a string. A later ``sequence`` wins over an earlier."""
        self._note_columns(rows.column_names)
        self._add("rows", rows, sequence)

    def write_keys(self, keys: pa.Table) -> None:
        """Add keys of a sweep; call it once with no rows to say that a sweep found none."""
        self._add("keys", keys, 0)

    def write_rejects(self, rejects: pa.Table, sequence: int = 0) -> None:
        """Add lines that could not be read: columns file, line, rule, reason, text."""
        self._add("rejects", rejects, sequence)

    @property
    def rows(self) -> int:
        """Source rows given so far."""
        return self._count("rows")

    @property
    def rejects(self) -> int:
        """Unreadable lines given so far."""
        return self._count("rejects")

    @property
    def columns(self) -> tuple[str, ...]:
        """Source columns seen so far, in the order they came."""
        return tuple(self._columns.values())

    @property
    def swept_nothing(self) -> bool:
        """A sweep was written and listed no key."""
        return "keys" in self._streams and self._count("keys") == 0

    def commit(self, facts: RunFacts) -> Manifest:
        """Write the manifest and show the run; a run that is there already stays as it is."""
        for stream in self._streams.values():
            self._close(stream)
        if (self._target / MANIFEST).is_file():
            return Manifest.model_validate_json((self._target / MANIFEST).read_bytes())
        manifest = self._manifest(facts)
        path = self._temporary / MANIFEST
        path.write_text(manifest.model_dump_json(indent=1), encoding="utf-8")
        _sync(path)
        _sync(self._temporary)
        self._temporary.rename(self._target)
        _sync(self._target.parent)
        return manifest

    def _manifest(self, facts: RunFacts) -> Manifest:
        columns = self.columns
        return Manifest(
            source=facts.source,
            object=facts.object,
            run_id=facts.run_id,
            kind=facts.kind,
            window=facts.window,
            rows=self.rows,
            keys=self._count("keys") if "keys" in self._streams else None,
            rejects=self.rejects,
            files=tuple(self._parts),
            # columns that come and go (JSON) have no order of their own
            columns=columns if len(self._shapes) <= 1 else tuple(sorted(columns)),
            schema_hash=schema_hash(columns),
            cursor=facts.cursor,
            source_row_count=facts.source_row_count,
            consumed=facts.consumed,
            extracted_at=facts.extracted_at,
            code_version=code_version(),
        )

    def _count(self, role: Role) -> int:
        stream = self._streams.get(role)
        pending = stream.buffered + stream.written if stream else 0
        return pending + sum(part.rows for part in self._parts if part.role == role)

    def _note_columns(self, names: list[str]) -> None:
        self._shapes.add(frozenset(names))
        source, object_name = self._target.parts[-3:-1]
        for name in names:
            known = self._columns.setdefault(name.casefold(), name)
            if known != name:
                raise SchemaDrift(
                    source,
                    f"{object_name} has columns {known!r} and {name!r}, which differ only in "
                    "capital letters; the source must name them apart.",
                )
            if name.casefold() in _RESERVED:
                raise SchemaDrift(
                    source,
                    f"{object_name} has a column {name!r}, a name that is this project's own; "
                    "the source must hand it over under another name.",
                )

    def _add(self, role: Role, rows: pa.Table, sequence: int) -> None:
        stream = self._streams.setdefault(role, _Stream(role, sequence))
        if stream.sequence != sequence:
            self._close(stream)
            stream.sequence = sequence
        stream.buffer.append(rows)
        stream.buffered += rows.num_rows
        if stream.buffered >= ROWS_PER_GROUP:
            self._flush(stream)
        if stream.written >= ROWS_PER_PART:
            self._close(stream)

    def _flush(self, stream: _Stream) -> None:
        if not stream.buffer:
            return
        rows = pa.concat_tables(stream.buffer, promote_options="default")
        stream.buffer, stream.buffered = [], 0
        if stream.writer and not set(rows.column_names) <= set(stream.schema.names):
            self._close(stream)
        if stream.writer is None:
            number = sum(part.role == stream.role for part in self._parts)
            stream.path = self._temporary / f"{stream.role}-{number:05d}.parquet"
            stream.schema = rows.schema
            stream.writer = pq.ParquetWriter(stream.path, rows.schema, compression="zstd")
        stream.writer.write_table(_in_shape(rows, stream.schema))
        stream.written += rows.num_rows

    def _close(self, stream: _Stream) -> None:
        self._flush(stream)
        if stream.writer is None or stream.path is None:
            return
        stream.writer.close()
        _sync(stream.path)
        self._parts.append(
            Part(
                name=stream.path.name,
                role=stream.role,
                sequence=stream.sequence,
                rows=stream.written,
                sha256=file_digest(stream.path),
            )
        )
        stream.writer, stream.path, stream.written = None, None, 0


def code_version() -> str:
    """Return the installed version of this project."""
    try:
        return version("golden-customer")
    except PackageNotFoundError:  # pragma: no cover  # run from a bare checkout
        return "unknown"


def _in_shape(rows: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return ``rows`` with the columns of ``schema``; those it lacks are NULL."""
    missing = [name for name in schema.names if name not in rows.column_names]
    for name in missing:
        rows = rows.append_column(name, pa.nulls(rows.num_rows, schema.field(name).type))
    return rows.select(schema.names)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
