"""Which decisions cannot stand beside older ones, and through which chain they contradict them.

Decisions are taken up in the order of their numbers. Links join records to groups; a group may
hold no two sides of a split, no two different valid lifelong numbers, and no person with an
organisation. The decision that would break this is refused; those before it stand.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal

from models.decision import Kind

Reason = Literal["split", "link", "same_record", "lifelong", "party", "pin"]
Numbers = Mapping[str, frozenset[str]]
_SIDES = 3  # both bits: left 1, right 2


@dataclass(frozen=True, slots=True)
class Effective:
    """A decision with the records it comes to today."""

    number: int
    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...]
    attribute: str | None = None
    value: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record brings into its group: its kind, and valid lifelong numbers by class."""

    party: str
    numbers: Numbers = field(default_factory=dict, repr=False)


_Differ = Callable[[Facts, Facts], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """``left`` and ``right`` are one customer by decision ``number``."""

    left: str
    right: str
    number: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why decision ``number`` cannot stand.

    ``chain`` leads from one record to another over links; ``against`` is the split or the pin
    that says otherwise about its two ends. The chain may hold the refused decision itself.
    """

    number: int
    reason: Reason
    chain: tuple[Step, ...] = ()
    against: int | None = None

    @property
    def others(self) -> tuple[int, ...]:
        """The numbers of the decisions that it contradicts together, but its own."""
        numbers = {step.number for step in self.chain}
        if self.against is not None:
            numbers.add(self.against)
        return tuple(sorted(numbers - {self.number}))


def find_refusals(decisions: Sequence[Effective], facts: Mapping[str, Facts]) -> dict[int, Refusal]:
    """Return the refused decisions by number; the order of ``decisions`` does not matter."""
    groups = _Groups(facts)
    found = [
        groups.link(item) if item.kind == "link" else groups.split(item)
        for item in sorted(decisions, key=lambda item: item.number)
        if item.kind != "pin"
    ]
    pins = sorted((item for item in decisions if item.kind == "pin"), key=lambda p: p.number)
    found.extend(groups.pin(item) for item in pins)
    return {refusal.number: refusal for refusal in found if refusal}


@dataclass
class _Group:
    """Records that links hold together. ``sides``: split → bits of the sides that are in it."""

    members: set[str]
    sides: dict[int, int]
    numbers: dict[str, frozenset[str]]
    parties: set[str]


class _Groups:
    """The groups that the links taken up so far make."""

    def __init__(self, facts: Mapping[str, Facts]) -> None:
        self._facts = facts
        self._group: dict[str, _Group] = {}
        self._links: list[Effective] = []
        self._splits: dict[int, Effective] = {}
        self._pins: list[Effective] = []

    def of(self, record: str) -> _Group:
        """Return the group of a record; alone in one of its own at first."""
        if record not in self._group:
            facts = self._facts.get(record)
            self._group[record] = _Group(
                members={record},
                sides={},
                numbers=dict(facts.numbers) if facts else {},
                parties={facts.party} if facts else set(),
            )
        return self._group[record]

    def link(self, link: Effective) -> Refusal | None:
        """Join the groups of all records of ``link``, unless that contradicts."""
        groups = list({id(g): g for g in map(self.of, sorted(link.left + link.right))}.values())
        joined = _joined(groups)
        refusal = self._contradiction(link, joined)
        if refusal is None:
            self._links.append(link)
            for record in joined.members:
                self._group[record] = joined
        return refusal

    def _contradiction(self, link: Effective, joined: _Group) -> Refusal | None:
        torn = sorted(number for number, bits in joined.sides.items() if bits == _SIDES)
        if torn:
            split = self._splits[torn[0]]
            left = min(joined.members.intersection(split.left))
            right = min(joined.members.intersection(split.right))
            return Refusal(link.number, "split", self._chain(left, right, link), split.number)
        members = sorted(joined.members)
        known = [(key, self._facts[key]) for key in members if key in self._facts]
        tests: tuple[tuple[Reason, _Differ], ...] = (
            ("party", _other_party),
            ("lifelong", _other_number),
        )
        for reason, differ in tests:
            if not _suspicious(joined, reason):
                continue
            for (one, of_one), (other, of_other) in combinations(known, 2):
                if differ(of_one, of_other):
                    return Refusal(link.number, reason, self._chain(one, other, link))
        return None

    def split(self, split: Effective) -> Refusal | None:
        """Note which groups are the sides of ``split``, unless links hold both together."""
        if set(split.left) & set(split.right):
            return Refusal(split.number, "same_record")
        at_left = {id(self.of(record)): record for record in sorted(split.left, reverse=True)}
        for right in sorted(split.right):
            left = at_left.get(id(self.of(right)))
            if left is not None:
                return Refusal(split.number, "link", self._chain(left, right))
        self._splits[split.number] = split
        for bit, records in ((1, split.left), (2, split.right)):
            for record in records:
                sides = self.of(record).sides
                sides[split.number] = sides.get(split.number, 0) | bit
        return None

    def pin(self, pin: Effective) -> Refusal | None:
        """Note the pin, unless an older one says otherwise about the same group."""
        record = pin.left[0]
        for older in self._pins:
            if (
                older.attribute == pin.attribute
                and older.value != pin.value
                and older.left[0] in self.of(record).members
            ):
                chain = self._chain(older.left[0], record)
                return Refusal(pin.number, "pin", chain, older.number)
        self._pins.append(pin)
        return None

    def _chain(self, start: str, goal: str, last: Effective | None = None) -> tuple[Step, ...]:
        """Return the shortest way over links; of equals, that over the lowest numbers."""
        links = [*self._links, last] if last else self._links
        at: dict[str, list[Effective]] = {}
        for link in sorted(links, key=lambda item: item.number):
            for record in link.left + link.right:
                at.setdefault(record, []).append(link)
        came: dict[str, Step | None] = {start: None}
        queue = deque([start])
        while queue and goal not in came:
            record = queue.popleft()
            for link in at.get(record, ()):
                for reached in sorted({*link.left, *link.right} - came.keys()):
                    came[reached] = Step(record, reached, link.number)
                    queue.append(reached)
        return _walked(came, goal)


def _walked(came: Mapping[str, Step | None], goal: str) -> tuple[Step, ...]:
    steps: list[Step] = []
    step = came.get(goal)
    while step is not None:
        steps.append(step)
        step = came[step.left]
    return tuple(reversed(steps))


def _joined(groups: Sequence[_Group]) -> _Group:
    joined = _Group(set(), {}, {}, set())
    for group in groups:
        joined.members |= group.members
        joined.parties |= group.parties
        for number, bits in group.sides.items():
            joined.sides[number] = joined.sides.get(number, 0) | bits
        for id_class, values in group.numbers.items():
            joined.numbers[id_class] = joined.numbers.get(id_class, frozenset()) | values
    return joined


def _suspicious(joined: _Group, reason: str) -> bool:
    """Tell whether it is worth looking at all pairs of members."""
    if reason == "party":
        return len(joined.parties) > 1
    return any(len(values) > 1 for values in joined.numbers.values())


def _other_party(one: Facts, other: Facts) -> bool:
    return one.party != other.party


def _other_number(one: Facts, other: Facts) -> bool:
    """Tell whether both have a number of a class and neither's are among the other's."""
    return any(
        not (values <= other.numbers[id_class] or other.numbers[id_class] <= values)
        for id_class, values in one.numbers.items()
        if id_class in other.numbers
    )
