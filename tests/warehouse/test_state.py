"""The run ledger: its schema is the migrations', and several processes may open it at once."""

import multiprocessing
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from warehouse.state import HEAD, Base, Run, SourcePull, State, StepRun

NOON = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - the ledger keeps UTC without a zone


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'deep' / 'state.db'}"


def start_run(state: State, run_id: str) -> None:
    state.add(Run(run_id=run_id, started_at=NOON, status="running", config_digest="d"))


def test_the_migrations_make_exactly_the_models(url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    state = State.open(url)
    with state.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert context.get_current_revision() == HEAD
        assert compare_metadata(context, Base.metadata) == []


def test_a_migration_can_be_taken_back(url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import inspect

    from warehouse.state import MIGRATIONS

    State.open(url)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()


def test_a_ledger_of_the_first_schema_keeps_its_runs(url: str, tmp_path: Path) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import text

    from warehouse.state import MIGRATIONS

    (tmp_path / "deep").mkdir()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text("INSERT INTO run (run_id, started_at, status, config_digest) "
                 "VALUES ('old', '2026-11-23 12:00:00.0', 'failed', 'd')")
        )  # fmt: skip
    engine.dispose()
    run = State.open(url).run("old")
    assert run is not None
    assert (run.started_at, run.status, run.as_of) == (NOON, "failed", None)


def test_runs_are_listed_newest_first(url: str) -> None:
    state = State.open(url)
    for run_id in ("20261101", "20261103", "20261102"):
        start_run(state, run_id)
    assert [run.run_id for run in state.runs(limit=2)] == ["20261103", "20261102"]


def test_a_step_keeps_every_attempt(url: str) -> None:
    state = State.open(url)
    start_run(state, "r")
    for status in ("failed", "ok"):
        key = state.insert(StepRun(run_id="r", step="load", started_at=NOON, status="running"))
        state.update(StepRun, key, status=status, counts={"rows": 3})
    assert [step.status for step in state.steps("r")] == ["failed", "ok"]
    assert state.steps("r")[-1].counts == {"rows": 3}


def test_the_last_good_pull_is_found_behind_a_failed_one(url: str) -> None:
    state = State.open(url)
    for status in ("ok", "failed"):
        state.insert(SourcePull(source="core", run_id=status, started_at=NOON, status=status))
    assert (newest := state.last_pull("core")) is not None
    assert newest.status == "failed"
    assert (good := state.last_pull("core", status="ok")) is not None
    assert good.run_id == "ok"
    assert state.last_pull("loan") is None


def open_and_write(url: str, run_id: str) -> None:
    start_run(State.open(url), run_id)


def test_several_processes_migrate_and_write_at_once(url: str) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=open_and_write, args=(url, f"r{n}")) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert len(State.open(url).runs()) == 3
