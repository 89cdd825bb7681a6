from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from matching.block import candidate_chunks
from matching.explain.report.collect import Ran, collect
from matching.explain.report.facts import ReportFacts
from tests.matching.explain.conftest import World


def ran(world: World) -> Ran:
    return Ran(
        title="people",
        scored=world.scored,
        linked=world.linked,
        blocks=world.clustering.blocks,
        keys=world.clustering.keys,
        cluster_ids=world.linked.labels.astype(np.int64),
        false_share=0.01,
    )


@pytest.fixture(scope="module")
def facts(world: World) -> ReportFacts:
    return collect(world.case, ran(world))


def test_pairs_add_up(world: World, facts: ReportFacts) -> None:
    assert sum(item.pairs for item in facts.histogram) + facts.below == facts.candidates
    assert sum(item.new for item in facts.rules) == facts.candidates
    assert sum(count for _, count in facts.sizes) == len(np.unique(world.linked.labels))
    sizes = world.linked.sizes.astype(int)
    assert facts.joined == int((sizes * (sizes - 1) // 2).sum())
    assert 0 < facts.joined_proposed <= facts.joined


def test_a_rule_owns_the_matches_that_only_it_proposed(world: World, facts: ReportFacts) -> None:
    size = len(world.people)
    made = []
    for blocks in world.clustering.blocks:
        pairs = set()
        for chunk in candidate_chunks([blocks], size, 10_000):
            pairs |= set(zip(chunk.left.tolist(), chunk.right.tolist(), strict=True))
        made.append(pairs)
    odds = np.exp2(world.scored.bits.astype(float))
    couples = zip(world.scored.left.tolist(), world.scored.right.tolist(), strict=True)
    likely = {
        pair: odd / (1 + odd)
        for pair, odd, bits in zip(couples, odds.tolist(), world.scored.bits, strict=True)
        if bits > 0
    }
    for at, rule in enumerate(facts.rules):
        others = set().union(*(made[:at] + made[at + 1 :]))
        earlier = set().union(*made[:at]) if at else set()
        own = {pair: share for pair, share in likely.items() if pair in made[at]}
        assert rule.matches == pytest.approx(sum(own.values()))
        assert rule.only == pytest.approx(sum(s for p, s in own.items() if p not in others))
        assert rule.first == pytest.approx(sum(s for p, s in own.items() if p not in earlier))
    assert facts.rules[4].set_aside > 0


def test_a_higher_cut_is_purer_and_finds_less(facts: ReportFacts) -> None:
    for one, other in pairwise(facts.thresholds):
        assert one.bits < other.bits
        assert one.precision <= other.precision
        assert one.found >= other.found
        assert one.pairs >= other.pairs
    assert facts.cut in {item.bits for item in facts.thresholds}


def test_doubtful_clusters_come_weakest_first(world: World, facts: ReportFacts) -> None:
    assert [item.weakest for item in facts.doubtful] == sorted(i.weakest for i in facts.doubtful)
    assert facts.doubtful_count == len(world.linked.doubtful)
    assert [item.size for item in facts.biggest] == sorted(
        (item.size for item in facts.biggest), reverse=True
    )


def test_levels_come_from_the_model_equality_first(world: World, facts: ReportFacts) -> None:
    given = facts.comparisons[0]
    weights = world.case.scorer.model.weights[0]
    assert [level.bits for level in given.levels] == weights.bits[:0:-1]
    assert given.levels[0].en == "the same"
    assert "not known on both sides" not in {level.en for level in given.levels}
