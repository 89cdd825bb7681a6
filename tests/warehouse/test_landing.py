"""The raw zone shows complete runs only, once, and says where to go on."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import DigestMismatch, SchemaDrift, StoreError, StoreLocked
from warehouse.landing import RawZone
from warehouse.parts import RunFacts, RunWriter
from warehouse.run_manifest import MANIFEST, CursorValue, Manifest, PulledWindow

RUN = "20261123T182310.000001Z"


def facts(run_id: str = RUN, **more: object) -> RunFacts:
    known = {
        "source": "core",
        "object": "customer",
        "run_id": run_id,
        "kind": "full",
        "window": PulledWindow(lo=None, hi="2026-11-23T18:23:10+00:00"),
        "cursor": CursorValue(field="TS", kind="text", value=run_id),
        "extracted_at": "2026-11-23T18:23:10+00:00",
    }
    return RunFacts(**{**known, **more})  # type: ignore[arg-type]


def table(**columns: list[str | None]) -> pa.Table:
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


@pytest.fixture
def raw(tmp_path: Path) -> RawZone:
    return RawZone(tmp_path / "raw", wait=0.1)


def write(raw: RawZone, run_id: str = RUN, rows: int = 3) -> Manifest:
    with raw.writer("core", "customer", run_id) as writer:
        writer.write(table(ID=[str(number) for number in range(rows)]))
        return writer.commit(facts(run_id))


def test_a_committed_run_is_listed_with_its_rows_and_digests(raw: RawZone) -> None:
    manifest = write(raw)
    assert raw.runs("core", "customer") == [manifest]
    assert (manifest.rows, manifest.keys, manifest.columns) == (3, None, ("ID",))
    assert pq.read_table(raw.path(manifest) / manifest.files[0].name).num_rows == 3
    raw.verify(manifest)


def test_the_cursor_to_go_on_from_is_that_of_the_last_run(raw: RawZone) -> None:
    write(raw, "20261124T000000.000000Z")
    write(raw, "20261123T000000.000000Z")
    latest = raw.latest("core", "customer")
    assert latest is not None
    assert latest.cursor == CursorValue(field="TS", kind="text", value="20261124T000000.000000Z")


def test_without_commit_nothing_stays(raw: RawZone) -> None:
    with raw.writer("core", "customer", RUN) as writer:
        writer.write(table(ID=["1"]))
    assert raw.latest("core", "customer") is None
    assert list((raw.root / "core" / "customer").iterdir()) == []


def test_leftovers_of_a_killed_run_are_ignored_and_removed(raw: RawZone) -> None:
    leftover = raw.root / "core" / "customer" / "_tmp_old"
    leftover.mkdir(parents=True)
    (leftover / "rows-00000.parquet").write_bytes(b"half")
    assert raw.runs("core", "customer") == []
    write(raw)
    assert not leftover.exists()


def test_a_run_folder_without_manifest_is_not_a_run(raw: RawZone) -> None:
    (raw.root / "core" / "customer" / "run=x").mkdir(parents=True)
    assert raw.runs("core", "customer") == []


def test_a_run_id_is_written_once(raw: RawZone) -> None:
    first = write(raw, rows=3)
    second = write(raw, rows=5)
    assert second == first
    assert raw.find("core", "customer", RUN) == first


def test_a_changed_file_is_found(raw: RawZone) -> None:
    manifest = write(raw)
    path = raw.path(manifest) / manifest.files[0].name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DigestMismatch, match=r"rows-00000\.parquet"):
        raw.verify(manifest)


def test_a_manifest_that_cannot_be_read_says_which(raw: RawZone) -> None:
    manifest = write(raw)
    (raw.path(manifest) / MANIFEST).write_text("{}")
    with pytest.raises(StoreError, match=r"_manifest\.json is not a manifest"):
        raw.runs("core", "customer")


def test_only_the_owner_can_look_into_the_raw_zone(raw: RawZone) -> None:
    write(raw)
    assert raw.root.stat().st_mode & 0o777 == 0o700


def test_a_second_puller_of_the_same_object_waits_and_then_gives_up(raw: RawZone) -> None:
    with (
        raw.locked("core", "customer"),
        pytest.raises(StoreLocked, match="another pull"),
        raw.locked("core", "customer"),
    ):
        pass


def test_new_columns_start_a_new_part_and_missing_ones_are_null(
    raw: RawZone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warehouse.parts.ROWS_PER_GROUP", 1)
    with raw.writer("core", "customer", RUN) as writer:
        writer.write(table(B=["b"], A=["1"]))
        writer.write(table(A=["2"]))
        writer.write(table(A=["3"], C=["c"]))
        manifest = writer.commit(facts())
    parts = [pq.read_table(raw.path(manifest) / part.name) for part in manifest.files]
    assert [part.to_pydict() for part in parts] == [
        {"B": ["b", None], "A": ["1", "2"]},
        {"A": ["3"], "C": ["c"]},
    ]
    assert manifest.columns == ("A", "B", "C")


def test_columns_that_differ_only_in_case_are_refused(raw: RawZone) -> None:
    with raw.writer("core", "customer", RUN) as writer:
        writer.write(table(id=["1"]))
        with pytest.raises(SchemaDrift, match="'id' and 'ID', which differ only in capital"):
            writer.write(table(ID=["1"]))


@pytest.mark.parametrize("name", ["_pk", "_hash", "_HASH"])
def test_columns_named_like_the_bookkeeping_are_refused(raw: RawZone, name: str) -> None:
    with (
        raw.writer("core", "customer", RUN) as writer,
        pytest.raises(SchemaDrift, match="this project's own"),
    ):
        writer.write(table(**{name: ["1"]}))


def test_sequences_and_roles_stand_in_parts_of_their_own(raw: RawZone) -> None:
    with raw.writer("core", "customer", RUN) as writer:
        writer.write(table(ID=["1"]), sequence=0)
        writer.write(table(ID=["1"]), sequence=1)
        writer.write_keys(table(ID=[]))
        manifest = writer.commit(facts())
    assert [(part.role, part.sequence, part.rows) for part in manifest.files] == [
        ("rows", 0, 1),
        ("rows", 1, 1),
        ("keys", 0, 0),
    ]
    assert manifest.keys == 0


def test_parts_are_cut_at_their_size(raw: RawZone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warehouse.parts.ROWS_PER_GROUP", 2)
    monkeypatch.setattr("warehouse.parts.ROWS_PER_PART", 4)
    with raw.writer("core", "customer", RUN) as writer:
        for number in range(9):
            writer.write(table(ID=[str(number)]))
        assert isinstance(writer, RunWriter)
        assert writer.rows == 9
        manifest = writer.commit(facts())
    assert [part.rows for part in manifest.files] == [4, 4, 1]
