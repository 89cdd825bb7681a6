from __future__ import annotations

import json
from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from matching.explain import explain_cluster
from matching.explain.heatmap import draw_cluster
from matching.explain.plain import to_json
from matching.explain.telling import tell_cluster
from matching.linkage import link
from tests.matching.explain.conftest import World


def members(world: World, label: int) -> list[int]:
    return np.flatnonzero(world.linked.labels == label).tolist()


def test_the_weakest_cut_is_the_one_the_clustering_saw(world: World) -> None:
    for at, label in enumerate(world.linked.firsts.tolist()):
        cluster = explain_cluster(world.case, "c", members(world, label))
        assert cluster.partings[0].bits == pytest.approx(float(world.linked.weakest[at]), abs=2e-3)
        second = world.case.names([r for r in members(world, label) if world.linked.second[r]])
        assert {frozenset(cluster.partings[0].first), frozenset(cluster.partings[0].second)} == {
            frozenset(second),
            frozenset(cluster.members) - frozenset(second),
        }
        assert cluster.density == pytest.approx(float(world.linked.density[at]), abs=2e-3)


def test_clustering_above_a_parting_gives_its_parts(world: World) -> None:
    label = int(world.linked.firsts[world.linked.sizes.argmax()])
    records = members(world, label)
    parting = explain_cluster(world.case, "c", records).partings[0]
    scored, scorer = world.scored, world.case.scorer
    options = replace(world.options, cut=parting.bits + 0.01, start=0.0)
    again = link(
        len(world.people), scored.left, scored.right, scored.bits, scorer.bits, None, options
    )
    parts = {
        frozenset(world.case.names([r for r in records if again.labels[r] == part]))
        for part in {int(again.labels[r]) for r in records}
    }
    assert frozenset(parting.first) in parts or any(p < frozenset(parting.first) for p in parts)
    assert not any(p & set(parting.first) and p & set(parting.second) for p in parts)


def test_order_of_the_records_changes_nothing(world: World) -> None:
    records = members(world, int(world.linked.firsts[0]))
    forth = explain_cluster(world.case, "c", records)
    assert forth == explain_cluster(world.case, "c", records[::-1])


def test_conflicts_name_the_values_that_contradict(world: World) -> None:
    cities = world.rows["city"].to_pylist()
    label = next(
        label
        for label in world.linked.firsts.tolist()
        if len({cities[record] for record in members(world, label)}) > 1
    )
    records = members(world, label)
    cluster = explain_cluster(world.case, "c", records)
    conflict = next(item for item in cluster.conflicts if item.comparison == "city")
    assert dict(conflict.values) == {
        city: sum(cities[record] == city for record in records)
        for city in {cities[record] for record in records}
    }
    assert 0 < conflict.differ <= conflict.known
    assert str(conflict.values[0][0]) in tell_cluster(cluster)


def test_one_record_alone_is_said_to_be_alone(world: World) -> None:
    cluster = explain_cluster(world.case, "c", [3])
    assert (cluster.partings, cluster.weakest, cluster.conflicts) == ((), None, ())
    assert "One record" in tell_cluster(cluster)
    assert json.loads(to_json(cluster))["explains"] == "cluster"


@pytest.mark.parametrize("count", [2, 12, 40, 60])
def test_the_picture_is_whole_and_asks_for_nothing_outside(world: World, count: int) -> None:
    cluster = explain_cluster(world.case, "c", list(range(count)))
    picture = draw_cluster(cluster, "zh")
    root = ET.fromstring(picture)
    cells = [item for item in root.iter() if item.tag.endswith("rect")]
    drawn = min(count, 40)
    assert len(cells) >= drawn * drawn
    assert "http" not in picture.replace("http://www.w3.org/2000/svg", "")
