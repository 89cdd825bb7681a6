"""Chooses the best value of one fact for every customer, and says why each other one lost.

In SQL over whole columns: every stated value becomes one number (``survive_key``), every different
value of a customer keeps its smallest; only customers with several different values are put in
order.
"""

from __future__ import annotations

from matching.facts import Fact
from matching.survive_key import CRITERIA, Key, order
from matching.survivorship import AttributeRule
from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection, count, insert_select

ONLY, TIE = "only_value", "tie_record_key"


def choose(con: Connection, fact: Fact, rule: AttributeRule) -> None:
    """Choose ``fact`` for every customer: fills ``won_<name>``, adds to ``survive_proof``.

    ``won_<name>`` is a temporary table, one row per customer that has a value: ``cust``, ``kind``
    and the fact's columns. ``survive_ranked`` (one row per customer and different value, in
    ``place``) is left for pins.
    """
    key = Key.of(fact, rule, _kinds(con, fact))
    _values(con, key, _candidates(con, key))
    _rank(con, key)
    columns = ", ".join(map(quote, fact.columns))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE won_{fact.name} AS "
        f"SELECT cust, kind, {columns} FROM survive_ranked WHERE won"
    )
    for column in fact.columns:
        _prove(con, key, column)


def _kinds(con: Connection, fact: Fact) -> list[str]:
    if not fact.has_kinds:
        return []
    rows = con.execute(f"SELECT DISTINCT coalesce(kind, '') FROM ({fact.select})").fetchall()
    return [row[0] for row in rows]


def _candidates(con: Connection, key: Key) -> str:
    """Return the SQL of one row per value that a record states, with its number.

    Columns that survive together are asked for it several times, so theirs is written down.
    """
    columns = ", ".join(f"f.{quote(column)}" for column in key.fact.columns)
    select = f"""
        SELECT f.cust, f.rec, {columns}, {key.pack()} AS key
        FROM ({key.fact.select}) f
        JOIN survive_member m USING (rec)
        JOIN survive_trust t
            ON t.source = m.source AND t.attribute = {literal(key.fact.name)}
        WHERE f.{quote(key.fact.name)} IS NOT NULL
    """
    if len(key.fact.columns) == 1:
        return f"({_once(key.fact, select)})"
    con.execute(f"CREATE OR REPLACE TEMP TABLE survive_candidate AS {_once(key.fact, select)}")
    return "survive_candidate"


def _once(fact: Fact, select: str) -> str:
    """Let a record count once for a value that it states twice (faster than to count distinct)."""
    if not fact.repeats:
        return select
    columns = ", ".join(map(quote, fact.columns))
    return f"SELECT cust, rec, {columns}, min(key) AS key FROM ({select}) GROUP BY ALL"


def _values(con: Connection, key: Key, candidates: str) -> None:
    """Write ``survive_value``: one row per customer and different value, with its best number."""
    columns = ", ".join(map(quote, key.fact.columns))
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_value AS
        SELECT cust, {columns}, min(key) AS key, count(*) AS records
        FROM {candidates} GROUP BY cust, {columns}
    """)


def _rank(con: Connection, key: Key) -> None:
    """Write ``survive_ranked``: one row per customer and value, with its place and its reason.

    ``newest`` is the year of the newest record among the customer's values, which trust is shown
    as of.
    """
    fact, names = key.fact, order(key.rule)
    columns = ", ".join(map(quote, fact.columns))
    compared = ", ".join(f"{key.value_of(name)} AS by_{name}" for name in names)
    ranking = ", ".join(f"by_{name} {'DESC' if name == 'greatest' else ''}" for name in names)
    allowed = f"{key.unpack('when')} = 0" if key.rule.when else "TRUE"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_ranked AS
        WITH several AS (SELECT cust FROM survive_value GROUP BY cust HAVING count(*) > 1),
        known AS (
            SELECT v.*, {key.unpack("rec")} AS rec
            FROM survive_value v SEMI JOIN several USING (cust)
        ),
        compared AS (
            SELECT k.*, m.years, t.trust, {compared}
            FROM known k
            JOIN survive_member m ON m.rec = k.rec
            JOIN survive_trust t ON t.source = m.source AND t.attribute = {literal(fact.name)}
            {_verification(fact)}
        ),
        placed AS (
            SELECT *, row_number() OVER ranking AS place,
                max(years) OVER (PARTITION BY cust) AS newest,
                {", ".join(_other(name) for name in ("trust", *(f"by_{name}" for name in names)))}
            FROM compared
            WINDOW ranking AS (PARTITION BY cust ORDER BY {ranking}, rec,
                {key.unpack("ordinal")}, {columns})
        )
        SELECT cust, rec, {columns}, {key.kind()} AS kind, records, newest, place,
            place = 1 AND {allowed} AS won, {_reason(names, allowed)} AS rule
        FROM placed
        UNION ALL
        SELECT cust, {key.unpack("rec")}, {columns}, {key.kind()}, records, NULL, 1, {allowed},
            CASE WHEN {allowed} THEN '{ONLY}' ELSE '{CRITERIA["when"].lost}' END
        FROM survive_value ANTI JOIN several USING (cust)
    """)


def _verification(fact: Fact) -> str:
    """Return the join by which ``verified`` says that the valid resident number confirms it."""
    if not fact.verified:
        return ""
    return f"""
        LEFT JOIN survive_verified v ON v.cust = k.cust AND v.attribute = {literal(fact.name)}
            AND v.verified = k.{quote(fact.name)}::VARCHAR
    """


def _other(name: str) -> str:
    """Return the SQL for what this value is measured against: the winner, or the runner-up."""
    return (
        f"CASE WHEN row_number() OVER ranking = 1 THEN lead({name}) OVER ranking "
        f"ELSE first_value({name}) OVER ranking END AS other_{name}"
    )


def _reason(names: tuple[str, ...], allowed: str) -> str:
    """Return the SQL that names the first criterion on which the two differ.

    Where only the years told two trusts apart, the reason is the time.
    """
    branches = []
    for name in names:
        item = CRITERIA[name]
        won, lost = literal(item.won), literal(item.lost)
        if name == "trust":
            won = f"CASE WHEN trust = other_trust THEN 'newer' ELSE {won} END"
            lost = f"CASE WHEN trust = other_trust THEN 'older' ELSE {lost} END"
        branches.append(
            f"WHEN by_{name} IS DISTINCT FROM other_by_{name} "
            f"THEN CASE place WHEN 1 THEN {won} ELSE {lost} END"
        )
    return (
        f"CASE WHEN NOT ({allowed}) THEN '{CRITERIA['when'].lost}' "
        f"{' '.join(branches)} ELSE '{TIE}' END"
    )


def _prove(con: Connection, key: Key, column: str) -> None:
    """Add one column's candidate values to ``survive_proof``.

    A column that survives with others can have one value in several of their combinations: the
    best of these stands for it, and its records are counted over all of them.
    """
    name, fading = quote(column), 1 - key.rule.decay_per_year
    source = (
        "survive_ranked"
        if len(key.fact.columns) == 1
        else f"""(
        SELECT r.* EXCLUDE (records), n.records
        FROM survive_ranked r
        JOIN (SELECT cust, {name}, count(DISTINCT rec) AS records
              FROM survive_candidate GROUP BY ALL) n
            ON n.cust = r.cust AND n.{name} = r.{name}
        QUALIFY row_number() OVER (PARTITION BY r.cust, r.{name} ORDER BY place) = 1)"""
    )
    con.execute(f"""
        INSERT INTO survive_proof
        SELECT r.rec, {literal(column)}, r.{name}::VARCHAR, r.won, r.rule,
            {literal(key.fact.name)}, {fading}, r.newest, r.records
        FROM {source} r
    """)


def begin_proof(con: Connection) -> None:
    """Make ``survive_proof``, which collects candidate values by the numbers of their records."""
    con.execute("""
        CREATE OR REPLACE TEMP TABLE survive_proof (rec INTEGER, attribute VARCHAR, value VARCHAR,
            won BOOLEAN, rule VARCHAR, fact VARCHAR, kept DOUBLE, newest DOUBLE, records BIGINT)
    """)


def write_proof(con: Connection, at_least: int = 1) -> None:
    """Move what was collected to golden.customer_provenance, once there are ``at_least`` rows.

    The texts of a record are joined to many columns at once: that join is the dear part.
    """
    if count(con, "SELECT count(*) FROM survive_proof") < at_least:
        return
    insert_select(
        con,
        table("golden", "customer_provenance"),
        """
        SELECT m.customer_id, p.attribute, p.value, p.won, m.record_key, m.source, m.updated_at,
            p.rule, round(t.trust * pow(p.kept, coalesce(p.newest - m.years, 0)), 2) AS trust,
            p.records AS record_count
        FROM survive_proof p JOIN survive_member m USING (rec)
        JOIN survive_trust t ON t.source = m.source AND t.attribute = p.fact
        """,
    )
    begin_proof(con)
