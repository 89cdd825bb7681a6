"""Airflow DAG: the golden flow, from the raw zone to a published version.

Runs when every source has landed, or at the project's hour at the latest: one bad source delays
the others but does not stop them. Parameter ``full`` rebuilds the working file from the raw zone.
Tasks hand on the run's id and counts, nothing else. The pool has one slot, because the working
file has one writer; create it once: ``airflow pools set duckdb_writer 1 "one writer"``.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from airflow.sdk import (
    DAG,
    Asset,
    AssetAll,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    chain,
    get_current_context,
    task,
)

from models.errors import ConfigError, GateHeld
from pipeline.alerts import failure_callback
from pipeline.project import load_project
from pipeline.run import STEPS, begin_run, new_run_id, run_step
from pipeline.settings import project_folder

PROJECT = load_project(project_folder())
WRITER_POOL = "duckdb_writer"
RETRIES = ExceptionRetryPolicy(
    rules=[RetryRule([GateHeld, ConfigError], RetryAction.FAIL, reason="a person must act")],
)

with DAG(
    "golden_customer",
    description=f"{PROJECT.config.display.en} · {PROJECT.config.display.zh}",
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable(PROJECT.config.schedule, timezone=PROJECT.config.timezone),
        assets=AssetAll(*(Asset(f"{PROJECT.config.name}.{s.name}") for s in PROJECT.sources)),
    ),
    start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads it in its own zone
    catchup=False,
    max_active_runs=1,
    tags=[PROJECT.config.name, "golden"],
    params={"full": Param(False, type="boolean")},
    default_args={
        "owner": PROJECT.config.owner,
        "retry_delay": timedelta(seconds=30),
        "retry_policy": RETRIES,
        "pool": WRITER_POOL,
        "on_failure_callback": failure_callback(PROJECT, PROJECT.config.owner),
    },
    doc_md=__doc__,
):

    @task
    def begin() -> str:
        """Enter a new run into the ledger; hands on its id."""
        full = bool(dict(get_current_context()["params"])["full"])
        return begin_run(load_project(project_folder()), new_run_id(), full=full)

    @task
    def walk(run: str, step: str) -> dict[str, int]:
        """Run one step; hands on counts only."""
        return run_step(load_project(project_folder()), run, step)

    run = begin()
    chain(
        run,
        *(
            walk.override(
                task_id=step.name,
                retries=step.retries,
                execution_timeout=timedelta(minutes=step.timeout_minutes),
            )(run, step.name)  # type: ignore[arg-type]  # Airflow fills in begin's answer
            for step in STEPS
        ),
    )
