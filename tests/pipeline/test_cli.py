"""The command line as people use it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.project import Project
from tests.pipeline.conftest import Stages, run_flow

pytestmark = [
    pytest.mark.timeout(240),
]


@pytest.fixture(scope="module")
def project(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("cli") / "project"
    shutil.copytree(stages.before["publish"], folder, symlinks=True)
    return run_flow(folder, pull=False)


def golden(*arguments: str) -> str:
    """Run a command that must succeed, on a wide screen; return what it shows."""
    answer = CliRunner().invoke(app, list(arguments), env={"COLUMNS": "220"})
    assert answer.exit_code == 0, answer.output
    return answer.output


def refused(project: Project, *arguments: str) -> str:
    """Run the installed program, which must refuse; return its complaint."""
    program = Path(sys.executable).parent / "golden"
    answer = subprocess.run(
        [program, *arguments, "--project", str(project.folder)],
        capture_output=True, text=True, check=False, env={**os.environ, "COLUMNS": "220"},
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr


def test_status_shows_the_version_and_every_source(project: Project) -> None:
    shown = golden("status", "-p", str(project.folder))
    assert "v1" in shown
    assert all(source.name in shown for source in project.sources)


def test_sql_answers(project: Project) -> None:
    shown = golden("sql", "SELECT count(*) AS customers FROM customer", "-p", str(project.folder))
    assert "customers" in shown


def test_sql_cannot_write(project: Project) -> None:
    assert "read-only" in refused(project, "sql", "DELETE FROM customer")


def test_show_and_why_tell_of_a_customer(project: Project) -> None:
    with project.store.reading() as connection:
        (customer,) = connection.execute(
            "SELECT customer_id FROM golden.customer ORDER BY record_count DESC, 1 LIMIT 1"
        ).fetchall()[0]
    shown = golden("show", customer, "-p", str(project.folder))
    assert "full_name" in shown
    assert "records of" in shown
    told = golden("why", customer, "-p", str(project.folder))
    assert "the most trusted · 可信度最高" in told
    assert "strongest links" in told


def test_show_of_an_unknown_id_says_how_to_find_one(project: Project) -> None:
    assert "SELECT customer_id" in refused(project, "show", "C0")


@pytest.mark.parametrize("source", ["core", "card", "mobile", "wealth", "crm", "marketing"])
def test_a_source_can_be_checked_and_every_column_is_accounted_for(
    project: Project, source: str
) -> None:
    assert "✓" in golden("source", "check", source, "-p", str(project.folder))
    shown = golden("source", "discover", source, "-p", str(project.folder))
    objects = project.source(source).objects
    assert all(f"{source}.{name}" in shown for name in objects)


def test_a_sample_shows_rows(project: Project) -> None:
    shown = golden("source", "sample", "core", "customer", "--rows", "2", "-p", str(project.folder))
    assert "CUST_NO" in shown
    assert "2 rows" in shown


def test_an_unknown_step_lists_the_steps(project: Project) -> None:
    assert "load, normalise, match" in refused(project, "step", "lod")


def test_a_step_can_be_run_alone(project: Project) -> None:
    assert "rows live" in golden("step", "load", "-p", str(project.folder))
    assert "attached" in golden("step", "normalise", "-p", str(project.folder))


def test_a_run_without_one_of_its_sources_says_so_by_its_exit_code(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9")  # nobody listens on the discard port
    answer = CliRunner().invoke(app, ["run", "-p", str(project.folder)], env={"COLUMNS": "220"})
    assert answer.exit_code == 4, answer.output
    assert "not up to date · 未更新" in answer.output
    assert "✓ publish" in answer.output
