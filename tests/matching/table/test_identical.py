"""Groups of equal records: one stands for all, and all or none go to its cluster."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching.table.reading import InputTable
from matching.table.run import TableMatches, match_table
from matching.table.spec import MatchSpec
from tests.matching.table.tables import american

SIZE = 8000
KINDS = {"fname": "given_name", "lname": "family_name", "dob": "date", "ssn": "identifier"}


def matched(rows: pa.Table, **clusters: object) -> TableMatches:
    fields = [{"name": name, "kind": kind, "columns": [name]} for name, kind in KINDS.items()]
    spec = MatchSpec.model_validate({"fields": fields, "clusters": clusters})
    numbers = pa.array(range(rows.num_rows))
    sources = pa.array(["one"] * rows.num_rows)
    return match_table(InputTable(rows.select(list(KINDS)), numbers, sources, "id", None), spec)


def with_copies(rows: pa.Table, at: int, copies: int) -> pa.Table:
    return pa.concat_tables([rows, rows.take(pa.array([at] * copies))])


@pytest.fixture(scope="module")
def people() -> pa.Table:
    return american(rows=6500).slice(0, SIZE)


def test_copies_join_their_first_where_equality_is_evidence(people: pa.Table) -> None:
    matches = matched(with_copies(people, at=7, copies=120))
    labels = matches.linked.labels
    assert (labels[SIZE:] == labels[7]).all()
    assert matches.linked.counts["identical_joined"] == 120
    place = np.flatnonzero(matches.linked.firsts == labels[7])
    assert matches.linked.sizes[place] == 121


def test_small_groups_are_compared_pair_by_pair(people: pa.Table) -> None:
    matches = matched(with_copies(people, at=7, copies=20))
    assert "identical_joined" not in matches.linked.counts
    assert (matches.linked.labels[SIZE:] == matches.linked.labels[7]).all()


def test_copies_stay_alone_where_equality_says_nothing() -> None:
    rows = pa.table({
        "fname": ["Test"] * 5000, "lname": ["Test"] * 5000,
        "dob": pa.nulls(5000, pa.string()), "ssn": pa.nulls(5000, pa.string()),
    })  # fmt: skip
    matches = matched(rows)
    assert matches.linked.counts["identical_apart"] == 4999
    assert len(np.unique(matches.linked.labels)) == 5000


def test_a_source_free_of_duplicates_keeps_copies_apart(people: pa.Table) -> None:
    matches = matched(with_copies(people, at=7, copies=120), duplicate_free="all")
    assert matches.linked.counts["identical_apart"] == 120
    assert len(np.unique(matches.linked.labels[SIZE:])) == 120


def test_a_pair_of_copies_has_its_link(people: pa.Table) -> None:
    matches = matched(with_copies(people, at=7, copies=120))
    pairs = set(zip(matches.scored.left.tolist(), matches.scored.right.tolist(), strict=True))
    assert {(7, copy) for copy in range(SIZE, SIZE + 120)} <= pairs
