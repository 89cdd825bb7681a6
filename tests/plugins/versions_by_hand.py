"""Golden tables written by hand, version after version, to look at what accounting makes of them.

Each ``Golden.version`` fills the working tables that accounting reads from plain dicts, accounts,
and leaves a published file like the real one: history with its number, the list of versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from models.tables import VERSION, VERSION_INFO, table
from warehouse.accounting import AccountReport, Causes, account
from warehouse.sql import create_statement
from warehouse.store import Connection, begin_layer, insert
from warehouse.versions import version_name

FIRST = datetime.fromisoformat("2026-06-01")
NOTHING_ELSE = Causes(False, False, date(2026, 6, 1), date(2026, 6, 1))
_READ = (
    *("customer", "customer_xref", "customer_provenance", "customer_decision"),
    *("customer_change", "customer_history"),
)
Value = tuple[str, int | None] | None
"""A winning value and the day of 2026 its record was changed; None: no value."""


@dataclass
class Customer:
    """One customer: its winning cells, and its records with hash and day of last change."""

    cells: Mapping[str, Value] = field(default_factory=dict)
    records: Mapping[str, tuple[str, int | None]] = field(default_factory=dict)
    won_by: Mapping[str, str] = field(default_factory=dict)
    review_pending: bool = False


def day(number: int | None) -> datetime | None:
    """Return that day of 2026, from 1."""
    return None if number is None else datetime.fromisoformat("2026-01-01") + timedelta(number - 1)


@dataclass
class Golden:
    """A row of versions in ``folder``, each continuing the one before."""

    folder: Path
    number: int = 0
    con: Connection = field(default_factory=duckdb.connect)
    before: frozenset[str] = frozenset()

    @property
    def previous(self) -> Path | None:
        """The newest published file."""
        return self.file(self.number) if self.number else None

    def file(self, number: int) -> Path:
        """Return where a version's file stands."""
        return self.folder / version_name(number) / "golden.duckdb"

    def version(
        self,
        customers: Mapping[str, Customer],
        causes: Causes = NOTHING_ELSE,
        decisions: Sequence[dict[str, Any]] = (),
        events: Sequence[tuple[str, str, str | None]] | None = None,
    ) -> AccountReport:
        """Account for one more version and publish it.

        Without ``events``, ids that come are created and ids that go retired.
        """
        if events is None:
            events = [
                *((item, "created", None) for item in sorted(customers.keys() - self.before)),
                *((item, "retired", None) for item in sorted(self.before - customers.keys())),
            ]
        self.before = frozenset(customers)
        self.con.execute("BEGIN")
        begin_layer(self.con, "golden", *_READ)
        begin_layer(self.con, "matched", "identity_event")
        for customer_id in sorted(customers):
            self._fill(customer_id, customers[customer_id])
        if decisions:
            insert(self.con, table("golden", "customer_decision"), pa.Table.from_pylist(decisions))
        for event in events:
            self.con.execute("INSERT INTO matched.identity_event VALUES (?, ?, ?, 1)", event)
        report = account(self.con, self.previous, causes)
        self.con.execute("COMMIT")
        self._publish()
        return report

    def fill_only(self, customers: Mapping[str, Customer]) -> None:
        """Fill the working tables anew without accounting, all but the history."""
        begin_layer(self.con, "golden", *(name for name in _READ if name != "customer_history"))
        for customer_id in sorted(customers):
            self._fill(customer_id, customers[customer_id])

    def _fill(self, customer_id: str, customer: Customer) -> None:
        cells = {name: value for name, value in customer.cells.items() if value is not None}
        days = [day(changed) for _, changed in customer.records.values()]
        row: dict[str, Any] = {name: value for name, (value, _) in cells.items()} | {
            "customer_id": customer_id,
            "record_count": len(customer.records),
            "review_pending": customer.review_pending,
            "updated_at": max((item for item in days if item is not None), default=None),
        }
        insert(self.con, table("golden", "customer"), pa.Table.from_pylist([row]))
        proven = [
            {
                "customer_id": customer_id,
                "attribute": name,
                "value": value,
                "won": True,
                "record_key": customer.won_by.get(name),
                "updated_at": day(changed),
            }
            for name, (value, changed) in cells.items()
        ]
        known = [
            {
                "customer_id": customer_id,
                "record_key": key,
                "updated_at": day(changed),
                "content_hash": content,
            }
            for key, (content, changed) in customer.records.items()
        ]
        for name, rows in (("customer_provenance", proven), ("customer_xref", known)):
            if rows:
                insert(self.con, table("golden", name), pa.Table.from_pylist(rows))

    def _publish(self) -> None:
        self.number += 1
        file = self.file(self.number)
        file.parent.mkdir(parents=True)
        published = {
            name: self.con.execute(f"SELECT * FROM golden.{name}").to_arrow_table()
            for name in _READ
        }
        with duckdb.connect(str(file)) as con:
            for item in (*(table("golden", name) for name in _READ), VERSION, VERSION_INFO):
                con.execute(create_statement(replace(item, layer="main")))
            for name, rows in published.items():
                con.register("rows", rows)
                con.execute(f"INSERT INTO {name} SELECT * FROM rows")
                con.unregister("rows")
            for column in ("known_from", "known_to"):
                con.execute(
                    f"UPDATE customer_history SET {column} = {self.number} WHERE {column} = 0"
                )
            con.execute(f"INSERT INTO version_info (version) VALUES ('{self.file_name}')")
            for number in range(1, self.number + 1):
                con.execute(
                    "INSERT INTO version VALUES (?, ?, ?)",
                    [number, version_name(number), self.published_at(number)],
                )

    @property
    def file_name(self) -> str:
        """The name of the newest version."""
        return version_name(self.number)

    def published_at(self, number: int) -> datetime:
        """Return when a version was published."""
        return FIRST + timedelta(days=number)

    def ask(self, sql: str, number: int | None = None) -> list[tuple[Any, ...]]:
        """Return the rows of a query on a published version, by default the newest."""
        with duckdb.connect(str(self.file(number or self.number)), read_only=True) as con:
            return con.execute(sql).fetchall()
