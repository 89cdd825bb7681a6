from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.columns import Codes, Column, Mask
from matching.linkage import Constraints, LinkOptions, Reason
from tests.matching.linkage.evidence import BitsOf, Kind, blocks, facts, groups, run


def greedy(bits: BitsOf, must: set[tuple[int, int]], cut: float, largest: int) -> list[int]:
    """Average linkage as one would write it down: the slow truth."""
    clusters = [[at] for at in range(len(bits))]
    while True:
        offers = []
        for one, other in combinations(clusters, 2):
            across = bits[np.ix_(one, other)]
            wanted = any((min(a, b), max(a, b)) in must for a in one for b in other)
            if np.isneginf(across).any() or not (wanted or len(one) + len(other) <= largest):
                continue
            average = np.inf if wanted else across.sum() / across.size
            if average >= cut:
                offers.append((-average, one[0], other[0]))
        if not offers:
            return [next(c[0] for c in clusters if at in c) for at in range(len(bits))]
        _, first, second = min(offers)
        one = next(c for c in clusters if c[0] == first)
        other = next(c for c in clusters if c[0] == second)
        clusters = sorted([c for c in clusters if c not in (one, other)] + [sorted(one + other)])


SIZE = 7
levels = st.sampled_from([-4.0, -1.0, 0.0, 1.0, 2.0, 3.0, 8.0, -np.inf])
record_pairs = st.sampled_from(list(combinations(range(SIZE), 2)))
squares = st.lists(levels, min_size=21, max_size=21)


def square(upper: list[float]) -> BitsOf:
    bits = np.zeros((SIZE, SIZE))
    bits[np.triu_indices(SIZE, 1)] = upper
    return bits + bits.T


@settings(deadline=None, max_examples=60)
@given(squares, st.sets(record_pairs, max_size=3), st.integers(2, SIZE))
def test_clusters_are_those_of_average_linkage(
    upper: list[float], must: set[tuple[int, int]], largest: int
) -> None:
    bits = square(upper)
    left, right = (np.array([pair[side] for pair in sorted(must)], np.int32) for side in (0, 1))
    # a start below all bits: everything that is not vetoed is one component
    options = LinkOptions(start=-100.0, largest=largest)
    found = run(bits, None, Constraints(must_left=left, must_right=right), options)
    assert found.labels.tolist() == greedy(bits, must, 0.0, largest)


@settings(deadline=None, max_examples=40)
@given(
    squares,
    st.sets(record_pairs, max_size=3),
    st.lists(st.sampled_from([None, 0, 1]), min_size=SIZE, max_size=SIZE),
    st.lists(st.sampled_from([-1, 0]), min_size=SIZE, max_size=SIZE),
    st.integers(2, 4),
)
def test_no_cluster_holds_what_is_forbidden(
    upper: list[float],
    vetoed: set[tuple[int, int]],
    values: list[int | None],
    sources: list[int],
    piece: int,
) -> None:
    constraints = Constraints(
        vetoed=lambda left, right: np.array(
            [pair in vetoed for pair in zip(left.tolist(), right.tolist(), strict=True)], bool
        ),
        facts=[facts(*values)],
        sources=np.array(sources, np.int32),
    )
    bits = square(upper)
    found = run(bits, None, constraints, LinkOptions(piece=piece))
    for group in groups(found.labels):
        assert found.labels[min(group)] == min(group)
        assert not set(combinations(sorted(group), 2)) & vetoed
        assert len({values[at] for at in group} - {None}) <= 1
        assert sum(sources[at] == 0 for at in group) <= 1
        assert not any(np.isneginf(bits[pair]) for pair in combinations(group, 2))


@settings(deadline=None, max_examples=30)
@given(
    st.integers(0, 2**32 - 1),
    st.randoms(use_true_random=False),
    st.sampled_from([LinkOptions(), LinkOptions(start=-2.0), LinkOptions(start=-2.0, piece=5)]),
)
def test_order_and_numbers_change_nothing(seed: int, random, options: LinkOptions) -> None:  # type: ignore[no-untyped-def]
    size = 16
    bits = np.random.default_rng(seed).normal(-1, 3, (size, size))
    bits = bits + bits.T
    pairs = [pair for pair in combinations(range(size), 2) if bits[pair] > -2]
    numbers = list(range(size))
    random.shuffle(numbers)
    random.shuffle(pairs)
    found = run(bits, sorted(pairs), options=options)
    shuffled = run(bits, [(b, a) for a, b in pairs], options=options)
    assert found.labels.tolist() == shuffled.labels.tolist()
    assert found.refused.left.tolist() == shuffled.refused.left.tolist()
    new = np.array(numbers)
    renumbered = np.empty_like(bits)
    renumbered[np.ix_(new, new)] = bits
    other = run(renumbered, [(int(new[a]), int(new[b])) for a, b in pairs], options=options)
    assert groups(other.labels[new]) == groups(found.labels)


@settings(deadline=None, max_examples=20)
@given(squares)
def test_clusters_taken_as_must_links_come_out_again(upper: list[float]) -> None:
    bits = square(upper)
    once = run(bits)
    members = np.flatnonzero(once.labels != np.arange(SIZE)).astype(np.int32)
    kept = Constraints(must_left=once.labels[members], must_right=members)
    assert run(bits, None, kept).labels.tolist() == once.labels.tolist()


def test_a_must_link_against_a_veto_is_refused_and_said() -> None:
    bits = blocks(4)
    bits[0, 3] = bits[3, 0] = -np.inf
    must = Constraints(must_left=np.array([3], np.int32), must_right=np.array([0], np.int32))
    found = run(bits, None, must)
    assert found.labels[0] != found.labels[3]
    assert found.refused.must.sum() == found.counts["refused_must_links"] == 1
    assert found.refused.reason[found.refused.must].tolist() == [Reason.VETO]


def test_a_must_link_joins_strangers() -> None:
    must = Constraints(must_left=np.array([0], np.int32), must_right=np.array([3], np.int32))
    found = run(blocks(2, 2, outside=-1.0), [(0, 1), (2, 3)], must)
    assert found.labels[0] == found.labels[3]


def test_a_chain_whose_ends_contradict_is_cut() -> None:
    at = np.arange(26)
    bits = 8.0 - 2.0 * np.abs(at[:, None] - at)
    found = run(bits, [(n, n + 1) for n in range(25)])
    assert 3 < len(found.firsts) < 13
    assert found.labels[0] != found.labels[25]
    assert set(found.refused.reason.tolist()) == {Reason.AVERAGE}


def test_two_cliques_with_one_strong_bridge_fall_apart() -> None:
    bits = blocks(6, 6)
    bits[5, 6] = bits[6, 5] = 30.0
    found = run(bits)
    # the bridge is the strongest pair, yet no one else agrees with it
    assert found.labels[0] != found.labels[11]
    assert max(np.bincount(found.labels)) <= 7


def test_a_bridge_weaker_than_the_cliques_is_evidence() -> None:
    bits = blocks(6, 6)
    bits[5, 6] = bits[6, 5] = 4.0
    found = run(bits)
    assert groups(found.labels) == {frozenset(range(6)), frozenset(range(6, 12))}
    refused = found.refused
    assert [*zip(refused.left.tolist(), refused.right.tolist(), strict=True)] == [(5, 6)]
    assert refused.bits[0] == 4.0
    assert refused.average[0] == pytest.approx((35 * -5.0 + 4.0) / 36)


@pytest.mark.parametrize(
    ("constraints", "reason"),
    [
        (Constraints(facts=[facts(0, None, 1)]), Reason.FACT),
        (Constraints(sources=np.array([4, -1, 4], np.int32)), Reason.SOURCE),
        (Constraints(vetoed=lambda a, b: (a == 0) & (b == 2)), Reason.VETO),
    ],
    ids=["fact", "source", "veto"],
)
def test_the_strongest_of_two_that_contradict_wins(
    constraints: Constraints, reason: Reason
) -> None:
    bits = square([0.0] * 21)[:3, :3]
    bits[0, 1] = bits[1, 0] = 5.0
    bits[1, 2] = bits[2, 1] = 9.0
    found = run(bits, [(0, 1), (1, 2)], constraints)
    assert found.labels.tolist() == [0, 1, 1]
    assert found.refused.reason.tolist() == [reason] * 2
    assert found.refused.average.tolist() == [-np.inf] * 2


def test_a_record_with_two_numbers_of_its_own_joins_nobody() -> None:
    torn = Kind("number", Column.build(np.array([0, 0], np.int32), np.array([0, 1], np.int32), 3))
    assert run(blocks(3), None, Constraints(facts=[torn])).labels.tolist() == [0, 1, 1]


def test_a_cluster_knows_its_weakest_cut() -> None:
    bits = blocks(2, 3, inside=9.0, outside=1.0)
    found = run(bits)
    assert found.labels.tolist() == [0] * 5
    assert found.weakest.tolist() == [1.0]
    assert len({*found.second[:2].tolist()} | {*found.second[2:].tolist()}) == 2
    assert found.second[0] != found.second[2]
    assert found.thin.tolist() == [True]
    assert found.density.tolist() == [1.0]
    assert found.doubtful.tolist() == [0]


def test_a_cluster_few_of_whose_pairs_agree_is_sparse() -> None:
    bits = blocks(4, inside=-1.0)
    for a, b in [(0, 1), (2, 3)]:
        bits[a, b] = bits[b, a] = 9.0
    bits[0, 2] = bits[2, 0] = 8.0
    found = run(bits)
    assert found.density.tolist() == [0.5]
    assert run(bits, options=LinkOptions(density=0.6)).sparse.tolist() == [True]


@pytest.mark.parametrize("size", [0, 1, 5])
def test_without_pairs_everybody_stands_alone(size: int) -> None:
    found = run(blocks(*[1] * size), [])
    assert found.labels.tolist() == list(range(size))
    assert len(found.firsts) == len(found.refused.left) == 0


def test_many_pairs_that_hardly_disagree_say_more_than_one() -> None:
    bits = blocks(4, 4, outside=-0.5)
    apart = LinkOptions(cut=0.0, start=-2.0, prior=-12.0)
    pooled = LinkOptions(cut=0.0, start=-2.0, prior=-12.0, pooling=0.05)
    assert len(groups(run(bits, options=apart).labels)) == 2
    assert len(groups(run(bits, options=pooled).labels)) == 1
    # one pair is one pair, however much many would say
    assert len(groups(run(np.array([[0, -0.5], [-0.5, 0]]), options=pooled).labels)) == 2


def test_pooling_joins_nothing_that_is_forbidden() -> None:
    bits = blocks(4, 4, outside=-0.5)
    bits[0, 7] = bits[7, 0] = -np.inf
    pooled = LinkOptions(cut=0.0, start=-2.0, prior=-12.0, pooling=0.3)
    labels = run(bits, options=pooled).labels
    assert labels[0] != labels[7]


def test_a_merge_that_only_a_later_one_bears_out_is_made() -> None:
    # 0 and 1 alone are too little, but both belong to the four others
    bits = blocks(6)
    bits[:2, 2:] = bits[2:, :2] = -0.4
    bits[0, 1] = bits[1, 0] = -0.1
    pooled = LinkOptions(cut=0.0, start=-2.0, prior=-12.0, pooling=0.05)
    assert len(groups(run(bits, options=pooled).labels)) == 1
    assert run(bits[:2, :2], options=pooled).labels.tolist() == [0, 1]


@settings(deadline=None, max_examples=60)
@given(squares, st.sets(record_pairs, min_size=1, max_size=4))
def test_what_a_person_keeps_apart_never_shares_a_cluster(
    upper: list[float], apart: set[tuple[int, int]]
) -> None:
    left, right = (np.array([pair[side] for pair in sorted(apart)], np.int32) for side in (1, 0))
    constraints = Constraints(apart_left=left, apart_right=right)
    found = run(square(upper), None, constraints, LinkOptions(start=-100.0))
    assert all(found.labels[one] != found.labels[other] for one, other in apart)
    told = found.refused
    for one, other, reason in zip(told.left, told.right, told.reason, strict=True):
        if (int(one), int(other)) in apart:
            assert reason == Reason.APART


def test_records_together_by_a_persons_word_are_held_apart_by_facts_alone() -> None:
    bits = blocks(3, outside=5.0)
    both = np.array([0, 0, -1], np.int32)
    one, other = np.array([0], np.int32), np.array([1], np.int32)

    def vetoed(left: Codes, right: Codes) -> Mask:
        return np.asarray((left == 0) & (right == 1))

    held = Constraints(
        vetoed=vetoed,
        must_left=one,
        must_right=other,
        sources=np.array([0, 0, -1], np.int32),
        together=both,
    )
    assert groups(run(bits, None, held).labels) == {frozenset([0, 1, 2])}
    torn = Constraints(must_left=one, must_right=other, facts=[facts(1, 2, None)], together=both)
    assert len(groups(run(bits, None, torn).labels)) == 2
