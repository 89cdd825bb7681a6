"""Components too big to be looked at as a whole."""

from __future__ import annotations

import numpy as np

from matching.columns import Codes
from matching.linkage import Constraints, LinkOptions, Reason, link
from tests.matching.linkage.evidence import BitsOf, blocks, groups, run


def test_a_divided_component_is_joined_again() -> None:
    bits = blocks(10, 3, 3)
    bits[0, 10] = bits[10, 0] = bits[10, 13] = bits[13, 10] = 4.0
    found = run(bits, options=LinkOptions(piece=8))
    assert groups(found.labels) == groups(run(bits).labels)
    assert found.counts["components_divided"] == 1
    assert found.weakest.tolist() == [5.0, 5.0, 5.0]
    assert found.density.tolist() == [1.0, 1.0, 1.0]


def test_a_veto_holds_across_the_pieces_of_a_divided_component() -> None:
    bits = blocks(10)
    bits[0, 9] = bits[9, 0] = -np.inf
    found = run(bits, options=LinkOptions(piece=5))
    assert found.labels[0] != found.labels[9]


def test_a_must_link_that_is_a_candidate_too_is_walked_once() -> None:
    bits = blocks(4, 4)
    bits[0, 4] = bits[4, 0] = 1.0
    must = Constraints(must_left=np.array([4], np.int32), must_right=np.array([0], np.int32))
    found = run(bits, None, must, LinkOptions(piece=5))
    assert found.labels[0] == found.labels[4]


def test_pieces_never_compared_as_a_whole_are_said() -> None:
    pairs = [(at, at + 1) for at in range(39)]
    found = run(blocks(40), pairs, options=LinkOptions(piece=4))
    assert max(np.bincount(found.labels)) <= 8
    assert set(found.refused.reason.tolist()) == {Reason.PIECE}
    assert found.counts["refused_piece"] == len(found.firsts) - 1


def test_scores_are_asked_in_bounded_batches() -> None:
    asked = []

    def score(left: Codes, right: Codes) -> BitsOf:
        asked.append(len(left))
        return np.full(len(left), 2.0)

    left = np.arange(399, dtype=np.int32)
    bits = np.full(399, 2.0)
    found = link(400, left, left + 1, bits, score, None, LinkOptions(piece=40, cells=5_000))
    assert max(asked) <= 5_000
    assert found.counts["pairs_scored"] == sum(asked)


def test_a_giant_component_stays_bounded() -> None:
    size, party = 6_000, 10
    order = np.random.default_rng(3).permutation(size).astype(np.int32)
    ring = np.roll(order.reshape(-1, party), 1, axis=1).ravel()
    # everyone resembles somebody of the next party by chance, so all is one component
    left = np.concatenate([order, order])
    right = np.concatenate([ring, np.roll(order, party)])
    truth = np.empty(size, np.int32)
    truth[order] = np.arange(size) // party
    asked = []

    def score(one: Codes, other: Codes) -> BitsOf:
        asked.append(len(one))
        return np.where(truth[one] == truth[other], 6.0, -8.0)

    bits = np.repeat([6.0, 5.0], size)
    found = link(size, left, right, bits, score, None, LinkOptions(piece=300, cells=200_000))
    assert found.counts["largest_component"] == size
    assert max(asked) <= 200_000
    assert len(found.firsts) == size // party
    assert (truth[found.labels] == truth).all()


def test_a_block_of_equal_records_stays_bounded_and_is_reported() -> None:
    size = 30_000
    left = np.arange(size - 1, dtype=np.int32)
    bits = np.full(size - 1, 9.0)
    options = LinkOptions(pairs=1_000_000)
    found = link(
        size, left, left + 1, bits, lambda a, b: np.full(len(a), 9.0), Constraints(), options
    )
    assert found.counts["pairs_scored"] < 5 * options.pairs
    assert found.counts["largest_component"] == size
    assert found.counts["components_divided"] == 1
    assert found.counts["refused_piece"] == len(found.firsts) - 1 > 0


def test_without_a_cut_only_what_is_forbidden_stays_apart() -> None:
    bits = blocks(2, 2)
    bits[0, 3] = bits[3, 0] = -np.inf
    found = run(bits, options=LinkOptions(cut=-np.inf, start=-np.inf))
    assert found.labels.tolist() == [0, 0, 2, 2]
