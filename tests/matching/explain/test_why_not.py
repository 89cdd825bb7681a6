from __future__ import annotations

import json
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import numpy as np
import pyarrow as pa
import pytest

from matching.columns import Column
from matching.explain import Case, why_not
from matching.explain.plain import to_json
from matching.explain.telling import tell_why_not
from matching.explain.waterfall import draw_why_not
from matching.linkage import Constraints
from tests.matching.explain.conftest import World


@dataclass(frozen=True)
class Fact:
    kind: str
    values: Column


def two_of_one(world: World) -> tuple[int, int]:
    """Return two records of one cluster, for a clustering that holds them apart."""
    label = int(world.linked.firsts[0])
    left, right, *_ = np.flatnonzero(world.linked.labels == label).tolist()
    return left, right


def held_apart(world: World, constraints: Constraints, records: list[int]) -> World:
    labels = world.clustering.labels.copy()
    labels[records] = records
    return replace(
        world, clustering=replace(world.clustering, labels=labels, constraints=constraints)
    )


def test_too_little_evidence_says_how_much_is_missing(world: World) -> None:
    answer = why_not(world.case, world.clustering, world.at("r000"), world.at("r030"))
    assert answer.verdict == "weak"
    assert answer.missing == pytest.approx(-answer.pair.bits)
    assert not answer.compared
    assert [item.state for item in answer.rules] == ["keys_differ"] * 5
    text = tell_why_not(answer)
    assert "no blocking rule proposed the pair" in text
    assert "not enough" in text


def test_two_records_of_a_clean_source_were_barred(world: World) -> None:
    left, right = two_of_one(world)
    sources = np.zeros(len(world.people), dtype=np.int32)
    apart = held_apart(world, Constraints(sources=sources), [left, right])
    answer = why_not(apart.case, apart.clustering, left, right)
    assert answer.verdict == "barred"
    assert {item.reason for item in answer.barriers} == {"source"}
    assert "holds nobody twice" in tell_why_not(answer)
    assert "不含重复" in tell_why_not(answer, "zh")


def test_an_exclusive_fact_between_other_members_is_found_and_named(world: World) -> None:
    size = len(world.people)
    label = next(
        int(first)
        for first, count in zip(world.linked.firsts, world.linked.sizes, strict=True)
        if count > 2
    )
    one, two, three, *_ = np.flatnonzero(world.linked.labels == label).astype(np.int32)
    holders = np.array([two, three], dtype=np.int32)
    column = Column.build(holders, np.array([0, 1], dtype=np.int32), size)
    labels = world.clustering.labels.copy()
    labels[[one, two]], labels[three] = one, three
    constraints = Constraints(facts=[Fact("passport", column)])
    clustering = replace(world.clustering, labels=labels, constraints=constraints)
    answer = why_not(world.case, clustering, int(one), int(three))
    assert answer.verdict == "cluster_barred"
    (barrier,) = answer.barriers
    assert (barrier.reason, barrier.facts) == ("fact", ("passport",))
    assert {barrier.left, barrier.right} == set(world.case.names([int(two), int(three)]))


@pytest.mark.parametrize(
    ("largest", "no_rules", "verdict"),
    [
        pytest.param(1, False, "size", id="together too many"),
        pytest.param(None, False, "divided", id="compared and alike: the component was divided"),
        pytest.param(None, True, "unseen", id="alike, but no rule proposed them"),
    ],
)
def test_alike_records_apart_for_other_reasons(
    world: World, largest: int | None, no_rules: bool, verdict: str
) -> None:
    left, right = two_of_one(world)
    apart = held_apart(world, Constraints(), [left, right])
    blocks = [] if no_rules else apart.clustering.blocks
    clustering = replace(apart.clustering, largest=largest, blocks=blocks)
    assert why_not(world.case, clustering, left, right).verdict == verdict


def test_clusters_that_refuse_a_link_are_named_with_their_average(world: World) -> None:
    """The pair reaches the cut, another record of one side does not."""
    refused = world.linked.refused
    labels = world.clustering.labels
    at = next(
        at
        for at in range(len(refused.left))
        if refused.bits[at] >= 0 and labels[refused.left[at]] != labels[refused.right[at]]
    )
    left, right = int(refused.left[at]), int(refused.right[at])
    answer = why_not(world.case, world.clustering, left, right)
    assert answer.verdict == "average"
    assert answer.missing == 0
    assert answer.clusters.average == pytest.approx(float(refused.average[at]), abs=2e-3)
    assert answer.clusters.weakest[2] < 0


def test_records_of_one_cluster_are_sent_to_the_other_question(world: World) -> None:
    with pytest.raises(ValueError, match="one cluster"):
        why_not(world.case, world.clustering, *two_of_one(world))


def test_json_and_picture_hold_the_answer(world: World) -> None:
    answer = why_not(world.case, world.clustering, world.at("r000"), world.at("r030"))
    content = json.loads(to_json(answer))
    assert (content["explains"], content["verdict"]) == ("why_not", "weak")
    assert content["pair"]["left"] == "r000"
    ET.fromstring(draw_why_not(answer, "zh"))


def test_values_of_markup_stay_values(world: World) -> None:
    ids = world.case.ids.to_pylist()
    ids[0] = '<script>"&'
    case = Case(world.case.scorer, pa.array(ids))
    picture = draw_why_not(why_not(case, world.clustering, 0, 30))
    assert "<script>" not in picture
    ET.fromstring(picture)
