"""Kill -9 at every named point of the flow; run again; the version is the same (promise 1).

Fifteen points: the middle of a pull, the middle of each of the seven steps, and the seven points of
a publish. After each, one more run gives what an undisturbed run gives, and nothing is left over.
Then two whole runs at once.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.project import Project, load_project
from pipeline.steps import STEPS
from tests.pipeline.conftest import Stages, digest_of, run_flow
from warehouse.compose import POINTS

pytestmark = [
    pytest.mark.timeout(240),
]

# Runs the step 'publish', and dies of SIGKILL when the point named is reached.
AT_POINT = """
import os, signal, sys
from pathlib import Path
from pipeline.project import load_project
from pipeline.run import run_step

def progress(what, done, total=None):
    if what == sys.argv[3]:
        os.kill(os.getpid(), signal.SIGKILL)

run_step(load_project(Path(sys.argv[1])), sys.argv[2], "publish", progress)
"""
# Runs one step, and dies of SIGKILL after a while.
VICTIM = """
import os, signal, sys, threading
from pathlib import Path
from pipeline.project import load_project
from pipeline.run import pull_all, run_step

folder, name, run_id, delay = Path(sys.argv[1]), sys.argv[2], sys.argv[3], float(sys.argv[4])
project = load_project(folder)
project.state
if name == "check":
    import great_expectations
print("ready", flush=True)
threading.Timer(delay, os.kill, (os.getpid(), signal.SIGKILL)).start()
pull_all(project, run_id) if name == "pull" else run_step(project, run_id, name)
os._exit(0)
"""


def kill_in_the_middle(folder: Path, name: str, run_id: str) -> Path:
    """Run one step in a process that is killed while it works; return the folder it left."""
    delay = 1.0
    while True:
        work = folder.with_name(f"{folder.name}-{delay}")
        shutil.copytree(folder, work, symlinks=True)
        command = [sys.executable, "-c", VICTIM, str(work), name, run_id, str(delay)]
        victim = subprocess.run(command, capture_output=True, text=True, check=False)
        if victim.returncode == -signal.SIGKILL:
            return work
        assert victim.returncode == 0, victim.stderr[-2000:]
        delay /= 3  # it was done before the blow fell


def test_there_are_fifteen_points() -> None:
    assert 1 + len(STEPS) + len(POINTS) == 15


@pytest.mark.parametrize("name", ["pull", *(step.name for step in STEPS)])
def test_killed_in_the_middle_the_next_run_gives_the_same(
    stages: Stages, tmp_path: Path, name: str
) -> None:
    begun = Path(shutil.copytree(stages.before[name], tmp_path / "project", symlinks=True))
    left = kill_in_the_middle(begun, name, stages.run_id)
    project = run_flow(left, pull=name == "pull")
    assert digest_of(project) == stages.digest
    assert_nothing_left(project)


@pytest.mark.parametrize("point", POINTS)
def test_killed_at_a_point_of_a_publish_the_next_run_gives_the_same(
    stages: Stages, tmp_path: Path, point: str
) -> None:
    folder = Path(shutil.copytree(stages.before["publish"], tmp_path / "project", symlinks=True))
    command = [sys.executable, "-c", AT_POINT, str(folder), stages.run_id, point]
    victim = subprocess.run(command, capture_output=True, text=True, check=False)
    assert victim.returncode == -signal.SIGKILL, victim.stderr[-2000:]
    project = load_project(folder)
    before = project.versions.current()
    swapped = POINTS.index(point) >= POINTS.index("current swapped")
    assert (before is not None) == swapped, "readers see all of it or nothing"
    project = run_flow(folder, pull=False)
    assert digest_of(project) == stages.digest
    assert_nothing_left(project)
    assert [version.number for version in project.versions.list()] == [1]


def assert_nothing_left(project: Project) -> None:
    """Hold that there are complete versions only, and no half of anything in the raw zone."""
    versions = project.versions
    names = {path.name for path in versions.versions.iterdir()}
    assert names == {version.name for version in versions.list()}
    for version in versions.list():
        versions.verify(version.number)
    assert {path.name for path in versions.root.iterdir()} == {"versions", "current", ".lock"}
    assert not list((project.data / "raw").rglob("_tmp_*"))
    assert not list(project.store.path.parent.glob("*.wal"))


def test_of_two_runs_at_once_one_publishes_and_the_other_says_what_happened(
    stages: Stages, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(stages.before["load"], tmp_path / "project", symlinks=True))
    program = Path(sys.executable).parent / "golden"
    runs = [
        subprocess.Popen(
            [program, "run", "--no-pull", "--project", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    ends = [(*run.communicate(timeout=200), run.returncode) for run in runs]
    assert 0 in [code for _, _, code in ends], ends
    for _, complaint, code in ends:
        assert "Traceback" not in complaint
        if code:
            said = " ".join(complaint.split())
            assert "another run" in said or "cannot be read now" in said, complaint
    project = load_project(folder)
    assert digest_of(project) == stages.digest
    assert_nothing_left(project)
    assert [version.number for version in project.versions.list()] == [1], "one result"
    assert {run.status for run in project.state.runs(limit=2)} <= {
        "published",
        "unchanged",
        "failed",
    }


def test_readers_see_the_old_version_while_a_later_run_dies(stages: Stages, tmp_path: Path) -> None:
    """After a first publish, a run that is killed leaves ``current`` readable and whole."""
    folder = Path(shutil.copytree(stages.before["pull"], tmp_path / "project"))
    project = run_flow(folder)
    first = digest_of(project)
    left = kill_in_the_middle(folder, "load", stages.run_id + "Z")
    with duckdb.connect(
        str(left / "data" / "published" / "current" / "golden.duckdb"), read_only=True
    ) as reader:
        (customers,) = reader.execute("SELECT count(*) FROM customer").fetchall()[0]
    assert customers > 0
    assert digest_of(run_flow(left, pull=False)) == first
