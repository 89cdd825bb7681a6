from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.block import Blocks, build_blocks, candidate_chunks
from matching.config import BlockingRule
from matching.keys import key_columns
from matching.values import Frame
from tests.plugins.parties import Bank, Party

MOBILE = BlockingRule(id="mobile", keys=["mobile"])
NAME_EMAIL = BlockingRule(id="name_email", keys=["name", "email"])

people = st.lists(
    st.tuples(
        st.sampled_from(["王伟", "李娜", None]),
        st.lists(st.sampled_from(["+8613811112222", "+8613811113333"]), max_size=2, unique=True),
        st.sampled_from(["a@qq.com", "b@qq.com", ()]),
    ),
    max_size=8,
)


def parties(drawn: list[tuple[str | None, list[str], str]]) -> list[Party]:
    return [
        Party(f"s.o:{number}", name, mobile=mobile, email=email)
        for number, (name, mobile, email) in enumerate(drawn)
    ]


def blocks_of(frame: Frame, rules: list[BlockingRule]) -> list[Blocks]:
    return build_blocks(key_columns(frame, rules), rules, len(frame))


def proposed(blocks: list[Blocks], size: int, chunk: int = 1000) -> list[tuple[int, int]]:
    chunks = list(candidate_chunks(blocks, size, chunk))
    return [
        pair
        for part in chunks
        for pair in zip(part.left.tolist(), part.right.tolist(), strict=True)
    ]


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=15
)
@given(people, st.integers(1, 5))
def test_candidates_are_exactly_the_pairs_that_share_a_block(
    bank: Bank, drawn: list[tuple[str | None, list[str], str]], chunk: int
) -> None:
    rows = parties(drawn)
    frame = bank.fill(*rows).frame()
    expected = {
        (i, j)
        for (i, one), (j, other) in combinations(enumerate(rows), 2)
        if set(one.mobile) & set(other.mobile)
        or (one.name and one.name == other.name and one.email and one.email == other.email)
    }
    found = proposed(blocks_of(frame, [MOBILE, NAME_EMAIL]), len(frame), chunk)
    assert len(found) == len(set(found))
    assert set(found) == expected


def test_a_pair_counts_as_new_only_under_its_first_rule(bank: Bank) -> None:
    same = {"mobile": "+8613811112222", "email": "a@qq.com"}
    frame = bank.fill(Party("s.o:1", "王伟", **same), Party("s.o:2", "王伟", **same)).frame()
    blocks = blocks_of(frame, [MOBILE, NAME_EMAIL])
    (chunk,) = candidate_chunks(blocks, len(frame), 10)
    assert [item.pairs for item in blocks] == [1, 1]
    assert chunk.new_by_rule.tolist() == [1, 0]


@pytest.mark.parametrize(
    ("split", "pairs", "set_aside"),
    [
        pytest.param([], 0, 1, id="nothing to divide by: set aside"),
        pytest.param(["email"], 3 * 2, 0, id="divided by a second key"),
        pytest.param(["landline"], 0, 0, id="nobody has the second key"),
    ],
)
def test_a_block_above_the_cap_is_divided_or_set_aside_and_counted(
    bank: Bank, split: list[str], pairs: int, set_aside: int
) -> None:
    crowd = [
        Party(f"s.o:{n}", "王伟", mobile="+8613811112222", email=f"{n % 2}@qq.com")
        for n in range(6)
    ]
    rule = BlockingRule(id="mobile", keys=["mobile"], split=split, cap=4)
    (blocks,) = blocks_of(bank.fill(*crowd).frame(), [rule])
    assert (blocks.biggest, blocks.count, blocks.divided) == (6, 1, 1)
    assert blocks.pairs == pairs
    assert blocks.set_aside == set_aside


def test_cost_is_known_before_pairs_are_made(bank: Bank) -> None:
    crowd = [Party(f"s.o:{n:02}", "王伟", mobile=f"+86138111122{n % 3:02}") for n in range(20)]
    frame = bank.fill(*crowd).frame()
    (blocks,) = blocks_of(frame, [MOBILE])
    sizes: dict[int, int] = defaultdict(int)
    for n in range(20):
        sizes[n % 3] += 1
    assert blocks.pairs == sum(size * (size - 1) // 2 for size in sizes.values())
    assert blocks.pairs == len(proposed([blocks], len(frame)))


def test_many_keys_do_not_overflow(bank: Bank) -> None:
    rule = BlockingRule(id="many", keys=["name", "mobile", "email", "birth_date", "name", "sound"])
    same = {"mobile": "+8613811112222", "email": "a@qq.com", "birth": "1990-05-06"}
    crowd = [Party(f"s.o:{n}", "王伟", **same) for n in range(3)]
    frame = bank.fill(*crowd, Party("s.o:9", "李娜", **same)).frame()
    assert proposed(blocks_of(frame, [rule]), len(frame)) == [(0, 1), (0, 2), (1, 2)]


def test_no_records_propose_nothing(bank: Bank) -> None:
    frame = bank.fill().frame()
    assert proposed(blocks_of(frame, [MOBILE, NAME_EMAIL]), len(frame)) == []
    assert np.array(frame.birth).tolist() == []
