"""The decisions of stewards in the state database: added, withdrawn, never changed or deleted.

What a decision says is checked where it is made (``pipeline.deciding``); what it comes to in a
run is worked out there (``matching.decided``). Here it is only kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select

from models.decision import Decision, Kind
from models.errors import ConfigError
from warehouse.state import DecisionRow, State


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision as it is kept, with its withdrawal if it was taken back."""

    decision: Decision
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """Who takes a decision back, when (UTC without a zone) and why."""

    by: str
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """The decisions in one state database. Every method is one transaction."""

    state: State

    def add(self, *decisions: Decision) -> list[Decision]:
        """Keep decisions, all of them or none; return them with the numbers they were given.

        The numbers the arguments carry count for nothing.
        """
        rows = [_row(decision) for decision in decisions]
        with self.state.session() as session, session.begin():
            for row in rows:
                session.add(row)
                session.flush()  # one by one: numbers in the order of the arguments
            return [_decision(row) for row in rows]

    def withdraw(self, number: int, withdrawal: Withdrawal) -> Decision:
        """Mark a decision as taken back and return it.

        Raises ConfigError when there is none of that number or it was withdrawn before.
        """
        with self.state.session() as session, session.begin():
            row = session.get(DecisionRow, number, with_for_update=True)
            if row is None:
                raise _unknown(number)
            if row.withdrawn_at is not None:
                raise ConfigError(
                    f"decision {number} was already withdrawn on {row.withdrawn_at:%Y-%m-%d}.",
                    hint="Nothing needs to be done.",
                )
            row.withdrawn_at, row.withdrawn_by = withdrawal.at, withdrawal.by
            row.withdrawn_why = withdrawal.why
            return _decision(row)

    def in_force(self, at: datetime | None = None) -> list[Decision]:
        """Return what is not withdrawn, by number; with ``at``, as it stood at that time (UTC).

        Decisions that have expired are among them: a run leaves them out by its own day.
        """
        return [
            entry.decision
            for entry in self.all()
            if (at is None or entry.decision.decided_at <= at)
            and (entry.withdrawn_at is None or (at is not None and entry.withdrawn_at > at))
        ]

    def all(self) -> list[Entry]:
        """Return every decision ever made, by number."""
        with self.state.session() as session:
            rows: Sequence[DecisionRow] = session.scalars(
                select(DecisionRow).order_by(DecisionRow.id)
            ).all()
        return [_entry(row) for row in rows]

    def get(self, number: int) -> Entry:
        """Return one decision; raises ConfigError when there is none of that number."""
        with self.state.session() as session:
            row = session.get(DecisionRow, number)
        if row is None:
            raise _unknown(number)
        return _entry(row)


def _unknown(number: int) -> ConfigError:
    return ConfigError(
        f"there is no decision {number}.", hint="See them all with 'golden decide list'."
    )


def _row(decision: Decision) -> DecisionRow:
    return DecisionRow(
        kind=decision.kind,
        left_keys=list(decision.left),
        right_keys=list(decision.right),
        attribute=decision.attribute,
        value=decision.value,
        author=decision.author,
        reason=decision.reason,
        decided_at=decision.decided_at,
        expires_on=decision.expires_on,
        evidence=dict(sorted(decision.evidence.items())),
    )


def _decision(row: DecisionRow) -> Decision:
    return Decision(
        decision_id=row.id,
        kind=cast(Kind, row.kind),
        left=tuple(row.left_keys),
        right=tuple(row.right_keys),
        author=row.author,
        reason=row.reason,
        decided_at=row.decided_at,
        expires_on=row.expires_on,
        attribute=row.attribute,
        value=row.value,
        evidence=dict(row.evidence),
    )


def _entry(row: DecisionRow) -> Entry:
    return Entry(_decision(row), row.withdrawn_at, row.withdrawn_by, row.withdrawn_why)
