"""What the clerks of one system have before them: its records of one chunk, as they know them."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

from examples.bank import numbers
from examples.bank.clerk import Clerk
from examples.bank.dice import Dice
from examples.bank.frame import Array, Frame
from examples.bank.rates import RATES
from examples.bank.records import draw_records, known_companies, known_people
from examples.bank.spoil import spoil_companies, spoil_people
from examples.bank.text import Text, join, number
from examples.bank.world import World


@dataclass(frozen=True, slots=True)
class Luck:
    """What all draws of a bank depend on: its seed, and how many mistakes its clerks make."""

    seed: int
    errors: float = 1.0


@dataclass(frozen=True)
class Side:
    """Persons, or organisations, of one system.

    ``records``: row, who, updated, opened; ``then``: the parties as known and spoiled, row by
    row; ``clerk`` keeps the mistakes that were made.
    """

    records: Frame
    then: Frame
    clerk: Clerk


@dataclass(frozen=True)
class Desk:
    """One system's records of one chunk.

    ``roster``: the records of all persons in the system, where ``people`` only has some of them.
    ``new``: the bank is being made, and the past is written down too.
    """

    system: str
    world: World
    luck: Luck
    people: Side
    companies: Side
    roster: Frame
    new: bool


def sit_down(
    system: str,
    world: World,
    luck: Luck,
    people: Frame | None = None,
    companies: Frame | None = None,
    roster: Frame | None = None,
) -> Desk:
    """Return a system's records; those of ``people`` and ``companies`` where they are given."""
    new = people is None
    today = world.chunk.today
    rates = RATES[system].times(luck.errors)
    dice = Dice(luck.seed, system, "person")
    if people is None:
        people = draw_records(dice, system, world.people, today, people=True)
    person = Side(people, known_people(world.people, people), Clerk(dice, rates, people["who"]))
    spoil_people(person.then, world.people, person.clerk, by_ear=system == "callcentre")
    dice = Dice(luck.seed, system, "company")
    if companies is None:
        companies = draw_records(dice, system, world.companies, today, people=False)
    known = known_companies(world.companies, companies)
    company = Side(companies, known, Clerk(dice, rates, companies["who"]))
    spoil_companies(company.then, company.clerk)
    return Desk(system, world, luck, person, company, people if roster is None else roster, new)


def keys(who: Array, organisation: bool, prefix: str = "", width: int = 9) -> Text:
    """Return the customer numbers of a system: prefix and digits that tell nothing of others'."""
    shift = int.from_bytes(blake2b(prefix.encode(), digest_size=4).digest(), "little")
    serial = numbers.scatter(who * 2 + organisation, 10**width, shift)
    return join(prefix, number(serial, width))
