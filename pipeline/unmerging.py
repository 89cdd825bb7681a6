"""Taking a customer apart again: which records leave it, and the decisions that keep them apart.

What the customer was before its merges stands in the published ``customer_id_member`` (see
docs/decisions/0006-undone-merges.md). One split keeps the parts apart for good, a link inside each
keeps it whole, and the next run gives the earlier ids back because their records stand alone.
Records that came after the merge belong to no part: matching places them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from models.decision import Decision
from models.errors import ConfigError
from pipeline.deciding import Signature, draft, keep
from pipeline.deciding_records import find_parties, published
from pipeline.project import Project
from warehouse.store import Connection


@dataclass(frozen=True, slots=True)
class Part:
    """Records of one customer that belong together, and the id they had before or keep."""

    customer_id: str | None
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Apart:
    """How customer ``customer_id`` is taken apart: ``out`` leaves, ``rest`` stays; ``free`` came
    after the merge and is in neither."""

    customer_id: str
    out: Part
    rest: Part
    free: tuple[str, ...] = ()


class WhichPart(ConfigError):
    """The customer was merged from several; ``parts`` are those that can be taken out."""

    def __init__(self, customer_id: str, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        ids = ", ".join(part.customer_id or "" for part in parts)
        super().__init__(
            f"customer {customer_id} was merged from several customers.",
            hint=f"Name the one to take out with --into: {ids}; or records with --records.",
        )


def find_apart(project: Project, customer_id: str, into: str | None) -> Apart:
    """Find how to undo the merge of a customer: the part ``into``, or the only one there is.

    A retired id stands for the part that was it. Raises ConfigError when nothing was merged into
    the customer, WhichPart when more than one customer was.
    """
    (party,) = find_parties(project, [customer_id])
    if party.customer_id is None:
        raise ConfigError("this is a record, not a customer.", hint="Name a customer id.")
    into = into or (customer_id if customer_id != party.customer_id else None)
    with published(project) as con:
        members = _members(con, party.customer_id)
    own = members.pop(party.customer_id, ())
    out = _chosen(party.customer_id, members, into)
    known = {*own, *(key for keys in members.values() for key in keys)}
    rest = [key for key in party.records if key in known and key not in out.records]
    free = [key for key in party.records if key not in known]
    if not rest:
        rest, free = free, []
    return Apart(party.customer_id, out, Part(party.customer_id, tuple(rest)), tuple(free))


def take_out(project: Project, customer_id: str, records: Sequence[str]) -> Apart:
    """Return how to take the given records out of a customer; all its others stay.

    Raises ConfigError when one is not the customer's, or none would stay.
    """
    (party,) = find_parties(project, [customer_id])
    for place, key in enumerate(records, start=1):
        if key not in party.records:
            raise ConfigError(
                f"record {place} of --records is not one of customer {party.customer_id}.",
                hint=f"See its records: golden show {party.customer_id}.",
            )
    rest = tuple(key for key in party.records if key not in records)
    if not rest or not records:
        raise ConfigError("nothing would be taken apart.", hint="Name some of its records.")
    out = Part(None, tuple(sorted(set(records))))
    return Apart(party.customer_id or customer_id, out, Part(party.customer_id, rest))


def unmerge(project: Project, apart: Apart, signed: Signature) -> list[Decision]:
    """Store the split between the parts and a link inside each; return them, the split first.

    Raises Contradiction when older decisions hold the parts together.
    """
    split = draft("split", apart.out.records, apart.rest.records, signed)
    whole = [
        draft("link", part.records[:1], part.records[1:], signed)
        for part in (apart.out, apart.rest)
        if len(part.records) > 1
    ]
    return keep(project, [split], unless_there=whole)


def _members(con: Connection, customer_id: str) -> dict[str, tuple[str, ...]]:
    """Return the records that the customer, and every id merged into it, had before: id → keys.

    Only those the customer has today.
    """
    rows = con.execute(
        """
        SELECT m.customer_id, list(m.record_key ORDER BY m.record_key)
        FROM customer_id_member m
        JOIN customer_xref x ON x.record_key = m.record_key AND x.customer_id = $id
        WHERE m.customer_id = $id OR m.customer_id IN (
            SELECT retired_id FROM customer_id_redirect WHERE customer_id = $id)
        GROUP BY m.customer_id ORDER BY m.customer_id
        """,
        {"id": customer_id},
    ).fetchall()
    return {row[0]: tuple(row[1]) for row in rows}


def _chosen(customer_id: str, members: dict[str, tuple[str, ...]], into: str | None) -> Part:
    if into is not None:
        if into not in members:
            raise ConfigError(
                f"no record of customer {customer_id} is known to have been {into}'s.",
                hint=f"It was merged from: {', '.join(members) or 'nobody'}.",
            )
        return Part(into, members[into])
    outer = [
        Part(name, keys)
        for name, keys in members.items()
        if not any(_inside(keys, other) for other in members.values())
    ]
    if not outer:
        raise ConfigError(
            f"nobody was merged into customer {customer_id}.",
            hint="To take records out of it, name them with --records.",
        )
    if len(outer) > 1:
        raise WhichPart(customer_id, [Part(name, keys) for name, keys in members.items()])
    return outer[0]


def _inside(keys: Collection[str], other: Collection[str]) -> bool:
    """Tell whether an id's records were part of another retired id's: it was merged before."""
    return set(keys) < set(other)
