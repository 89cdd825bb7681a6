"""What each cell held, and when we knew: golden.customer_history on two time axes.

A row says: from ``valid_from`` to ``valid_to`` (business time) the attribute had this value; so
said the versions from ``known_from`` up to but without ``known_to``. Nothing is ever changed in a
row but its open end: what turns out wrong gets a ``known_to``, and what we think now stands beside
it. So every earlier version can be asked what it knew.

When a cell changes, the new value holds from its record's business time (without one: the
customer's, else where the old value began), and the timeline that was believed is cut there. Late
data cut it deeper: what was thought to hold after that time is no longer thought to. A customer
that is merged away or gone is no longer believed at all; when it comes back, so does its timeline.

Version numbers; 0 stands for the version that is being built. Published files carry macros:

```sql
FROM golden_as_of();                                      -- today, as known today: customer
FROM golden_as_of(valid_at := DATE '2026-03-01');         -- what held then, as known today
FROM golden_as_of(known_at := TIMESTAMP '2026-03-01');    -- what readers saw then as holding
FROM golden_as_of(DATE '2026-01-01', DATE '2026-03-01');  -- what held in January, as known in March
FROM customer_timeline('C00000000012');                   -- one customer, value after value
```
"""

from __future__ import annotations

from pathlib import Path

from models.tables import Column, table
from models.tables.golden import CUSTOMER_ID
from warehouse.changes import within, write_scope
from warehouse.previous import append, version_info, version_number
from warehouse.sql import literal, quote
from warehouse.store import Connection, begin_layer, count

_HISTORY = table("golden", "customer_history")
# Counted over the records of the customer, not said by any: they have no time of their own.
DERIVED = ("customer_id", "record_count", "source_count", "review_pending", "updated_at")
HELD = tuple(c for c in table("golden", "customer").columns if c.name not in DERIVED)
AS_OF_COLUMNS: tuple[Column, ...] = (CUSTOMER_ID, *HELD)
_NAME = 'golden."customer_history"'
_BEGINNING = "'-infinity'::TIMESTAMP"
_END = "'infinity'::TIMESTAMP"


def write_history(con: Connection, previous: Path | None) -> int:
    """Carry the history of the ``previous`` file on to golden.customer; return its rows.

    Call it when golden.customer and golden.customer_provenance are complete, and
    matched.identity_event says which ids are new or back.
    """
    _carry(con, previous)
    scope = write_scope(con)
    _leave(con, scope)
    _return(con)
    _differences(con, scope)
    _cut(con)
    for name in ("history_change", "history_past"):
        con.execute(f"DROP TABLE temp.{name}")
    con.execute("DROP TABLE IF EXISTS temp.change_scope")
    return count(con, f"SELECT count(*) FROM {_NAME}")


def _carry(con: Connection, previous: Path | None) -> None:
    """Bring the history as it was published; its version has a number now."""
    if not _stands(con, previous):
        begin_layer(con, "golden", _HISTORY.name)
        append(con, previous, _HISTORY)
    number = version_number(previous)
    for column in ("known_from", "known_to"):
        con.execute(f"UPDATE {_NAME} SET {column} = {number} WHERE {column} = 0")


def _stands(con: Connection, previous: Path | None) -> bool:
    """Whether the working file's history is that of the ``previous`` file, but for the zeros.

    It is when the run that published that file was the last to write it here: reading millions of
    rows again can be saved then.
    """
    known = count(
        con,
        "SELECT count(*) FROM duckdb_tables() WHERE (schema_name, table_name) IN "
        "(('work', 'mark'), ('golden', 'customer_history'))",
    )
    run = version_info(previous).get("run_id")
    return (
        known == 2
        and run is not None
        and count(
            con,
            "SELECT count(*) FROM work.mark WHERE step = 'survive' AND run_id = $run "
            f"AND EXISTS (SELECT 1 FROM {_NAME})",
            {"run": run},
        )
        == 1
    )


def _leave(con: Connection, scope: str | None) -> None:
    """Believe nothing more of customers that are no more."""
    con.execute(f"""
        UPDATE {_NAME} SET known_to = 0
        WHERE known_to IS NULL AND customer_id IN (
            SELECT customer_id FROM (FROM {_NAME} {within(scope)}) WHERE known_to IS NULL
            EXCEPT SELECT customer_id FROM golden.customer)
    """)


def _return(con: Connection) -> None:
    """Believe again what was last believed of customers whose id is back."""
    con.execute(f"""
        INSERT INTO {_NAME} BY NAME
        WITH back AS (
            SELECT customer_id, max(known_to) AS left_in FROM {_NAME}
            WHERE customer_id IN (
                SELECT customer_id FROM matched.identity_event WHERE event IN ('created', 'split'))
            GROUP BY customer_id
        )
        SELECT h.* REPLACE (0 AS known_from, NULL AS known_to)
        FROM {_NAME} h JOIN back ON back.customer_id = h.customer_id AND back.left_in = h.known_to
    """)


def _differences(con: Connection, scope: str | None) -> None:
    """Write ``history_change``: cells that hold something else than believed, and from when."""
    texts = ", ".join(f"{quote(c.name)}::VARCHAR AS {quote(c.name)}" for c in HELD)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE history_change AS
        WITH cell AS (
            UNPIVOT (SELECT customer_id, {texts} FROM (FROM golden.customer {within(scope)}))
            ON COLUMNS(* EXCLUDE (customer_id)) INTO NAME attribute VALUE value
        ),
        open AS (
            SELECT customer_id, attribute, value, valid_from FROM (FROM {_NAME} {within(scope)})
            WHERE known_to IS NULL AND valid_to IS NULL
                AND customer_id IN (SELECT customer_id FROM golden.customer)
        ),
        differs AS (
            SELECT customer_id, attribute, cell.value, open.valid_from
            FROM cell FULL JOIN open USING (customer_id, attribute)
            WHERE cell.value IS DISTINCT FROM open.value
        )
        SELECT d.customer_id, d.attribute, d.value,
            coalesce(p.updated_at, c.updated_at, d.valid_from) AS since
        FROM differs d
        JOIN golden.customer c ON c.customer_id = d.customer_id
        LEFT JOIN golden.customer_provenance p
            ON p.customer_id = d.customer_id AND p.attribute = d.attribute AND p.won
    """)


def _cut(con: Connection) -> None:
    """End what is believed of the changed cells where the new values begin."""
    if not count(con, f"SELECT count(*) FROM (FROM {_NAME} LIMIT 1)"):
        con.execute("CREATE OR REPLACE TEMP TABLE history_past AS SELECT 1 AS nothing")
        con.execute(f"""
            INSERT INTO {_NAME} BY NAME
            SELECT customer_id, attribute, value, since AS valid_from, 0 AS known_from
            FROM history_change WHERE value IS NOT NULL
        """)
        return
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE history_past AS
        SELECT h.*, c.value AS next_value, c.since
        FROM {_NAME} h JOIN history_change c USING (customer_id, attribute)
        WHERE h.known_to IS NULL
            AND coalesce(h.valid_to, {_END}) >= coalesce(c.since, {_BEGINNING})
    """)
    # the value that held just before goes on: one row, not two that meet
    con.execute(f"""
        UPDATE history_change SET since = held.valid_from
        FROM (SELECT customer_id, attribute, valid_from FROM history_past
              WHERE value IS NOT DISTINCT FROM next_value
                AND coalesce(valid_from, {_BEGINNING}) < coalesce(since, {_BEGINNING})) held
        WHERE held.customer_id = history_change.customer_id
            AND held.attribute = history_change.attribute
    """)
    reaches = f"""
        FROM history_change c WHERE c.customer_id = h.customer_id AND c.attribute = h.attribute
            AND coalesce(h.valid_to, {_END}) > coalesce(c.since, {_BEGINNING})
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE history_past AS
        SELECT h.* EXCLUDE (next_value, since), c.since
        FROM history_past h JOIN history_change c USING (customer_id, attribute)
        WHERE coalesce(h.valid_to, {_END}) > coalesce(c.since, {_BEGINNING})
    """)
    con.execute(f"""
        DELETE FROM {_NAME} h WHERE known_to IS NULL AND known_from = 0
            AND EXISTS (SELECT 1 {reaches})
    """)
    con.execute(f"""
        UPDATE {_NAME} h SET known_to = 0 WHERE known_to IS NULL AND EXISTS (SELECT 1 {reaches})
    """)
    con.execute(f"""
        INSERT INTO {_NAME} BY NAME
        SELECT customer_id, attribute, value, valid_from, since AS valid_to, 0 AS known_from
        FROM history_past
        WHERE coalesce(valid_from, {_BEGINNING}) < coalesce(since, {_BEGINNING})
    """)
    # that a cell is empty is said only after something stood there
    con.execute(f"""
        INSERT INTO {_NAME} BY NAME
        SELECT customer_id, attribute, value, since AS valid_from, 0 AS known_from
        FROM history_change c
        WHERE value IS NOT NULL OR EXISTS (
            SELECT 1 FROM {_NAME} h WHERE h.customer_id = c.customer_id
                AND h.attribute = c.attribute AND h.known_to IS NULL)
    """)


def macro_statements() -> list[str]:
    """Return the statements that make ``golden_as_of`` and ``customer_timeline``, with comments.

    To be run in the published file, whose ``customer_history`` names version numbers only, beside
    its table ``version``. ``golden_as_of(valid_at, known_at)``: one row per customer, the columns
    of ``customer`` that history holds, with their types; either time left out stands for now, a
    ``known_at`` before the first version gives no row. ``customer_timeline(id)``: one row per row
    of its history.
    """
    return [
        _AS_OF,
        _TIMELINE,
        _comment("golden_as_of", "customers as valid then, as known then", "按生效与认知时间回溯"),
        _comment("customer_timeline", "what a customer's cells held and when", "客户的取值时间线"),
    ]


def _comment(macro: str, en: str, zh: str) -> str:
    return f"COMMENT ON MACRO TABLE {quote(macro)} IS {literal(f'{en} · {zh}')}"


_CELLS = ",\n        ".join(
    f"max(value) FILTER (attribute = {literal(c.name)})::{c.type} AS {quote(c.name)}" for c in HELD
)
# A version number for a time: the newest published by then; -1 before the first.
_KNOWN = """
        SELECT CASE WHEN known_at IS NULL THEN (SELECT max(number) FROM version)
            ELSE coalesce((SELECT max(number) FROM version
                           WHERE published_at <= known_at::TIMESTAMP), -1) END AS number"""
_AS_OF = f"""
    CREATE OR REPLACE MACRO golden_as_of(valid_at := NULL, known_at := NULL) AS TABLE
    WITH known AS ({_KNOWN})
    SELECT customer_id,
        {_CELLS}
    FROM customer_history, known
    WHERE known_from <= known.number AND (known_to IS NULL OR known_to > known.number)
        AND CASE WHEN valid_at IS NULL THEN valid_to IS NULL
            ELSE (valid_from IS NULL OR valid_from <= valid_at::TIMESTAMP)
                AND (valid_to IS NULL OR valid_to > valid_at::TIMESTAMP) END
    GROUP BY customer_id
"""
_TIMELINE = """
    CREATE OR REPLACE MACRO customer_timeline(id) AS TABLE
    SELECT h.attribute, h.value, h.valid_from, h.valid_to,
        f.version AS known_from, f.published_at AS known_since,
        t.version AS known_to, t.published_at AS known_until
    FROM customer_history h
    LEFT JOIN version f ON f.number = h.known_from
    LEFT JOIN version t ON t.number = h.known_to
    WHERE h.customer_id = id
    ORDER BY h.attribute, h.valid_from NULLS FIRST, h.known_from, h.known_to
"""
