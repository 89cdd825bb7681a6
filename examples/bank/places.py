"""Real districts, invented streets: where people live, and the many ways clerks write it.

An address is one row of whole numbers: district, road, number, estate, building, unit, room.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from examples.bank.frame import Array
from examples.bank.text import Text, choose, join, number, words
from examples.bank.words import read_table, word_lists

DISTRICT, ROAD, NUMBER, ESTATE, BUILDING, UNIT, ROOM = range(7)


@dataclass(frozen=True)
class Places:
    """All county-level divisions, in the order of their codes.

    ``city`` is the province itself for municipalities. ``homes`` are the districts of the cities
    where the bank has branches, ``home_weights`` how many of its customers live there.
    """

    code: npt.NDArray[np.int64]
    province: tuple[str, ...]
    city: tuple[str, ...]
    district: tuple[str, ...]
    former: tuple[str, ...]
    area_code: npt.NDArray[np.int64]
    postcode: npt.NDArray[np.int64]
    homes: npt.NDArray[np.int64]
    home_weights: npt.NDArray[np.float64]
    roads: tuple[str, ...]
    estates: tuple[str, ...]


@cache
def places() -> Places:
    """Read ``data/districts.tsv`` and ``data/cities.tsv`` once."""
    rows = read_table("districts")
    branches = {row[0]: row for row in read_table("cities")}
    city = tuple(row[2] or row[1] for row in rows)
    counts = {name: city.count(name) for name in branches}
    homes = np.array([i for i, name in enumerate(city) if name in branches])
    lists = word_lists()
    return Places(
        code=np.array([int(row[0]) for row in rows]),
        province=tuple(row[1] for row in rows),
        city=city,
        district=tuple(row[3] for row in rows),
        former=tuple(row[4] for row in rows),
        area_code=np.array([int(branches[c][1]) if c in branches else 0 for c in city]),
        postcode=np.array([int(branches[c][2]) if c in branches else 0 for c in city]),
        homes=homes,
        home_weights=np.array([float(branches[city[i]][3]) / counts[city[i]] for i in homes]),
        roads=tuple(
            r + kind for r in lists["roads"] for kind in dict.fromkeys(lists["road_kinds"])
        ),
        estates=tuple(lists["estates"]),
    )


def draw_addresses(random: np.random.Generator, size: int) -> npt.NDArray[np.int32]:
    """Return ``size`` addresses in the bank's home cities, shape (size, 7)."""
    known = places()
    chance = known.home_weights / known.home_weights.sum()
    rows = np.empty((size, 7), np.int32)
    rows[:, DISTRICT] = random.choice(known.homes, size, p=chance)
    rows[:, ROAD] = (len(known.roads) * random.random(size) ** 1.5).astype(np.int32)
    rows[:, NUMBER] = random.integers(1, 400, size)
    rows[:, ESTATE] = random.integers(-len(known.estates), len(known.estates), size)
    rows[:, BUILDING] = random.integers(1, 31, size)
    rows[:, UNIT] = random.integers(1, 5, size)
    rows[:, ROOM] = random.integers(1, 33, size) * 100 + random.integers(1, 5, size)
    return rows


def draw_birthplaces(random: np.random.Generator, home: Array) -> npt.NDArray[np.int32]:
    """Return the district each person was registered in at birth: mostly where they live."""
    anywhere = random.integers(0, len(places().code), len(home))
    return np.where(random.random(len(home)) < 0.55, home, anywhere).astype(np.int32)


def street(address: Array, short: Array | None = None) -> Text:
    """Return road, number, estate, building, unit and room; ``short`` as people jot it down."""
    known = places()
    brief = np.zeros(len(address), bool) if short is None else short
    estate = words(known.estates, address[:, ESTATE])
    return join(
        words(known.roads, address[:, ROAD]),
        number(address[:, NUMBER]),
        "号",
        estate,
        number(address[:, BUILDING]),
        choose(brief, "栋", "号楼"),
        choose(brief, "-", join(number(address[:, UNIT]), "单元")),
        number(address[:, ROOM]),
        choose(brief, "", "室"),
    )


def region(address: Array, part: str) -> Text:
    """Return the ``province``, ``city``, ``district`` or ``former`` name of each address."""
    return words(getattr(places(), part), address[:, DISTRICT])


def postcode(address: Array) -> Text:
    """Return six digits: the city's first four, two of the road."""
    codes = places().postcode[address[:, DISTRICT]] * 100 + address[:, ROAD] % 90
    return number(codes, 6)
