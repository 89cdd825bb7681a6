"""What each cell held, and when we knew: golden.customer_history on two time axes.

A row says: from ``valid_from`` to ``valid_to`` (business time) the attribute had this value; so
said the versions from ``known_from`` up to but without ``known_to``. Nothing is ever changed in a
row but its open end: what turns out wrong gets a ``known_to``, and what we think now stands beside
it. So every earlier version can be asked what it knew.

When a cell changes, the new value holds from its record's business time (without one: the
customer's, else where the old value began), and the timeline that was believed is cut there. Late
data cut it deeper: what was thought to hold after that time is no longer thought to. A customer
that is merged away or gone is no longer believed at all; when it comes back, so does its timeline.

Version numbers; 0 stands for the version that is being built.
"""

from __future__ import annotations

from pathlib import Path

from models.tables import table
from warehouse.changes import within, write_scope
from warehouse.previous import append, version_number
from warehouse.sql import quote
from warehouse.store import Connection, begin_layer, count

_HISTORY = table("golden", "customer_history")
# Counted over the records of the customer, not said by any: they have no time of their own.
DERIVED = ("customer_id", "record_count", "source_count", "review_pending", "updated_at")
HELD = tuple(c for c in table("golden", "customer").columns if c.name not in DERIVED)
_NAME = 'golden."customer_history"'
_BEGINNING = "'-infinity'::TIMESTAMP"
_END = "'infinity'::TIMESTAMP"


def write_history(con: Connection, previous: Path | None) -> int:
    """Carry the history of the ``previous`` file on to golden.customer; return its rows.

    Call it when golden.customer and golden.customer_provenance are complete.
    """
    _carry(con, previous)
    scope = write_scope(con)
    _leave(con, scope)
    _return(con, scope)
    _differences(con, scope)
    _cut(con)
    for name in ("history_change", "history_past"):
        con.execute(f"DROP TABLE temp.{name}")
    con.execute("DROP TABLE IF EXISTS temp.change_scope")
    return count(con, f"SELECT count(*) FROM {_NAME}")


def _carry(con: Connection, previous: Path | None) -> None:
    """Bring the history as it was published; its version has a number now."""
    begin_layer(con, "golden", _HISTORY.name)
    append(con, previous, _HISTORY)
    number = version_number(previous)
    for column in ("known_from", "known_to"):
        con.execute(f"UPDATE {_NAME} SET {column} = {number} WHERE {column} = 0")


def _leave(con: Connection, scope: str | None) -> None:
    """Believe nothing more of customers that are no more."""
    con.execute(f"""
        UPDATE {_NAME} SET known_to = 0
        WHERE known_to IS NULL AND customer_id IN (
            SELECT customer_id FROM (FROM {_NAME} {within(scope)}) WHERE known_to IS NULL
            EXCEPT SELECT customer_id FROM golden.customer)
    """)


def _return(con: Connection, scope: str | None) -> None:
    """Believe again what was last believed of customers that are back."""
    con.execute(f"""
        INSERT INTO {_NAME} BY NAME
        WITH back AS (
            SELECT customer_id, max(known_to) AS left_in FROM (FROM {_NAME} {within(scope)})
            WHERE customer_id IN (SELECT customer_id FROM golden.customer)
            GROUP BY customer_id HAVING count(*) FILTER (known_to IS NULL) = 0
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
