"""Let days pass: the world changes, the systems learn of some of it, the truth follows.

A record that is touched is written again as of that day, with the mistakes it always had; in
files it comes as a new drop, in databases and stores with a new business time. Records leave as
each system lets them: flagged, marked, by a last event, or simply gone.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from examples.bank import days, state, truth
from examples.bank.create import Bank, key_of, read_bank, save, seed_of, write_bank
from examples.bank.desk import Luck, sit_down
from examples.bank.dice import Dice
from examples.bank.frame import Frame, Mask, Rows
from examples.bank.happenings import DELETED, FEWEST_NEWCOMERS, JOINED, NEWCOMERS, Day, live_on
from examples.bank.people import Chunk, adults
from examples.bank.records import SHARES, at_work, draw_records
from examples.bank.sinks import Sink
from examples.bank.systems import SYSTEMS, Place, System
from examples.bank.text import Text, same
from examples.bank.world import World, draw_world

_LEARNS = 0.6  # chance that a system hears of a change the same day
NOBODY = np.zeros(0, np.int64)


def advance(place: Place, count: int, seed: int = 0) -> Iterator[Day]:
    """Let ``count`` days pass, one after the other; yield each when it is over.

    The same bank, days and seed give the same changes. Raises ConfigError without a bank.
    """
    for left in range(count - 1, -1, -1):
        bank = read_bank(place.root)
        today = days.day_number(bank.day) + 1
        day = Day(today, np.random.Generator(np.random.PCG64DXSM([bank.seed, seed, today])))
        bank = replace(_pass(place, bank, day), today=day.date)
        if not left:
            _rewrite_truth(place.root, bank)
        write_bank(place.root, bank)
        _forget_old(place.root, bank)
        yield day


def _pass(place: Place, bank: Bank, day: Day) -> Bank:
    """Write one day's changes into every system, and the world after it."""
    before = state.folder_of(place.root, bank.today)
    after = state.folder_of(place.root, day.date)
    turns: dict[str, list[Turn]] = {system.name: [] for system in SYSTEMS}
    for number in range(len(bank.chunks)):
        world = state.load_world(before, number)
        world = replace(world, chunk=replace(world.chunk, today=day.number))
        touched = live_on(day, world)
        state.save_world(after, world)
        records = state.load_records(before, number)
        for system in SYSTEMS:
            turn = Turn(system, world, bank.luck, day)
            records[system.name] = turn.play(*records[system.name], touched)
            turns[system.name].append(turn)
        state.save_records(after, number, records)
    bank = _newcomers(after, bank, day, turns)
    for system in SYSTEMS:
        sink = system.open_sink(place, days.of_number(day.number), False)
        _hand_over(sink, turns[system.name])
    return bank


class Turn:
    """What one system writes for one day and chunk: ``tables``, and keys that are ``gone``."""

    def __init__(self, system: System, world: World, luck: Luck, day: Day) -> None:
        self.system, self.world, self.luck, self.day = system, world, luck, day
        self.tables: dict[str, list[pa.Table]] = {}
        self.gone: dict[str, list[str]] = {}
        self._dice = Dice(luck.seed, system.name, day.date)

    def play(self, people: Frame, companies: Frame, touched: Mask) -> tuple[Frame, Frame]:
        """Update, remove and add records; return all that there are afterwards."""
        leaving = self._leaving(people)
        leaving_companies = self._leaving(companies)
        learns = touched[people["row"]] & self._dice.hit("learn", people["who"], _LEARNS) & ~leaving
        now = self._today(people)
        people["updated"] = np.where(learns, now, people["updated"])
        joined = self._joined(people)
        everybody = Frame.stack([people, joined])
        changed = np.concatenate([learns, np.ones(len(joined), np.bool_)])
        self._farewell(people.take(leaving), companies.take(leaving_companies), everybody)
        self.write(everybody.take(changed), companies.take(NOBODY), everybody)
        self.day.count("records written again", int(learns.sum()))
        self.day.count("records of old customers in a new system", len(joined))
        self.day.count("records that left", int(leaving.sum() + leaving_companies.sum()))
        stay = np.concatenate([~leaving, np.ones(len(joined), np.bool_)])
        return everybody.take(stay), companies.take(~leaving_companies)

    def write(self, people: Frame, companies: Frame, roster: Frame) -> None:
        """Let the clerks write these records down."""
        desk = sit_down(self.system.name, self.world, self.luck, people, companies, roster)
        for name, rows in self.system.write(desk).items():
            self.tables.setdefault(name, []).append(rows)

    def _leaving(self, records: Frame) -> Mask:
        rate = DELETED if self.system.forgets else 0.0
        return self._dice.hit("leave", records["who"], rate)

    def _today(self, records: Frame) -> Rows:
        who = records["who"]
        return at_work(self._dice, who, np.full(len(who), self.day.number - 1))

    def _joined(self, people: Frame) -> Frame:
        """Return first records of people who are customers elsewhere, as of yesterday."""
        parties = self.world.people
        free = np.ones(len(parties), np.bool_)
        free[people["row"]] = False
        if not SHARES[self.system.name].minors:
            free &= adults(parties, self.day.number)
        entity = parties["entity"]
        row = np.flatnonzero(free & self._dice.hit("join", entity, JOINED))
        return self.fresh(Frame(row=row, who=entity[row] * 2))

    def fresh(self, records: Frame) -> Frame:
        """Return records opened and written yesterday."""
        opened = np.full(len(records), self.day.number - 1)
        return Frame(
            row=records["row"], who=records["who"], opened=opened, updated=self._today(records)
        )

    def _farewell(self, people: Frame, companies: Frame, roster: Frame) -> None:
        """Mark who leaves, or name the keys to take away; accounts always go."""
        desk = sit_down(self.system.name, self.world, self.luck, people, companies, roster)
        for side in (desk.people.records, desk.companies.records):
            side["updated"] = self._today(side)
        for name, rows in self.system.write(desk).items():
            mark = self.system.left
            if mark and mark[0] in rows.column_names:
                self.tables.setdefault(name, []).append(_marked(rows, *mark))
            else:
                self.gone.setdefault(name, []).extend(map(str, rows.column(0).to_pylist()))


def _marked(rows: pa.Table, column: str, value: str) -> pa.Table:
    position = rows.column_names.index(column)
    marks: Text = same(value, len(rows))
    return rows.set_column(position, column, marks)


def _newcomers(after: Path, bank: Bank, day: Day, turns: dict[str, list[Turn]]) -> Bank:
    """Add a chunk of new people, who became customers yesterday."""
    size = max(FEWEST_NEWCOMERS, round(bank.size * NEWCOMERS))
    number = len(bank.chunks)
    chunk = Chunk(number, bank.size + 1, size, day.number, key_of(bank.luck))
    world = draw_world(seed_of(bank.luck, number), chunk, bank.companies + 1)
    desks = {}
    for system in SYSTEMS:
        turn = Turn(system, world, bank.luck, day)
        name = system.name
        sides = []
        for kind, parties in (("person", world.people), ("company", world.companies)):
            dice = Dice(bank.seed, name, kind)
            drawn = draw_records(dice, name, parties, day.number, people=kind == "person")
            sides.append(turn.fresh(drawn))
        turn.write(sides[0], sides[1], sides[0])
        turns[name].append(turn)
        desks[name] = sit_down(name, world, bank.luck, *sides)
    save(after, world, desks)
    day.count("new people", len(world.people))
    return replace(
        bank, companies=bank.companies + len(world.companies), chunks=[*bank.chunks, size]
    )


def _hand_over(sink: Sink, turns: list[Turn]) -> None:
    """Give one system everything that changed in all chunks at once: files come one a day."""
    names = dict.fromkeys(name for turn in turns for name in turn.tables)
    tables = {
        name: pa.concat_tables([rows for turn in turns for rows in turn.tables.get(name, [])])
        for name in names
    }
    gone = {
        name: [key for turn in turns for key in turn.gone.get(name, [])]
        for name in dict.fromkeys(name for turn in turns for name in turn.gone)
    }
    sink.change(tables, gone)
    sink.finish()


def _rewrite_truth(root: Path, bank: Bank) -> None:
    """Write all truth tables anew from the world as it is."""
    folder = state.folder_of(root, bank.today)
    writer = truth.TruthWriter(root / "truth")
    for number in range(len(bank.chunks)):
        world = state.load_world(folder, number)
        records = state.load_records(folder, number)
        desks = {name: sit_down(name, world, bank.luck, *sides) for name, sides in records.items()}
        truth.add_chunk(writer, world, desks)
    writer.close()


def _forget_old(root: Path, bank: Bank) -> None:
    for folder in (root / "truth" / "state").iterdir():
        if folder.name != bank.today:
            shutil.rmtree(folder)
