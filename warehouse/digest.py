"""The content digest of tables: the same for the same rows, whatever their order or storage.

A row becomes one text: of a text value its length in bytes, a colon and the value, of any other its
text and a bar; NULL leaves only the colon or the bar. So neither NULL and the empty text nor
``(ab, c)`` and ``(a, bc)`` can be mistaken. The two halves of each row's MD5 are added up, which no
order can change, and a row that stands twice counts twice. A table's digest is the SHA-256 over its
name, its columns with their types, its number of rows and the two sums; a layer's is that over its
tables' digests. MD5 guards against accidents here, not against a forger: whoever can write the file
can write its manifest too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from models.tables import LAYERS, NOT_IN_DIGEST, Column, Table
from warehouse.sql import full_name, quote
from warehouse.store import Connection

_LOWER_HALF = f"{2**64 - 1}::UHUGEINT"


@dataclass(frozen=True, slots=True)
class TableDigest:
    """How many rows a table has, and the digest of its content (64 hexadecimal digits)."""

    rows: int
    digest: str


def layer_digest(con: Connection, layer: str, schema: str | None = None) -> str:
    """Return the digest of all tables of ``layer`` but those in NOT_IN_DIGEST.

    ``schema`` is where they stand, by default a schema with the layer's own name; in a published
    file that is ``main``.
    """
    return combine(table_digests(con, layer, schema))


def table_digests(con: Connection, layer: str, schema: str | None = None) -> dict[str, TableDigest]:
    """Return the digest of every table of ``layer``, by its name."""
    return {table.name: table_digest(con, table, schema) for table in LAYERS[layer]}


def stored_digests(con: Connection, names: Iterable[str]) -> dict[str, TableDigest]:
    """Return the digests of the tables called so in an open published file.

    They are taken over the columns the file has, not over today's definitions, so that a version
    made by an earlier release can still be verified. A table that is not there has no digest.
    """
    rows = con.execute(
        "SELECT table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal AND schema_name = 'main' ORDER BY table_name, column_index"
    ).fetchall()
    found: dict[str, list[Column]] = {}
    for name, column, type_ in rows:
        found.setdefault(name, []).append(Column(column, type_, "", ""))
    return {
        name: table_digest(con, Table("main", name, "", "", tuple(found[name])))
        for name in names
        if name in found
    }


def combine(tables: dict[str, TableDigest]) -> str:
    """Return the digest over the digests of tables, without those in NOT_IN_DIGEST."""
    lines = [f"{name} {tables[name].digest}" for name in sorted(tables.keys() - NOT_IN_DIGEST)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def table_digest(con: Connection, table: Table, schema: str | None = None) -> TableDigest:
    """Return the digest of one table, streaming over its rows."""
    place = f"{quote(schema)}.{quote(table.name)}" if schema else full_name(table)
    row = con.execute(f"""
        SELECT count(*), sum((number >> 64)::UBIGINT), sum((number & {_LOWER_HALF})::UBIGINT)
        FROM (SELECT md5_number({_line(table)}) AS number FROM {place})
    """).fetchone()
    rows, upper, lower = row or (0, None, None)
    columns = ",".join(f"{column.name} {column.type}" for column in table.columns)
    text = f"{table.name}({columns}) {rows} {upper or 0} {lower or 0}"
    return TableDigest(int(rows), hashlib.sha256(text.encode()).hexdigest())


def _line(table: Table) -> str:
    """Return the SQL expression for one row as one unmistakable text."""
    parts = (
        f"strlen({name}), ':', {name}" if type_ == "VARCHAR" else f"{name}::VARCHAR, '|'"
        for name, type_ in ((quote(column.name), column.type) for column in table.columns)
    )
    return f"concat({', '.join(parts)})"
