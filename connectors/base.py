"""What a connector is, and what it hands over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from warehouse.run_manifest import ConsumedFile, CursorValue, Kind


@dataclass(frozen=True, slots=True)
class Window:
    """What to read: changes in ``[lo, hi)``, lo being ``cursor`` less the look-back.

    Without a cursor everything is read. ``hi`` is the clock less the safety margin, in UTC: the
    next cursor never passes it. ``seen`` are the digests of all source files read before,
    ``seen_last`` those of the last run.
    """

    cursor: CursorValue | None
    hi: datetime
    seen: frozenset[str] = frozenset()
    seen_last: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A batch of source rows, every column a string.

    ``sequence``: number of the source file; a later one wins. ``rejects``: lines that could not
    be read (columns of ``REJECTS``). ``declared``: rows the source says there are, to be added
    up. ``cursor``: where to go on once this and all chunks before it are landed.
    """

    rows: pa.Table
    sequence: int = 0
    rejects: pa.Table | None = None
    declared: int | None = None
    cursor: CursorValue | None = None


_REJECT_FIELDS: dict[str, pa.DataType] = {
    "file": pa.string(),
    "line": pa.int64(),
    "rule": pa.string(),
    "reason": pa.string(),
    "text": pa.string(),
}
REJECTS = pa.schema(_REJECT_FIELDS)


@dataclass(frozen=True, slots=True)
class Extraction:
    """One object being read. ``full``: the chunks are the whole object as it is now.

    ``fixed``: the source has a fixed set of columns, so one that is missing was taken away.
    ``chunks`` is None when there is nothing new to read at all (no new file).
    """

    kind: Kind
    chunks: Iterator[Chunk] | None
    consumed: tuple[ConsumedFile, ...] = ()
    fixed: bool = True


@dataclass(frozen=True, slots=True)
class Health:
    """Whether a source can be read now, and a sentence that says why not."""

    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    """One column of a source: its name, its type in the source's words, its label if any."""

    name: str
    type: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class StreamInfo:
    """One table, file set, sheet or endpoint that the source offers."""

    name: str
    columns: tuple[ColumnInfo, ...] = ()
    primary_key: tuple[str, ...] = ()
    label: str | None = None


class Connector(Protocol):
    """Reads one source. Every method raises errors of ``models.errors`` only."""

    def check(self) -> Health:
        """Say whether the source answers; never raises a SourceError."""

    def discover(self) -> list[StreamInfo]:
        """List what the source offers, with columns."""

    def sample(self, object_name: str, rows: int) -> pa.Table:
        """Return at most ``rows`` first rows of a configured object, as they would land."""

    def extract(self, object_name: str, window: Window) -> Extraction:
        """Read the changes of a configured object in ``window``."""

    def keys(self, object_name: str) -> Iterator[pa.Table]:
        """Yield all keys there are now, for a sweep; raises ConfigError if it cannot."""

    def close(self) -> None:
        """Give back connections."""
