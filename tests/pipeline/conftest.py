"""A project that has been through the flow once, and pictures of it before every step."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipeline.project import Project, load_project
from pipeline.run import begin_run, pull_all, run_step, run_steps
from pipeline.steps import STEPS
from pipeline.times import new_run_id
from tests.plugins.banks import Bank


def digest_of(project: Project) -> str:
    """Return the content digest of the version readers see."""
    current = project.versions.current()
    assert current is not None
    return current.manifest.golden_digest


def run_flow(folder: Path, *, pull: bool = True, full: bool = False) -> Project:
    """Run the whole flow once and return the project; a failing source fails the test."""
    project = load_project(folder)
    run_id = new_run_id()
    if pull:
        results = pull_all(project, run_id)
        assert {name: r for name, r in results.items() if isinstance(r, Exception)} == {}
    begin_run(project, run_id, full=full)
    run_steps(project, run_id)
    return project


@dataclass(frozen=True)
class Stages:
    """The project's folder as it was before each step of one run, and the digest at its end."""

    before: dict[str, Path]
    run_id: str
    digest: str


@pytest.fixture(scope="session")
def stages(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Stages:
    shelf = tmp_path_factory.mktemp("stages")
    folder = Path(shutil.copytree(bank.folder, shelf / "walking"))
    project, run_id = load_project(folder), new_run_id()
    before = {"pull": Path(shutil.copytree(folder, shelf / "pull"))}
    pull_all(project, run_id)
    begin_run(project, run_id)
    for step in STEPS:
        before[step.name] = Path(shutil.copytree(folder, shelf / step.name, symlinks=True))
        run_step(project, run_id, step.name)
    return Stages(before, run_id, digest_of(project))
