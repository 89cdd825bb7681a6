"""Landed tables hold the latest live row of every key, and every other row has a fate."""

from __future__ import annotations

import pytest

from models.errors import ConfigError
from tests.plugins.raw_runs import CURSOR, FLAGGED, Raw, Row, landed, rejected, run, source
from warehouse.store import Store


def test_the_newest_run_of_a_key_wins(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "NAME": "old"}, {"ID": "2", "NAME": "stays"}], kind="full")
    raw.add([{"ID": "1", "NAME": "new"}])
    report = run(store, raw, source())
    assert landed(store, "_pk, ID, NAME") == [("1", "1", "new"), ("2", "2", "stays")]
    assert (report.runs, report.rows_live, report.rows_superseded) == (2, 2, 1)


def test_a_full_run_replaces_everything_before_it(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "NAME": "gone"}], kind="full")
    raw.add([{"ID": "2", "NAME": "there"}], kind="full")
    report = run(store, raw, source())
    assert landed(store, "_pk") == [("2",)]
    assert (report.runs, report.rows_read) == (1, 1)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        pytest.param("2026-11-01 10:00:00", "2026-11-01T10:00:00.5", id="timestamps"),
        pytest.param("2026-11-01T12:00:00+08:00", "2026-11-01T05:00:00Z", id="offsets"),
        pytest.param("999", "1000", id="numbers"),
        pytest.param("20261101", "20261102", id="compact-dates"),
        pytest.param("a", "b", id="texts"),
        pytest.param(None, "2026-11-01", id="null-is-oldest"),
    ],
)
def test_within_a_run_the_greatest_cursor_wins(
    store: Store, raw: Raw, earlier: str | None, later: str
) -> None:
    raw.add([{"ID": "1", "TS": later, "NAME": "later"}, {"ID": "1", "TS": earlier, "NAME": "x"}])
    report = run(store, raw, source(**CURSOR))
    assert landed(store, "NAME") == [("later",)]
    assert report.rows_superseded == 1


def test_a_later_file_of_the_same_run_wins(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "NAME": "z first"}], [{"ID": "1", "NAME": "a second"}], sequences=True)
    run(store, raw, source())
    assert landed(store, "NAME") == [("a second",)]


def test_flagged_rows_remove_their_key_until_it_comes_back(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "DEL": "0"}, {"ID": "2", "DEL": None}], kind="full")
    raw.add([{"ID": "1", "DEL": "1"}])
    report = run(store, raw, source(**FLAGGED))
    assert landed(store, "_pk") == [("2",)]
    assert (report.rows_deleted, report.rows_superseded) == (1, 1)
    raw.add([{"ID": "1", "DEL": "0"}])
    run(store, raw, source(**FLAGGED))
    assert landed(store, "_pk") == [("1",), ("2",)]


def test_rows_marked_deleted_by_the_connector_remove_their_key(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}, {"ID": "2"}], kind="full")
    raw.add([{"ID": "1", "_op": "D"}])
    run(store, raw, source())
    assert landed(store, "ID, _pk") == [("2", "2")]


def test_a_sweep_removes_the_keys_it_does_not_list(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}, {"ID": "2"}, {"ID": "3"}], kind="full", keys=["1", "2", "3"])
    raw.add([{"ID": "4"}], keys=["2", "4", "5"])
    raw.add([{"ID": "3"}])
    report = run(store, raw, source(deletes={"sweep": True}))
    assert landed(store, "_pk") == [("2",), ("3",), ("4",)]
    assert (report.rows_deleted, report.keys_missing) == (1, 1)


def test_a_sweep_of_nothing_removes_everything_before_it(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}], kind="full", keys=["1"])
    raw.add(keys=[])
    assert run(store, raw, source(deletes={"sweep": True})).rows_deleted == 1
    assert landed(store, "_pk") == []


def test_identical_copies_collapse_and_contradictions_are_rejected(store: Store, raw: Raw) -> None:
    rows: list[Row] = [{"ID": "1", "NAME": name} for name in ("a", "a", "b", "b", "c")]
    raw.add(rows)
    report = run(store, raw, source())
    assert len(landed(store)) == 1
    assert (report.rows_live, report.rows_duplicate, report.rows_rejected) == (1, 2, 2)
    assert rejected(store) == [("core", "customer", "1", "ID", "duplicate_key")] * 2


@pytest.mark.parametrize("key", [None, "", "  "], ids=["null", "empty", "blank"])
def test_rows_without_a_key_are_rejected(store: Store, raw: Raw, key: str | None) -> None:
    raw.add([{"ID": key, "NAME": "a"}, {"ID": key, "NAME": "a"}, {"ID": "1", "NAME": "b"}])
    report = run(store, raw, source())
    assert (report.rows_live, report.rows_rejected, report.rows_duplicate) == (1, 1, 1)
    assert rejected(store) == [("core", "customer", None, "ID", "no_key")]


def test_unreadable_lines_are_rejected_and_counted(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}], rejects=2, kind="full")
    report = run(store, raw, source())
    assert (report.rows_read, report.rows_rejected) == (3, 2)
    assert rejected(store) == [("core", "customer", None, None, "bad_line")] * 2


def test_parts_of_a_composite_key_cannot_be_confused(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "a|b", "N": "c"}, {"ID": "a", "N": "b|c"}, {"ID": "a\\", "N": "x"}])
    run(store, raw, source(primary_key=["ID", "N"]))
    assert landed(store, "_pk") == [("a\\\\|x",), ("a\\|b|c",), ("a|b\\|c",)]


def test_a_key_column_that_never_came_is_a_mistake_of_the_configuration(
    store: Store, raw: Raw
) -> None:
    raw.add([{"NO": "1"}])
    with pytest.raises(ConfigError, match=r"sources/core\.yml: .* names ID, .* columns are NO"):
        run(store, raw, source())
