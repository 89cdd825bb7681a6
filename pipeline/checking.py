"""The step ``check``: Great Expectations over all layers, then the verdict of the gate.

Great Expectations opens the working file by itself, so this step is two transactions with a read
between them; the marks of ``steps`` make sure nobody wrote in that time.
"""

from __future__ import annotations

from collections.abc import Sequence

from models.progress import Progress
from models.verdict import CheckResult, Verdict
from pipeline.project import Project
from quality.checks import Suite
from quality.gate import decide, record
from quality.previous import take_previous
from quality.runner import run_suites
from quality.suites import applicable
from warehouse.digest import layer_digest
from warehouse.store import Connection


def measure(connection: Connection, project: Project) -> tuple[Suite, ...]:
    """Note what the last version held; return the suites that apply to what is there."""
    current = project.versions.current()
    take_previous(connection, current.golden_file if current else None)
    return applicable(project.suites, connection)


def examine(project: Project, suites: Sequence[Suite], progress: Progress) -> list[CheckResult]:
    """Run the suites; no connection of this process may be open on the working file."""
    return run_suites(
        project.store.path,
        suites,
        memory_limit=project.config.memory_limit,
        threads=project.config.threads,
        progress=progress,
    )


def judge(
    connection: Connection, suites: Sequence[Suite], results: Sequence[CheckResult], run_id: str
) -> Verdict:
    """Write the results and the verdict on the golden tables as they stand."""
    verdict = decide(results, suites, layer_digest(connection, "golden"), run_id)
    record(connection, results, verdict, suites)
    return verdict
