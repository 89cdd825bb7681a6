from __future__ import annotations

import numpy as np

from matching.block import candidate_chunks
from matching.explain.blocked import near_rules, proposed
from tests.matching.explain.conftest import RULES, World


def test_a_pair_is_proposed_exactly_when_blocking_made_it(world: World) -> None:
    size = len(world.people)
    for blocks in world.clustering.blocks:
        made = set()
        for chunk in candidate_chunks([blocks], size, 10_000):
            made |= set(zip(chunk.left.tolist(), chunk.right.tolist(), strict=True))
        left, right = (side.astype(np.int32) for side in np.triu_indices(size, 1))
        hit = proposed(blocks, left, right, size)
        assert set(zip(left[hit].tolist(), right[hit].tolist(), strict=True)) == made


def test_rules_come_nearest_first_and_say_what_is_shared(world: World) -> None:
    left, right = world.at("r117"), world.at("r118")
    rules = near_rules(world.clustering.blocks, world.clustering.keys, left, right)
    assert len(rules) == len(RULES)
    assert [item.missing for item in rules] == sorted(item.missing for item in rules)
    by_name = {item.rule: item for item in rules}
    assert by_name["family_birth"].shared == ("family",)
    assert by_name["family_birth"].unknown == ("birth.year",)
    assert by_name["city_family"].differ == ("city",)
    assert by_name["phone"].state == "keys_differ"


def test_blocks_too_big_are_told_apart_by_what_became_of_them(world: World) -> None:
    """The rule on years has no second key: its big blocks were set aside, with their size."""
    years = np.array([(text or "")[:4] for text in world.rows["birth"].to_pylist()])
    year = max(set(years[years != ""]), key=lambda text: (years == text).sum())
    left, right = np.flatnonzero(years == year)[[0, -1]].tolist()
    rules = near_rules(world.clustering.blocks, world.clustering.keys, left, right)
    found = next(item for item in rules if item.rule == "year")
    assert (found.state, found.block, found.cap) == ("set_aside", (years == year).sum(), 3)
