"""The rooms have plain names; these tests say that no stranger's package takes one."""

import importlib.util
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("models", "warehouse", "connectors", "matching", "quality", "pipeline", "examples")


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_is_ours(room: str) -> None:
    spec = importlib.util.find_spec(room)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).is_relative_to(ROOT)
    assert set(packages_distributions().get(room, [])) <= {"golden-customer"}


def test_no_test_folder_is_a_package() -> None:
    """With an __init__.py, pytest would import tests/models as ``models``."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", pattern], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in listed.stdout.split()]


def test_no_python_file_is_longer_than_a_noun() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for file in ROOT.rglob("*.py")
        if not {".venv", ".run", "build"} & set(file.relative_to(ROOT).parts)
        and (lines := len(file.read_text(encoding="utf-8").splitlines())) > 300
    }
    assert long == {}


def test_the_command_line_starts_without_heavy_libraries() -> None:
    """Airflow parses DAG files again and again: what they import must stay light."""
    code = (
        "import sys; import pipeline.run; "
        "heavy = {'pandas', 'great_expectations', 'scipy', 'airflow', 'alembic'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"


def test_the_makefile_has_every_target_the_documents_name() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        target
        for file in [ROOT / "README.md", ROOT / "AGENTS.md", *(ROOT / "docs").rglob("*.md")]
        for target in re.findall(r"`make ([a-z-]+)", file.read_text(encoding="utf-8"))
    }
    assert named <= targets
