"""Chooses the best value of one fact for every customer, and says why each other one lost.

In SQL over whole columns: candidates (one row per customer, record and value), then the best
record of every value, then the values of each customer in the order of the criteria.
"""

from __future__ import annotations

from dataclasses import dataclass

from matching.facts import Fact
from matching.survivorship import AttributeRule
from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection, insert_select

ONLY, TIE = "only_value", "tie_record_key"
_LISTED_LAST = 99


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion: its column, its direction, and the reason it gives to each side."""

    column: str
    descending: bool
    won: str
    lost: str

    @property
    def order(self) -> str:
        """The ORDER BY term: the better value first, none last."""
        return f"{self.column} {'DESC' if self.descending else 'ASC'} NULLS LAST"


CRITERIA = {
    "kind": Criterion("kind_key", False, "preferred_kind", "other_kind"),
    "validated": Criterion("validated", True, "validated", "not_validated"),
    "trust": Criterion("trust", True, "higher_trust", "lower_trust"),
    "recency": Criterion("updated_at", True, "newer", "older"),
    "frequency": Criterion("records", True, "more_frequent", "less_frequent"),
    "completeness": Criterion("completeness", True, "more_complete", "less_complete"),
    "greatest": Criterion("greatest", True, "greatest", "smaller"),
}


def choose(con: Connection, fact: Fact, rule: AttributeRule) -> None:
    """Choose ``fact`` for every customer: fills ``won_<name>`` and golden.customer_provenance.

    ``won_<name>`` is a temporary table, one row per customer that has a value: ``cust``, ``kind``
    and the fact's columns.
    """
    _gather(con, fact, rule)
    _rank(con, fact, [CRITERIA[name] for name in rule.criteria])
    columns = ", ".join(map(quote, fact.columns))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE won_{fact.name} AS "
        f"SELECT cust, substr(kind_key, 3) AS kind, {columns} FROM survive_ranked WHERE place = 1"
    )
    for column in fact.columns:
        _prove(con, column, alone=len(fact.columns) == 1)
    con.execute("DROP TABLE temp.survive_candidate")
    con.execute("DROP TABLE temp.survive_ranked")


def _gather(con: Connection, fact: Fact, rule: AttributeRule) -> None:
    """Write ``survive_candidate``: one row per customer, record and value."""
    columns = ", ".join(f"f.{quote(column)}" for column in fact.columns)
    verified = f"""
        LEFT JOIN survive_verified v
            ON v.cust = m.cust AND v.attribute = {literal(fact.name)}
            AND v.value = f.{quote(fact.name)}::VARCHAR
    """
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_candidate AS
        SELECT m.cust, m.rec, {columns},
            min(f.ordinal) AS ordinal,
            min({_kind_key(rule)}) AS kind_key,
            max({"(v.value IS NOT NULL)::INTEGER" if fact.verified else "f.validated"})
                AS validated,
            max(f.completeness) AS completeness,
            any_value(m.updated_at) AS updated_at,
            any_value(round(
                t.trust * pow({1 - rule.decay_per_year}, m.age_years), 2)) AS trust
        FROM ({fact.select}) f
        JOIN survive_member m USING (record_key)
        JOIN survive_trust t ON t.source = m.source AND t.attribute = {literal(fact.name)}
        {verified if fact.verified else ""}
        WHERE f.{quote(fact.name)} IS NOT NULL
        GROUP BY m.cust, m.rec, {columns}
    """)


def _kind_key(rule: AttributeRule) -> str:
    """Return the SQL text that sorts by the order of kinds: two digits, then the kind."""
    places = " ".join(
        f"WHEN {literal(kind)} THEN '{place:02d}'" for place, kind in enumerate(rule.kinds)
    )
    place = f"CASE f.kind {places} ELSE '{_LISTED_LAST}' END" if places else f"'{_LISTED_LAST}'"
    return f"{place} || coalesce(f.kind, '')"


def _rank(con: Connection, fact: Fact, criteria: list[Criterion]) -> None:
    """Write ``survive_ranked``: one row per customer and value, with its place and its reason."""
    value = ", ".join(map(quote, fact.columns))
    order = ", ".join(criterion.order for criterion in criteria)
    within = ", ".join(
        item.order for item in criteria if item.column not in ("records", "greatest")
    )
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE survive_ranked AS
        WITH best AS (
            SELECT *, {quote(fact.name)} AS greatest,
                count(*) OVER (PARTITION BY cust, {value}) AS records
            FROM survive_candidate
            QUALIFY row_number() OVER (
                PARTITION BY cust, {value} ORDER BY {within + "," if within else ""} rec) = 1
        ),
        placed AS (
            SELECT *, row_number() OVER ranking AS place,
                {_others("rec", "rec")},
                {", ".join(_others(c.column, c.column) for c in criteria)}
            FROM best
            WINDOW ranking AS (PARTITION BY cust ORDER BY {order}, rec, ordinal, {value})
        )
        SELECT cust, rec, {value}, kind_key, updated_at, trust, records, place,
            CASE WHEN other_rec IS NULL THEN '{ONLY}' {_reasons(criteria)} ELSE '{TIE}' END AS rule
        FROM placed
    """)


def _others(column: str, name: str) -> str:
    """Return the SQL for what this value is measured against: the winner, or the runner-up."""
    return (
        f"CASE WHEN row_number() OVER ranking = 1 THEN lead({column}) OVER ranking "
        f"ELSE first_value({column}) OVER ranking END AS other_{name}"
    )


def _reasons(criteria: list[Criterion]) -> str:
    """Return the CASE branches that name the first criterion on which the two differ."""
    return " ".join(
        f"WHEN other_{c.column} IS DISTINCT FROM {c.column} "
        f"THEN CASE place WHEN 1 THEN '{c.won}' ELSE '{c.lost}' END"
        for c in criteria
    )


def _prove(con: Connection, column: str, *, alone: bool) -> None:
    """Write one column's candidate values to golden.customer_provenance.

    A column that survives with others can have one value in several of their combinations: the
    best of these stands for it, and its records are counted over all of them.
    """
    name = quote(column)
    source = (
        "survive_ranked"
        if alone
        else f"""(
        SELECT r.* EXCLUDE (records), n.records
        FROM survive_ranked r
        JOIN (SELECT cust, {name}, count(DISTINCT rec) AS records
              FROM survive_candidate GROUP BY ALL) n
            ON n.cust = r.cust AND n.{name} = r.{name}
        QUALIFY row_number() OVER (PARTITION BY r.cust, r.{name} ORDER BY place) = 1)"""
    )
    insert_select(
        con,
        table("golden", "customer_provenance"),
        f"""
        SELECT m.customer_id, {literal(column)} AS attribute, r.{name}::VARCHAR AS value,
            r.place = 1 AS won, m.record_key, m.source, r.updated_at, r.rule, r.trust,
            r.records AS record_count
        FROM {source} r JOIN survive_member m USING (rec)
        """,
    )
