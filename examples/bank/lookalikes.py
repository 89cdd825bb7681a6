"""Force the pairs that a careless matcher joins.

Every pair is noted by kind in ``Ties``; both sides are always two different parties.
"""

from __future__ import annotations

import numpy as np

from examples.bank.families import Ties
from examples.bank.frame import Frame, Rows
from examples.bank.people import HAN, Chunk
from examples.bank.places import DISTRICT, draw_birthplaces, places


def force_births(
    random: np.random.Generator, people: Frame, singles: Rows, chunk: Chunk, ties: Ties
) -> None:
    """Align births, before documents are given to everybody.

    50 pairs per 100,000 people (at least three) share name and birth date but not the city; 20
    (at least two) were born the same day in the same district and will share a citizen number.
    """
    free = random.permutation(singles[people["origin"][singles] == HAN])
    a, b = _pairs(free, chunk.share(0.0005, 3))
    for column in ("family", "given1", "given2", "born", "sex"):
        people[column][b] = people[column][a]
    _move_apart(people, a, b)
    people["birthplace"][b] = draw_birthplaces(random, people["address"][b, DISTRICT])
    ties.add("same_name_same_birth", a, b)
    a, b = _pairs(free[2 * len(a) :], chunk.share(0.0002, 2))
    for column in ("born", "birthplace", "sex"):
        people[column][b] = people[column][a]
    ties.add("number_reassigned", a, b)


def reassign_numbers(random: np.random.Generator, people: Frame, ties: Ties, today: int) -> None:
    """Let the second of each pair have carried the first one's number until it was corrected."""
    a, b = ties.pairs["number_reassigned"].T
    people["old_id"][b] = people["id"][a]
    people["reissued"][b] = today - random.integers(100, 900, len(b))


def recycle_phones(
    random: np.random.Generator, people: Frame, singles: Rows, chunk: Chunk, ties: Ties
) -> None:
    """Give one in 200 (at least two) a number that somebody else had until a while ago."""
    since = people["phone_since"][singles]
    changed = singles[(since > chunk.today - 2500) & (since < chunk.today - 200)]
    before = random.permutation(changed)[: chunk.share(0.005, 2)]
    after = random.permutation(np.setdiff1d(singles, before))[: len(before)]
    people["phone"][after] = people["old_phone"][before]
    people["phone_since"][after] = people["phone_since"][before] + 120
    ties.add("recycled_phone", before, after)


def _pairs(rows: Rows, count: int) -> tuple[Rows, Rows]:
    count = min(count, len(rows) // 2)
    return rows[:count], rows[count : 2 * count]


def _move_apart(people: Frame, a: Rows, b: Rows) -> None:
    """Move ``b`` out of the city of ``a`` where they are the same."""
    city = np.array(places().city)
    homes = places().homes
    left, right = people["address"][a, DISTRICT], people["address"][b, DISTRICT]
    same = city[left] == city[right]
    at = np.searchsorted(homes, right[same])
    people["address"][b[same], DISTRICT] = homes[(at + len(homes) // 2) % len(homes)]
