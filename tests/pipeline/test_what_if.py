"""Another rule is tried on a copy: the difference is told, and nothing anybody reads moves."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import ConfigError, StoreError
from pipeline.cli.app import app
from pipeline.project import load_project
from pipeline.what_if import what_if
from tests.pipeline.conftest import Stages

pytestmark = [pytest.mark.timeout(240)]

DAY = date(2026, 11, 24)


@pytest.fixture
def candidate(stages: Stages, tmp_path: Path) -> Path:
    """A project whose candidate is finished, and not yet checked or published."""
    return Path(shutil.copytree(stages.before["check"], tmp_path / "project", symlinks=True))


def rules(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def default(name: str) -> str:
    return (files("matching") / "defaults" / name).read_text(encoding="utf-8")


def test_the_same_rules_change_nothing(candidate: Path, tmp_path: Path) -> None:
    same = rules(tmp_path / "rules", "matching.yml", default("matching.yml"))
    found = what_if(load_project(candidate), same, DAY)
    assert found.customers[0] == found.customers[1] > 0
    assert (found.moved_records, found.cells, found.pairs) == (0, {}, ())


def test_a_stricter_rule_takes_records_apart(candidate: Path, tmp_path: Path) -> None:
    text = re.sub(r"least_bits: \d+", "least_bits: 60", default("matching.yml"))
    begin, end = text.index("\nrules:"), text.index("\ndoubts:")
    weaker = rules(tmp_path / "rules", "matching.yml", f"{text[:begin]}\nrules: []\n{text[end:]}")
    working = candidate / "data" / "work" / "working.duckdb"
    before = hashlib.sha256(working.read_bytes()).hexdigest()
    found = what_if(load_project(candidate), weaker, DAY, samples=6)
    assert found.customers[1] > found.customers[0]
    assert found.moved_records > 0
    assert found.split > 0
    apart = [pair for pair in found.pairs if not pair.joined]
    assert apart
    assert len(found.pairs) <= 6
    assert all(pair.left_key != pair.right_key and pair.because for pair in found.pairs)
    assert hashlib.sha256(working.read_bytes()).hexdigest() == before
    assert [path.name for path in working.parent.glob("what_if_*")] == []


def test_another_survivor_changes_cells_and_moves_nobody(candidate: Path, tmp_path: Path) -> None:
    shortest = "attributes:\n  full_name:\n    criteria: [recency]\n"
    other = rules(tmp_path / "rules", "survivorship.yml", shortest)
    result = CliRunner().invoke(app, ["what-if", str(other), "-p", str(candidate), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["moved_records"] == found["merged"] == found["split"] == 0
    assert found["cells"]["full_name"] > 0
    assert set(found["cells"]) == {"full_name"}


def test_a_folder_without_rules_is_refused(candidate: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConfigError, match="holds no rules to try"):
        what_if(load_project(candidate), tmp_path / "empty", DAY)


def test_half_a_candidate_is_refused(stages: Stages, tmp_path: Path) -> None:
    half = Path(shutil.copytree(stages.before["survive"], tmp_path / "half", symlinks=True))
    same = rules(tmp_path / "rules", "matching.yml", default("matching.yml"))
    with pytest.raises(StoreError, match="no finished candidate"):
        what_if(load_project(half), same, DAY)
