"""A real Airflow: started, asked through its REST API, watched until the golden flow succeeds."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from examples.bank.airflow_server import airflow_settings, prepare, start
from tests.plugins.banks import Bank

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.timeout(420),
]
FINAL = {"success", "failed"}


@dataclass(frozen=True)
class Api:
    """Airflow's REST API, signed in."""

    client: httpx.Client

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v2/{path}").raise_for_status().json()

    def unpause(self, dag: str) -> None:
        """Switch a DAG on; again if Airflow's SQLite was busy just then."""
        path, body = f"/api/v2/dags/{dag}", {"is_paused": False}
        wait_for(f"{dag} on", lambda: self.client.patch(path, json=body).is_success, 30)

    def trigger(self, dag: str) -> str:
        """Start a run under a name of our own, so that asking again cannot start two."""
        run, path = f"asked-{dag}", f"/api/v2/dags/{dag}/dagRuns"
        body = {"logical_date": None, "dag_run_id": run}
        started = {200, 201, 409}
        wait_for(run, lambda: self.client.post(path, json=body).status_code in started, 30)
        return run

    def state(self, dag: str, run: str) -> str:
        return str(self.get(f"dags/{dag}/dagRuns/{run}")["state"])


def wait_for(what: str, ready: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if ready():
                return
        except httpx.HTTPError:
            pass
        time.sleep(1)
    raise AssertionError(f"{what} did not happen within {seconds:.0f} s")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def airflow(bank: Bank, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings = {**os.environ, **bank.urls, **airflow_settings(bank.folder, port)}
    prepare(settings)
    process = start(settings, tmp_path_factory.mktemp("airflow") / "standalone.log")
    try:
        with httpx.Client(base_url=url, timeout=30) as client:
            wait_for("Airflow's API", lambda: client.get("/api/v2/monitor/health").is_success, 120)
            token = client.get("/auth/token").raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield Api(client)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def test_the_flow_runs_through_the_rest_api(airflow: Api, bank: Bank) -> None:
    expected = {f"ingest_{name}" for name in bank.sources} | {"golden_customer"}
    wait_for(
        "all DAGs",
        lambda: {dag["dag_id"] for dag in airflow.get("dags?limit=100")["dags"]} >= expected,
        90,
    )
    assert airflow.get("importErrors")["total_entries"] == 0
    # the golden DAG waits for the assets of all sources: nobody triggers it
    airflow.unpause("golden_customer")
    runs = {}
    for dag in sorted(expected - {"golden_customer"}):
        airflow.unpause(dag)
        runs[dag] = airflow.trigger(dag)
    wait_for(
        "every ingest",
        lambda: all(airflow.state(dag, run) in FINAL for dag, run in runs.items()),
        180,
    )
    assert {dag: airflow.state(dag, run) for dag, run in runs.items()} == dict.fromkeys(
        runs, "success"
    )

    def states() -> list[str]:
        """States of the golden runs that the assets started; switching on starts one by time."""
        found: list[dict[str, Any]] = airflow.get("dags/golden_customer/dagRuns")["dag_runs"]
        return [run["state"] for run in found if run["run_type"] == "asset_triggered"]

    wait_for("the golden run", lambda: bool(FINAL & set(states())), 240)
    assert states() == ["success"]
    assert (bank.folder / "data" / "published" / "current" / "golden.duckdb").is_file()


def test_a_wrong_parameter_is_refused(airflow: Api) -> None:
    body = {"logical_date": None, "conf": {"full": "maybe"}}
    answer = airflow.client.post("/api/v2/dags/golden_customer/dagRuns", json=body)
    assert answer.status_code == 400
