"""``golden versions``, ``rollback`` and ``verify``, as people use them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import ConfigError, DigestMismatch, StoreError
from pipeline.cli.app import app
from pipeline.project import Project, load_project
from pipeline.scaffold import create_project
from tests.plugins.small_bank import SmallBank, person


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three published versions; every test takes a copy."""
    root = tmp_path_factory.mktemp("made")
    file = root / "customers.csv"
    file.write_text("id,name\n1,王一\n2,李二\n", encoding="utf-8")
    create_project(root / "project", [file])
    bank = SmallBank(root / "project" / "data")
    for count in (1, 2, 3):
        bank.publish([person(f"core.c:{number}") for number in range(count)])
    return root / "project"


@pytest.fixture
def project(made: Path, tmp_path: Path) -> Project:
    return load_project(Path(shutil.copytree(made, tmp_path / "project", symlinks=True)))


def golden(project: Project, *arguments: str) -> str:
    """Run a command that must succeed; return what it shows."""
    answer = _invoke(project, *arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def _invoke(project: Project, *arguments: str):  # type: ignore[no-untyped-def]
    command = [*arguments, "--project", str(project.folder)]
    return CliRunner().invoke(app, command, env={"COLUMNS": "200"})


def serving(project: Project) -> int:
    current = project.versions.current()
    assert current is not None
    return current.number


def line_of(shown: str, name: str) -> str:
    """Return the line that lists a version."""
    (line,) = [line for line in shown.splitlines() if line.strip().startswith(name)]
    return line


def test_versions_lists_every_version_and_marks_the_current_one(project: Project) -> None:
    shown = golden(project, "versions")
    assert [line_of(shown, f"v00000{n}").split()[3] for n in (1, 2, 3)] == ["1", "2", "3"]
    assert "current" in line_of(shown, "v000003")
    assert "current" not in line_of(shown, "v000002")


def test_rollback_sends_readers_back_and_the_ledger_says_why(project: Project) -> None:
    shown = golden(project, "rollback", "v000002", "--reason", "wrong birth dates")
    assert "v000003 → v000002" in shown
    assert serving(project) == 2
    (run,) = project.state.runs()
    assert (run.status, run.version) == ("rolled_back", 2)
    listed = golden(project, "versions")
    assert "Rolled back from v000003 to v000002: wrong birth dates" in listed
    assert "rolled back" in line_of(listed, "v000003")
    assert "current" in line_of(listed, "v000002")


def test_the_next_version_continues_the_one_rolled_back_to_with_ids_of_its_own(
    project: Project,
) -> None:
    golden(project, "rollback", "1", "--reason", "r")
    bank = SmallBank(project.data)
    bank.publish([person("core.c:0"), person("core.c:9")])
    assert serving(project) == 4
    numbers = bank.ask("SELECT last_id_number FROM version_info")
    assert numbers == [(4,)], "3 ids had been seen, though version 1 has only one"
    assert "rolled back" in line_of(golden(project, "versions"), "v000002")


def test_a_damaged_version_is_not_rolled_back_to_and_the_ledger_says_so(project: Project) -> None:
    (project.versions.get(1).parquet / "customer.parquet").unlink()
    answer = _invoke(project, "rollback", "1", "--reason", "r")
    assert isinstance(answer.exception, DigestMismatch)
    assert serving(project) == 3
    (run,) = project.state.runs()
    assert run.status == "failed"


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        (("rollback", "3", "--reason", "r"), StoreError, "already"),
        (("rollback", "9", "--reason", "r"), StoreError, "there: 1, 2, 3"),
        (("rollback", "2", "--reason", " "), ConfigError, "reason"),
        (("rollback", "latest", "--reason", "r"), ConfigError, "golden versions"),
        (("verify", "2", "--all"), ConfigError, "cannot go together"),
        (("verify", "9"), StoreError, "there: 1, 2, 3"),
    ],
)
def test_what_cannot_be_done_is_said(
    project: Project, arguments: tuple[str, ...], error: type[Exception], said: str
) -> None:
    answer = _invoke(project, *arguments)
    if answer.exception is None or isinstance(answer.exception, SystemExit):
        assert (answer.exit_code, said in answer.output) == (5, True)
    else:
        assert isinstance(answer.exception, error)
        assert said in str(answer.exception)
    assert serving(project) == 3


def test_verify_says_that_the_current_version_is_whole(project: Project) -> None:
    shown = golden(project, "verify")
    assert "v000003" in shown
    assert "as published" in shown


def test_verify_all_names_the_damaged_ones_and_goes_on(project: Project) -> None:
    (project.versions.get(1).folder / "manifest.json").unlink()
    (project.versions.get(2).parquet / "customer.parquet").unlink()
    answer = _invoke(project, "verify", "--all")
    assert answer.exit_code == 5
    assert "manifest.json is missing or damaged" in answer.output
    assert "parquet/customer.parquet missing" in answer.output
    assert "v000003" in answer.output
    assert "damaged" in line_of(golden(project, "versions"), "v000001")
