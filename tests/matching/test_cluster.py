from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.cluster import Links, cluster
from matching.columns import Codes, Mask
from matching.linkage.pieces import components
from tests.plugins.parties import Bank, Party, resident_id

SIZE = 8
NUMBERS = [resident_id("440305", "1985-03-12", serial) for serial in ("123", "141", "167")]
pairs_of_records = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).filter(
    lambda pair: pair[0] < pair[1]
)


def links_of(pairs: dict[tuple[int, int], float]) -> Links:
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    return Links(
        np.array(left, np.int32), np.array(right, np.int32), np.array([*pairs.values()], float)
    )


def nothing_vetoed(left: Codes, right: Codes) -> Mask:
    return np.zeros(len(left), dtype=bool)


def vetoes(pairs: set[tuple[int, int]]):  # type: ignore[no-untyped-def]
    def test(left: Codes, right: Codes) -> Mask:
        couples = zip(left.tolist(), right.tolist(), strict=True)
        return np.array([pair in pairs for pair in couples], dtype=bool)

    return test


def people(numbers: list[int | None]) -> list[Party]:
    return [
        Party(f"s.o:{at}", "张伟", ids=[] if n is None else [("resident_id", NUMBERS[n])])
        for at, n in enumerate(numbers)
    ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(
    st.lists(st.sampled_from([None, 0, 1, 2]), min_size=SIZE, max_size=SIZE),
    st.dictionaries(pairs_of_records, st.sampled_from([1.0, 2.0, 3.0]), max_size=12),
    st.sets(pairs_of_records, max_size=4),
    st.integers(2, SIZE),
)
def test_constraints_hold_for_whole_clusters(
    bank: Bank,
    numbers: list[int | None],
    pairs: dict[tuple[int, int], float],
    vetoed: set[tuple[int, int]],
    largest: int,
) -> None:
    frame = bank.fill(*people(numbers)).frame()
    # a pair that is vetoed is never a link
    links = links_of({pair: bits for pair, bits in pairs.items() if pair not in vetoed})
    labels = cluster(frame, links, vetoes(vetoed), largest)
    groups = [np.flatnonzero(labels == label).tolist() for label in np.unique(labels)]
    connected = components(SIZE, links.left, links.right)
    for group in groups:
        assert labels[group[0]] == group[0] == min(group)
        assert len({numbers[at] for at in group} - {None}) <= 1
        assert len(group) <= largest
        assert not set(combinations(group, 2)) & vetoed
        assert len({connected[at] for at in group}) == 1


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20
)
@given(
    st.lists(st.sampled_from([None, 0, 1]), min_size=SIZE, max_size=SIZE),
    st.dictionaries(pairs_of_records, st.sampled_from([1.0, 2.0]), max_size=12),
    st.randoms(use_true_random=False),
)
def test_the_order_of_links_changes_nothing(bank, numbers, pairs, random) -> None:  # type: ignore[no-untyped-def]
    frame = bank.fill(*people(numbers)).frame()
    shuffled = list(pairs.items())
    random.shuffle(shuffled)
    found = [
        cluster(frame, links_of(dict(items)), nothing_vetoed, SIZE).tolist()
        for items in (pairs.items(), shuffled)
    ]
    assert found[0] == found[1]


def test_the_strongest_link_wins_where_two_contradict(bank: Bank) -> None:
    frame = bank.fill(*people([0, None, 1])).frame()
    links = links_of({(0, 1): 5.0, (1, 2): 9.0})
    assert cluster(frame, links, nothing_vetoed, 50).tolist() == [0, 1, 1]


def test_a_record_with_two_numbers_of_its_own_joins_nobody(bank: Bank) -> None:
    torn = Party("s.o:0", "张伟", ids=[("resident_id", value) for value in NUMBERS[:2]])
    frame = bank.fill(torn, *people([None, None])[1:], Party("s.o:2", "张伟")).frame()
    links = links_of({(0, 1): 5.0, (1, 2): 4.0})
    assert cluster(frame, links, nothing_vetoed, 50).tolist() == [0, 1, 1]


def test_a_chain_longer_than_a_customer_can_be_is_cut(bank: Bank) -> None:
    frame = bank.fill(*people([None] * SIZE)).frame()
    chain = {(at, at + 1): float(at) for at in range(SIZE - 1)}
    labels = cluster(frame, links_of(chain), nothing_vetoed, 4)
    assert int(np.bincount(labels).max()) <= 4


def test_a_match_of_little_weight_is_still_a_match(bank: Bank) -> None:
    frame = bank.fill(*people([None] * SIZE)).frame()
    chain = {(at, at + 1): -1.0 for at in range(SIZE - 1)}
    assert cluster(frame, links_of(chain), nothing_vetoed, SIZE).tolist() == [0] * SIZE


def test_records_never_compared_may_be_vetoed_apart(bank: Bank) -> None:
    frame = bank.fill(*people([None] * 3)).frame()
    links = links_of({(0, 1): 5.0, (1, 2): 9.0})
    assert cluster(frame, links, vetoes({(0, 2)}), SIZE).tolist() == [0, 1, 1]
