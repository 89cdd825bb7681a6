"""Making a decision: who is meant, what their records say now, and whether it contradicts others.

What is typed are record keys (``source.object:key``) or customer ids; what is kept are records,
with the hash of what each says (``normalised.fingerprint``), so that a later run can tell whether
the decision still rests on what it was made on. Nothing is written but the state database: a
decision takes effect with the next run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import combinations

from matching.decided import resolve, told
from matching.decided_conflicts import Refusal
from models.decision import Decision
from models.errors import ConfigError
from pipeline.deciding_records import Party, evidence_of, find_parties, working
from pipeline.pinning import read_pin
from pipeline.project import Project
from pipeline.steps import previous_file
from warehouse.decisions import Decisions, Withdrawal
from warehouse.store import Connection


@dataclass(frozen=True, slots=True)
class Signature:
    """Who decides, why, when (UTC without a zone), and from which day it no longer holds."""

    author: str
    reason: str
    at: datetime
    expires_on: date | None = None


class Contradiction(ConfigError):
    """The decision cannot stand beside older ones; ``refusal`` holds the chain of records."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        numbers = " ".join(map(str, refusal.others))
        hint = f"Withdraw what is wrong of them first: golden decide withdraw {numbers} --why WHY."
        super().__init__(
            f"this decision cannot be taken: {told(refusal)}.", hint=hint if numbers else ""
        )


def link(project: Project, words: Sequence[str], signed: Signature) -> Decision:
    """Decide that all records of the named parties are one customer, and return the decision.

    Raises ConfigError when a party is unknown or there are fewer than two; Contradiction.
    """
    first, *others = _parties(project, words)
    records = tuple(dict.fromkeys(key for party in others for key in party.records))
    apart = tuple(key for key in first.records if key not in records)
    return keep(project, [draft("link", apart, records, signed)])[0]


def split(project: Project, words: Sequence[str], signed: Signature) -> list[Decision]:
    """Decide that no two of the named parties are one customer; return one decision per pair.

    Raises ConfigError when a party is unknown or there are fewer than two; Contradiction.
    """
    pairs = combinations(_parties(project, words), 2)
    return keep(project, [draft("split", a.records, b.records, signed) for a, b in pairs])


def pin(
    project: Project, word: str, attribute: str, value: str | None, signed: Signature
) -> Decision:
    """Decide which value an attribute of one customer has (None: none); return the decision.

    It is bound to one record of the customer: the named one, or that with the smallest key.
    Raises ConfigError for an unknown customer, column or value; Contradiction.
    """
    (party,) = find_parties(project, [word])
    wanted = draft("pin", party.records[:1], (), signed)
    read = read_pin(attribute, value)
    return keep(project, [replace(wanted, attribute=attribute, value=read)])[0]


def confirm(project: Project, number: int, signed: Signature) -> Decision:
    """Take a decision again on what its records say now; the old one is withdrawn.

    Raises ConfigError when there is no such decision or it does not hold any more.
    """
    kept = Decisions(project.state)
    entry = kept.get(number)
    if entry.withdrawn_at is not None:
        raise ConfigError(f"decision {number} was withdrawn.", hint="Decide anew.")
    with working(project) as con:
        (resolved,) = resolve(
            con,
            [replace(entry.decision, expires_on=None)],
            signed.at.date(),
            previous_file(project),
        )
    if not resolved.effective:
        raise ConfigError(
            f"decision {number} has no effect: records it names are gone.",
            hint=f"Take it back: golden decide withdraw {number} --why GONE.",
        )
    again = replace(
        entry.decision,
        left=resolved.keys("left"),
        right=resolved.keys("right"),
        author=signed.author,
        reason=signed.reason,
        decided_at=signed.at,
        expires_on=signed.expires_on,
    )
    (decision,) = keep(project, [again], instead_of=number)
    why = f"confirmed as decision {decision.decision_id}"
    kept.withdraw(number, Withdrawal(signed.author, signed.at, why))
    return decision


def keep(
    project: Project,
    drafts: Sequence[Decision],
    *,
    instead_of: int | None = None,
    unless_there: Sequence[Decision] = (),
) -> list[Decision]:
    """Store decisions with the evidence of today, all or none; return them with their numbers.

    ``unless_there`` are stored too, but those already in force are left out. Raises
    Contradiction, or ConfigError when one of ``drafts`` is in force already.
    """
    kept = Decisions(project.state)
    day = drafts[0].decided_at.date()
    standing = [item for item in kept.in_force() if item.decision_id != instead_of]
    with working(project) as con:
        bound = [_bound(con, item) for item in drafts]
        for item in bound:
            _refuse_repeated(item, standing, day)
        others = [_bound(con, item) for item in unless_there]
        bound += [item for item in others if not _repeated(item, standing, day)]
        above = max((entry.decision.decision_id for entry in kept.all()), default=0)
        numbered = [replace(item, decision_id=above + n) for n, item in enumerate(bound, start=1)]
        found = resolve(con, [*standing, *numbered], day, previous_file(project))
    for resolved in found:
        if resolved.decision.decision_id > above and resolved.refusal:
            raise Contradiction(resolved.refusal)
    return kept.add(*numbered)


def draft(kind: str, left: Sequence[str], right: Sequence[str], signed: Signature) -> Decision:
    """Return a decision that has no number and no evidence yet."""
    if signed.expires_on is not None and signed.expires_on <= signed.at.date():
        raise ConfigError("the decision would have expired already.", hint="Name a later day.")
    if not signed.reason.strip():
        raise ConfigError("a decision needs a reason.", hint="Say why with --reason.")
    if set(left) & set(right) or not left or (kind != "pin" and not right):
        raise ConfigError(
            "these are one customer already, or one record.",
            hint="Name two of them; to take a customer apart, use 'golden unmerge'.",
        )
    return Decision(
        decision_id=0,
        kind=kind,  # type: ignore[arg-type]
        left=tuple(left),
        right=tuple(right),
        author=signed.author,
        reason=signed.reason.strip(),
        decided_at=signed.at,
        expires_on=signed.expires_on,
    )


def _parties(project: Project, words: Sequence[str]) -> list[Party]:
    if len(words) < 2:
        raise ConfigError("one alone cannot be decided on.", hint="Name two records or customers.")
    return find_parties(project, words)


def _bound(con: Connection, item: Decision) -> Decision:
    return replace(item, evidence=evidence_of(con, item))


def _refuse_repeated(item: Decision, standing: Sequence[Decision], day: date) -> None:
    older = _repeated(item, standing, day)
    if older is not None:
        raise ConfigError(
            f"decision {older.decision_id} says so already.", hint="Nothing is added."
        )


def _repeated(item: Decision, standing: Sequence[Decision], day: date) -> Decision | None:
    """Return the decision in force that says the same, made on the same evidence."""
    for older in standing:
        same = _says(item) == _says(older) and item.evidence == older.evidence
        if same and _holds(older, day):
            return older
    return None


def _says(decision: Decision) -> tuple[object, ...]:
    sides = frozenset({frozenset(decision.left), frozenset(decision.right)})
    return decision.kind, sides, decision.attribute, decision.value, decision.expires_on


def _holds(decision: Decision, day: date) -> bool:
    return decision.expires_on is None or day < decision.expires_on


def states(project: Project, day: date) -> dict[int, str]:
    """Return how every decision not withdrawn stands against the records of today, by number."""
    decisions = Decisions(project.state).in_force()
    found = {item.decision_id: "expired" for item in decisions}
    if not project.store.path.is_file():
        return found
    with working(project) as con:
        resolved = resolve(con, decisions, day, previous_file(project))
    return found | {item.decision.decision_id: item.status for item in resolved}
