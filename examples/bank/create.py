"""Make a bank: draw its people chunk by chunk, let every system write them down, keep the truth."""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np

from examples.bank import days, state, truth
from examples.bank.desk import Desk, Luck, sit_down
from examples.bank.people import Chunk
from examples.bank.rates import RATES
from examples.bank.systems import SYSTEMS, Place
from examples.bank.template import copy_project
from examples.bank.world import CHUNK, World, draw_world
from models.errors import ConfigError

SMALLEST, BIGGEST = 100, 12_000_000
_MARK = "bank.json"
_UNFINISHED = ".unfinished"
_FORM = 3  # counted up when a bank on disk can no longer be read
# From so many people on, a second process writes these systems: half of the work.
_WORTH_TWO = 50_000
_OTHER_HALF = ("core", "loan")


@dataclass(frozen=True)
class Bank:
    """What was asked for, and which chunks there are: stands in ``truth/bank.json``.

    ``companies`` counts all organisations so far, so that the next chunk can go on. ``form`` is
    the version of what stands on disk.
    """

    people: int
    seed: int
    errors: float
    today: str
    companies: int
    chunks: list[int] = field(default_factory=list)
    form: int = 0

    @property
    def luck(self) -> Luck:
        """The seed and error factor all draws depend on."""
        return Luck(self.seed, self.errors)

    @property
    def day(self) -> date:
        """The bank's today."""
        return date.fromisoformat(self.today)

    @property
    def size(self) -> int:
        """All people drawn so far."""
        return sum(self.chunks)


def read_bank(root: Path) -> Bank:
    """Return the bank in a folder; raises ConfigError when there is none, or one of old form."""
    try:
        content = json.loads((root / "truth" / _MARK).read_text("utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            f"There is no example bank in {root}.", hint=f"Make one: golden-bank create {root}"
        ) from None
    if content.get("form") != _FORM:
        raise ConfigError(
            f"The bank in {root} was made by another version of this program.",
            hint="Delete the folder and make the bank anew.",
        )
    return Bank(**content)


def write_bank(root: Path, bank: Bank) -> None:
    """Write the bank's own file, and the clock that everybody may read."""
    clock = {"today": bank.today}
    (root / "systems" / "clock.json").write_text(json.dumps(clock) + "\n", "utf-8")
    temporary = root / "truth" / f"{_MARK}.new"
    temporary.write_text(json.dumps(asdict(bank), indent=1) + "\n", "utf-8")
    temporary.replace(root / "truth" / _MARK)


Progress = Callable[[str, int, int], None]


def _no_progress(what: str, done: int, total: int) -> None:
    """Show nothing."""


def create(place: Place, people: int, luck: Luck, progress: Progress = _no_progress) -> bool:
    """Make the bank; return False when the very same one stands there already.

    Raises ConfigError when the folder holds another bank, or anything that is not a bank's.
    """
    if not SMALLEST <= people <= BIGGEST:
        raise ConfigError(
            f"A bank has between {SMALLEST:,} and {BIGGEST:,} people, not {people:,}."
        )
    if _already_there(place.root, people, luck):
        copy_project(place.root)
        return False
    (place.root / "truth").mkdir(parents=True)
    (place.root / "truth" / _UNFINISHED).touch()
    place.systems.mkdir()
    _fill(place, people, luck, progress)
    copy_project(place.root)
    (place.root / "truth" / _UNFINISHED).unlink()
    return True


def _already_there(root: Path, people: int, luck: Luck) -> bool:
    """True for the same bank; removes what a killed run left; refuses everything else."""
    if (root / "truth" / _UNFINISHED).exists():
        for part in ("systems", "truth"):
            shutil.rmtree(root / part, ignore_errors=True)
        return False
    if not (root / "truth" / _MARK).exists():
        if (root / "systems").exists() or (root / "truth").exists():
            raise ConfigError(
                f"{root} has a folder 'systems' or 'truth' that is not an example bank's.",
                hint="Choose another folder.",
            )
        return False
    bank = read_bank(root)
    if (bank.people, bank.seed, bank.errors) != (people, luck.seed, luck.errors):
        raise ConfigError(
            f"{root} holds another bank ({bank.people:,} people, seed {bank.seed}).",
            hint="Choose another folder, or delete this one first.",
        )
    return True


def _fill(place: Place, people: int, luck: Luck, progress: Progress) -> None:
    """Let another process write half of the systems where that is worth its start."""
    if people < _WORTH_TWO:
        _write(place, people, luck, progress, tuple(RATES), keep=True)
        return
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as other:
        half = other.submit(_write, place, people, luck, _no_progress, _OTHER_HALF, keep=False)
        mine = tuple(name for name in RATES if name not in _OTHER_HALF)
        _write(place, people, luck, progress, mine, keep=True)
        half.result()


def _write(
    place: Place, people: int, luck: Luck, progress: Progress, names: tuple[str, ...], *, keep: bool
) -> None:
    """Draw everybody and write the systems in ``names``; ``keep`` also writes truth and state."""
    chosen = [system for system in SYSTEMS if system.name in names]
    sinks = {system.name: system.open_sink(place, days.START, True) for system in chosen}
    book = Book(place.root, people, luck) if keep else None
    for world in draw_chunks(luck, people):
        at_work = SYSTEMS if keep else chosen
        desks = {system.name: sit_down(system.name, world, luck) for system in at_work}
        for system in chosen:
            sinks[system.name].append(system.write(desks[system.name]))
            progress(system.name, world.chunk.first, people)
        if book:
            book.add(world, desks)
    for sink in sinks.values():
        sink.finish()
    if book:
        book.close()


class Book:
    """Everything that is true, written down chunk by chunk."""

    def __init__(self, root: Path, people: int, luck: Luck) -> None:
        self._root = root
        self._writer = truth.TruthWriter(root / "truth")
        self._bank = Bank(people, luck.seed, luck.errors, days.START.isoformat(), 0, form=_FORM)

    def add(self, world: World, desks: dict[str, Desk]) -> None:
        """Write down one chunk."""
        truth.add_chunk(self._writer, world, desks)
        save(state.folder_of(self._root, self._bank.today), world, desks)
        self._bank = replace(
            self._bank,
            companies=self._bank.companies + len(world.companies),
            chunks=[*self._bank.chunks, len(world.people)],
        )

    def close(self) -> None:
        """Complete the tables and say that there is a bank."""
        self._writer.close()
        write_bank(self._root, self._bank)


def draw_chunks(luck: Luck, people: int) -> Iterator[World]:
    """Yield the population in chunks, each from a seed of its own."""
    first_company = 1
    today = days.day_number(days.START)
    for index, start in enumerate(range(0, people, CHUNK)):
        chunk = Chunk(index, start + 1, min(CHUNK, people - start), today, key_of(luck))
        world = draw_world(seed_of(luck, index), chunk, first_company)
        first_company += len(world.companies)
        yield world


def save(folder: Path, world: World, desks: dict[str, Desk]) -> None:
    """Keep a chunk and every system's records of it."""
    state.save_world(folder, world)
    records = {name: (d.people.records, d.companies.records) for name, d in desks.items()}
    state.save_records(folder, world.chunk.number, records)


def seed_of(luck: Luck, index: int) -> np.random.SeedSequence:
    """Return the seed of one chunk: the child that ``SeedSequence.spawn`` would give it."""
    return np.random.SeedSequence(luck.seed, spawn_key=(index,))


def key_of(luck: Luck) -> int:
    """Return the shift of all unique numbers."""
    return int(np.random.SeedSequence(luck.seed).generate_state(1)[0])
