"""What was learnt once is what later runs weigh by."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from models.errors import ConfigError
from pipeline.cli.app import app
from pipeline.project import MODEL_FILE, load_project
from pipeline.run import run_step
from tests.pipeline.conftest import Stages


@pytest.fixture
def folder(stages: Stages, tmp_path: Path) -> Path:
    """A project whose records are normalised and not yet matched."""
    return Path(shutil.copytree(stages.before["match"], tmp_path / "project", symlinks=True))


def weights(folder: Path) -> list[tuple[object, ...]]:
    file = load_project(folder).store.path
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.sql("FROM matched.weight ORDER BY ALL").fetchall()


def test_a_kept_model_is_what_a_run_would_learn_and_stays(stages: Stages, folder: Path) -> None:
    run_step(load_project(folder), stages.run_id, "match")
    before = weights(folder)
    assert before
    answer = CliRunner().invoke(app, ["learn", "--project", str(folder)])
    assert answer.exit_code == 0, answer.output
    kept = (folder / MODEL_FILE).read_text(encoding="utf-8")
    run_step(load_project(folder), stages.run_id, "match")
    assert weights(folder) == before
    # a model that a person changed is obeyed
    person = load_project(folder).models
    assert person is not None
    assert person.person is not None
    prior = f"prior: {person.person.prior}"
    assert prior in kept
    (folder / MODEL_FILE).write_text(kept.replace(prior, "prior: 0.25", 1), encoding="utf-8")
    run_step(load_project(folder), stages.run_id, "match")
    assert weights(folder) != before


def test_a_damaged_model_is_answered_with_its_name(folder: Path) -> None:
    (folder / MODEL_FILE).write_text("person: {prior: 2}", encoding="utf-8")
    with pytest.raises(ConfigError, match=MODEL_FILE):
        load_project(folder)


def test_nothing_is_learnt_from_nothing(stages: Stages, tmp_path: Path) -> None:
    empty = Path(shutil.copytree(stages.before["pull"], tmp_path / "empty", symlinks=True))
    answer = CliRunner().invoke(app, ["learn", "--project", str(empty)])
    assert "golden run" in str(answer.exception)
    assert not (empty / MODEL_FILE).exists()
