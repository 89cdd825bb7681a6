"""What every published column means, who feeds it and how full it is; never a value of anybody.

The same entries become the table ``data_dictionary``, the page ``dictionary.html`` (no script, no
request) and the data contract (``warehouse.data_contract``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from models.tables import BESIDE_GOLDEN, DATA_DICTIONARY, LAYERS, VERSION_INFO, Table
from warehouse.classification import grade
from warehouse.marts import marts
from warehouse.sql import full_name, literal, quote
from warehouse.store import Connection

if TYPE_CHECKING:
    from jinja2 import Template

PAGE = "dictionary.html"
# Lists of what happened: how many different values they hold says nothing about the data.
_ACCOUNTS = frozenset(
    {
        "customer_provenance",
        "customer_change",
        "customer_history",
        "customer_id_member",
        "match_evidence",
    }
)
# Golden tables of values, and the normalised table whose rows they gather.
_GATHERED = {
    "customer_name": "name",
    "customer_identifier": "identifier",
    "customer_contact": "contact",
    "customer_address": "address",
    "customer_account": "account",
    "customer_relationship": "relationship",
    "customer_consent": "consent",
}
_OWN = frozenset({"customer_id", "is_best", "record_count"})


@dataclass(frozen=True, slots=True)
class Entry:
    """One column; the fields are the columns of ``data_dictionary``."""

    table_name: str
    column_name: str
    position: int
    type: str
    meaning_en: str
    meaning_zh: str
    classification: str
    sources: str | None
    table_rows: int | None
    fill_rate: float | None
    distinct_values: int | None


def describe(con: Connection) -> list[Entry]:
    """Return an entry for every column of ``golden`` and of the tables published beside it.

    What stands beside is not measured: it is not made yet.
    """
    feeds = _feeds(con)
    entries: list[Entry] = []
    for table in LAYERS["golden"]:
        entries += _entries(table, _measured(con, table), feeds)
    for table in (VERSION_INFO, *BESIDE_GOLDEN):
        entries += _entries(table, None, feeds)
    return entries


def write_table(con: Connection, entries: Sequence[Entry], file: Path) -> None:
    """Write the entries as ``file``, the Parquet of ``data_dictionary``."""
    import pyarrow as pa

    names = [field.name for field in fields(Entry)]
    values = zip(*map(astuple, entries), strict=True)
    types = {"BIGINT": pa.int64(), "DOUBLE": pa.float64(), "VARCHAR": pa.string()}
    arrays = [
        pa.array(list(column), types[definition.type])
        for column, definition in zip(values, DATA_DICTIONARY.columns, strict=True)
    ]
    con.register("dictionary_rows", pa.table(arrays, names=names))
    try:
        con.execute(
            f"COPY (SELECT * FROM dictionary_rows ORDER BY ALL) TO {literal(str(file))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
    finally:
        con.unregister("dictionary_rows")


def page(entries: Sequence[Entry], version: str, published_at: str) -> str:
    """Return the dictionary as one HTML page in English and Chinese."""
    tables = [
        (table, [entry for entry in entries if entry.table_name == table.name])
        for table in (*LAYERS["golden"], *BESIDE_GOLDEN, VERSION_INFO)
    ]
    return _template().render(
        tables=tables, marts=marts(), version=version, published_at=published_at
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    text = files("warehouse").joinpath("dictionary.html").read_text(encoding="utf-8")
    return environment.from_string(text)


def _entries(
    table: Table, measured: tuple[int, dict[str, tuple[int, int | None]]] | None, feeds: _Feeds
) -> list[Entry]:
    rows, counted = measured or (None, {})
    return [
        Entry(
            table_name=table.name,
            column_name=column.name,
            position=position,
            type=column.type,
            meaning_en=column.en,
            meaning_zh=column.zh,
            classification=grade(table, column.name),
            sources=feeds.of(table, column.name),
            table_rows=rows,
            fill_rate=round(counted[column.name][0] / rows, 4) if rows else None,
            distinct_values=counted[column.name][1] if rows else None,
        )
        for position, column in enumerate(table.columns, start=1)
    ]


def _measured(con: Connection, table: Table) -> tuple[int, dict[str, tuple[int, int | None]]]:
    """Return the rows of a table, and of each column how many are filled and how many differ."""
    names = [quote(name) for name in table.column_names]
    differ = "NULL" if table.name in _ACCOUNTS else "approx_count_distinct({})"
    parts = ", ".join(f"count({name}), {differ.format(name)}" for name in names)
    row = con.execute(f"SELECT count(*), {parts} FROM {full_name(table)}").fetchone() or ()
    rows, *numbers = row
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    return rows, dict(zip(table.column_names, pairs, strict=True))


@dataclass(frozen=True, slots=True)
class _Feeds:
    """Which sources feed what: by attribute of ``customer``, by table of values, and all."""

    attributes: dict[str, str]
    tables: dict[str, str]
    everything: str | None

    def of(self, table: Table, column: str) -> str | None:
        """Return the sources of one column, comma-separated."""
        if column in _OWN:
            return None
        if table.name == "customer":
            return self.everything if column == "party_type" else self.attributes.get(column)
        if table.name in ("customer_xref", "customer_provenance") and column != "content_hash":
            return self.everything
        return self.tables.get(table.name)


def _feeds(con: Connection) -> _Feeds:
    attributes = con.execute(
        "SELECT attribute, string_agg(DISTINCT source, ', ' ORDER BY source) "
        "FROM golden.customer_provenance GROUP BY attribute"
    ).fetchall()
    everything = con.execute(
        "SELECT string_agg(DISTINCT source, ', ' ORDER BY source) FROM golden.customer_xref"
    ).fetchone()
    return _Feeds(
        dict(attributes),
        {golden: _sources(con, name) for golden, name in _GATHERED.items()},
        everything[0] if everything else None,
    )


def _sources(con: Connection, name: str) -> str:
    """Return the sources with rows in a normalised table; a record's key begins with its source."""
    row = con.execute(
        f"SELECT string_agg(DISTINCT source, ', ' ORDER BY source) FROM "
        f"(SELECT DISTINCT split_part(record_key, '.', 1) AS source FROM normalised.{quote(name)})"
    ).fetchone()
    return str(row[0]) if row and row[0] else ""
