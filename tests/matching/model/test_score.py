from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from matching.model.chance import measure_chance
from matching.model.em import learn
from matching.model.parameters import written
from matching.model.score import Scorer
from tests.matching.model.conftest import People


def scorer(rows: People) -> Scorer:
    asked = rows.comparisons()
    names = list(rows.fields)
    left, right = rows.candidates(names[:2], names[1:3], names[2:4])
    chance = measure_chance(asked, len(rows), 50_000)
    learnt = learn(asked, chance, rows.patterns(asked, left, right), len(rows))
    return Scorer(asked, written(asked, learnt, len(rows), len(left)))


@pytest.fixture
def town(neighbours: Callable[..., People]) -> People:
    return neighbours(entities=600, copies=2, slip=0.1)


def some_pairs(rows: People) -> tuple[np.ndarray, np.ndarray]:
    left = np.arange(len(rows) - 1, dtype=np.int32)
    return left, left + 1


def test_parts_add_up_to_the_score(town: People) -> None:
    made = scorer(town)
    left, right = some_pairs(town)
    parts = made.contributions(left, right)
    assert parts.bits.sum(axis=1) == pytest.approx(made.bits(left, right), abs=1e-3)
    assert parts.names[:2] == ["prior", "given"]
    assert any("+" in name for name in parts.names), "the street fixes the town"


def test_a_pair_scores_the_same_from_both_sides(town: People) -> None:
    made = scorer(town)
    left, right = some_pairs(town)
    assert (made.bits(left, right) == made.bits(right, left)).all()


def test_sharing_a_rare_value_says_more(people: Callable[..., People]) -> None:
    values = {"given": 30, "family": 40, "birth": 900}
    rows = people(entities=400, copies=2, values=values, slip=0)
    # One family name in two, so that some are rare and one is not.
    family = rows.fields["family"]
    rows.fields["family"] = np.where(family % 2 == 0, family, 0).astype(np.int32)
    made = scorer(People(rows.entity, {**rows.fields, "town": rows.fields["given"] // 3}))
    counts = np.bincount(rows.fields["family"])
    rarest = int(np.where(counts > 0, counts, len(rows)).argmin())
    at = 1 + list(rows.fields).index("family")
    bits = []
    for value in (0, rarest):
        one, other = np.flatnonzero(rows.fields["family"] == value)[:2].astype(np.int32)
        parts = made.contributions(np.array([one]), np.array([other]))
        bits.append(float(parts.bits[0, at]))
    assert bits[1] > bits[0] + 2


def test_two_dependent_values_are_rare_only_once(town: People) -> None:
    made = scorer(town)
    street = town.fields["street"]
    counts = np.bincount(street)
    one = np.flatnonzero(street == counts.argmin())[:2].astype(np.int32)
    parts = made.contributions(one[:1], one[1:])
    bits = dict(zip(parts.names, parts.bits[0].tolist(), strict=True))
    together = next(name for name in parts.names if {"street", "town"} <= set(name.split(" + ")))
    # What street and town say together is about what the street says alone.
    assert bits["street"] + bits["town"] + bits[together] == pytest.approx(bits["street"], abs=1.5)
