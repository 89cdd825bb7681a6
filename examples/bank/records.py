"""Who has how many records in which system, when each was last touched, what was known then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examples.bank import days
from examples.bank.dice import Dice
from examples.bank.frame import Array, Frame, Mask
from examples.bank.people import adults


@dataclass(frozen=True, slots=True)
class Share:
    """Part of all people and of all companies in a system, and of records entered twice."""

    people: float
    again: float
    companies: float = 0.0
    minors: bool = True


SHARES = {
    "core": Share(0.95, 0.03, companies=0.97),
    "loan": Share(0.30, 0.02, companies=0.35, minors=False),
    "card": Share(0.35, 0.02, minors=False),
    "mobile": Share(0.55, 0.01),
    "wealth": Share(0.25, 0.02, companies=0.20),
    "crm": Share(0.40, 0.08, companies=0.45),
    "callcentre": Share(0.15, 0.10, minors=False),
    "marketing": Share(0.10, 0.05, minors=False),
}
_STALE_DAYS = 400  # mean age of a record's last update
_ADULT_SHARE = 0.94


def draw_records(dice: Dice, system: str, parties: Frame, today: int, *, people: bool) -> Frame:
    """Return one row per record that ``parties`` have in ``system``.

    ``row`` is the party's row, ``who`` names the record for good, ``updated`` is in seconds,
    ``opened`` in days.
    """
    share = SHARES[system]
    chance = share.people if people else share.companies
    entity = parties["entity"]
    if people and not share.minors:
        member = dice.hit("member", entity, chance / _ADULT_SHARE) & adults(parties, today)
    else:
        member = dice.hit("member", entity, chance)
    twice = member & dice.hit("again", entity, share.again)
    row = np.concatenate([np.flatnonzero(member), np.flatnonzero(twice)])
    copy = np.repeat([0, 1], [member.sum(), twice.sum()])
    order = np.lexsort([copy, row])
    row, copy = row[order], copy[order]
    return _dated(dice, parties, Frame(row=row, who=entity[row] * 2 + copy), today, people=people)


def _dated(dice: Dice, parties: Frame, records: Frame, today: int, *, people: bool) -> Frame:
    who = records["who"]
    born = parties["born" if people else "registered"][records["row"]]
    updated = today - 1 - dice.days("stale", who, _STALE_DAYS)
    updated = np.maximum(np.maximum(updated, born + 5), days.day_number(days.START) - 7300)
    updated = np.minimum(updated, today - 1)
    opened = np.maximum(updated - dice.days("open", who, 1500), born + 3)
    records["opened"] = np.minimum(opened, updated)
    records["updated"] = at_work(dice, who, updated)
    return records


def at_work(dice: Dice, who: Array, day: Array) -> Array:
    """Return a second between eight and eight on each day."""
    return day * days.DAY + 8 * 3600 + dice.below("second", who + day, 12 * 3600)


def known_people(people: Frame, records: Frame) -> Frame:
    """Return the person behind each record as known on the day of its last update."""
    then = people.take(records["row"])
    day = records["updated"] // days.DAY
    _replace(then, day < then["phone_since"], phone="old_phone")
    _replace(then, day < then["moved"], address="old_address")
    _replace(then, day < then["reissued"], id="old_id")
    _replace(
        then, day < then["renamed"], family="old_family", given1="old_given1", given2="old_given2"
    )
    return then


def known_companies(companies: Frame, records: Frame) -> Frame:
    """Return the company behind each record as known on the day of its last update."""
    then = companies.take(records["row"])
    day = records["updated"] // days.DAY
    _replace(then, day < then["phone_since"], phone="old_phone")
    _replace(then, day < then["moved"], address="old_address")
    then["former_name"] = day < then["renamed"]
    return then


def _replace(frame: Frame, where: Mask, **columns: str) -> None:
    for column, other in columns.items():
        mask = where[:, None] if frame[column].ndim == 2 else where
        frame[column] = np.where(mask, frame[other], frame[column])
