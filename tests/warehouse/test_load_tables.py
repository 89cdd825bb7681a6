"""What the landed tables look like, and that they are loaded anew only when something is."""

from __future__ import annotations

import pytest

from models.errors import DigestMismatch
from tests.plugins.raw_runs import FLAGGED, Raw, landed, rejected, run, source
from warehouse.store import Store


def test_columns_that_appear_and_vanish_stay_and_are_null(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "OLD": "x"}], kind="full")
    raw.add([{"ID": "2", "NEW": "y"}])
    run(store, raw, source())
    assert landed(store, "ID, OLD, NEW") == [("1", "x", None), ("2", None, "y")]


def test_an_always_empty_parent_of_dotted_columns_is_left_out(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "contact": None, "contact.mobile": "m", "note": None}])
    run(store, raw, source())
    with store.reading() as con:
        found = con.execute("DESCRIBE landed.core__customer").fetchall()
    assert [name for name, *_ in found] == [
        "ID", "contact.mobile", "note", "_pk", "_hash"
    ]  # fmt: skip


def test_names_of_columns_are_quoted(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", '客户"姓名; --': "张三", "order by": "'"}])
    run(store, raw, source())
    assert landed(store, "COLUMNS(c -> c NOT LIKE '\\_%' ESCAPE '\\')") == [("1", "张三", "'")]


def test_an_object_never_pulled_has_an_empty_table(store: Store, raw: Raw) -> None:
    report = run(store, raw, source())
    assert landed(store) == []
    assert (report.runs, report.last_run_id) == (0, None)


def test_a_second_load_changes_nothing_and_reads_nothing(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}, {"ID": None}], kind="full", rejects=1)
    first = run(store, raw, source())
    before = landed(store), rejected(store)
    second = run(store, raw, source())
    assert (first.unchanged, second.unchanged) == (False, True)
    assert (landed(store), rejected(store)) == before


def test_new_rules_load_the_same_runs_again(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "DEL": "1"}], kind="full")
    assert run(store, raw, source()).rows_live == 1
    assert run(store, raw, source(**FLAGGED)).rows_live == 0


def test_objects_no_longer_configured_leave_no_table_behind(store: Store, raw: Raw) -> None:
    raw.add([{"ID": None}], kind="full")
    run(store, raw, source())
    other = source().model_copy(update={"name": "crm"})
    run(store, raw, other)
    with store.reading() as con:
        tables = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()
        assert [name for (name,) in tables] == [
            "crm__customer",
            "loaded__crm__customer",
            "object_load",
            "rejected",
        ]
    assert rejected(store) == []


def test_a_damaged_part_stops_the_load_and_keeps_the_old_table(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}], kind="full")
    run(store, raw, source())
    raw.add([{"ID": "2"}])
    manifest = raw.zone.runs("core", "customer")[-1]
    (raw.zone.path(manifest) / manifest.files[0].name).write_bytes(b"PAR1")
    with pytest.raises(DigestMismatch):
        run(store, raw, source())
    assert landed(store, "_pk") == [("1",)]


def test_the_run_and_its_time_stand_beside_the_table(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1"}], kind="full")
    run(store, raw, source())
    with store.reading() as con:
        found = con.execute(
            "SELECT last_run_id, extracted_at::VARCHAR FROM landed.object_load"
        ).fetchall()
    assert found == [("20261120T000000.000000Z", "2026-11-23 00:00:00")]
