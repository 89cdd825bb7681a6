"""One chunk of the invented population, complete: people, companies, ties."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from examples.bank.companies import draw_companies
from examples.bank.families import Ties, tie_families
from examples.bank.frame import Frame
from examples.bank.lookalikes import force_births, reassign_numbers, recycle_phones
from examples.bank.people import (
    Chunk,
    adults,
    draw_former_names,
    draw_people,
    give_documents,
)

CHUNK = 250_000


@dataclass(frozen=True)
class World:
    """People and companies; ``father``, ``owner`` and the like are rows of this chunk.

    ``person_ties`` and ``company_ties`` hold pairs of rows by kind of look-alike.
    """

    chunk: Chunk
    people: Frame
    companies: Frame
    person_ties: Ties
    company_ties: Ties


def draw_world(seed: np.random.SeedSequence, chunk: Chunk, first_company: int) -> World:
    """Draw a chunk; the same seed and chunk give the same one."""
    random = np.random.Generator(np.random.PCG64DXSM(seed))
    people = draw_people(random, chunk)
    ties = tie_families(random, people, chunk)
    singles = np.setdiff1d(
        np.arange(len(people)),
        np.concatenate(
            [
                people["father"],
                people["mother"],
                people["spouse"],
                np.flatnonzero(people["father"] >= 0),
            ]
        ),
    )
    force_births(random, people, singles, chunk, ties)
    draw_former_names(random, people, chunk.today)
    give_documents(random, people, chunk)
    reassign_numbers(random, people, ties, chunk.today)
    recycle_phones(random, people, singles, chunk, ties)
    company_ties = Ties()
    companies = draw_companies(random, people, chunk, first_company, company_ties)
    _employ(random, people, companies, chunk.today)
    return World(chunk, people, companies, ties, company_ties)


def _employ(random: np.random.Generator, people: Frame, companies: Frame, today: int) -> None:
    """Give six adults of ten an employer, some companies many more than others."""
    works = np.flatnonzero(adults(people, today) & (random.random(len(people)) < 0.6))
    rank = np.floor(len(companies) * random.random(len(works)) ** 2.5).astype(np.int64)
    people["employer"][works] = rank
