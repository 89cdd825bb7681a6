from __future__ import annotations

from itertools import combinations

import numpy as np

from matching.explain.report.through import through_others
from tests.matching.explain.conftest import World


def test_every_pair_reaches_a_third_member_and_none_is_left_out(world: World) -> None:
    found = through_others(world.scored, world.linked)
    labels, linked = world.linked.labels, set()
    for left, right, bits in zip(
        world.scored.left.tolist(), world.scored.right.tolist(), world.scored.bits, strict=True
    ):
        if bits > 0 and labels[left] == labels[right]:
            linked |= {(left, right), (right, left)}
    clusters = [np.flatnonzero(labels == label).tolist() for label in world.linked.firsts]
    expected = {
        (one, other)
        for members in clusters
        for one, other in combinations(members, 2)
        if any((one, third) in linked and (third, other) in linked for third in members)
    }
    assert expected
    assert set(zip(found.left.tolist(), found.right.tolist(), strict=True)) == expected
