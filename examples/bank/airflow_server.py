"""``make airflow``: a whole Airflow on the example bank, its systems listening, until stopped."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from examples.bank.airflow_runs import environment
from examples.bank.servers import PORTS, serving

PORT = 8080


def airflow_settings(bank: Path, port: int) -> dict[str, str]:
    """Return the environment of a small Airflow on this machine, everybody signed in as admin."""
    url = f"http://127.0.0.1:{port}"
    return {
        **environment(bank / "airflow", bank),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": url,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": "True",
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}",
    }


def prepare(settings: dict[str, str]) -> None:
    """Bring Airflow's tables up to date and make the pool of the one writer."""
    for arguments in (["db", "migrate"], ["pools", "set", "duckdb_writer", "1", "one writer"]):
        command = [sys.executable, "-m", "airflow", *arguments]
        subprocess.run(command, env=settings, check=True, capture_output=True)


def start(settings: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start Airflow in a process group of its own; stop it with ``os.killpg``."""
    with log.open("wb") as output:
        return subprocess.Popen(
            [sys.executable, "-m", "airflow", "standalone"],
            env=settings,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def serve_airflow(bank: Path, port: int = PORT) -> int:
    """Run Airflow in the foreground until it is interrupted; return its exit code."""
    bank = bank.resolve()
    with serving(bank, PORTS) as urls:
        settings = {**os.environ, **urls, **airflow_settings(bank, port)}
        prepare(settings)
        print(f"Airflow: http://127.0.0.1:{port}  (no password; Ctrl-C stops it)")  # noqa: T201
        print("New DAGs are paused: switch them on, then trigger the ingest DAGs.")  # noqa: T201
        command = [sys.executable, "-m", "airflow", "standalone"]
        try:
            return subprocess.run(command, env=settings, check=False).returncode
        except KeyboardInterrupt:
            return 0
