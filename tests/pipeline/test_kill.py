"""Kill -9 in the middle of each step; run again; the published version is the same (promise 1)."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from pipeline.steps import STEPS
from tests.pipeline.conftest import Stages, digest_of, run_flow

pytestmark = [
    pytest.mark.timeout(240),
]

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


@pytest.mark.parametrize("name", ["pull", *(step.name for step in STEPS)])
def test_killed_in_the_middle_the_next_run_gives_the_same(
    stages: Stages, tmp_path: Path, name: str
) -> None:
    begun = Path(shutil.copytree(stages.before[name], tmp_path / "project", symlinks=True))
    left = kill_in_the_middle(begun, name, stages.run_id)
    project = run_flow(left, pull=name == "pull")
    assert digest_of(project) == stages.digest
    assert not list((project.data / "published" / "versions").glob("_tmp_*"))
    assert not list((project.data / "raw").rglob("_tmp_*"))
    current = project.versions.current()
    assert current is not None
    project.versions.verify(current.number)


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
