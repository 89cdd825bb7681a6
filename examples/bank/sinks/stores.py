"""What the HTTP servers answer from: one SQLite table per endpoint, bodies ready to send."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from examples.bank.sinks.events import json_lines
from examples.bank.sinks.sql import SqlSink


class StoreSink:
    """A SqlSink whose rows are JSON bodies; the column ``_updated`` says when, in seconds UTC."""

    def __init__(self, store: SqlSink) -> None:
        self._store = store

    def append(self, tables: dict[str, pa.Table]) -> None:
        """Add items."""
        self._store.append({name: _items(rows) for name, rows in tables.items()})

    def change(self, tables: dict[str, pa.Table], gone: dict[str, list[str]]) -> None:
        """Exchange items and remove those that are gone."""
        self._store.change({name: _items(rows) for name, rows in tables.items()}, gone)

    def finish(self) -> None:
        """Commit and close."""
        self._store.finish()


def _items(rows: pa.Table) -> pa.Table:
    body = rows.drop_columns(["_updated"])
    columns: list[Any] = [body.column(0), rows.column("_updated"), json_lines(body)]
    return pa.table(columns, ["id", "updated", "body"])
