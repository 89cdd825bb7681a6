"""Gives every change since the previous version exactly one cause: golden.customer_change.

Each change goes down a ladder of rungs; the first that holds gives the cause. The order follows
from what each cause alone could have done:

- a pin sets its attribute whatever the records say, and a decision that moved a record stands
  behind every value that record brought or took along: both come before the sources;
- then the sources: a record of the customer (for a merge or split: of either side) that came,
  went or says something else, first of all the record whose value won or had won;
- then the rules, then the program, then the passing of time;
- last the neighbourhood: what depends on other customers' records, though none of its own changed:
  which records belong together, whether a doubt is open, whether too many share a phone.

A customer is created and retired with its records, so there the sources come first. What no rung
explains is ``unexplained``, and a critical check holds the publish: something differs although
nothing that it follows from does.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from models.tables import table
from warehouse.changes import find_changes, forget_changes
from warehouse.history import write_history
from warehouse.sql import literal
from warehouse.store import Connection, begin_layer, insert_select

CAUSES = ("source_data", "rule", "decision", "code", "time", "unexplained")
NEIGHBOURS = "other customers' records"
_CHANGE = table("golden", "customer_change")
# Cells that can differ because another day is today: a document is in force, or no longer.
TIME_BOUND = frozenset({"id_class", "id_expires_on", "id_number"})
# Cells that depend on the records of other customers even when no record moves.
_SHARED = ("review_pending", "mobile", "email")
_TOGETHER = (
    ("id_number", "id_class", "id_expires_on"),
    ("address", "province", "city", "district", "region_code", "postcode"),
)


@dataclass(frozen=True, slots=True)
class Causes:
    """What differs besides the data between this run and the one behind the previous version.

    ``expired``: decisions in force then whose expiry has passed since.
    """

    rules_changed: bool
    code_changed: bool
    as_of: date
    as_of_before: date | None
    expired: frozenset[int] = field(default_factory=frozenset)

    @property
    def time_passed(self) -> bool:
        """Whether today is another day than it was for the previous version."""
        return self.as_of_before is not None and self.as_of_before != self.as_of


@dataclass(frozen=True, slots=True)
class AccountReport:
    """Rows of golden.customer_change by their cause, and rows of golden.customer_history."""

    by_cause: dict[str, int]
    history: int

    @property
    def changes(self) -> int:
        """Rows of golden.customer_change."""
        return sum(self.by_cause.values())

    @property
    def unexplained(self) -> int:
        """Changes without a cause: none, or nothing is published."""
        return self.by_cause.get("unexplained", 0)

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return {
            "customer_change": self.changes,
            "unexplained": self.unexplained,
            "customer_history": self.history,
        }


@dataclass(frozen=True, slots=True)
class _Rung:
    """``when`` (SQL) holds, the change is put down to ``cause`` and ``detail`` (SQL)."""

    when: str
    cause: str
    detail: str


def account(con: Connection, previous: Path | None, causes: Causes) -> AccountReport:
    """Fill golden.customer_change and golden.customer_history; call it after ``survive``.

    ``previous`` is the golden file that ``identify`` was given. Reads what matched.identity_event
    and the golden tables say now, and work.touched where survivorship left it.
    """
    begin_layer(con, "golden", _CHANGE.name)
    reread = causes.rules_changed or causes.code_changed
    find_changes(con, previous, reread=reread)
    _marks(con, causes)
    insert_select(con, _CHANGE, _events(causes))
    insert_select(con, _CHANGE, _updated(causes))
    for name in ("account_decision", "account_mark", "account_near"):
        con.execute(f"DROP TABLE temp.{name}")
    forget_changes(con)
    history = write_history(con, previous)
    found = con.execute(
        "SELECT cause, count(*) FROM golden.customer_change GROUP BY ALL ORDER BY 1"
    )
    return AccountReport(dict(found.fetchall()), history)


def _marks(con: Connection, causes: Causes) -> None:
    """Write what is known of each customer concerned: ``account_mark``, ``account_near``.

    ``own``: smallest key of its records that the sources changed; ``reread``: of those understood
    otherwise; ``moved``: it has or had a record that stands elsewhere now or did before;
    ``mover``: a decision behind that; ``doubt``: any link or split naming one of its records.
    ``account_near`` has the same of those it exchanged records with.
    """
    expired = ", ".join(map(str, sorted(causes.expired))) or "NULL"
    con.execute(f"""
        CREATE OR REPLACE TEMP TABLE account_decision AS
        SELECT *, coalesce(decision_id IN ({expired}), FALSE) AS expired FROM change_decision
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE account_mark AS
        WITH side AS (
            SELECT now_id AS customer_id, record_key, how, moved FROM change_record
            UNION ALL SELECT was_id, record_key, how, moved FROM change_record
        ),
        touched AS (
            SELECT customer_id,
                min(record_key) FILTER (how IN ('came', 'went', 'changed')) AS own,
                min(record_key) FILTER (how = 'reread') AS reread,
                bool_or(moved) AS moved
            FROM side WHERE customer_id IS NOT NULL GROUP BY customer_id
        ),
        decided AS (
            SELECT customer_id,
                min(decision_id) FILTER (moving) AS mover, min(decision_id) AS doubt
            FROM account_decision
            WHERE kind IN ('link', 'split') AND customer_id IS NOT NULL
            GROUP BY customer_id
        )
        SELECT customer_id, own, reread, coalesce(moved, FALSE) AS moved, mover, doubt
        FROM touched FULL JOIN decided USING (customer_id)
    """)
    con.execute("""
        CREATE OR REPLACE TEMP TABLE account_near AS
        WITH pair AS (
            SELECT now_id AS customer_id, was_id AS other FROM change_record WHERE moved
            UNION SELECT was_id, now_id FROM change_record WHERE moved
        )
        SELECT pair.customer_id, min(own) AS own, min(reread) AS reread, min(mover) AS mover
        FROM pair JOIN account_mark m ON m.customer_id = pair.other
        GROUP BY pair.customer_id
    """)


def _decided(decision: str) -> tuple[_Rung, _Rung]:
    """Return the rungs for a decision: one that expired did so by the passing of time."""
    number = f"{decision}::VARCHAR"
    expired = f"{decision} IN (SELECT decision_id FROM account_decision WHERE expired)"
    return (
        _Rung(f"{decision} IS NOT NULL AND {expired}", "time", number),
        _Rung(f"{decision} IS NOT NULL", "decision", number),
    )


def _program(causes: Causes, file: str) -> tuple[_Rung, ...]:
    """Return the rungs for the project's rules, then the program's."""
    return (
        *((_Rung("TRUE", "rule", literal(file)),) if causes.rules_changed else ()),
        *((_Rung("TRUE", "code", "NULL"),) if causes.code_changed else ()),
    )


def _reread(causes: Causes, record: str) -> _Rung:
    """Return the rung for records that are understood otherwise than before."""
    cause = "rule" if causes.rules_changed else "code"
    return _Rung(f"{record} IS NOT NULL", cause, record)


def _elsewhere(depends: str) -> tuple[_Rung, ...]:
    """Return the rungs for what other customers' records and decisions do to this one."""
    record = "EXISTS (SELECT 1 FROM change_record WHERE how IS NOT NULL)"
    decision = "(SELECT min(decision_id) FROM account_decision)"
    return (
        _Rung(f"{depends} AND {record}", "source_data", literal(NEIGHBOURS)),
        *(
            _Rung(f"({depends}) AND {rung.when}", rung.cause, rung.detail)
            for rung in _decided(decision)
        ),
    )


def _events(causes: Causes) -> str:
    """Return the rows of customers that were created, split off, merged away or retired."""
    own = "least(m.own, o.own)"
    mover = "coalesce(m.mover, o.mover)"
    rungs = [
        _Rung("e.event IN ('created', 'retired') AND m.own IS NOT NULL", "source_data", "m.own"),
        *_decided(mover),
        _Rung(f"{own} IS NOT NULL", "source_data", own),
        _reread(causes, "least(m.reread, o.reread)"),
        *_program(causes, "matching.yml"),
        *_decided("n.mover"),
        _Rung("n.own IS NOT NULL", "source_data", "n.own"),
        *_elsewhere("TRUE"),
    ]
    return f"""
        SELECT * EXCLUDE (found), found.cause, found.detail FROM (
            SELECT e.customer_id, e.event AS change, e.other_customer_id, {_ladder(rungs)} AS found
            FROM matched.identity_event e
            LEFT JOIN account_mark m ON m.customer_id = e.customer_id
            LEFT JOIN account_mark o ON o.customer_id = e.other_customer_id
            LEFT JOIN account_near n ON n.customer_id = e.customer_id
            WHERE e.event <> 'kept'
        )
    """


def _updated(causes: Causes) -> str:
    """Return the rows of customers of both versions, one for each column that differs."""
    # a cell without a winner is counted over all records, the moved ones among them
    carried = "c.moved AND (c.won_moved OR c.now_key IS NULL AND c.was_key IS NULL)"
    shared = ", ".join(map(literal, _SHARED))
    bound = ", ".join(map(literal, sorted(TIME_BOUND)))
    rungs = [
        *_decided("c.pin"),
        *(_Rung(f"{carried} AND {r.when}", r.cause, r.detail) for r in _decided("c.mover")),
        *(
            _Rung(f"c.attribute = 'review_pending' AND {r.when}", r.cause, r.detail)
            for r in _decided("c.doubt")
        ),
        _Rung("c.won_changed IS NOT NULL", "source_data", "c.won_changed"),
        _Rung("c.own IS NOT NULL", "source_data", "c.own"),
        *(_Rung(f"c.moved AND {r.when}", r.cause, r.detail) for r in _decided("c.mover")),
        _reread(causes, "c.reread"),
        *_program(causes, "survivorship.yml"),
        *((_Rung(f"c.attribute IN ({bound})", "time", "NULL"),) if causes.time_passed else ()),
        *_decided("c.near_mover"),
        _Rung("c.near_own IS NOT NULL", "source_data", "c.near_own"),
        *_elsewhere(f"(c.moved OR c.attribute IN ({shared}))"),
    ]
    return f"""
        SELECT c.customer_id, c.attribute, 'updated' AS change, found.cause, found.detail
        FROM (SELECT *, {_ladder(rungs)} AS found FROM ({_FACTS}) c) c
    """


_GROUP = " ".join(
    f"WHEN attribute IN ({', '.join(map(literal, group))}) THEN {literal(group[0])}"
    for group in _TOGETHER
)
# One row per cell that differs, with all that the rungs ask about it.
_FACTS = f"""
    WITH pinned AS (
        SELECT customer_id, CASE {_GROUP} ELSE attribute END AS fact, min(decision_id) AS pin
        FROM account_decision WHERE kind = 'pin' GROUP BY ALL
    ),
    cell AS (SELECT *, CASE {_GROUP} ELSE attribute END AS fact FROM change_cell)
    SELECT cell.*, pinned.pin, m.mover, m.doubt, m.own, m.reread, coalesce(m.moved, FALSE) AS moved,
        near.mover AS near_mover, near.own AS near_own,
        coalesce(n.moved, FALSE) OR coalesce(w.moved, FALSE) AS won_moved,
        CASE WHEN n.how <> 'reread' THEN cell.now_key
            WHEN w.how <> 'reread' THEN cell.was_key END AS won_changed
    FROM cell
    LEFT JOIN pinned USING (customer_id, fact)
    LEFT JOIN account_mark m ON m.customer_id = cell.customer_id
    LEFT JOIN account_near near ON near.customer_id = cell.customer_id
    LEFT JOIN change_record n ON n.record_key = cell.now_key
    LEFT JOIN change_record w ON w.record_key = cell.was_key
"""


def _ladder(rungs: list[_Rung]) -> str:
    """Return the SQL that goes down the rungs, as one struct of cause and detail."""
    steps = " ".join(
        f"WHEN {rung.when} THEN {{'cause': {literal(rung.cause)}, 'detail': {rung.detail}}}"
        for rung in rungs
    )
    return f"CASE {steps} ELSE {{'cause': 'unexplained', 'detail': NULL::VARCHAR}} END"
