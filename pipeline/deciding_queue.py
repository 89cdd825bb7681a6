"""What waits for a steward, the most valuable first.

A case is two customers with doubtful pairs between them, or a decision that has to be looked at
again: refused, or made on records that say something else now. Its worth is

    p × H(p) × (records + accounts)

where ``p`` is the probability that a merge would be right (the highest score among its pairs;
one half where there is none), kept between 0.05 and 0.95 because nobody is surer than that of
what waits, ``H(p) = -p·log2(p) - (1-p)·log2(1-p)`` the bits an answer is worth, and records and
accounts are those of all the customers it concerns. So a likely merge of two big customers comes
first, and what is almost surely two strangers comes last. Ties go to the smaller ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import log2
from typing import Literal

from matching.decided import Resolved, resolve, told
from pipeline.deciding_records import working
from pipeline.project import Project
from pipeline.steps import previous_file
from warehouse.decisions import Decisions
from warehouse.store import Connection

_SUREST = 0.95
_UNKNOWN = 0.5
_NOT_SHOWN = frozenset({"customer_id", "review_pending"})
_REASON = '--reason "…"'
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Case:
    """One thing to decide. ``customers`` maps the ids it concerns to their rows in customer."""

    kind: Literal["pair", "decision"]
    worth: float
    probability: float
    concerns: int
    rule: str
    because: str
    customers: Mapping[str, Values] = field(repr=False)
    pairs: int = 0
    decision: int | None = None
    commands: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[str, ...]:
        """The columns in which two customers both have a value, and another one each."""
        if len(self.customers) != 2:
            return ()
        one, other = self.customers.values()
        return tuple(
            name
            for name, value in one.items()
            if name not in _NOT_SHOWN and None not in (value, other[name]) and value != other[name]
        )


def worth(probability: float, concerns: int) -> float:
    """Return what a decision is worth; the formula stands at the top of this file."""
    p = min(max(probability, 1 - _SUREST), _SUREST)
    bits = -p * log2(p) - (1 - p) * log2(1 - p)
    return round(p * bits * concerns, 6)


def queue(project: Project, today: date, limit: int) -> tuple[list[Case], int]:
    """Return the first ``limit`` cases with their customers' values, and how many there are.

    Reads the working file of the last run. What was decided since is left out. Raises StoreError
    when there is none, StoreLocked while it is written.
    """
    decisions = Decisions(project.state).in_force()
    with working(project) as con:
        resolved = resolve(con, decisions, today, previous_file(project))
        found = [*_pairs(con, _settled(con, resolved)), *_again(con, resolved)]
        found.sort(key=lambda case: (-case.worth, sorted(case.customers), case.decision or 0))
        return [_filled(con, case) for case in found[:limit]], len(found)


def _pairs(con: Connection, settled: set[tuple[str, str]]) -> list[Case]:
    """Return the doubtful pairs, gathered by the two customers they stand between."""
    rows = con.execute(
        """
        WITH doubt AS (
            SELECT least(l.customer_id, r.customer_id) AS one,
                greatest(l.customer_id, r.customer_id) AS other,
                v.rule, v.because, v.score, v.left_key, v.right_key
            FROM matched.review v
            JOIN matched.identity l ON l.record_key = v.left_key
            JOIN matched.identity r ON r.record_key = v.right_key
            WHERE l.customer_id <> r.customer_id
        ),
        weighed AS (
            SELECT *, count(*) OVER (PARTITION BY one, other) AS pairs FROM doubt
            QUALIFY row_number() OVER (PARTITION BY one, other
                ORDER BY score DESC NULLS LAST, rule, left_key, right_key) = 1
        ),
        size AS (
            SELECT customer_id, record_count + (SELECT count(*) FROM golden.customer_account a
                WHERE a.customer_id = c.customer_id) AS concerns
            FROM golden.customer c
        )
        SELECT w.one, w.other, w.rule, w.because, w.score, w.pairs, o.concerns + t.concerns
        FROM weighed w
        JOIN size o ON o.customer_id = w.one
        JOIN size t ON t.customer_id = w.other
        ORDER BY w.one, w.other
        """
    ).fetchall()
    return [
        Case(
            kind="pair",
            worth=worth(_UNKNOWN if score is None else score, concerns),
            probability=_UNKNOWN if score is None else score,
            concerns=concerns,
            rule=rule,
            because=because or "",
            customers={one: {}, other: {}},
            pairs=pairs,
            commands=(
                f"golden decide link {one} {other} {_REASON}",
                f"golden decide split {one} {other} {_REASON}",
            ),
        )
        for one, other, rule, because, score, pairs, concerns in rows
        if (one, other) not in settled
    ]


def _settled(con: Connection, resolved: Sequence[Resolved]) -> set[tuple[str, str]]:
    """Return the pairs of customers that a decision in force says something about."""
    return {
        (min(left, right), max(left, right))
        for item in resolved
        if item.status in ("in_force", "evidence_changed")
        for left in _customers(con, item.keys("left"))
        for right in _customers(con, item.keys("right"))
    }


def _again(con: Connection, resolved: Sequence[Resolved]) -> list[Case]:
    """Return the decisions that have to be looked at again."""
    return [
        _decision_case(con, item)
        for item in resolved
        if item.status in ("evidence_changed", "refused")
    ]


def _decision_case(con: Connection, item: Resolved) -> Case:
    number = item.decision.decision_id
    customers = _customers(con, item.keys("left") + item.keys("right"))
    concerns = sum(
        con.execute(
            "SELECT (SELECT count(*) FROM golden.customer_xref WHERE customer_id = $id) "
            "+ (SELECT count(*) FROM golden.customer_account WHERE customer_id = $id)",
            {"id": customer},
        ).fetchall()[0][0]
        for customer in customers
    )
    because = (
        told(item.refusal)
        if item.refusal
        else "what the records say has changed since it was decided · 决定后记录内容有变化"
    )
    take_back = f"golden decide withdraw {number} --why WHY"
    return Case(
        kind="decision",
        worth=worth(_UNKNOWN, concerns),
        probability=_UNKNOWN,
        concerns=concerns,
        rule=f"{item.decision.kind}: {item.status}",
        because=because,
        customers={customer: {} for customer in customers},
        decision=number,
        commands=(take_back,)
        if item.refusal
        else (f"golden decide confirm {number} {_REASON}", take_back),
    )


def _customers(con: Connection, keys: Sequence[str]) -> list[str]:
    rows = con.execute(
        "SELECT DISTINCT customer_id FROM golden.customer_xref "
        "WHERE record_key IN (SELECT unnest($keys::VARCHAR[])) ORDER BY customer_id",
        {"keys": list(keys)},
    ).fetchall()
    return [row[0] for row in rows]


def _filled(con: Connection, case: Case) -> Case:
    """Return the case with its customers' values."""
    result = con.execute(
        "SELECT * FROM golden.customer "
        "WHERE customer_id IN (SELECT unnest($ids::VARCHAR[])) ORDER BY customer_id",
        {"ids": list(case.customers)},
    )
    names = [item[0] for item in result.description or ()]
    rows = {row[0]: dict(zip(names, row, strict=True)) for row in result.fetchall()}
    return replace(case, customers=rows)
