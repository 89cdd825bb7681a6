"""Whatever the order and the chunks, matching gives the same tables, and no mixed cluster."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matching.config import load_matching
from tests.plugins.hard_cases import BORN, EVERYBODY, PHONE
from tests.plugins.parties import HOME, Bank, Party, resident_id


def test_matching_twice_gives_the_same_tables(bank: Bank) -> None:
    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.match()
    assert bank.dump() == first


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_changes_nothing(bank: Bank, seed: int) -> None:
    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.fill(*EVERYBODY, shuffle=seed).match()
    assert bank.dump() == first


def test_the_size_of_a_chunk_changes_nothing(bank: Bank) -> None:
    bank.fill(*EVERYBODY).match()
    first = bank.dump()
    bank.match(load_matching("limits: {chunk: 3}"))
    assert bank.dump() == first


NUMBERS = [resident_id("440305", BORN, f"{serial}") for serial in (123, 141, 167)]
records = st.lists(
    st.builds(
        Party,
        key=st.just("x"),
        name=st.sampled_from(["张伟", "张薇", "王小明", "王晓明"]),
        ids=st.lists(
            st.sampled_from([("resident_id", value) for value in NUMBERS]), max_size=2, unique=True
        ),
        mobile=st.lists(st.sampled_from([PHONE, "+8613911112222"]), max_size=2, unique=True),
        birth=st.sampled_from([None, BORN, "1985-12-03", "1962-07-25"]),
        address=st.sampled_from([None, HOME]),
    ),
    max_size=7,
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30
)
@given(records)
def test_no_cluster_ever_holds_two_numbers_or_two_kinds_of_party(
    bank: Bank, drawn: list[Party]
) -> None:
    parties = {f"s.o:{at}": replace(party, key=f"s.o:{at}") for at, party in enumerate(drawn)}
    bank.fill(*parties.values()).match()
    clusters = bank.clusters()
    assert sorted(key for keys in clusters for key in keys) == sorted(parties)
    for keys in clusters:
        values = {value for key in keys for _, value in parties[key].ids}
        assert len(values) <= 1 or len(keys) == 1
