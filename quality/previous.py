"""The few numbers of the last published version that checks and the report compare with."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import duckdb

from models.errors import StoreError
from models.tables import table
from warehouse.sql import full_name, quote
from warehouse.store import Connection, begin_layer

_SHARES = tuple(
    column.name
    for column in table("golden", "customer").columns
    if column.name not in {"customer_id", "record_count", "source_count", "review_pending"}
)
_COLUMNS = """
    SELECT column_name FROM duckdb_columns()
    WHERE NOT internal AND schema_name = 'main' AND table_name = 'customer'
"""


def take_previous(connection: Connection, golden_file: Path | None) -> None:
    """Fill ``quality.previous`` from the published ``golden_file``; empty when there is none.

    Metrics: ``customers``, ``records``, ``records:<source>`` and ``filled:<customer column>``
    (share of customers with a value). Raises StoreError when the file cannot be read.
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    begin_layer(connection, "quality", "previous")
    if golden_file is None:
        return
    # a connection of its own: DuckDB cannot detach a file again before the step's transaction ends
    try:
        with duckdb.connect(str(golden_file), read_only=True) as published:
            there = published.execute(_COLUMNS).fetchall()
            metrics = published.execute(
                metrics_select("main", {row[0] for row in there})
            ).fetchall()
    except duckdb.Error as error:
        raise StoreError(
            f"The published file {golden_file} cannot be read ({type(error).__name__}). Check it "
            "with 'golden verify', or go back to an earlier version."
        ) from error
    name = full_name(table("quality", "previous"))
    connection.executemany(f"INSERT INTO {name} VALUES (?, ?)", metrics)


def metrics_select(schema: str, there: Collection[str] = _SHARES) -> str:
    """Return the SELECT of ``(metric, value)`` over the golden tables in ``schema``.

    ``there`` are the columns its customer table has: an earlier program published fewer.
    """
    customer, xref = f"{quote(schema)}.customer", f"{quote(schema)}.customer_xref"
    shares = " UNION ALL ".join(
        f"SELECT 'filled:{name}', count({quote(name)})::DOUBLE / nullif(count(*), 0) "
        f"FROM {customer}"
        for name in _SHARES
        if name in there
    )
    return f"""
        SELECT 'customers' AS metric, count(*)::DOUBLE AS value FROM {customer}
        UNION ALL
        SELECT 'records', count(*)::DOUBLE FROM {xref}
        UNION ALL
        SELECT 'records:' || source, count(*)::DOUBLE FROM {xref} GROUP BY source
        UNION ALL {shares}
        ORDER BY metric
    """
