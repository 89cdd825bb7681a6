"""Pinned values: what a steward decided stands, whatever the sources say.

``matched.decision`` (kind ``pin``) → changes to ``won_<fact>`` and golden.customer_provenance. Of
several pins of one column the newest holds.

A pin on the leading column of values that survive together (``address``, ``id_number``) brings the
other columns along, from the best record that carries the pinned value; where none does, or the
pin says "none", they are empty, because an old city beside a new address is worse than none. A
pin on another column of them (``city``) changes that cell alone.
"""

from __future__ import annotations

from matching.facts import FACTS, Fact
from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection, insert_select

_PINNED, _FOLLOWS, _LOST = "pinned", "pinned_together", "pinned_other"
_TYPES = {column.name: column.type for column in table("golden", "customer").columns}


def read_pins(con: Connection) -> frozenset[str]:
    """Write ``survive_pin``: one row per customer and pinned column; return the columns."""
    columns = ", ".join(literal(column) for fact in FACTS for column in fact.columns)
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_pin AS
        SELECT m.cust, d.attribute, d.value, m.rec, d.decided_at
        FROM matched.decision d JOIN survive_member m USING (record_key)
        WHERE d.kind = 'pin' AND d.side = 'left'
            AND d.status IN ('in_force', 'evidence_changed') AND d.attribute IN ({columns})
        QUALIFY row_number() OVER (PARTITION BY m.cust, d.attribute
            ORDER BY d.decided_at DESC, d.decision_id DESC, m.rec) = 1
    """)
    rows = con.execute("SELECT DISTINCT attribute FROM survive_pin").fetchall()
    return frozenset(row[0] for row in rows)


def apply_pins(con: Connection, fact: Fact, pinned: frozenset[str]) -> None:
    """Let the pins on the columns of ``fact``, which was just chosen, stand in ``won_<fact>``."""
    if fact.name in pinned:
        _take_along(con, fact)
    for column in fact.columns:
        if column in pinned:
            _set_cell(con, fact, column)


def prove_pins(con: Connection, pinned: frozenset[str]) -> None:
    """Say so in golden.customer_provenance, where all other candidates stand by now."""
    for fact in FACTS:
        if fact.name in pinned:
            _prove_along(con, fact)
        for column in fact.columns:
            if column in pinned:
                _prove(con, column)


def _pins(column: str) -> str:
    """Return the SELECT of one column's pins, their value as it stands in golden.customer."""
    type_ = _TYPES[column]
    return (
        f"(SELECT cust, rec, decided_at, TRY_CAST(value AS {type_}) AS cell, "
        f"TRY_CAST(value AS {type_})::VARCHAR AS value "
        f"FROM survive_pin WHERE attribute = {literal(column)})"
    )


def _take_along(con: Connection, fact: Fact) -> None:
    """Put the whole of the best candidate with the pinned leading value in the winner's place."""
    lead, won = quote(fact.name), f"won_{fact.name}"
    columns = ", ".join(f"r.{quote(column)}" for column in fact.columns)
    con.execute(f"DELETE FROM {won} WHERE cust IN (SELECT cust FROM {_pins(fact.name)})")
    con.execute(f"""
        INSERT INTO {won} BY NAME
        SELECT r.cust, r.kind, {columns}
        FROM survive_ranked r JOIN {_pins(fact.name)} p ON p.cust = r.cust AND p.cell = r.{lead}
        QUALIFY row_number() OVER (PARTITION BY r.cust ORDER BY r.place) = 1
    """)


def _prove_along(con: Connection, fact: Fact) -> None:
    """Say of the other columns that they follow the pinned leading value."""
    for column in fact.columns[1:]:
        con.execute(f"""
            UPDATE golden.customer_provenance v
            SET won = v.value IS NOT DISTINCT FROM n.value,
                rule = CASE WHEN v.value IS NOT DISTINCT FROM n.value
                    THEN '{_FOLLOWS}' ELSE '{_LOST}' END
            FROM (SELECT DISTINCT m.customer_id, w.{quote(column)}::VARCHAR AS value
                  FROM {_pins(fact.name)} p
                  JOIN survive_member m ON m.rec = p.rec
                  LEFT JOIN won_{fact.name} w ON w.cust = p.cust) n
            WHERE v.attribute = {literal(column)} AND v.customer_id = n.customer_id
        """)


def _set_cell(con: Connection, fact: Fact, column: str) -> None:
    """Write the pinned value into ``won_<fact>``, in a row of its own where there is none."""
    won, name = f"won_{fact.name}", quote(column)
    con.execute(f"""
        INSERT INTO {won} BY NAME
        SELECT cust FROM {_pins(column)} WHERE cust NOT IN (SELECT cust FROM {won})
    """)
    con.execute(f"UPDATE {won} w SET {name} = p.cell FROM {_pins(column)} p WHERE p.cust = w.cust")


def _prove(con: Connection, column: str) -> None:
    """Say in the provenance that the steward's value stands and all others lost to it.

    ``record_count`` counts the source records that say the same; there may be none.
    """
    customers = f"SELECT m.customer_id FROM {_pins(column)} p JOIN survive_member m USING (rec)"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_pinned AS
        SELECT m.customer_id, {literal(column)} AS attribute, p.value, TRUE AS won, m.record_key,
            'steward' AS source, p.decided_at AS updated_at, '{_PINNED}' AS rule, 1.0 AS trust,
            coalesce(v.record_count, 0) AS record_count
        FROM {_pins(column)} p JOIN survive_member m USING (rec)
        LEFT JOIN golden.customer_provenance v ON v.customer_id = m.customer_id
            AND v.attribute = {literal(column)} AND v.value = p.value
    """)
    con.execute(f"""
        DELETE FROM golden.customer_provenance v USING survive_pinned p
        WHERE v.attribute = {literal(column)} AND v.customer_id = p.customer_id
            AND v.value = p.value
    """)
    con.execute(f"""
        UPDATE golden.customer_provenance SET won = FALSE, rule = '{_LOST}'
        WHERE attribute = {literal(column)} AND customer_id IN ({customers})
    """)
    insert_select(con, table("golden", "customer_provenance"), "SELECT * FROM survive_pinned")
    con.execute("DROP TABLE temp.survive_pinned")
