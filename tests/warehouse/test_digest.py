"""The content digest: blind to order and storage, awake to everything else."""

from __future__ import annotations

import random
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tables import LAYERS, Column, Table, table
from warehouse.digest import layer_digest, table_digest
from warehouse.sql import create_statement
from warehouse.store import begin_layer

PAIR = Table(
    "main", "pair", "", "", (Column("a", "VARCHAR", "", ""), Column("b", "VARCHAR", "", ""))
)
Row = tuple[str | None, str | None]


def digest(rows: list[Row], definition: Table = PAIR) -> str:
    with duckdb.connect() as con:
        con.execute(create_statement(definition))
        for row in rows:
            con.execute(f"INSERT INTO {definition.name} VALUES (?, ?)", row)
        return table_digest(con, definition).digest


DIFFERENT: list[list[Row]] = [
    [],
    [("", "")],
    [(None, "")],
    [("", None)],
    [(None, None)],
    [("ab", "c")],
    [("a", "bc")],
    [("-", "-")],
    [("1:a", "")],
    [("a", "1:a")],
    [("a", "b")],
    [("b", "a")],
    [("a", "b"), ("a", "b")],
    [("a", "b"), ("a", "b"), ("a", "b")],
    [("a", "c"), ("b", "b")],
    [("a", "b"), ("b", "c")],
    [("张", "伟")],
    [("张伟", "")],
    [("A", "b")],
    [("a ", "b")],
]


def test_different_content_has_different_digests() -> None:
    digests = [digest(rows) for rows in DIFFERENT]
    assert len(set(digests)) == len(DIFFERENT)


def test_names_and_types_of_columns_count() -> None:
    def with_columns(*columns: tuple[str, str]) -> str:
        made = tuple(Column(name, type_, "", "") for name, type_ in columns)
        return digest([("1", "2")], Table("main", "pair", "", "", made))

    made = [
        with_columns(("a", "VARCHAR"), ("b", "VARCHAR")),
        with_columns(("a", "VARCHAR"), ("c", "VARCHAR")),
        with_columns(("a", "INTEGER"), ("b", "VARCHAR")),
        with_columns(("a", "BIGINT"), ("b", "VARCHAR")),
    ]
    assert len(set(made)) == len(made)


values = st.none() | st.text(max_size=4)


@given(rows=st.lists(st.tuples(values, values), max_size=8), order=st.randoms())
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_does_not_count(rows: list[Row], order: random.Random) -> None:
    shuffled = rows.copy()
    order.shuffle(shuffled)
    assert digest(rows) == digest(shuffled)


def test_files_of_any_layout_have_one_digest(tmp_path: Path) -> None:
    def stored(name: str, select: str, **settings_: str) -> str:
        with duckdb.connect(str(tmp_path / name), config=dict(settings_)) as con:
            begin_layer(con, "matched", "cluster")
            con.execute(f"INSERT INTO matched.cluster {select}")
        with duckdb.connect(str(tmp_path / name), read_only=True) as con:
            found = table_digest(con, table("matched", "cluster"))
        assert found.rows == 3000
        return found.digest

    rows = "SELECT 'r' || i, 'c' || (i // 3) FROM range(3000) t(i)"
    one = stored("one.duckdb", rows)
    other = stored(
        "other.duckdb",
        f"{rows} ORDER BY hash(i)",
        storage_compatibility_version="latest",
        default_block_size="16384",
    )
    assert one == other
    assert one != stored("less.duckdb", rows.replace("// 3", "// 4"))


@pytest.mark.parametrize("definition", LAYERS["golden"], ids=lambda item: item.name)
def test_every_column_of_every_golden_table_counts(definition: Table) -> None:
    with duckdb.connect() as con:
        begin_layer(con, "golden", definition.name)
        name = f"golden.{definition.name}"
        columns = ", ".join(f"NULL::{column.type}" for column in definition.columns)
        con.execute(f"INSERT INTO {name} SELECT {columns}")
        seen = {table_digest(con, definition).digest}
        for column in definition.columns:
            value = {"VARCHAR": "'x'", "DATE": "'2026-01-01'", "TIMESTAMP": "'2026-01-01'"}.get(
                column.type, "1"
            )
            con.execute(f'UPDATE {name} SET "{column.name}" = {value}')
            seen.add(table_digest(con, definition).digest)
    assert len(seen) == 1 + len(definition.columns)


def test_changes_since_the_last_version_are_not_part_of_the_layer() -> None:
    with duckdb.connect() as con:
        begin_layer(con, "golden")
        empty = layer_digest(con, "golden")
        con.execute("INSERT INTO golden.customer_change (customer_id) VALUES ('C1')")
        assert layer_digest(con, "golden") == empty
        con.execute("INSERT INTO golden.customer (customer_id) VALUES ('C1')")
        assert layer_digest(con, "golden") != empty
