"""What stewards decided of pairs of records, as the matching step keeps it.

Links are taken in the order they were made; one that would bring two values of an exclusive fact
(two valid lifelong numbers), or two records a split keeps apart, into one group is refused as a
whole. Splits always stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Levels, Mask, arrow
from matching.constraints import exclusives
from matching.linkage.constraints import Constraints, Prohibitions
from matching.rules import MATCH, REVIEW, VETO
from matching.values import Frame
from models.tables import table
from warehouse.store import Connection, insert

# What a decision makes of a pair: the decisions of matching.rules.
LINKED, REFUSED, SPLIT = MATCH, REVIEW, VETO
STEWARD_RULES: Mapping[int, str] = {
    LINKED: "steward_link",
    REFUSED: "steward_link_refused",
    SPLIT: "steward_split",
}
# Two records, the smaller first; the verdict on them, and the place of its decision.
Pair = tuple[int, int]
Said = tuple[int, int]
_NEVER = (
    "one customer would have two valid lifelong numbers, or else what never stands together",
    "同一客户会出现两个有效终身号码，或其他不得并存的信息",
)
_IN_FORCE = """
    SELECT d.decision_id, any_value(d.kind), any_value(d.author),
        list(DISTINCT m.rec ORDER BY m.rec) FILTER (d.side = 'left'),
        list(DISTINCT m.rec ORDER BY m.rec) FILTER (d.side = 'right')
    FROM matched.decision d JOIN match_record m USING (record_key)
    WHERE d.kind IN ('link', 'split') AND d.status IN ('in_force', 'evidence_changed')
    GROUP BY d.decision_id ORDER BY d.decision_id"""


@dataclass(frozen=True, slots=True)
class Steered:
    """One decision, by record numbers."""

    decision_id: int
    kind: str
    author: str
    left: tuple[int, ...]
    right: tuple[int, ...]

    @property
    def named(self) -> Iterator[Pair]:
        """The couples it names, the smaller record first."""
        return _couples(self.left, self.right)


@dataclass(frozen=True, slots=True)
class Settled:
    """What decisions say of ``len(together)`` records.

    ``together[record]`` numbers the group of linked records it is of, -1 for none. Pairs stand
    by left, then right record: ``verdict`` is ``LINKED``, ``REFUSED`` or ``SPLIT``, ``by`` the
    place of its decision in ``decisions``; ``named`` tells those a decision names, and not only
    what follows from several.
    """

    together: Codes
    left: Codes
    right: Codes
    verdict: Levels
    by: Codes
    named: Mask
    decisions: tuple[Steered, ...]

    @classmethod
    def nothing(cls, size: int) -> Settled:
        """Return that nothing was decided of ``size`` records."""
        return _settled(np.full(size, -1, dtype=np.int32), {}, (), ())

    def __len__(self) -> int:
        return len(self.left)

    def among(self, records: Codes) -> Settled:
        """Return what is said of only those records (ascending), numbered by their places."""
        inside = self.where(np.isin(self.left, records) & np.isin(self.right, records))
        return replace(
            inside,
            together=self.together[records],
            left=np.searchsorted(records, inside.left).astype(np.int32),
            right=np.searchsorted(records, inside.right).astype(np.int32),
        )

    def where(self, wanted: Mask) -> Settled:
        """Return only the wanted pairs."""
        return Settled(
            self.together,
            self.left[wanted],
            self.right[wanted],
            self.verdict[wanted],
            self.by[wanted],
            self.named[wanted],
            self.decisions,
        )

    def musts(self) -> tuple[Codes, Codes]:
        """Return pairs that hold every group together: its first record with each other one."""
        members = np.flatnonzero(self.together >= 0).astype(np.int32)
        _, first, group = np.unique(self.together[members], return_index=True, return_inverse=True)
        heads = members[first[group]]
        other = heads != members
        return heads[other], members[other]

    def because(self, by: int, verdict: int) -> str:
        """Say in both languages who decided, by which decision."""
        decision = self.decisions[by]
        en = f"decided by {decision.author} (decision {decision.decision_id})"
        zh = f"由{decision.author}决定（决定 {decision.decision_id}）"
        if verdict == REFUSED:
            return f"{_NEVER[0]}; a link was {en} · {_NEVER[1]}；关联{zh}"
        return f"{en} · {zh}"


def read_decisions(connection: Connection, frame: Frame) -> Settled:
    """Return what ``matched.decision`` says of the records of ``match_record``.

    Nothing where there is no such table, or no decision in force.
    """
    definition = table("matched", "decision")
    found = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = ? AND table_name = ?",
        [definition.layer, definition.name],
    ).fetchone()
    rows = connection.execute(_IN_FORCE).fetchall() if found else []
    decisions = tuple(
        Steered(number, kind, author, tuple(left or ()), tuple(right or ()))
        for number, kind, author, left, right in rows
    )
    return settle(decisions, frame) if decisions else Settled.nothing(len(frame))


def write_impossible(
    connection: Connection, frame: Frame, settled: Settled
) -> Counter[tuple[str, str]]:
    """Write the refused links of a person and an organisation; count them by decision and rule.

    The two kinds are matched one after the other, and no other pair stands between them.
    """
    between = frame.party[settled.left] != frame.party[settled.right]
    asked = settled.where(between & (settled.verdict == REFUSED))
    rule = STEWARD_RULES[REFUSED]
    rows = pa.table(
        {
            "left_key": frame.keys.take(arrow(asked.left)),
            "right_key": frame.keys.take(arrow(asked.right)),
            "rule": pa.array([rule] * len(asked), pa.string()),
            "because": pa.array([asked.because(by, REFUSED) for by in asked.by], pa.string()),
            "decision": pa.array(["review"] * len(asked), pa.string()),
            "levels": pa.array(['{"party":"differ"}'] * len(asked), pa.string()),
        }
    )
    insert(connection, table("matched", "pair"), rows)
    insert(connection, table("matched", "review"), rows.drop_columns(["decision", "levels"]))
    return Counter({("review", rule): len(asked)} if len(asked) else {})


def settle(decisions: tuple[Steered, ...], frame: Frame) -> Settled:
    """Return what decisions, the oldest first, come to among the records of ``frame``."""
    records = sorted({record for item in decisions for record in (*item.left, *item.right)})
    splits = [item for item in decisions if item.kind == "split"]
    groups = _Groups(records, frame.only(np.array(records, dtype=np.int32)), splits)
    refused: dict[Pair, Said] = {}
    said: dict[Pair, Said] = {}
    for by, item in enumerate(decisions):
        if item.kind == "link":
            joined = groups.join((*item.left, *item.right))
            if joined is None:
                refused = {**dict.fromkeys(item.named, (REFUSED, by)), **refused}
            else:
                said.update(dict.fromkeys(joined, (LINKED, by)))
    for by, item in enumerate(decisions):
        if item.kind == "split":
            sides = groups.members(item.left), groups.members(item.right)
            said = {**dict.fromkeys(_couples(*sides), (SPLIT, by)), **said}
    together = np.full(len(frame), -1, dtype=np.int32)
    for record, group in groups.of.items():
        if len(group) > 1:
            together[record] = group[0]
    named = {pair for item in decisions for pair in item.named}
    return _settled(together, {**refused, **said}, named, decisions)


class _Groups:
    """Records that stand together; ``of[record]`` is its group, ascending."""

    def __init__(self, records: list[int], frame: Frame, splits: Iterable[Steered]) -> None:
        self.of: dict[int, list[int]] = {record: [record] for record in records}
        self._place = {record: at for at, record in enumerate(records)}
        self._facts = Prohibitions(Constraints(facts=exclusives(frame)))
        self._apart = {pair for item in splits for pair in item.named}

    def members(self, records: Iterable[int]) -> list[int]:
        """Return all records of the groups of ``records``."""
        return sorted({member for record in records for member in self.of[record]})

    def join(self, records: Iterable[int]) -> list[Pair] | None:
        """Make one group of those of ``records``: its new pairs; None where that may not be."""
        members = self.members(records)
        pairs = list(combinations(members, 2))
        if not self._apart.isdisjoint(pairs) or self._barred(pairs):
            return None
        new = [(one, other) for one, other in pairs if self.of[one] is not self.of[other]]
        for member in members:
            self.of[member] = members
        return new

    def _barred(self, pairs: list[Pair]) -> bool:
        left, right = (
            np.array([self._place[pair[side]] for pair in pairs], dtype=np.int32) for side in (0, 1)
        )
        return bool(self._facts.between(left, right).any())


def _couples(left: Iterable[int], right: Iterable[int]) -> Iterator[Pair]:
    """Yield every couple of two sides, the smaller record first."""
    return ((min(a, b), max(a, b)) for a, b in product(left, right) if a != b)


def _settled(
    together: Codes,
    said: Mapping[Pair, Said],
    named: Collection[Pair],
    decisions: tuple[Steered, ...],
) -> Settled:
    rows = np.array(
        [(*pair, *said[pair], pair in named) for pair in sorted(said)], dtype=np.int64
    ).reshape(-1, 5)
    return Settled(
        together,
        rows[:, 0].astype(np.int32),
        rows[:, 1].astype(np.int32),
        rows[:, 2].astype(np.uint8),
        rows[:, 3].astype(np.int32),
        rows[:, 4].astype(bool),
        decisions,
    )
