"""History on two time axes: what each version knew stays known, and each cell holds one value."""

from __future__ import annotations

import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.versions_by_hand import Customer, Golden, day
from warehouse.history import AS_OF_COLUMNS, macro_statements, write_history

A, B = "C01", "C02"
Rows = list[tuple[Any, ...]]


def one(cells: dict[str, tuple[str, int | None] | None], changed: int | None = 9) -> Customer:
    return Customer(cells, {"core.c:1": ("h", changed)})


def believed(golden: Golden, known: int | None = None, of: int | None = None) -> Rows:
    """Return what version ``known`` believed, read in the file of version ``of``."""
    known = known or golden.number
    return golden.ask(
        "SELECT customer_id, attribute, value, valid_from, valid_to FROM customer_history "
        f"WHERE known_from <= {known} AND (known_to IS NULL OR known_to > {known}) "
        "ORDER BY 1, 2, 4 NULLS FIRST",
        of,
    )


def timeline(golden: Golden, customer_id: str = A, attribute: str = "full_name") -> Rows:
    return [row[2:] for row in believed(golden) if row[:2] == (customer_id, attribute)]


def as_of(golden: Golden, arguments: str = "", number: int | None = None) -> Rows:
    """Return the rows of golden_as_of in a published file."""
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{golden.file(number or golden.number)}' AS g (READ_ONLY)")
        for name in ("customer_history", "version"):
            con.execute(f"CREATE TABLE {name} AS FROM g.{name}")
        for statement in macro_statements():
            con.execute(statement)
        return con.execute(f"FROM golden_as_of({arguments}) ORDER BY customer_id").fetchall()


def customers(golden: Golden, number: int) -> Rows:
    columns = ", ".join(column.name for column in AS_OF_COLUMNS)
    return golden.ask(f"SELECT {columns} FROM customer ORDER BY customer_id", number)


def test_the_first_version_begins_where_the_records_say(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    report = golden.version(
        {A: one({"full_name": ("Li", 3), "sex": ("male", None)}), B: Customer()}
    )
    assert report.history == 2
    assert timeline(golden) == [("Li", day(3), None)]
    assert timeline(golden, attribute="sex") == [("male", day(9), None)]


def test_a_new_value_ends_the_old_one_where_it_begins(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)})})
    golden.version({A: one({"full_name": ("Wang", 7)})})
    assert timeline(golden) == [("Li", day(3), day(7)), ("Wang", day(7), None)]
    assert golden.ask(
        "SELECT value, valid_to, known_from, known_to FROM customer_history ORDER BY 3, 2"
    ) == [("Li", None, 1, 2), ("Li", day(7), 2, None), ("Wang", None, 2, None)]


def test_late_data_cut_what_was_thought_to_follow(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    for name, since in (("Li", 3), ("Wang", 7), ("Zhao", 9), ("Chen", 5)):
        golden.version({A: one({"full_name": (name, since)})})
    assert timeline(golden) == [("Li", day(3), day(5)), ("Chen", day(5), None)]
    golden.version({A: one({"full_name": ("Liu", 2)})})
    assert timeline(golden) == [("Liu", day(2), None)]


def test_late_data_that_say_what_held_before_go_on_with_it(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    for name, since in (("Li", 3), ("Wang", 7), ("Li", 5)):
        golden.version({A: one({"full_name": (name, since)})})
    assert timeline(golden) == [("Li", day(3), None)]
    golden.version({A: one({"full_name": ("Wang", 8)})})
    golden.version({A: one({"full_name": ("Li", 8)})})
    assert timeline(golden) == [("Li", day(3), None)]


def test_the_same_value_from_a_newer_record_is_no_change(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)})})
    assert golden.version({A: one({"full_name": ("Li", 8)})}).history == 1


@pytest.mark.parametrize(
    ("changed", "left"),
    [(9, [("Li", day(3), day(9)), (None, day(9), None)]), (3, []), (None, [])],
    ids=["later", "as it began", "at no known time"],
)
def test_a_value_that_vanishes(tmp_path: Path, changed: int | None, left: Rows) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)})})
    golden.version({A: one({}, changed)})
    assert timeline(golden) == left
    golden.version({A: one({"full_name": ("Wang", 11)})})
    emptied = [(None, row[1], day(11)) for row in left[1:]]
    assert timeline(golden) == [*left[:1], *emptied, ("Wang", day(11), None)]


def test_a_change_without_any_time_takes_the_place_of_the_old_value(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)}, None)})
    golden.version({A: one({"full_name": ("Wang", None)}, None)})
    assert timeline(golden) == [("Wang", day(3), None)]


def test_a_customer_that_was_merged_away_is_believed_again_when_it_is_back(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)}), B: one({"full_name": ("Wang", 2)})})
    golden.version({A: one({"full_name": ("Li", 3)}), B: one({"full_name": ("Wei", 4)})})
    golden.version({A: one({"full_name": ("Li", 3)})})
    assert timeline(golden, B) == []
    assert as_of(golden) == customers(golden, 3)
    golden.version({A: one({"full_name": ("Li", 3)}), B: one({"full_name": ("Wu", 6)})})
    assert timeline(golden, B) == [
        ("Wang", day(2), day(4)),
        ("Wei", day(4), day(6)),
        ("Wu", day(6), None),
    ]
    assert golden.ask("SELECT count(*) FROM customer_history WHERE known_from = known_to") == [(0,)]


def test_a_time_asks_for_what_held_then_as_known_then(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3), "birth_date": ("1990-03-07", 3)})})
    golden.version({A: one({"full_name": ("Wang", 7), "birth_date": ("1990-03-07", 3)})})
    golden.version({A: one({"full_name": ("Chen", 5), "birth_date": ("1990-03-07", 3)})})

    def name(arguments: str) -> Any:
        return [row[2] for row in as_of(golden, arguments)]

    known_second = f"known_at := TIMESTAMP '{golden.published_at(2)}'"
    assert name("") == ["Chen"]
    assert name("valid_at := DATE '2026-01-06'") == ["Chen"]
    assert name("valid_at := DATE '2026-01-04'") == ["Li"]
    assert name("valid_at := DATE '2026-01-01'") == []
    assert name(f"DATE '2026-01-06', {known_second}") == ["Li"]
    assert name(known_second) == ["Wang"]
    assert name("known_at := '2026-06-01'") == []


def test_a_history_of_an_older_program_begins_now(tmp_path: Path) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)})})
    with duckdb.connect(str(golden.file(1))) as con:
        con.execute("DROP TABLE customer_history")
    golden.version({A: one({"full_name": ("Wang", 7)})})
    assert timeline(golden) == [("Wang", day(7), None)]


def test_only_touched_customers_are_looked_at_and_the_outcome_is_the_same(tmp_path: Path) -> None:
    whole, part = Golden(tmp_path / "whole"), Golden(tmp_path / "part")
    for golden in (whole, part):
        golden.version({A: one({"full_name": ("Li", 3)}), B: one({"full_name": ("Wang", 2)})})
        if golden is part:
            golden.con.execute("CREATE SCHEMA work")
            golden.con.execute("CREATE TABLE work.touched_basis AS SELECT FALSE AS whole")
            golden.con.execute(f"CREATE TABLE work.touched AS SELECT '{A}' AS customer_id")
        golden.version({A: one({"full_name": ("Lu", 6)}), B: one({"full_name": ("Wang", 2)})})
    query = "FROM customer_history ORDER BY ALL"
    assert whole.ask(query) == part.ask(query)
    part.con.execute(f"UPDATE work.touched SET customer_id = '{B}'")
    part.version({A: one({"full_name": ("Lin", 8)}), B: one({"full_name": ("Wang", 2)})})
    assert timeline(part)[-1][0] == "Lu"


_VALUE = st.none() | st.tuples(st.sampled_from("abc"), st.none() | st.integers(1, 5))
_CUSTOMER = st.builds(
    one,
    st.fixed_dictionaries({"full_name": _VALUE, "city": _VALUE}),
    st.none() | st.integers(1, 5),
)
_WORLD = st.dictionaries(st.sampled_from([A, B]), _CUSTOMER)


@given(st.lists(_WORLD, min_size=2, max_size=5))
@settings(max_examples=12, deadline=None)
def test_what_was_known_stays_known_and_every_cell_holds_one_value(
    worlds: list[dict[str, Customer]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        golden = Golden(Path(folder))
        for world in worlds:
            golden.version(world)
        for known in range(1, golden.number + 1):
            belief = believed(golden, known)
            assert belief == believed(golden, known, of=known)
            for one_row, other in pairwise(belief):
                if one_row[:2] == other[:2]:
                    assert one_row[4] is not None
                    assert one_row[4] <= other[3]
            assert all(start is None or end is None or start < end for *_, start, end in belief)
            then = as_of(golden, f"known_at := TIMESTAMP '{golden.published_at(known)}'")
            expected = [row for row in customers(golden, known) if any(row[1:])]
            assert [row for row in then if any(row[1:])] == expected


def test_a_history_that_still_stands_is_not_read_again_and_one_of_another_run_is(
    tmp_path: Path,
) -> None:
    golden = Golden(tmp_path)
    golden.version({A: one({"full_name": ("Li", 3)})})
    with duckdb.connect(str(golden.file(1))) as con:
        con.execute("UPDATE version_info SET run_id = 'r1'")
        con.execute("UPDATE customer_history SET value = 'read again'")
    golden.con.execute("CREATE SCHEMA work")
    golden.con.execute("CREATE TABLE work.mark AS SELECT 'survive' AS step, 'r1' AS run_id")
    keep = golden.con.execute("FROM golden.customer_history").to_arrow_table()
    changed = {A: one({"full_name": ("Wang", 7)})}
    for run, first in (("r1", "Li"), ("r0", "read again")):
        golden.con.execute("UPDATE work.mark SET run_id = ?", [run])
        golden.con.register("keep", keep)
        golden.con.execute("CREATE OR REPLACE TABLE golden.customer_history AS FROM keep")
        golden.fill_only(changed)
        write_history(golden.con, golden.file(1))
        rows = golden.con.execute(
            "SELECT value, known_from, known_to FROM golden.customer_history"
        ).fetchall()
        assert set(rows) == {(first, 1, 0), (first, 0, None), ("Wang", 0, None)}
