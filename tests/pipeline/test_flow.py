"""The whole flow on the example bank: what goes in comes out, twice is once, order is nothing."""

from __future__ import annotations

import html
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from examples.bank.score import score
from models.errors import GateHeld, SourceError, StoreError
from pipeline.project import Project, load_project
from pipeline.report import source_facts
from pipeline.run import begin_run, pull_all, run_step, run_steps
from pipeline.times import new_run_id
from tests.pipeline.conftest import Stages, digest_of, run_flow

pytestmark = [
    pytest.mark.timeout(240),
]


def ask(project: Project, sql: str) -> list[tuple[object, ...]]:
    current = project.versions.current()
    assert current is not None
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def published(stages: Stages, tmp_path_factory: pytest.TempPathFactory) -> Project:
    folder = tmp_path_factory.mktemp("published") / "project"
    shutil.copytree(stages.before["load"], folder, symlinks=True)
    return run_flow(folder, pull=False)


def test_records_become_the_right_customers(published: Project) -> None:
    current = published.versions.current()
    assert current is not None
    found = score(current.golden_file, published.folder / "truth")
    assert found.precision >= 0.999
    assert found.recall >= 0.93  # a small bank: few pairs, so one miss weighs
    assert found.veto_breaches == 0


def test_rows_in_are_linked_or_quarantined(published: Project) -> None:
    """Promise 3, counted from the raw zone itself and not from the flow's own tables."""
    linked = dict(
        ask(published, "SELECT source || '.' || object, count(*) FROM customer_xref GROUP BY 1")
    )
    with published.store.reading() as connection:
        held = dict(
            connection.execute(
                "SELECT source || '.' || object, count(DISTINCT source_pk) "
                "FROM normalised.quarantine GROUP BY 1"
            ).fetchall()
        )
    for source in published.sources:
        for name in source.party_objects():
            runs = published.raw.runs(source.name, name)
            keys: set[tuple[object, ...]] = set()
            columns = source.objects[name].read["primary_key"]
            for run in runs:
                for file in sorted(published.raw.path(run).glob("*.parquet")):
                    schema = pq.read_schema(file)
                    if set(columns) <= set(schema.names):
                        table = pq.read_table(file)
                        gone = table["_op"].to_pylist() if "_op" in schema.names else []
                        rows = zip(*(table[c].to_pylist() for c in columns), strict=True)
                        for number, key in enumerate(rows):
                            if not gone or gone[number] != "D":
                                keys.add(key)
            stream = f"{source.name}.{name}"
            assert linked.get(stream, 0) + held.get(stream, 0) == len(keys), stream


def test_the_same_run_twice_publishes_nothing_new(published: Project) -> None:
    before = published.versions.current()
    run_flow(published.folder, pull=True)
    after = published.versions.current()
    assert before is not None
    assert after is not None
    assert after.number == before.number


def test_a_full_rebuild_gives_the_same(stages: Stages, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(stages.before["load"], tmp_path / "project", symlinks=True))
    first = digest_of(run_flow(folder, pull=False))
    shutil.rmtree(folder / "data" / "work")
    assert digest_of(run_flow(folder, pull=False, full=True)) == first == stages.digest


def test_steps_refuse_another_order(stages: Stages, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(stages.before["match"], tmp_path / "project", symlinks=True))
    with pytest.raises(StoreError, match="'match' has not run"):
        run_step(load_project(folder), stages.run_id, "identify")


def test_two_runs_cannot_mix(stages: Stages, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(stages.before["match"], tmp_path / "project", symlinks=True))
    project = load_project(folder)
    other = begin_run(project, new_run_id())
    run_step(project, other, "load")
    run_step(project, other, "normalise")
    with pytest.raises(StoreError, match="another run has taken over"):
        run_step(project, stages.run_id, "match")


def test_one_source_down_the_rest_is_published(
    project_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project_copy()
    project = run_flow(folder)
    first = digest_of(project)
    monkeypatch.setenv("CRM_URL", "http://127.0.0.1:9")  # nobody listens on the discard port
    monkeypatch.setenv("CORE_URL", f"sqlite:///{folder / 'systems' / 'core.db'}")
    with sqlite3.connect(folder / "systems" / "core.db") as core:
        core.execute(
            "UPDATE CUST_INFO SET EMAIL = 'new@mail.example', UPD_TS = '2026-11-20 10:00:00' "
            "WHERE CUST_NO = (SELECT min(CUST_NO) FROM CUST_INFO WHERE DEL_FLG <> '1')"
        )
    run_id = new_run_id()
    results = pull_all(project, run_id)
    assert isinstance(results["crm"], SourceError)
    begin_run(project, run_id)
    run_steps(project, run_id)
    assert digest_of(project) != first
    (crm,) = [fact for fact in source_facts(project) if fact.source == "crm"]
    assert (crm.status, crm.last_good is not None) == ("failed", True)
    page = (project.reports / "latest.html").read_text(encoding="utf-8")
    assert crm.reason[:40] in html.unescape(page)
    assert ask(project, "SELECT count(*) FROM customer_xref WHERE source = 'crm'") != [(0,)]


def test_a_held_candidate_leaves_the_last_good_version(
    published: Project, stages: Stages, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(published.folder, tmp_path / "project", symlinks=True))
    project = load_project(folder)
    first = digest_of(project)
    run_id = begin_run(project, new_run_id())
    for name in ("load", "normalise", "match", "identify", "survive"):
        run_step(project, run_id, name)
    with project.store.writing() as connection:  # two customers under one id
        connection.execute(
            "UPDATE golden.customer SET customer_id = (SELECT min(customer_id) FROM golden.customer)"  # noqa: E501
        )
    run_step(project, run_id, "check")
    with pytest.raises(GateHeld, match="last good version"):
        run_step(project, run_id, "publish")
    assert digest_of(project) == first
    run = project.state.run(run_id)
    assert run is not None
    assert run.status == "held"
    assert "Held, still serving" in (project.reports / "latest.html").read_text(encoding="utf-8")
