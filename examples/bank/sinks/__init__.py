"""Where the systems' rows end up: databases, files, and the stores behind the HTTP servers."""

from __future__ import annotations

from typing import Protocol

import pyarrow as pa


class Sink(Protocol):
    """One system's storage, open for writing."""

    def append(self, tables: dict[str, pa.Table]) -> None:
        """Add the rows of one chunk of a new bank."""

    def change(self, tables: dict[str, pa.Table], gone: dict[str, list[str]]) -> None:
        """Put rows in place of those with the same key, and remove the keys in ``gone``."""

    def finish(self) -> None:
        """Complete what was written, and close."""
