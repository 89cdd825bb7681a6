"""The decisions of stewards, as this run has to keep them: ``matched.decision``.

Expired ones are left out. A decision that names a record which is gone holds for the others; one
with a side of which nothing is left has no effect. A decision is never silently reversed: it
holds also when what it was made on has changed. Only what contradicts an older decision, or would
bring two different valid lifelong numbers into one customer, is refused; and it says so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pyarrow as pa

from matching.decided_conflicts import Effective, Facts, Refusal, find_refusals
from matching.decided_records import Place, Status, places, read_today
from models.decision import Decision
from models.fields.vocabulary import LIFELONG_ID_CLASSES
from models.tables import table
from warehouse.store import Connection, begin_layer, insert

_DECISION = table("matched", "decision")
CHANGED = "what this record says has changed since · 该记录的内容在决定之后有变化"
FOLLOWED = "the record has a new key; the decision goes with it · 记录主键已变，决定随之转移"
GONE = "the record is no longer there · 该记录已不存在"
SIDE_GONE = "of one side no record is left: no effect · 一侧已无记录，决定不起作用"
_REFUSED: Mapping[str, tuple[str, str]] = {
    "split": ("a split stands against it", "与拆分决定相矛盾"),
    "link": ("links hold the two sides together", "关联决定使两侧同属一人"),
    "same_record": ("one record stands on both sides", "同一记录出现在两侧"),
    "lifelong": (
        "it would bring two different valid lifelong numbers into one customer",
        "会使同一客户出现两个不同的有效终身号码",
    ),
    "party": ("a person and an organisation are never one", "个人与机构不能合为一个客户"),
    "pin": ("another value is pinned already", "该属性已固定为另一个值"),
}


@dataclass(frozen=True, slots=True)
class DecisionReport:
    """How many decisions are in which state; ``followed`` counts records under a new key."""

    in_force: int
    evidence_changed: int
    refused: int
    no_record: int
    expired: int
    followed: int

    def counts(self) -> dict[str, int]:
        """Return the numbers by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Resolved:
    """One decision as it stands today: its records, and why it is refused if it is."""

    decision: Decision
    places: tuple[Place, ...]
    refusal: Refusal | None = None

    @property
    def status(self) -> Status:
        """The state of the whole decision."""
        if self.refusal:
            return "refused"
        if not self.effective:
            return "no_record"
        changed = any(place.status == "evidence_changed" for place in self.places)
        return "evidence_changed" if changed else "in_force"

    @property
    def effective(self) -> bool:
        """Whether every side that it names still has a record."""
        named = {place.side for place in self.places}
        return named == {place.side for place in self.places if place.status != "no_record"}

    def keys(self, side: str) -> tuple[str, ...]:
        """Return the records of one side that are there, under the keys they have now."""
        return tuple(
            sorted(
                {p.key for p in self.places if p.side == side and p.status != "no_record"},
            )
        )

    def state_of(self, place: Place) -> tuple[Status, str | None]:
        """Return the status of one of its records, and why it is not simply in force."""
        if place.status == "no_record":
            return "no_record", GONE
        if not self.effective:
            return "no_record", SIDE_GONE
        if self.refusal:
            return "refused", told(self.refusal)
        if place.status == "evidence_changed":
            return place.status, CHANGED
        return place.status, FOLLOWED if place.followed else None


def write_decisions(
    con: Connection, decisions: Sequence[Decision], as_of: date, previous: Path | None = None
) -> DecisionReport:
    """Fill ``matched.decision``; the order of ``decisions`` does not matter.

    ``decisions`` are those not withdrawn, ``as_of`` the run's day. ``previous`` is the published
    file this run continues: where it had followed a record to a new key, this run does too. Reads
    ``normalised.record``, ``fingerprint`` and ``identifier``.
    """
    begin_layer(con, "matched", _DECISION.name)
    resolved = resolve(con, decisions, as_of, previous)
    insert(con, _DECISION, _rows(resolved))
    states = Counter(item.status for item in resolved)
    return DecisionReport(
        in_force=states["in_force"],
        evidence_changed=states["evidence_changed"],
        refused=states["refused"],
        no_record=states["no_record"],
        expired=len(decisions) - len(resolved),
        followed=sum(place.followed for item in resolved for place in item.places),
    )


def resolve(
    con: Connection, decisions: Sequence[Decision], as_of: date, previous: Path | None = None
) -> list[Resolved]:
    """Return the decisions that have not expired as they stand today, by number. Only reads."""
    standing = sorted(
        (item for item in decisions if item.expires_on is None or as_of < item.expires_on),
        key=lambda item: item.decision_id,
    )
    today = read_today(con, standing, previous)
    found = [Resolved(item, tuple(places(item, today))) for item in standing]
    effective = [_effective(item) for item in found if item.effective]
    keys = {key for item in effective for key in item.left + item.right}
    refusals = find_refusals(effective, _facts(con, keys))
    return [
        Resolved(item.decision, item.places, refusals.get(item.decision.decision_id))
        for item in found
    ]


def told(refusal: Refusal) -> str:
    """Return why a decision is refused: numbers of decisions, no record and no value."""
    en, zh = _REFUSED[refusal.reason]
    if not refusal.others:
        return f"{en} · {zh}"
    numbers = ", ".join(map(str, refusal.others))
    return f"{en} (decisions {numbers}) · {zh}（决定 {numbers}）"


def _effective(item: Resolved) -> Effective:
    decision = item.decision
    return Effective(
        number=decision.decision_id,
        kind=decision.kind,
        left=item.keys("left"),
        right=item.keys("right"),
        attribute=decision.attribute,
        value=decision.value,
    )


def _facts(con: Connection, keys: set[str]) -> dict[str, Facts]:
    """Return what the named records bring into a group."""
    rows = con.execute(
        "SELECT r.record_key, r.party_type, i.id_class, i.value FROM normalised.record r "
        "LEFT JOIN normalised.identifier i ON i.record_key = r.record_key "
        "AND i.status = 'valid' AND i.id_class IN (SELECT unnest($classes::VARCHAR[])) "
        "WHERE r.record_key IN (SELECT unnest($keys::VARCHAR[]))",
        {"classes": list(LIFELONG_ID_CLASSES), "keys": sorted(keys)},
    ).fetchall()
    parties: dict[str, str] = {}
    numbers: dict[str, dict[str, frozenset[str]]] = {}
    for key, party, id_class, value in rows:
        parties[key] = party
        own = numbers.setdefault(key, {})
        if value is not None:
            own[id_class] = own.get(id_class, frozenset()) | {value}
    return {key: Facts(party, numbers[key]) for key, party in parties.items()}


def _rows(resolved: Sequence[Resolved]) -> pa.Table:
    rows = []
    for item in resolved:
        decision = item.decision
        for place in item.places:
            status, because = item.state_of(place)
            rows.append(
                {
                    "decision_id": decision.decision_id,
                    "kind": decision.kind,
                    "side": place.side,
                    "record_key": place.key,
                    "attribute": decision.attribute,
                    "value": decision.value,
                    "author": decision.author,
                    "decided_at": decision.decided_at,
                    "status": status,
                    "because": because,
                }
            )
    return pa.Table.from_pylist(rows, schema=_schema())


def _schema() -> pa.Schema:
    types = {"BIGINT": pa.int64(), "TIMESTAMP": pa.timestamp("us")}
    return pa.schema(
        [(column.name, types.get(column.type, pa.string())) for column in _DECISION.columns]
    )
