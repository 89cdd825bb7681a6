"""The few numbers of the last published version that checks and the report compare with."""

from __future__ import annotations

from pathlib import Path

from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection, begin_layer

_SHARES = tuple(
    column.name
    for column in table("golden", "customer").columns
    if column.name not in {"customer_id", "record_count", "source_count", "review_pending"}
)


def take_previous(connection: Connection, golden_file: Path | None) -> None:
    """Fill ``quality.previous`` from the published ``golden_file``; empty when there is none.

    Metrics: ``customers``, ``records``, ``records:<source>`` and ``filled:<customer column>``
    (share of customers with a value).
    """
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    begin_layer(connection, "quality", "previous")
    if golden_file is None:
        return
    connection.execute(f"ATTACH {literal(str(golden_file))} AS published (READ_ONLY)")
    try:
        connection.execute(f"INSERT INTO quality.previous {metrics_select('published.')}")
    finally:
        connection.execute("DETACH published")


def metrics_select(catalog: str = "") -> str:
    """Return the SELECT of ``(metric, value)`` over the golden tables of ``catalog``."""
    shares = " UNION ALL ".join(
        f"SELECT 'filled:{name}', count({quote(name)})::DOUBLE / nullif(count(*), 0) "
        f"FROM {catalog}golden.customer"
        for name in _SHARES
    )
    return f"""
        SELECT 'customers' AS metric, count(*)::DOUBLE AS value FROM {catalog}golden.customer
        UNION ALL
        SELECT 'records', count(*)::DOUBLE FROM {catalog}golden.customer_xref
        UNION ALL
        SELECT 'records:' || source, count(*)::DOUBLE FROM {catalog}golden.customer_xref
        GROUP BY source
        UNION ALL {shares}
        ORDER BY metric
    """
