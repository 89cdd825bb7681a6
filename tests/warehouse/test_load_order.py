"""Whatever the order of rows and parts, the same rows land: those a slow reading finds live."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plugins.raw_runs import CURSOR, FLAGGED, Raw, Row, source
from warehouse.load import load

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "ID": st.sampled_from(["1", "2", "3", None, " "]),
            "TS": st.sampled_from([None, "2026-01-01", "2026-01-02"]),
            "NAME": st.sampled_from(["a", "b"]),
            "DEL": st.sampled_from(["0", "0", "1"]),
        }
    ).map(lambda row: {name: row[name] for name in ("ID", "TS", "NAME", "DEL")}),
    max_size=12,
)
RUNS = st.lists(
    st.tuples(st.booleans(), ROWS, st.none() | st.lists(st.sampled_from("123"), max_size=3)),
    min_size=1,
    max_size=4,
)


def expected(runs: Sequence[tuple[bool, list[Row], list[str] | None]]) -> dict[str, Row]:
    """Say what is live, one row at a time, the slow way; hashes break ties.

    Only the last sweep counts: what it lists is there, whatever an earlier one missed.
    """
    live: dict[str, tuple[tuple[Any, ...], Row]] = {}
    swept: tuple[int, list[str]] | None = None
    for number, (full, rows, keys) in enumerate(runs):
        if full:
            live.clear()
            swept = None
        if keys is not None:
            swept = number, keys
        for row in rows:
            key = row["ID"]
            if key is None or not key.strip():
                continue
            rank = (number, row["TS"] or "", row["DEL"] == "0", digest(row))
            if key not in live or live[key][0] < rank:
                live[key] = rank, row
    return {
        key: row
        for key, (rank, row) in live.items()
        if row["DEL"] == "0" and (swept is None or rank[0] > swept[0] or key in swept[1])
    }


def digest(row: Row) -> str:
    text = "".join(
        f"{name}={len(value)}:{value};" for name, value in sorted(row.items()) if value is not None
    )
    found = duckdb.execute("SELECT md5(?)", [text]).fetchone()
    return str(found[0]) if found else ""


@settings(max_examples=25, deadline=None)
@given(runs=RUNS, seed=st.integers(0, 2**16))
def test_whatever_the_order_and_the_parts_the_table_is_the_same(
    runs: list[tuple[bool, list[Row], list[str] | None]], seed: int
) -> None:
    config = source(**CURSOR, **FLAGGED)
    tables = []
    for shuffled in (False, True):
        dice = random.Random(seed)
        with TemporaryDirectory() as folder:
            raw = Raw(Path(folder) / "raw")
            for full, rows, keys in runs:
                cut = dice.randint(0, len(rows)) if shuffled else len(rows)
                order = dice.sample(rows, len(rows)) if shuffled else rows
                batches = [part for part in (order[:cut], order[cut:]) if part]
                raw.add(*batches, kind="full" if full else "delta", keys=keys)
            with duckdb.connect() as con:
                (report,) = load(con, raw.zone, [config]).objects
                tables.append(con.execute("FROM landed.core__customer ORDER BY _pk").fetchall())
                tables[-1] += con.execute("FROM landed.rejected ORDER BY ALL").fetchall()
    assert tables[0] == tables[1]
    live = sorted(expected(runs).items())
    assert report.rows_live == len(live)
    names = ("ID", "TS", "NAME", "DEL")
    found = [row[:4] for row in tables[0][: len(live)]]
    assert found == [tuple(row[name] for name in names) for _, row in live]
