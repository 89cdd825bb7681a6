"""What differs between the previous version and this candidate: records, decisions, cells.

Leaves temporary tables that ``warehouse.accounting`` gives causes to:

- ``change_record``: records that came, went, say something else (``changed``), are only understood
  otherwise (``reread``), or stand at another customer (``moved``);
- ``change_decision``: steward decisions that came or went, with the customers of their records;
- ``change_cell``: customers of both versions and the columns in which they differ, with the records
  whose values won then and now.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from models.tables import table
from warehouse.previous import bring
from warehouse.sql import literal, quote
from warehouse.store import Connection, count

_TABLES = ("record", "decision", "cell", "scope", "customer", "xref", "stated", "won")


def find_changes(con: Connection, previous: Path | None, *, reread: bool) -> None:
    """Write the temporary tables; ``forget_changes`` drops them again.

    ``reread``: the rules or the program differ, so that a record whose content differs but whose
    business time does not was probably understood otherwise, and not changed in its source.
    """
    scope = write_scope(con)
    compared = bring(con, previous, table("golden", "customer"), "change_customer", scope)
    bring(con, previous, table("golden", "customer_xref"), "change_xref", scope)
    bring(con, previous, table("golden", "customer_decision"), "change_stated")
    _records(con, scope, reread=reread)
    _decisions(con)
    _cells(con, previous, [column for column in compared if column != "customer_id"])


def forget_changes(con: Connection) -> None:
    """Drop the temporary tables."""
    for name in _TABLES:
        con.execute(f"DROP TABLE IF EXISTS temp.change_{name}")


def write_scope(con: Connection) -> str | None:
    """Return the name of a table of the only customers that can differ; None: all may.

    Copied from ``work.touched``, which survivorship leaves.
    """
    known = count(
        con,
        "SELECT count(*) FROM duckdb_tables() WHERE schema_name = 'work' "
        "AND table_name IN ('touched', 'touched_basis')",
    )
    if known < 2 or count(con, "SELECT count(*) FROM work.touched_basis WHERE NOT whole") != 1:
        return None
    con.execute(
        "CREATE OR REPLACE TEMP TABLE change_scope AS SELECT DISTINCT customer_id FROM work.touched"
    )
    return "change_scope"


def within(scope: str | None) -> str:
    """Return the SQL that keeps a table with ``customer_id`` to the customers of ``scope``."""
    return f"SEMI JOIN {scope} USING (customer_id)" if scope else ""


def _records(con: Connection, scope: str | None, *, reread: bool) -> None:
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE change_record AS
        SELECT record_key, now.customer_id AS now_id, was.customer_id AS was_id,
            CASE WHEN was.customer_id IS NULL THEN 'came'
                WHEN now.customer_id IS NULL THEN 'went'
                WHEN now.updated_at IS DISTINCT FROM was.updated_at THEN 'changed'
                WHEN now.content_hash <> was.content_hash
                    THEN {literal("reread" if reread else "changed")}
            END AS how,
            coalesce(now.customer_id <> was.customer_id, FALSE) AS moved
        FROM (FROM golden.customer_xref {within(scope)}) now
        FULL JOIN change_xref was USING (record_key)
        WHERE how IS NOT NULL OR moved
    """)


def _decisions(con: Connection) -> None:
    """Write ``change_decision``: one row per decision that came or went and customer it touches.

    ``moving``: a record it names stands at another customer than before.
    """
    con.execute("""
        CREATE OR REPLACE TEMP TABLE change_decision AS
        WITH differs AS (
            SELECT decision_id, record_key,
                coalesce(now.kind, was.kind) AS kind,
                coalesce(now.attribute, was.attribute) AS attribute,
                now.customer_id AS now_id, was.customer_id AS was_id
            FROM golden.customer_decision now
            FULL JOIN change_stated was USING (decision_id, record_key)
            WHERE now.decision_id IS NULL OR was.decision_id IS NULL
        ),
        placed AS (
            SELECT d.decision_id, d.kind, d.attribute,
                coalesce(d.now_id, n.customer_id) AS now_id,
                coalesce(d.was_id, w.customer_id) AS was_id
            FROM differs d
            LEFT JOIN golden.customer_xref n USING (record_key)
            LEFT JOIN change_xref w USING (record_key)
        ),
        side AS (
            SELECT *, now_id AS customer_id FROM placed
            UNION ALL SELECT *, was_id FROM placed
        )
        SELECT decision_id, any_value(kind) AS kind, any_value(attribute) AS attribute, customer_id,
            bool_or(bool_or(now_id <> was_id)) OVER (PARTITION BY decision_id) AS moving
        FROM side
        GROUP BY decision_id, customer_id
    """)


def _cells(con: Connection, previous: Path | None, columns: Iterable[str]) -> None:
    differs = ", ".join(
        f"CASE WHEN now.{name} IS DISTINCT FROM was.{name} THEN {literal(column)} END"
        for column, name in ((column, quote(column)) for column in columns)
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE change_cell AS
        SELECT * FROM (
            SELECT now.customer_id, unnest([{differs or "NULL"}]::VARCHAR[]) AS attribute
            FROM golden.customer now JOIN change_customer was USING (customer_id)
        ) WHERE attribute IS NOT NULL
    """)
    bring(con, previous, table("golden", "customer_provenance"), "change_won", "change_cell")
    con.execute("""
        CREATE OR REPLACE TEMP TABLE change_cell AS
        SELECT c.customer_id, c.attribute, n.record_key AS now_key, w.record_key AS was_key
        FROM change_cell c
        LEFT JOIN golden.customer_provenance n
            ON n.customer_id = c.customer_id AND n.attribute = c.attribute AND n.won
        LEFT JOIN change_won w
            ON w.customer_id = c.customer_id AND w.attribute = c.attribute AND w.won
    """)
