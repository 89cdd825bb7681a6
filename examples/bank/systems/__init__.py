"""The eight systems: what each is called, how it writes its rows, and where they go."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from examples.bank.desk import Desk
from examples.bank.frame import Array
from examples.bank.sinks import Sink
from examples.bank.sinks.books import BookSink
from examples.bank.sinks.drops import DropSink
from examples.bank.sinks.events import EventSink
from examples.bank.sinks.sql import SqlSink, TableSpec
from examples.bank.sinks.stores import StoreSink
from examples.bank.systems import callcentre, card, core, crm, loan, marketing, mobile, wealth
from examples.bank.text import Text


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bank's systems live: its folder, and URLs of databases that stand elsewhere."""

    root: Path
    urls: dict[str, str]

    @property
    def systems(self) -> Path:
        """The folder of everything a source can see."""
        return self.root / "systems"


@dataclass(frozen=True, slots=True)
class System:
    """One system. ``person`` and ``organisation`` name the objects that hold them.

    ``left``: column and value that mark who has left; without, their rows are taken away.
    ``table_of`` gives the table a party's row stands in, by object. ``hides`` are the fields it
    does not show, so that nobody can see the mistakes in them.
    """

    name: str
    key: Callable[[Array, bool], Text]
    write: Callable[[Desk], dict[str, pa.Table]]
    open_sink: Callable[[Place, date, bool], Sink]
    person: str
    organisation: str | None = None
    table_of: dict[str, str] | None = None
    key_column: str = "id"
    left: tuple[str, str] | None = None
    forgets: bool = True
    hides: tuple[str, ...] = ()


def _database(name: str, tables: dict[str, TableSpec]) -> Callable[[Place, date, bool], Sink]:
    def open_sink(place: Place, day: date, new: bool) -> Sink:
        url = place.urls.get(name) or f"sqlite:///{place.systems / name}.db"
        return SqlSink(url, tables, new=new)

    return open_sink


def _store(name: str, tables: dict[str, TableSpec]) -> Callable[[Place, date, bool], Sink]:
    def open_sink(place: Place, day: date, new: bool) -> Sink:
        return StoreSink(SqlSink(f"sqlite:///{place.systems / name}.db", tables, new=new))

    return open_sink


SYSTEMS = (
    System(
        "core", core.key, core.write, _database("core", core.TABLES), "customer", "customer",
        {"customer": "CUST_INFO"}, "CUST_NO", ("DEL_FLG", "1"),
    ),
    System(
        "loan", loan.key, loan.write, _database("loan", loan.TABLES), "borrower", "borrower",
        {"borrower": "BORROWER"}, "BRW_ID", hides=("email",),
    ),
    System(
        "card", card.key, card.write,
        lambda place, day, new: DropSink(place.systems / "card", day), "holder", None,
        {"holder": "CARD_CUST"}, "KHH",
    ),
    System(
        "mobile", mobile.key, mobile.write,
        lambda place, day, new: EventSink(place.systems / "mobile" / "events", day), "user", None,
        {"user": "USER"}, "user_id", ("state", "CLOSED"), hides=("address",),
    ),
    System(
        "wealth", wealth.key, wealth.write,
        lambda place, day, new: BookSink(place.systems / "wealth", day), "client", "client",
        {"client": wealth.SHEET}, "客户编号", ("客户状态", "已销户"),
    ),
    System(
        "crm", crm.key, crm.write, _store("crm", crm.TABLES), "contact", "company",
        {"contact": "contact", "company": "company"}, "id", ("status", "DELETED"),
    ),
    System(
        "callcentre", callcentre.key, callcentre.write,
        _database("callcentre", callcentre.TABLES), "caller", None, {"caller": "CALLER"},
        "CALLER_ID", None, False, ("address", "email"),
    ),
    System(
        "marketing", marketing.key, marketing.write, _store("marketing", marketing.TABLES), "lead",
        None, {"lead": "lead"}, "lead_id",
        hides=("birth_date", "sex", "address", "email"),
    ),
)  # fmt: skip
