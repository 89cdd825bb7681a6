"""The README's questions are answered by a published file, opened with a plain DuckDB."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from pipeline.project import Project
from tests.pipeline.conftest import Stages, run_flow

README = Path(__file__).resolve().parents[2] / "README.md"


def questions() -> list[str]:
    (block,) = re.findall(r"```sql\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    return [part.strip() for part in re.split(r"\n(?=-- \d+\.)", block) if part.strip()]


@pytest.fixture(scope="module")
def project(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("readme") / "project"
    shutil.copytree(stages.before["publish"], folder, symlinks=True)
    return run_flow(folder, pull=False)


def test_there_are_ten_questions() -> None:
    assert len(questions()) == 10


@pytest.mark.parametrize("question", questions(), ids=lambda text: text.split("\n")[0][3:40])
def test_a_question_is_answered(project: Project, question: str) -> None:
    current = project.versions.current()
    assert current is not None
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        assert connection.execute(question).fetchall() != []
