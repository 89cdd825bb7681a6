"""New runs are added to a landed table, and leave what loading all runs anew leaves."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.source import SourceConfig
from tests.plugins.raw_runs import CURSOR, FLAGGED, Raw, Row, landed, rejected, run, source
from warehouse import load as loading
from warehouse.landing import RawZone
from warehouse.load import ObjectLoad, load
from warehouse.load_object import add_runs
from warehouse.load_parts import RawObject
from warehouse.store import Connection, Store

RULES = source(**CURSOR, **FLAGGED)
COLUMNS = ("ID", "TS", "NAME", "DEL")
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "ID": st.sampled_from(["1", "2", "3", "4", None, " "]),
            "TS": st.sampled_from([None, "2026-01-01", "2026-01-02"]),
            "NAME": st.sampled_from(["a", "b", None]),
            "DEL": st.sampled_from(["0", "0", "0", "1"]),
        }
    ).map(lambda row: {name: row[name] for name in COLUMNS}),
    max_size=8,
)
# rows, keys of a sweep, unreadable lines, and whether it is loaded before the next run comes
DELTAS = st.lists(
    st.tuples(
        ROWS,
        st.none() | st.lists(st.sampled_from("12345"), max_size=5),
        st.integers(0, 1),
        st.booleans(),
    ),
    min_size=1,
    max_size=5,
)


def everything(con: Connection, zone: RawZone, config: SourceConfig = RULES) -> dict[str, Any]:
    """Load, and return all that the load leaves: columns in the order of their names."""
    (report,) = load(con, zone, [config]).objects
    names = sorted(name for name, *_ in con.execute("DESCRIBE landed.core__customer").fetchall())
    columns = ", ".join(f'"{name}"' for name in names)
    counted = {name: getattr(report, name) for name in ObjectLoad.__slots__ if name != "unchanged"}
    found = {
        "rows": f"SELECT {columns} FROM landed.core__customer ORDER BY _pk",
        "rejected": "FROM landed.rejected ORDER BY ALL",
        "load": "FROM landed.object_load",
        "keys": "FROM work.loaded__core__customer WHERE gone OR pk IS NULL "
        "OR older + same + repeated + contradicting > 0 ORDER BY ALL",
    }
    tables = {name: con.execute(statement).fetchall() for name, statement in found.items()}
    return {"names": names, "counted": counted, **tables}


def anew(zone: RawZone, config: SourceConfig = RULES) -> dict[str, Any]:
    """Return what loading all runs into an empty file leaves."""
    with duckdb.connect() as con:
        return everything(con, zone, config)


@settings(max_examples=40, deadline=None)
@given(first=ROWS, deltas=DELTAS)
def test_adding_runs_leaves_what_loading_all_anew_leaves(
    first: list[Row], deltas: Sequence[tuple[list[Row], list[str] | None, int, bool]]
) -> None:
    with TemporaryDirectory() as folder, duckdb.connect() as con:
        raw = Raw(Path(folder) / "raw")
        raw.add(first or [dict.fromkeys(COLUMNS)], kind="full")
        everything(con, raw.zone)
        for rows, keys, rejects, loaded in deltas:
            raw.add(*([rows] if rows else []), keys=keys, rejects=rejects)
            if loaded:
                assert everything(con, raw.zone) == anew(raw.zone)
        assert everything(con, raw.zone) == anew(raw.zone)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether each later load could add the new runs."""
    results: list[bool] = []

    def noting(con: Connection, raw: RawZone, item: RawObject, known: int) -> bool:
        results.append(add_runs(con, raw, item, known))
        return results[-1]

    monkeypatch.setattr(loading, "add_runs", noting)
    return results


FIRST: list[Row] = [{"ID": "1", "NAME": "a"}, {"ID": "2", "NAME": "b"}, {"ID": "3", "NAME": "c"}]


@pytest.mark.parametrize(
    ("second", "keys", "could"),
    [
        pytest.param([{"ID": "1", "NAME": "z"}], None, True, id="a-change"),
        pytest.param([{"NAME": "z", "ID": "9"}], None, True, id="columns-in-another-order"),
        pytest.param([{"ID": "9"}], None, True, id="a-column-stays-away"),
        pytest.param([], ["1", "2"], True, id="only-a-sweep"),
        pytest.param([{"ID": "9", "NEW": "x"}], None, False, id="a-new-column"),
        pytest.param([{"NAME": "x"}], None, False, id="without-the-key"),
    ],
)
def test_runs_are_added_wherever_that_gives_the_same(
    store: Store,
    raw: Raw,
    added: list[bool],
    second: list[Row],
    keys: list[str] | None,
    could: bool,
) -> None:
    raw.add(FIRST, kind="full")
    run(store, raw, source())
    raw.add(*([second] if second else []), keys=keys)
    with store.writing() as con:
        assert everything(con, raw.zone, source()) == anew(raw.zone, source())
    assert added == [could]


def test_a_key_that_a_sweep_lists_again_comes_back(
    store: Store, raw: Raw, added: list[bool]
) -> None:
    raw.add(FIRST, kind="full", keys=["1", "2", "3"])
    run(store, raw, source())
    raw.add(keys=["1", "2"])
    run(store, raw, source())
    assert landed(store, "_pk") == [("1",), ("2",)]
    raw.add(keys=["1", "2", "3"])
    run(store, raw, source())
    assert landed(store, "_pk, NAME") == [("1", "a"), ("2", "b"), ("3", "c")]
    assert added == [True, False]


def test_a_full_run_or_other_rules_or_other_runs_rebuild(
    store: Store, raw: Raw, added: list[bool]
) -> None:
    raw.add(FIRST, kind="full")
    run(store, raw, source())
    raw.add(FIRST[:1], kind="full")
    run(store, raw, source())
    raw.add(FIRST[1:])
    run(store, raw, source(**FLAGGED))
    assert landed(store, "_pk") == [("1",), ("2",), ("3",)]
    assert added == []


def test_a_stem_that_stays_empty_is_no_new_column(
    store: Store, raw: Raw, added: list[bool]
) -> None:
    raw.add([{"ID": "1", "contact": None, "contact.mobile": "m"}], kind="full")
    run(store, raw, source())
    raw.add([{"ID": "2", "contact": None}])
    run(store, raw, source())
    raw.add([{"ID": "3", "contact": "x"}])
    run(store, raw, source())
    assert landed(store, 'ID, contact, "contact.mobile"') == [
        ("1", None, "m"),
        ("2", None, None),
        ("3", "x", None),
    ]
    assert added == [True, False]


def test_without_the_notes_on_its_keys_a_table_is_rebuilt(
    store: Store, raw: Raw, added: list[bool]
) -> None:
    raw.add(FIRST, kind="full")
    run(store, raw, source())
    with store.writing() as con:
        con.execute("DROP TABLE work.loaded__core__customer")
    raw.add([{"ID": None}])
    assert run(store, raw, source()).rows_rejected == 1
    assert added == []
    assert rejected(store) == [("core", "customer", None, "ID", "no_key")]
