"""Landed tables hold the latest live row of every key, and every other row has a fate."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import ConfigError, DigestMismatch
from models.source import SourceConfig
from warehouse.landing import RawZone
from warehouse.load import LoadReport, ObjectLoad, load
from warehouse.parts import RunFacts
from warehouse.run_manifest import Kind, PulledWindow
from warehouse.store import Store

Row = dict[str, str | None]
MAPPING = {"party": "person", "names": [{"full": "NAME"}]}


def source(**read: Any) -> SourceConfig:
    return SourceConfig.model_validate(
        {
            "name": "core",
            "connector": "sql",
            "objects": {"customer": {"read": {"primary_key": ["ID"], **read}, "mapping": MAPPING}},
        }
    )


FLAGGED = {"deletes": {"flag": {"field": "DEL", "values": ["1"]}}}
CURSOR = {"cursor": {"field": "TS"}}


class Raw:
    """A raw zone that is written run by run."""

    def __init__(self, root: Path) -> None:
        self.zone = RawZone(root)
        self.runs = 0

    def add(
        self,
        *batches: Sequence[Row],
        kind: Kind = "delta",
        keys: Sequence[str] | None = None,
        rejects: int = 0,
        sequences: bool = False,
    ) -> None:
        """Write one run; with ``sequences`` every batch is a source file of its own."""
        run_id = f"2026112{self.runs}T000000.000000Z"
        self.runs += 1
        with self.zone.writer("core", "customer", run_id) as writer:
            for number, batch in enumerate(batches):
                writer.write(as_table(batch), sequence=number if sequences else 0)
            if keys is not None:
                writer.write_keys(as_table([{"ID": key} for key in keys], ["ID"]))
            for line in range(rejects):
                writer.write_rejects(reject(line))
            window = PulledWindow(lo=None, hi="2026-11-23T00:00:00+00:00")
            when = "2026-11-23T00:00:00+00:00"
            writer.commit(RunFacts("core", "customer", run_id, kind, window, None, when))


def as_table(rows: Sequence[Row], columns: Sequence[str] = ()) -> pa.Table:
    names = list(columns) or list(dict.fromkeys(name for row in rows for name in row))
    return pa.table(
        {name: pa.array([row.get(name) for row in rows], pa.string()) for name in names}
    )


def reject(line: int) -> pa.Table:
    return pa.table(
        {
            "file": ["a.csv"],
            "line": pa.array([line], pa.int64()),
            "rule": ["bad_line"],
            "reason": [f"a.csv, line {line}: 2 fields where the header has 3."],
            "text": [f"x,{line}"],
        }
    )


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    return Raw(tmp_path / "raw")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "work.duckdb")


def run(store: Store, raw: Raw, *sources: SourceConfig) -> ObjectLoad:
    return load_all(store, raw, *sources).objects[0]


def load_all(store: Store, raw: Raw, *sources: SourceConfig) -> LoadReport:
    with store.writing() as con:
        report = load(con, raw.zone, sources)
    for item in report.objects:
        fates = (item.rows_live, item.rows_superseded, item.rows_deleted, item.rows_duplicate)
        assert item.rows_read == sum(fates) + item.rows_rejected
    return report


def landed(store: Store, columns: str = "*") -> list[tuple[Any, ...]]:
    with store.reading() as con:
        return con.execute(f"SELECT {columns} FROM landed.core__customer ORDER BY _pos").fetchall()


def rejected(store: Store) -> list[tuple[Any, ...]]:
    with store.reading() as con:
        return con.execute(
            "SELECT source, object, source_pk, field, rule FROM landed.rejected ORDER BY ALL"
        ).fetchall()


def test_the_newest_run_of_a_key_wins(store: Store, raw: Raw) -> None:
    raw.add([{"ID": "1", "NAME": "old"}, {"ID": "2", "NAME": "stays"}], kind="full")
    raw.add([{"ID": "1", "NAME": "new"}])
    report = run(store, raw, source())
    assert landed(store, "_pos, _pk, ID, NAME") == [(0, "1", "1", "new"), (1, "2", "2", "stays")]
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
        "ID", "contact.mobile", "note", "_pk", "_hash", "_pos"
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
        assert [name for (name,) in tables] == ["crm__customer", "object_load", "rejected"]
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
                tables.append(con.execute("FROM landed.core__customer ORDER BY _pos").fetchall())
                tables[-1] += con.execute("FROM landed.rejected ORDER BY ALL").fetchall()
    assert tables[0] == tables[1]
    live = sorted(expected(runs).items())
    assert report.rows_live == len(live)
    names = ("ID", "TS", "NAME", "DEL")
    found = [row[:4] for row in tables[0][: len(live)]]
    assert found == [tuple(row[name] for name in names) for _, row in live]
