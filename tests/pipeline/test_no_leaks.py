"""No personal value leaves its store (promise 8): the ledger, reports, manifests and alerts."""

from __future__ import annotations

import re
import shutil

import duckdb
import pytest

from models.errors import GoldenError
from pipeline.alerts import failure_callback
from pipeline.project import Project, load_project
from pipeline.run import begin_run, pull_source, run_step
from pipeline.times import new_run_id
from tests.pipeline.conftest import Stages, run_flow

pytestmark = [
    pytest.mark.timeout(240),
]


@pytest.fixture(scope="module")
def project(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after a good run, a failed pull, a failed step and their alerts."""
    folder = tmp_path_factory.mktemp("leaks") / "project"
    shutil.copytree(stages.before["load"], folder, symlinks=True)
    project = run_flow(folder, pull=False)
    alert = failure_callback(project, "somebody")
    drop = next((folder / "systems" / "card").glob("CARD_CUST_*.csv"))
    cut = drop.with_name("CARD_CUST_20261120.csv")
    cut.write_bytes(drop.read_bytes()[:-40])
    shutil.copyfile(drop.with_suffix(".ctl"), cut.with_suffix(".ctl"))
    with pytest.raises(GoldenError) as pull_error:
        pull_source(project, "card", new_run_id())
    alert({"exception": pull_error.value})
    run_id = begin_run(project, new_run_id())
    with pytest.raises(GoldenError) as step_error:
        run_step(project, run_id, "survive")
    alert({"exception": step_error.value})
    return load_project(folder)


@pytest.fixture(scope="module")
def secrets(project: Project) -> set[str]:
    """Every number and name of a person in the bank, as people would recognise it."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            f"SELECT DISTINCT unnest([id_number, mobile, full_name]) "
            f"FROM read_parquet('{project.folder / 'truth' / 'person.parquet'}')"
        ).fetchall()
    return {value for (value,) in rows if value and len(value) >= 2}


def test_only_the_stores_hold_personal_values(project: Project, secrets: set[str]) -> None:
    stores = {".parquet", ".duckdb"}
    looked_at = []
    for file in sorted(project.data.rglob("*")):
        if file.is_file() and file.suffix not in stores:
            text = file.read_bytes().decode("utf-8", errors="replace")
            words = set(re.findall(r"\d{6,17}[\dX]|[一-鿿·]{2,}|[A-Z][A-Z ]+[A-Z]", text))
            assert not words & secrets, file.relative_to(project.data)
            looked_at.append(file.name)
    assert {"state.db", "latest.html", "alerts.jsonl", "manifest.json"} <= set(looked_at)


def test_the_search_would_find_one(project: Project, secrets: set[str]) -> None:
    some = next(value for value in sorted(secrets) if re.fullmatch(r"\d{17}[\dX]", value))
    words = set(re.findall(r"\d{6,17}[\dX]|[一-鿿·]{2,}", f"Error in row of {some}: bad"))
    assert words & secrets
