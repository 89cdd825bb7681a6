"""Runs the project's DAGs with a real Airflow inside this process: ``dag.test()`` on each.

Airflow's tables live in a SQLite file of their own; its log goes to a file, so that the screen
stays readable. ``environment`` must be applied before Airflow is first imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

DAGS = Path(__file__).resolve().parents[2] / "dags"


def environment(home: Path, project: Path) -> dict[str, str]:
    """Return what Airflow and the DAGs need to know."""
    return {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "GX_ANALYTICS_ENABLED": "false",
        "GOLDEN_PROJECT": str(project),
    }


@contextmanager
def quiet_into(log: Path) -> Iterator[TextIO]:
    """Send whatever is printed to ``log``; yield the screen for what people should see."""
    sys.stdout.flush()
    sys.stderr.flush()
    screen, errors = os.dup(1), os.dup(2)
    with log.open("ab") as file, os.fdopen(os.dup(screen), "w", encoding="utf-8") as terminal:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
        try:
            yield terminal
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os.dup2(screen, 1)
            os.dup2(errors, 2)
            os.close(screen)
            os.close(errors)


def prepare_airflow(settings: Mapping[str, str]) -> None:
    """Apply the environment and bring Airflow's own tables up to date."""
    os.environ.update(settings)
    Path(settings["AIRFLOW_HOME"]).mkdir(parents=True, exist_ok=True)
    from airflow.utils.db import initdb

    initdb()


def run_dags(names: list[str] | None = None) -> Iterator[tuple[str, bool]]:
    """Run the named DAGs (by default all, the golden one last); yield name and success."""
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.state import DagRunState

    bag = DagBag(dag_folder=str(DAGS))
    if bag.import_errors:
        raise RuntimeError(f"The DAGs do not load: {bag.import_errors}")
    for name in names or sorted(bag.dags, key=lambda dag: (dag == "golden_customer", dag)):
        run = bag.dags[name].test()
        yield name, run.state == DagRunState.SUCCESS
