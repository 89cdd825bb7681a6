"""Airflow DAG: one ingest DAG per source of the project in GOLDEN_PROJECT.

Each pulls its source into the raw zone on the source's own schedule and then updates the
source's asset, on which the golden DAG waits. A source that is down retries and then fails alone.
Parameters: ``full`` reads everything, ``lookback_days`` reads again what changed in those days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import (
    DAG,
    Asset,
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
    task,
)

from models.errors import GoldenError, RetryableError
from pipeline.alerts import failure_callback
from pipeline.project import load_project
from pipeline.run import PullOptions, new_run_id, pull_source
from pipeline.settings import project_folder

PROJECT = load_project(project_folder())
RETRIES = ExceptionRetryPolicy(
    rules=[
        RetryRule(RetryableError, RetryAction.RETRY, reason="the source may answer later"),
        RetryRule(GoldenError, RetryAction.FAIL, reason="a retry cannot change this"),
    ],
)


@task
def pull(source: str) -> dict[str, int]:
    """Land what changed in one source; hands on counts only."""
    params: dict[str, Any] = dict(get_current_context()["params"])
    options = PullOptions(lookback_days=params["lookback_days"], full=params["full"])
    return pull_source(load_project(project_folder()), source, new_run_id(), options)


for source in PROJECT.sources:
    with DAG(
        f"ingest_{source.name}",
        description=f"{source.display.en} · {source.display.zh}",
        schedule=source.schedule,
        start_date=datetime(2026, 1, 1),  # noqa: DTZ001 - Airflow reads it in its own zone
        catchup=False,
        max_active_runs=1,
        tags=[PROJECT.config.name, "ingest"],
        params={
            "full": Param(False, type="boolean"),
            "lookback_days": Param(None, type=["null", "integer"], minimum=1),
        },
        default_args={
            "owner": source.owner,
            "retries": 3,
            "retry_delay": timedelta(minutes=1),
            "retry_exponential_backoff": True,
            "retry_policy": RETRIES,
            "execution_timeout": timedelta(hours=2),
            "on_failure_callback": failure_callback(PROJECT, source.owner),
        },
        doc_md=__doc__,
    ):
        landed = Asset(f"{PROJECT.config.name}.{source.name}")
        pull.override(outlets=[landed])(source.name)
