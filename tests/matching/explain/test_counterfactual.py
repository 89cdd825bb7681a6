from __future__ import annotations

import numpy as np
import pytest

from matching.explain.counterfactual import agreements
from tests.matching.explain.conftest import World


def apart(world: World) -> list[tuple[int, int]]:
    refused = world.linked.refused
    return list(zip(refused.left.tolist(), refused.right.tolist(), strict=True))


def test_a_field_that_agrees_is_not_offered(world: World) -> None:
    left, right = apart(world)[0]
    pair = (np.array([left], dtype=np.int32), np.array([right], dtype=np.int32))
    levels = world.case.scorer.levels(*pair)[0]
    agreed = {
        item.name
        for item, level in zip(world.case.scorer.comparisons, levels, strict=True)
        if level == item.top
    }
    offered = {name for item in agreements(world.case, left, right) for name in item.comparisons}
    assert agreed
    assert not agreed & offered


def test_the_bits_promised_are_those_of_a_pair_that_does_agree(world: World) -> None:
    """Two records that differ in one field only: agreeing there gives the score of equal twins."""
    given = {item.name: item for item in world.case.scorer.comparisons}["city"]
    scorer = world.case.scorer
    checked = 0
    for left, right in zip(world.scored.left.tolist(), world.scored.right.tolist(), strict=True):
        pair = (np.array([left], dtype=np.int32), np.array([right], dtype=np.int32))
        levels = scorer.levels(*pair)
        if levels[0, 3] in (0, given.top) or given.values[left] < 0:
            continue
        levels = levels.copy()
        levels[0, 3] = given.top
        # the scorer itself, told that the level is equality, counts no rarity: the values differ
        told = float(scorer.bits(*pair, levels=levels)[0])
        (promised,) = (
            item for item in agreements(world.case, left, right) if item.comparisons == ("city",)
        )
        selves = [
            scorer.contributions(side, side).bits[0, 4] - scorer.model.weights[3].bits[-1]
            for side in pair
        ]
        assert promised.bits == pytest.approx(told + float(min(selves)), abs=0.01)
        checked += 1
    assert checked > 20


def test_where_one_field_is_not_enough_the_fewest_together_are_named(world: World) -> None:
    found = agreements(world.case, world.at("r000"), world.at("r030"))
    singles = [item for item in found if len(item.comparisons) == 1]
    assert not any(item.enough for item in singles)
    together = found[-1]
    assert len(together.comparisons) > 1
    assert together.enough
    gains = [item.gain for item in singles]
    assert gains == sorted(gains, reverse=True)
