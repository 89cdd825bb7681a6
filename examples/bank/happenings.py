"""What happens to people in a day: they move, marry, change phones, renew documents, come, go."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from examples.bank import days
from examples.bank.frame import Array, Frame, Mask, Rows
from examples.bank.people import HAN, adults, given_characters
from examples.bank.places import draw_addresses
from examples.bank.world import World

# Share of people per day; at least one person each in the bank's first chunk.
RATES = {
    "new phones": 0.0006,
    "moves": 0.0008,
    "new names": 0.0001,
    "renewed documents": 0.0004,
    "visits": 0.002,
}
DELETED = 0.0003  # share of a system's records that leave in a day
JOINED = 0.0005  # share of people who become customers of one more system
NEWCOMERS = 0.0005  # share of new people
FEWEST_NEWCOMERS = 60  # a chunk needs families


@dataclass
class Day:
    """One day that passed: its number, random source, and what happened, counted by kind."""

    number: int
    random: np.random.Generator
    happened: dict[str, int] = field(default_factory=dict)

    @property
    def date(self) -> str:
        """The bank's today when the day is over."""
        return days.of_number(self.number).isoformat()

    def count(self, what: str, number: int) -> None:
        """Add to what happened."""
        self.happened[what] = self.happened.get(what, 0) + number


def live_on(day: Day, world: World) -> Mask:
    """Let a day happen to the people of a chunk; return whose records must be looked at.

    Yesterday (``day.number - 1``) is when everything happens, so that today's extract sees it.
    """
    touched = np.zeros(len(world.people), np.bool_)
    for what, change in (
        ("new phones", _new_phone),
        ("moves", _move),
        ("new names", _rename),
        ("renewed documents", _renew),
        ("visits", _visit),
    ):
        rows = _chosen(day, world, RATES[what])
        rows = change(day, world, rows)
        touched[rows] = True
        day.count(what, len(rows))
    return touched


def _chosen(day: Day, world: World, rate: float) -> Rows:
    grown = np.flatnonzero(adults(world.people, day.number))
    fewest = 1 if world.chunk.number == 0 else 0
    size = min(len(grown), max(fewest, int(day.random.poisson(rate * len(grown)))))
    return np.sort(day.random.choice(grown, size, replace=False))


def _new_phone(day: Day, world: World, rows: Rows) -> Rows:
    """A new number for a new serial: three for each person and life, then every day another."""
    people = world.people
    people["old_phone"][rows] = people["phone"][rows]
    tail = day.random.integers(0, 10**8, len(rows))
    people["phone"][rows] = 17400000000 + tail
    people["phone_since"][rows] = day.number - 1
    return rows


def _move(day: Day, world: World, rows: Rows) -> Rows:
    """The household's member moves alone; the others may follow another day."""
    people = world.people
    people["old_address"][rows] = people["address"][rows]
    people["address"][rows] = draw_addresses(day.random, len(rows))
    people["moved"][rows] = day.number - 1
    return rows


def _rename(day: Day, world: World, rows: Rows) -> Rows:
    """A few take their spouse's surname in front of their own given name, the rest a new one."""
    people = world.people
    rows = rows[(people["origin"][rows] == HAN) & (people["renamed"][rows] == days.NEVER)]
    for column in ("family", "given1", "given2"):
        people[f"old_{column}"][rows] = people[column][rows]
    spouse = people["spouse"][rows]
    married = rows[spouse >= 0]
    people["family"][married] = people["family"][people["spouse"][married]]
    single = rows[spouse < 0]
    people["given1"][single] = _new_given(day, people, single)
    people["renamed"][rows] = day.number - 1
    return rows


def _new_given(day: Day, people: Frame, rows: Rows) -> Array:
    from examples.bank.lexicon import lexicon

    return given_characters(day.random, people.take(rows), lexicon())


def _renew(day: Day, world: World, rows: Rows) -> Rows:
    """The card runs another twenty years; the number stays."""
    rows = rows[world.people["expires"][rows] != days.LONG_TERM]
    world.people["expires"][rows] = day.number + 7305
    return rows


def _visit(day: Day, world: World, rows: Rows) -> Rows:
    """Nothing changes, but the clerks look at what they have."""
    return rows
