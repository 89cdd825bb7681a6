"""The DAG files: what they declare, and that tasks hand on ids and counts only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.plugins.banks import Bank

pytestmark = [
    pytest.mark.airflow,
]
DAGS = Path(__file__).resolve().parents[2] / "dags"
STEPS = ["load", "normalise", "match", "identify", "survive", "check", "publish"]


@pytest.fixture(scope="module")
def dags(bank: Bank) -> dict[str, Any]:
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(dag_folder=str(DAGS))
    assert bag.import_errors == {}
    return dict(bag.dags)


def test_every_source_has_an_ingest_dag(dags: dict[str, Any], bank: Bank) -> None:
    assert set(dags) == {"golden_customer", *(f"ingest_{name}" for name in bank.sources)}


def test_the_golden_dag_walks_the_steps_in_order(dags: dict[str, Any]) -> None:
    tasks = dags["golden_customer"].topological_sort()
    assert [task.task_id for task in tasks] == ["begin", *STEPS]


def test_one_writer_at_a_time(dags: dict[str, Any]) -> None:
    golden = dags["golden_customer"]
    assert {task.pool for task in golden.tasks} == {"duckdb_writer"}
    assert golden.max_active_runs == 1


@pytest.mark.parametrize("attribute", ["on_failure_callback", "execution_timeout", "retry_policy"])
def test_every_task_is_watched(dags: dict[str, Any], attribute: str) -> None:
    for dag in dags.values():
        for task in dag.tasks:
            if task.task_id != "begin":
                assert getattr(task, attribute), f"{dag.dag_id}.{task.task_id}"


def test_every_task_has_an_owner(dags: dict[str, Any]) -> None:
    assert all(task.owner != "airflow" for dag in dags.values() for task in dag.tasks)


def test_each_ingest_updates_the_asset_the_golden_dag_waits_for(dags: dict[str, Any]) -> None:
    updated = {
        outlet.name
        for name, dag in dags.items()
        if name != "golden_customer"
        for task in dag.tasks
        for outlet in task.outlets
    }
    schedule = dags["golden_customer"].timetable.asset_condition
    assert {asset.name for asset in schedule.objects} == updated


def test_publishing_is_never_retried(dags: dict[str, Any]) -> None:
    assert dags["golden_customer"].get_task("publish").retries == 0
