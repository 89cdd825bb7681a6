"""What one complete run of the raw zone says about itself, in ``_manifest.json``.

Example, shortened: ``{"run_id": "20261123T…", "kind": "delta", "window": {"lo": …, "hi": …},
"rows": 12, "files": [{"name": "rows-00000.parquet", "role": "rows", "sha256": …, "rows": 12}],
"columns": ["CUST_NO", …], "schema_hash": …, "cursor": {"field": "UPD_TS", "kind": "timestamp",
"value": …}}``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

MANIFEST = "_manifest.json"
Role = Literal["rows", "keys", "rejects"]
Kind = Literal["full", "delta"]


class Frozen(BaseModel):
    """Base of everything a manifest holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class CursorValue(Frozen):
    """Where the next pull goes on: the greatest value of ``field`` that the clock had passed.

    ``kind`` says how ``value`` is compared and stepped back: see ``connectors.cursors``.
    """

    field: str
    kind: Literal["timestamp", "date", "integer", "text"]
    value: str


class PulledWindow(Frozen):
    """The half-open window ``[lo, hi)`` that was asked for; no ``lo`` means from the beginning."""

    lo: str | None
    hi: str


class Part(Frozen):
    """One Parquet file of the run.

    ``role``: source rows; the keys of a sweep; or lines that could not be read. ``sequence``
    orders the source files read in one run: the later wins.
    """

    name: str
    role: Role
    sequence: int
    rows: int
    sha256: str


class ConsumedFile(Frozen):
    """One source file that was read, so that it is not read twice."""

    name: str
    sha256: str
    bytes: int


class Manifest(Frozen):
    """One complete run. ``rows``, ``keys`` and ``rejects`` are sums over ``files``.

    ``keys`` is None when the run swept no keys; ``source_row_count`` is what the source declared.
    """

    source: str
    object: str
    run_id: str
    kind: Kind
    window: PulledWindow
    rows: int
    keys: int | None
    rejects: int
    files: tuple[Part, ...]
    columns: tuple[str, ...]
    schema_hash: str
    cursor: CursorValue | None
    source_row_count: int | None
    consumed: tuple[ConsumedFile, ...]
    extracted_at: str
    code_version: str

    def parts(self, role: Role) -> list[Part]:
        """Return the files of one role, in the order they were written."""
        return [part for part in self.files if part.role == role]


def schema_hash(columns: Iterable[str]) -> str:
    """Return a digest of the set of column names."""
    text = json.dumps(sorted(columns), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
