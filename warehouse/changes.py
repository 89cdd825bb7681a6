"""What changed between the previous published version and this candidate: golden.customer_change.

Ids that came or went are read from ``matched.identity_event``; the others are compared column by
column with the previous ``customer`` table.
"""

from __future__ import annotations

from pathlib import Path

from models.tables import table
from warehouse.previous import bring
from warehouse.sql import literal, quote
from warehouse.store import Connection, insert_select

_CUSTOMER = table("golden", "customer")
_CHANGE = table("golden", "customer_change")


def write_changes(con: Connection, previous: Path | None, cause: str = "source_data") -> int:
    """Fill golden.customer_change; return its rows.

    ``cause`` is what changed besides the data: ``rule`` when the project's configuration did,
    ``code`` when the program did. A change of a customer whose records changed (other records, or
    another business time) is put down to ``source_data`` all the same.
    """
    compared = bring(con, previous, _CUSTOMER, "change_customer")
    bring(con, previous, table("golden", "customer_xref"), "change_xref")
    _touched(con)
    rows = insert_select(con, _CHANGE, _came_or_went(cause))
    rows += insert_select(
        con, _CHANGE, _updated([c for c in compared if c != "customer_id"], cause)
    )
    for name in ("change_customer", "change_xref", "change_touched"):
        con.execute(f"DROP TABLE temp.{name}")
    return rows


def _touched(con: Connection) -> None:
    """Write ``change_touched``: customers with a record that came, went, moved or changed."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE change_touched AS
        WITH moved AS (
            SELECT n.customer_id AS now_id, w.customer_id AS was_id
            FROM golden.customer_xref n FULL JOIN change_xref w USING (record_key)
            WHERE n.customer_id IS DISTINCT FROM w.customer_id
                OR n.updated_at IS DISTINCT FROM w.updated_at
        )
        SELECT now_id AS customer_id FROM moved WHERE now_id IS NOT NULL
        UNION SELECT was_id FROM moved WHERE was_id IS NOT NULL
    """)


def _cause(customer: str, cause: str) -> str:
    return (
        f"CASE WHEN {customer} IN (SELECT customer_id FROM change_touched) "
        f"THEN 'source_data' ELSE {literal(cause)} END AS cause"
    )


def _came_or_went(cause: str) -> str:
    """Return the rows for ids that were created, split off, merged away or retired.

    A merge or a split moves records between customers without any record having changed, so
    only what came or went with its records is put down to them.
    """
    return f"""
        SELECT e.customer_id, e.event AS change, e.other_customer_id,
            CASE WHEN e.event IN ('created', 'retired') THEN 'source_data'
                ELSE {literal(cause)} END AS cause
        FROM matched.identity_event e
        WHERE e.event <> 'kept'
    """


def _updated(columns: list[str], cause: str) -> str:
    """Return the rows for customers of both versions that differ in one of ``columns``."""
    if not columns:
        return "SELECT NULL AS customer_id WHERE FALSE"
    differs = [
        f"CASE WHEN n.{name} IS DISTINCT FROM w.{name} THEN {literal(column)} END"
        for column, name in ((column, quote(column)) for column in columns)
    ]
    return f"""
        SELECT * FROM (
            SELECT n.customer_id, 'updated' AS change,
                nullif(concat_ws(',', {", ".join(differs)}), '') AS attributes,
                {_cause("n.customer_id", cause)}
            FROM golden.customer n JOIN change_customer w USING (customer_id)
        ) WHERE attributes IS NOT NULL
    """
