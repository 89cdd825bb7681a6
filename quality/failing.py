"""The keys of the rows that failed: what people need to repair them, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence

from models.tables import record_key, table
from models.verdict import CheckResult
from quality.checks import Declared, Suite
from quality.probe import source_of
from warehouse.sql import literal
from warehouse.store import Connection, insert_select

LIMIT = 1000


def failing_keys(
    connection: Connection,
    results: Sequence[CheckResult],
    suites: Sequence[Suite],
    limit: int = LIMIT,
) -> int:
    """Fill ``quality.failing_row`` for the failed row checks; return how many keys were written.

    At most ``limit`` keys a check, the smallest first; ``check_result.rows_failed`` has the true
    count. A check whose table has neither record_key nor customer_id needs its own ``key``.
    """
    failed = {result.check_id for result in results if result.outcome == "fail"}
    return sum(
        _write(connection, item, limit)
        for suite in suites
        for item in suite.checks
        if item.check_id in failed and item.check.rows
    )


def _write(connection: Connection, item: Declared, limit: int) -> int:
    key = item.check.key or _key(connection, item)
    if key is None:
        return 0
    return insert_select(
        connection,
        table("quality", "failing_row"),
        f"SELECT {literal(item.check_id)} AS check_id, ({key})::VARCHAR AS key "
        f"FROM {source_of(item)} AND ({item.check.rows}) IS NOT FALSE ORDER BY key LIMIT {limit}",
    )


def _key(connection: Connection, item: Declared) -> str | None:
    if item.schema == "landed" and item.source and item.object_name:
        prefix = record_key(item.source, item.object_name, "")
        return f"{literal(prefix)} || t._pk" if item.table.count("__") else None
    names = connection.execute(
        "SELECT column_name FROM duckdb_columns() "
        f"WHERE schema_name = {literal(item.schema)} AND table_name = {literal(item.table)}"
    ).fetchall()
    present = {str(name) for (name,) in names}
    return next((f"t.{name}" for name in ("record_key", "customer_id") if name in present), None)
