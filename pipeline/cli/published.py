"""What the commands that look at a published version share: opening it, finding the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from models.errors import ConfigError, StoreError
from models.tables import table
from pipeline.cli.screen import console
from pipeline.project import Project
from warehouse.versions import Version

Connection = duckdb.DuckDBPyConnection
LABELS = {column.name: column.zh for column in table("golden", "customer").columns}
_VERSION = re.compile(r"v?0*(\d{1,9})")


@contextmanager
def published(project: Project) -> Iterator[Connection]:
    """Yield a read-only connection to the version readers see now."""
    with duckdb.connect(str(current(project).golden_file), read_only=True) as connection:
        yield connection


def current(project: Project) -> Version:
    """Return the version readers see now; raises StoreError when there is none."""
    version = project.versions.current()
    if version is None:
        raise StoreError("Nothing is published yet. Run 'golden run' first.")
    return version


def version_called(project: Project, name: str) -> Version:
    """Return the version called ``3``, ``v3``, ``v000003`` or ``current``."""
    if name == "current":
        return current(project)
    match = _VERSION.fullmatch(name)
    if match is None:
        raise ConfigError(
            f"{name!r} is no version.",
            hint="Write its number, such as 3, or 'current'; 'golden versions' lists them.",
        )
    return project.versions.get(int(match[1]))


def leads_to(connection: Connection, customer_id: str) -> str | None:
    """Return today's id of a customer id of today or retired; None when nobody is left.

    Raises ConfigError for an id that was never given.
    """
    row = connection.execute(
        "SELECT customer_id, TRUE AS current FROM customer WHERE customer_id = $id UNION ALL "
        "SELECT customer_id, FALSE FROM customer_id_redirect WHERE retired_id = $id "
        "ORDER BY current DESC LIMIT 1",
        {"id": customer_id},
    ).fetchone()
    if row is None:
        raise ConfigError(
            f"no customer has or had the id {customer_id!r}.",
            hint='Look one up: golden sql "SELECT customer_id FROM customer LIMIT 5".',
        )
    return None if row[0] is None else str(row[0])


def today(connection: Connection, customer_id: str) -> str:
    """Return today's id and say so when it is another; raises ConfigError when nobody is left."""
    found = leads_to(connection, customer_id)
    if found is None:
        raise ConfigError(
            f"customer {customer_id!r} is gone: no source record is left.",
            hint=f"See what was known with 'golden history {customer_id}'.",
        )
    if found != customer_id:
        console.print(f"{customer_id} is now {found} · 已合并至 {found}")
    return found


def ask(connection: Connection, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    return connection.execute(sql, parameters or None).fetchall()
