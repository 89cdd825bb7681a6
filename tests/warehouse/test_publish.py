"""Publishing: all of a version or nothing of it, whatever is killed when, whoever is reading."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from models.errors import DigestMismatch, PublishConflict, StoreError
from models.tables import LAYERS
from models.verdict import Passed
from tests.plugins.small_bank import SmallBank, leave, person
from warehouse.manifest import check_files
from warehouse.publish import PublishRun, publish
from warehouse.store import begin_layer

NOW = datetime.fromisoformat("2026-02-01")
POINTS = (
    "Parquet written",
    "golden file built",
    "digest verified",
    "manifest written",
    "version in place",
    "current swapped",
    "old versions removed",
)
# Runs in a process of its own: publishes what the working file holds and dies at a named point.
DIE = """
import os, signal, sys
from pathlib import Path
from tests.plugins.small_bank import SmallBank

def progress(what, done, total=None):
    if what == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

SmallBank(Path(sys.argv[1]), runs=100).release(progress=progress)
"""
# Opens the current version again and again until told to stop; prints what it saw.
READ = """
import json, sys
from pathlib import Path
import duckdb
root, stop = Path(sys.argv[1]), Path(sys.argv[2])
seen, opens, wrong = set(), 0, []
print("ready", flush=True)
while not stop.exists():
    try:
        with duckdb.connect(str(root / "current" / "golden.duckdb"), read_only=True) as con:
            version, customers = con.execute(
                "SELECT version, customers FROM version_info").fetchone()
            names = con.execute("SELECT count(*), count(DISTINCT full_name), min(full_name) "
                                "FROM customer").fetchone()
        opens += 1
        if names != (customers, 1, version):
            wrong.append([version, customers, names])
        seen.add(version)
    except Exception as error:
        wrong.append(repr(error))
print(json.dumps({"seen": sorted(seen), "opens": opens, "wrong": wrong}))
"""


@pytest.fixture
def bank(tmp_path: Path) -> SmallBank:
    return SmallBank(tmp_path)


def test_a_version_holds_tables_parquet_manifest_and_report(
    bank: SmallBank, tmp_path: Path
) -> None:
    report = tmp_path / "report.html"
    report.write_text("<p>good</p>")
    bank.prepare([person("core.c:1"), person("core.c:2")])
    published = bank.release(report_html=report)
    version = published.version
    assert (version.name, published.unchanged) == ("v000001", False)
    tables = sorted([*(item.name for item in LAYERS["golden"]), "data_dictionary", "version"])
    assert sorted(
        path.relative_to(version.folder).as_posix() for path in _files(version.folder)
    ) == [
        "contract.odcs.yaml",
        "dictionary.html",
        "golden.duckdb",
        "manifest.json",
        *(f"parquet/{name}.parquet" for name in tables),
        "report.html",
    ]
    assert version.manifest.tables["customer"].rows == 2
    assert version.manifest.last_id_number == 2
    assert (version.manifest.previous_version, version.manifest.run_id) == (None, "r1")
    assert (version.folder / "report.html").read_text() == "<p>good</p>"
    assert (bank.versions.root / "current").readlink() == Path("versions/v000001")


def test_the_golden_file_describes_itself_in_both_languages(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    comments = bank.ask(
        "SELECT comment FROM duckdb_columns() "
        "WHERE table_name = 'customer' AND column_name = 'birth_date'"
    )
    assert comments == [("date of birth · 出生日期",)]
    assert bank.ask("SELECT count(*) FROM duckdb_tables() WHERE comment IS NULL") == [(0,)]
    assert bank.ask("SELECT version, previous_version, run_id, customers FROM version_info") == [
        ("v000001", None, "r1", 1)
    ]


def test_a_version_remembers_its_day_its_code_and_its_model(bank: SmallBank) -> None:
    bank.prepare([person("core.c:1")])
    run = PublishRun("r", NOW, "config", as_of=date(2026, 1, 31), code_digest="c0de")
    with bank.store.writing() as con:
        con.execute("INSERT INTO matched.model VALUES ('rules: 1\n')")
        version = publish(con, leave(con), bank.versions, run).version
    assert (version.manifest.as_of, version.manifest.code_digest) == (date(2026, 1, 31), "c0de")
    assert (version.folder / "matching-model.yml").read_text() == "rules: 1\n"
    assert "matching-model.yml" in version.manifest.files


def test_the_manifest_of_an_older_version_is_still_read(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    file = version.folder / "manifest.json"
    older = json.loads(file.read_text())
    del older["as_of"], older["code_digest"]
    file.chmod(0o644)
    file.write_text(json.dumps(older))
    read = bank.versions.verify(1).manifest
    assert (read.as_of, read.code_digest) == (None, None)


def test_the_version_being_made_gets_its_number_in_what_is_written(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    bank.prepare([person("core.c:1", "王二")])
    with bank.store.writing() as con:
        con.execute(
            "INSERT INTO golden.customer_history (attribute, known_from, known_to) "
            "VALUES ('a', 1, 0), ('b', 0, NULL), ('c', 1, NULL)"
        )
    version = bank.release().version
    asked = "SELECT attribute, known_from, known_to FROM {} WHERE attribute < 'd' ORDER BY 1"
    rows = [("a", 1, 2), ("b", 2, None), ("c", 1, None)]
    assert bank.ask(asked.format("customer_history")) == rows
    parquet = str(version.parquet / "customer_history.parquet")
    assert duckdb.sql(asked.format(f"'{parquet}'")).fetchall() == rows
    bank.versions.verify(2)


def test_a_version_lists_those_that_led_to_it(bank: SmallBank) -> None:
    for name in ("一", "二", "三"):
        bank.publish([person("core.c:1", name)])
    bank.versions.rollback(2)
    version = bank.publish([person("core.c:1", "四")]).version
    rows = [(1, "v000001", NOW), (2, "v000002", NOW), (4, "v000004", NOW)]
    assert bank.ask("FROM version") == rows
    assert duckdb.sql(f"FROM '{version.parquet / 'version.parquet'}'").fetchall() == rows


def test_a_version_before_the_list_began_is_still_listed(bank: SmallBank) -> None:
    first = bank.publish([person("core.c:1", "一")]).version
    (first.parquet / "version.parquet").unlink()
    bank.publish([person("core.c:1", "二")])
    assert bank.ask("SELECT number FROM version") == [(1,), (2,)]


def test_rows_stand_sorted_in_the_file_and_in_parquet(bank: SmallBank) -> None:
    keys = [f"core.c:{number}" for number in range(50, 9, -1)]
    version = bank.publish([person(key) for key in keys]).version
    in_file = bank.ask("SELECT record_key FROM customer_xref")
    parquet = str(version.parquet / "customer_xref.parquet")
    assert (
        in_file == sorted(in_file) == duckdb.sql(f"SELECT record_key FROM '{parquet}'").fetchall()
    )


def test_published_files_carry_no_write_permission_and_no_log(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    modes = {stat.S_IMODE(path.stat().st_mode) for path in _files(version.folder)}
    assert modes == {0o444}
    assert not list(version.folder.rglob("*.wal"))
    assert [path.name for path in bank.versions.versions.iterdir()] == ["v000001"]


def test_the_file_can_be_read_by_the_first_stable_duckdb(bank: SmallBank) -> None:
    version = bank.publish([person("core.c:1")]).version
    header = version.golden_file.read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert int.from_bytes(header[12:20], "little") == 64, "the storage version of DuckDB 1.0"


def test_the_same_content_again_publishes_nothing(bank: SmallBank) -> None:
    first = bank.publish([person("core.c:1"), person("core.c:2")])
    again = bank.publish([person("core.c:2"), person("core.c:1")])
    assert (again.unchanged, again.version.name) == (True, "v000001")
    assert again.version.manifest == first.version.manifest
    assert len(bank.versions.list()) == 1


def test_what_the_gate_did_not_see_is_not_published(bank: SmallBank) -> None:
    bank.prepare([person("core.c:1")])
    run = PublishRun("r", NOW, "config")
    with bank.store.writing() as con:
        passed = leave(con)
        con.execute("UPDATE golden.customer SET full_name = '李四'")
        with pytest.raises(DigestMismatch, match="since the quality gate passed"):
            publish(con, passed, bank.versions, run)
    assert bank.versions.current() is None


def test_nobody_but_the_gate_makes_leave_to_publish() -> None:
    with pytest.raises(TypeError, match=r"quality\.gate"):
        Passed("r", "digest", object())


def test_a_candidate_built_on_an_older_version_is_refused(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    bank.prepare([person("core.c:1"), person("core.c:2")])
    other = SmallBank(bank.root / "other")
    (bank.root / "other").mkdir()
    (bank.root / "other" / "published").symlink_to(bank.versions.root)
    other.publish([person("core.c:1"), person("core.c:3")])
    with pytest.raises(PublishConflict, match="continues v000001, but v000002 is published"):
        bank.release()
    current = bank.versions.current()
    assert current is not None
    assert current.number == 2


def test_tables_without_ids_are_refused(bank: SmallBank) -> None:
    with bank.store.writing() as con:
        begin_layer(con, "golden")
        begin_layer(con, "matched")
        with pytest.raises(StoreError, match="Run the step 'identify' first"):
            publish(con, leave(con), bank.versions, PublishRun("r", NOW, "config"))


def test_old_versions_go_but_the_current_and_the_kept_stay(bank: SmallBank) -> None:
    for number in range(1, 5):
        bank.prepare([person("core.c:1", day=number)])
        bank.release(keep_versions=2)
    assert [version.number for version in bank.versions.list()] == [2, 3, 4]
    bank.versions.rollback(2)
    bank.prepare([person("core.c:1", day=9)])
    bank.release(keep_versions=1)
    assert [version.number for version in bank.versions.list()] == [2, 5], "5 continues 2"


@pytest.mark.parametrize("point", POINTS)
def test_killed_anywhere_readers_see_a_whole_version_and_a_retry_succeeds(
    bank: SmallBank, point: str
) -> None:
    bank.publish([person("core.c:1", "王一")])
    bank.prepare([person("core.c:1", "王二")])
    died = _python(DIE, str(bank.root), point)
    assert died.returncode == -signal.SIGKILL, died.stderr
    swapped = point in ("current swapped", "old versions removed")
    assert bank.ask("SELECT full_name FROM customer") == [("王二" if swapped else "王一",)]
    current = bank.versions.current()
    assert current is not None
    bank.versions.verify(current.number)
    published = bank.release()
    assert published.unchanged == swapped
    assert bank.ask("SELECT full_name FROM customer") == [("王二",)]
    assert [path.name for path in sorted(bank.versions.versions.iterdir())] == [
        "v000001",
        "v000002",
    ]
    check_files(published.version.folder, published.version.manifest)


def test_readers_in_other_processes_never_see_an_error_or_a_mixed_version(bank: SmallBank) -> None:
    # every customer of version n is called n, so a mixture of two versions would show
    bank.publish([person(f"core.c:{i}", "v000001") for i in range(3)])
    stop = bank.root / "stop"
    readers = [_start(READ, str(bank.versions.root), str(stop)) for _ in range(2)]
    for reader in readers:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "ready\n"
    for number in range(2, 21):
        _rename_everybody(bank, f"v{number:06d}")
        assert bank.release(keep_versions=1).version.number == number
    time.sleep(0.2)
    stop.touch()
    for reader in readers:
        output, errors = reader.communicate(timeout=60)
        assert reader.returncode == 0, errors
        result = json.loads(output)
        assert result["wrong"] == []
        assert result["opens"] > 20
        assert result["seen"][-1] == "v000020"
        assert len(result["seen"]) > 3


def _rename_everybody(bank: SmallBank, name: str) -> None:
    """Make the working file the next candidate, with one customer more, all called ``name``."""
    current = bank.versions.current()
    assert current is not None
    with bank.store.writing() as con:
        con.execute("UPDATE matched.basis SET version = ?", [current.name])
        con.execute("INSERT INTO golden.customer (customer_id) VALUES (?)", [name])
        con.execute("UPDATE golden.customer SET full_name = ?", [name])


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _command(code: str, *arguments: str) -> list[str]:
    return [sys.executable, "-c", code, *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


def _python(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _command(code, *arguments), env=_environment(), capture_output=True, text=True, check=False
    )


def _start(code: str, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        _command(code, *arguments),
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
