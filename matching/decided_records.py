"""Where the records that decisions name stand today: there, changed, under a new key, or gone.

A source that renumbers its records must not lose the decisions about them: a record that is gone
is followed to the one record of the same source object that says exactly what it said when the
decision was made, and did not say so then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from models.decision import Decision
from models.tables import table
from warehouse.previous import bring
from warehouse.store import Connection

Status = Literal["in_force", "evidence_changed", "refused", "no_record"]
Earlier = Mapping[tuple[int, str], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Place:
    """One record a decision names. ``named`` is its key as decided, ``key`` the one it has now."""

    side: str
    named: str
    key: str
    status: Status

    @property
    def followed(self) -> bool:
        """Whether it has another key than the decision says."""
        return self.named != self.key


@dataclass(frozen=True, slots=True)
class Today:
    """The records there are: ``hashes`` of those named, and the others by object and hash."""

    hashes: Mapping[str, str | None]
    saying: Mapping[tuple[str, str], Sequence[str]] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=dict)


def read_today(con: Connection, decisions: Sequence[Decision], previous: Path | None) -> Today:
    """Look up every record that ``decisions`` name, and what the ``previous`` version followed."""
    earlier = _earlier(con, previous)
    named = {key for decision in decisions for key in decision.records}
    named.update(key for keys in earlier.values() for key in keys)
    hashes = dict(
        con.execute(
            "SELECT record_key, evidence_hash FROM normalised.record "
            "LEFT JOIN normalised.fingerprint USING (record_key) "
            "WHERE record_key IN (SELECT unnest($keys::VARCHAR[]))",
            {"keys": sorted(named)},
        ).fetchall()
    )
    gone = {
        decision.evidence[key]
        for decision in decisions
        for key in decision.records
        if key not in hashes and key in decision.evidence
    }
    return Today(hashes, _saying(con, gone), earlier)


def _earlier(con: Connection, previous: Path | None) -> Earlier:
    bring(con, previous, table("golden", "customer_decision"), "decision_was")
    rows = con.execute(
        "SELECT DISTINCT decision_id, side, record_key FROM decision_was ORDER BY ALL"
    ).fetchall()
    con.execute("DROP TABLE decision_was")
    found: dict[tuple[int, str], list[str]] = {}
    for number, side, key in rows:
        found.setdefault((number, side), []).append(key)
    return found


def _saying(con: Connection, hashes: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    """Return the records that say what the gone ones said, by source.object and hash."""
    rows = con.execute(
        "SELECT source || '.' || object, evidence_hash, record_key FROM normalised.record "
        "JOIN normalised.fingerprint USING (record_key) "
        "WHERE evidence_hash IN (SELECT unnest($hashes::VARCHAR[])) ORDER BY ALL",
        {"hashes": sorted(hashes)},
    ).fetchall()
    found: dict[tuple[str, str], list[str]] = {}
    for place, evidence, key in rows:
        found.setdefault((place, evidence), []).append(key)
    return found


def places(decision: Decision, today: Today) -> list[Place]:
    """Return every record the decision names with what became of it."""
    moved = _moved_before(decision, today)
    moved |= _moved_now(decision, today, moved)
    return list(_placed(decision, today, moved))


def _placed(decision: Decision, today: Today, moved: Mapping[str, str]) -> Iterator[Place]:
    for side, named in _named(decision):
        key = moved.get(named, named)
        if key not in today.hashes and named not in moved:
            yield Place(side, named, named, "no_record")
            continue
        then, now = decision.evidence.get(named), today.hashes.get(key)
        # a record found by what it says is not among the named ones: it says what it said
        changed = key in today.hashes and None not in (then, now) and then != now
        yield Place(side, named, key, "evidence_changed" if changed else "in_force")


def _named(decision: Decision) -> list[tuple[str, str]]:
    sides = (("left", decision.left), ("right", decision.right))
    return [(side, key) for side, keys in sides for key in sorted(set(keys))]


def _gone(decision: Decision, today: Today) -> list[tuple[str, str]]:
    return [item for item in _named(decision) if item[1] not in today.hashes]


def _moved_before(decision: Decision, today: Today) -> dict[str, str]:
    """Return the gone records that an earlier version had followed: old key → new key."""
    moved: dict[str, str] = {}
    free = {
        side: [
            key
            for key in today.earlier.get((decision.decision_id, side), ())
            if key in today.hashes and _is_new(decision, key)
        ]
        for side in ("left", "right")
    }
    gone = _gone(decision, today)
    for exactly in (True, False):
        for side, named in gone:
            for key in free[side]:
                same = today.hashes[key] == decision.evidence.get(named)
                if named not in moved and _place(key) == _place(named) and same >= exactly:
                    moved[named] = key
                    free[side].remove(key)
                    break
    return moved


def _moved_now(decision: Decision, today: Today, before: Mapping[str, str]) -> dict[str, str]:
    """Return the gone records that one new record each speaks for now.

    Records that said the same as each other move together, if all are on one side.
    """
    alike: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for side, named in _gone(decision, today):
        if named not in before and named in decision.evidence:
            alike.setdefault((_place(named), decision.evidence[named]), []).append((side, named))
    moved: dict[str, str] = {}
    for what, gone in alike.items():
        found = [
            key
            for key in today.saying.get(what, ())
            if _is_new(decision, key) and key not in before.values()
        ]
        if len(found) == len(gone) and len({side for side, _ in gone}) == 1:
            moved |= dict(zip((named for _, named in gone), found, strict=True))
    return moved


def _is_new(decision: Decision, key: str) -> bool:
    return key not in decision.records and key not in decision.evidence


def _place(key: str) -> str:
    """Return the ``source.object`` of a record key."""
    return key.partition(":")[0]
