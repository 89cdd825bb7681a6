from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from matching.columns import Codes
from matching.explain.counterfactual import agreements
from matching.model.parameters import Dependence
from matching.model.score import Scorer
from tests.matching.explain.conftest import World


def two(left: int, right: int) -> tuple[Codes, Codes]:
    return np.array([left], dtype=np.int32), np.array([right], dtype=np.int32)


def apart(world: World) -> list[tuple[int, int]]:
    refused = world.linked.refused
    return list(zip(refused.left.tolist(), refused.right.tolist(), strict=True))


def test_a_field_that_agrees_is_not_offered(world: World) -> None:
    left, right = apart(world)[0]
    pair = two(left, right)
    levels = world.case.scorer.levels(*pair)[0]
    agreed = {
        item.name
        for item, level in zip(world.case.scorer.comparisons, levels, strict=True)
        if level == item.top
    }
    offered = {name for item in agreements(world.case, *pair) for name in item.comparisons}
    assert agreed
    assert not agreed & offered


def test_the_bits_promised_are_those_of_a_pair_that_does_agree(world: World) -> None:
    """Two records that differ in one field only: agreeing there gives the score of equal twins."""
    given = {item.name: item for item in world.case.scorer.comparisons}["city"]
    scorer = world.case.scorer
    checked = 0
    for left, right in zip(world.scored.left.tolist(), world.scored.right.tolist(), strict=True):
        pair = two(left, right)
        levels = scorer.levels(*pair)
        if levels[0, 4] in (0, given.top) or given.values[left] < 0:
            continue
        levels = levels.copy()
        levels[0, 4] = given.top
        # the scorer itself, told that the level is equality, counts no rarity: the values differ
        told = float(scorer.bits(*pair, levels=levels)[0])
        (promised,) = (
            item for item in agreements(world.case, *pair) if item.comparisons == ("city",)
        )
        selves = [
            scorer.contributions(side, side).bits[0, 5] - scorer.model.weights[4].bits[-1]
            for side in pair
        ]
        assert promised.bits == pytest.approx(told + float(min(selves)), abs=0.01)
        checked += 1
    assert checked > 20


def test_where_one_field_is_not_enough_the_fewest_together_are_named(world: World) -> None:
    found = agreements(world.case, *two(world.at("r000"), world.at("r030")))
    singles = [item for item in found if len(item.comparisons) == 1]
    assert not any(item.enough for item in singles)
    together = found[-1]
    assert len(together.comparisons) > 1
    assert together.enough
    gains = [item.gain for item in singles]
    assert gains == sorted(gains, reverse=True)


def test_between_clusters_a_field_must_agree_in_every_pair(world: World) -> None:
    """What several pairs are worth together is their average, pooled as the linkage pools it."""
    here, there = (
        np.flatnonzero(world.linked.labels == label).astype(np.int32)
        for label in world.linked.firsts[:2]
    )
    left, right = np.repeat(here, len(there)), np.tile(there, len(here))
    found = {item.comparisons: item for item in agreements(world.case, left, right)}
    alone = [
        {item.comparisons: item for item in agreements(world.case, *two(int(a), int(b)))}
        for a, b in zip(left, right, strict=True)
    ]
    for name in ("given", "family", "birth"):
        singly = np.mean([item[name,].bits for item in alone])
        prior = float(np.log2(world.case.scorer.model.prior))
        pooled = prior + (singly - prior) * len(left) ** world.case.pooling
        assert found[name,].bits == pytest.approx(pooled, abs=0.01)


def test_two_dependent_fields_that_would_agree_count_as_their_twins_do(world: World) -> None:
    """A pair that differs in the city alone would be what a record is to its twin."""
    scorer = world.case.scorer
    table = [[0.0] * len(scorer.comparisons[4].levels) for _ in scorer.comparisons[1].levels]
    table[-1][-1] = -3.0
    together = Dependence(first="family", second="city", bits=table, chance=0.01, strangers=0.9)
    model = scorer.model.model_copy(update={"dependences": [together]})
    case = replace(world.case, scorer=Scorer(scorer.comparisons, model))
    checked = 0
    for left, right in zip(world.scored.left, world.scored.right, strict=True):
        pair = two(int(left), int(right))
        levels = scorer.levels(*pair)[0]
        tops = [
            level in (0, item.top) for level, item in zip(levels, scorer.comparisons, strict=True)
        ]
        if tops != [True, True, True, True, False] or not (levels[[0, 1, 2]] > 0).all():
            continue
        unknown = [at for at in (0, 1, 2, 3) if levels[at] == 0]
        twins = []
        for side in pair:
            parts = case.scorer.contributions(side, side).bits[0].astype(float)
            twins.append(parts.sum() - sum(parts[1 + at] for at in unknown))
        (promised,) = (i for i in agreements(case, *pair) if i.comparisons == ("city",))
        assert promised.bits <= min(twins) + 0.01
        assert promised.bits == pytest.approx(min(twins), abs=2.5)
        checked += 1
    assert checked > 5
