"""Publishing: all of a version or nothing of it, whatever is killed when, whoever is reading."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

import pytest

from models.errors import DigestMismatch, PublishConflict, StoreError
from models.verdict import Passed
from tests.plugins.small_bank import SmallBank, leave, person
from warehouse.compose import POINTS
from warehouse.manifest import check_files
from warehouse.publish import PublishRun, publish
from warehouse.store import begin_layer

NOW = datetime.fromisoformat("2026-02-01")
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
# Publishes what its own working file holds into a folder that others publish to as well.
RACE = """
import sys
from pathlib import Path
from models.errors import PublishConflict
from tests.plugins.small_bank import SmallBank

print("ready", flush=True)
sys.stdin.readline()
try:
    print(SmallBank(Path(sys.argv[1]), runs=int(sys.argv[2])).release().version.name)
except PublishConflict as error:
    print(f"refused: {error}")
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


def test_of_publishers_at_once_one_wins_and_the_others_leave_nothing(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    others = []
    for name in ("一", "二", "三"):
        other = SmallBank(bank.root / name)
        other.root.mkdir()
        (other.root / "published").symlink_to(bank.versions.root)
        other.prepare([person("core.c:1", name)])
        others.append(other)
    racers = [_start(RACE, str(other.root), str(n)) for n, other in enumerate(others)]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    told = sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)
    assert [text[:7] for text in told] == ["refused", "refused", "v000002"]
    assert all("v000002 is published now" in text for text in told[:2])
    left = sorted(path.name for path in bank.versions.versions.iterdir())
    assert left == ["v000001", "v000002"]
    bank.versions.verify(2)


def test_a_publish_that_fails_leaves_nothing(bank: SmallBank) -> None:
    bank.publish([person("core.c:1")])
    bank.prepare([person("core.c:1", "王二")])
    with pytest.raises(FileNotFoundError):
        bank.release(report_html=bank.root / "no such report.html")
    assert [path.name for path in bank.versions.versions.iterdir()] == ["v000001"]


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
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
