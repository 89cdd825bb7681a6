"""Stable customer ids over several versions: merges, splits, undone merges, losses and returns."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.customer_ids import customer_id
from matching.identify import IdentifyReport, identify
from models.tables import VERSION_INFO
from tests.plugins.small_bank import SmallBank
from warehouse.sql import create_statement, quote
from warehouse.store import begin_layer

CARRIED = ("customer_xref", "customer_id_redirect", "customer_id_member")


class Chain:
    """Versions one after the other; each keeps only the tables that ``identify`` reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.previous: Path | None = None
        self.numbers = itertools.count(1)
        self.report: IdentifyReport

    def step(self, clusters: Iterable[Sequence[str]]) -> dict[str, str]:
        """Identify these clusters as the next version; return record → customer id."""
        with duckdb.connect() as con:
            begin_layer(con, "matched")
            begin_layer(con, "golden")
            rows = [(key, min(cluster)) for cluster in clusters for key in cluster]
            for row in rows:
                con.execute("INSERT INTO matched.cluster VALUES (?, ?)", row)
            con.execute("BEGIN")
            self.report = identify(con, self.previous)
            con.execute("COMMIT")
            con.execute(
                "INSERT INTO golden.customer_xref BY NAME "
                "SELECT record_key, customer_id FROM matched.identity"
            )
            self.events = set(
                con.execute(
                    "SELECT customer_id, event, other_customer_id FROM matched.identity_event "
                    "WHERE event <> 'kept'"
                ).fetchall()
            )
            self.redirects = dict(
                con.execute(
                    "SELECT retired_id, customer_id FROM golden.customer_id_redirect"
                ).fetchall()
            )
            self.members = set(con.execute("FROM golden.customer_id_member").fetchall())
            ids = dict(con.execute("FROM matched.identity").fetchall())
            self.previous = self._keep(con)
            return ids

    def _keep(self, con: duckdb.DuckDBPyConnection) -> Path:
        number = next(self.numbers)
        file = self.folder / f"version{number}.duckdb"
        last = con.execute("SELECT last_id_number FROM matched.basis").fetchone()
        con.execute(f"ATTACH '{file}' AS kept")
        for name in CARRIED:
            con.execute(f"CREATE TABLE kept.main.{quote(name)} AS FROM golden.{quote(name)}")
        con.execute("USE kept")
        con.execute(create_statement(VERSION_INFO))
        con.execute(
            "INSERT INTO kept.main.version_info (version, digest, last_id_number) VALUES (?, ?, ?)",
            [f"v{number}", f"digest{number}", last[0] if last else None],
        )
        return file


@pytest.fixture
def chain(tmp_path: Path) -> Chain:
    return Chain(tmp_path)


A, B, C, D = (customer_id(number) for number in (1, 2, 3, 4))


def test_first_ids_count_up_in_the_order_of_the_smallest_record_key(chain: Chain) -> None:
    ids = chain.step([["core.c:9", "web.c:1"], ["core.c:10"], ["crm.c:1"]])
    assert ids == {"core.c:10": A, "core.c:9": B, "web.c:1": B, "crm.c:1": C}
    assert chain.report.counts() == {
        "records": 4,
        "customers": 3,
        "created": 3,
        "kept": 0,
        "merged": 0,
        "split": 0,
        "retired": 0,
    }


def test_the_same_clusters_keep_their_ids_and_new_ones_count_on(chain: Chain) -> None:
    chain.step([["a1", "a2"], ["b1"]])
    ids = chain.step([["a1", "a2", "a3"], ["b1"], ["a0"]])
    assert ids == {"a1": A, "a2": A, "a3": A, "b1": B, "a0": C}
    assert chain.events == {(C, "created", None)}


def test_a_merge_keeps_the_id_with_more_records_and_redirects_the_other(chain: Chain) -> None:
    chain.step([["a1"], ["b1", "b2"]])
    ids = chain.step([["a1", "b1", "b2"]])
    assert set(ids.values()) == {B}
    assert chain.redirects == {A: B}
    assert chain.events == {(A, "merged", B)}


def test_a_merge_of_equals_keeps_the_older_id(chain: Chain) -> None:
    chain.step([["a1"], ["b1"]])
    assert set(chain.step([["a1", "b1"]]).values()) == {A}


def test_a_second_merge_leaves_no_chain_of_redirects(chain: Chain) -> None:
    chain.step([["a1"], ["b1", "b2"], ["c1", "c2", "c3", "c4"]])
    chain.step([["a1", "b1", "b2"], ["c1", "c2", "c3", "c4"]])
    chain.step([["a1", "b1", "b2", "c1", "c2", "c3", "c4"]])
    assert chain.redirects == {A: C, B: C}


def test_a_split_keeps_the_id_at_the_larger_part(chain: Chain) -> None:
    chain.step([["a1", "a2", "a3"]])
    ids = chain.step([["a1"], ["a2", "a3"]])
    assert ids == {"a1": B, "a2": A, "a3": A}
    assert chain.events == {(B, "split", A)}


def test_an_undone_merge_gives_both_ids_back(chain: Chain) -> None:
    before = chain.step([["a1", "a2"], ["b1", "b2", "b3"]])
    chain.step([["a1", "a2", "b1", "b2", "b3"]])
    assert chain.redirects == {A: B}
    after = chain.step([["a1", "a2"], ["b1", "b2", "b3"]])
    assert after == before
    assert (chain.redirects, chain.members) == ({}, set())
    assert chain.events == {(A, "split", B)}


def test_an_undone_merge_gives_ids_back_though_one_part_has_grown_meanwhile(chain: Chain) -> None:
    chain.step([["a1", "a2"], ["b1", "b2", "b3"]])
    chain.step([["a1", "a2", "b1", "b2", "b3"]])
    chain.step([["a1", "a2", "a3", "a4", "a5", "b1", "b2", "b3"]])
    ids = chain.step([["a1", "a2", "a3", "a4", "a5"], ["b1", "b2", "b3"]])
    assert {ids["a1"], ids["a5"]} == {A}
    assert ids["b1"] == B


def test_a_later_merge_does_not_blur_whose_records_were_whose(chain: Chain) -> None:
    a, b, grown = ["a1", "a2"], ["b1", "b2", "b3"], ["a3", "a4", "a5"]
    chain.step([a, b, ["c1"]])
    chain.step([[*a, *b], ["c1"]])
    chain.step([[*a, *b, *grown], ["c1"]])
    chain.step([[*a, *b, *grown, "c1"]])
    ids = chain.step([[*a, *grown], [*b, "c1"]])
    assert (ids["a1"], ids["b1"]) == (A, B)


def test_an_undone_merge_of_merged_customers_gives_every_id_back(chain: Chain) -> None:
    first = chain.step([["a1", "a2", "a3", "a4"], ["b1", "b2"], ["c1"]])
    second = chain.step([["a1", "a2", "a3", "a4"], ["b1", "b2", "c1"]])
    chain.step([["a1", "a2", "a3", "a4", "b1", "b2", "c1"]])
    assert chain.redirects == {B: A, C: A}
    assert chain.step([["a1", "a2", "a3", "a4"], ["b1", "b2", "c1"]]) == second
    assert chain.redirects == {C: B}
    assert chain.step([["a1", "a2", "a3", "a4"], ["b1", "b2"], ["c1"]]) == first


def test_a_small_part_of_a_retired_customer_does_not_get_its_id(chain: Chain) -> None:
    chain.step([["a1", "a2", "a3", "a4"], ["b1", "b2", "b3"]])
    chain.step([["a1", "a2", "a3", "a4", "b1", "b2", "b3"]])
    ids = chain.step([["a1", "a2", "a3", "a4", "b1", "b2"], ["b3"]])
    assert ids["b3"] == C
    assert chain.redirects == {B: A}, "most of what B had is still at A"


def test_a_customer_without_records_is_gone_and_comes_back_with_them(chain: Chain) -> None:
    before = chain.step([["a1", "a2"], ["b1"]])
    chain.step([["b1"]])
    assert chain.redirects == {A: None}
    assert chain.events == {(A, "retired", None)}
    chain.step([["b1"], ["x1"]])
    after = chain.step([["a1", "a2"], ["b1"], ["x1"]])
    assert after == {**before, "x1": C}
    assert chain.redirects == {}


def test_a_merged_id_resolves_for_ever_even_without_its_records(chain: Chain) -> None:
    chain.step([["a1", "a2"], ["b1"]])
    chain.step([["a1", "a2", "b1"]])
    chain.step([["a1", "a2"]])
    assert chain.redirects == {B: A}
    chain.step([["a1", "a2", "c1", "c2", "c3"]])
    assert chain.redirects == {B: A}
    chain.step([["d1"]])
    assert chain.redirects == {A: None, B: None}


def test_a_redirect_follows_its_target_though_its_own_records_are_gone(chain: Chain) -> None:
    chain.step([["a1", "a2"], ["b1"], ["c1", "c2", "c3"]])
    chain.step([["a1", "a2", "b1"], ["c1", "c2", "c3"]])
    chain.step([["a1", "a2", "c1", "c2", "c3"]])
    assert chain.redirects == {A: C, B: C}


def test_the_number_of_a_retired_customer_is_not_given_again(chain: Chain) -> None:
    chain.step([["a1"], ["b1"]])
    chain.step([["a1"]])
    assert chain.step([["a1"], ["c1"]])["c1"] == C


def test_numbers_of_a_version_that_was_rolled_back_are_not_given_again(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    bank.people([["core.c:1"]])
    assert bank.people([["core.c:1"], ["core.c:2"]])["core.c:2"] == B
    bank.versions.rollback(1)
    assert bank.people([["core.c:1"], ["crm.c:3"]])["crm.c:3"] == C
    assert [version.number for version in bank.versions.list()] == [1, 2, 3]


def test_a_swap_of_records_gives_each_id_to_one_cluster(chain: Chain) -> None:
    chain.step([["a1", "a2"], ["b1", "b2"]])
    ids = chain.step([["a1", "b1"], ["a2", "b2"]])
    assert ids == {"a1": A, "b1": A, "a2": B, "b2": B}


RECORDS = [f"r{number}" for number in range(7)]


@st.composite
def partitions(draw: st.DrawFn) -> list[list[str]]:
    """Some of the records, put together in some way."""
    places = draw(st.lists(st.integers(0, 4), min_size=len(RECORDS), max_size=len(RECORDS)))
    clusters: dict[int, list[str]] = {}
    for key, place in zip(RECORDS, places, strict=True):
        if place:
            clusters.setdefault(place, []).append(key)
    return draw(st.permutations(list(clusters.values())))


@given(steps=st.lists(partitions(), min_size=2, max_size=4))
@settings(max_examples=5, deadline=None)
def test_whatever_happens_ids_stay_one_to_one_resolvable_and_never_reused(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[list[str]]]
) -> None:
    chain = Chain(tmp_path_factory.mktemp("chain"))
    ever: set[str] = set()
    for clusters in steps:
        ids = chain.step(clusters)
        _one_id_per_cluster(ids, clusters)
        current = set(ids.values())
        assert ever <= current | chain.redirects.keys(), "every id ever given can be looked up"
        assert not current & chain.redirects.keys()
        assert {target for target in chain.redirects.values() if target} <= current, "no chains"
        assert all(new > max(ever, default="") for new in current - ever), "numbers only go up"
        ever |= current
        redirects, members = chain.redirects, chain.members
        assert chain.step(clusters) == ids, "the same data again changes nothing"
        assert (chain.redirects, chain.members) == (redirects, members)


def _one_id_per_cluster(ids: dict[str, str], clusters: list[list[str]]) -> None:
    groups: Iterator[set[str]] = ({ids[key] for key in cluster} for cluster in clusters)
    given_ids = [group.pop() for group in groups if len(group) == 1]
    assert len(set(given_ids)) == len(clusters)
