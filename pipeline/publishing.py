"""The step ``publish``: the report is written in any case, a version only if the gate passed."""

from __future__ import annotations

from datetime import date

from models.errors import ConfigError, GateHeld, GoldenError, StoreError
from models.progress import Progress
from pipeline.project import Project
from pipeline.report import show_latest, status_of, write_report
from pipeline.times import new_run_id, utc_now
from quality.gate import passed, recorded_verdict
from warehouse.edition import code_digest
from warehouse.publish import PublishRun, publish
from warehouse.state import Run
from warehouse.store import Connection
from warehouse.versions import Version, version_name


def publish_candidate(
    connection: Connection, project: Project, run_id: str, progress: Progress, as_of: date
) -> dict[str, int]:
    """Publish the candidate, or raise GateHeld after writing the report that says why."""
    verdict = recorded_verdict(connection)
    if verdict is None:
        raise GateHeld("Nothing judged this candidate. Run the step 'check' first.")
    current = project.versions.current()
    status = status_of(verdict, current.manifest.golden_digest if current else None)
    serving = current.name if current else None
    name = version_name(project.versions.next_number()) if status == "published" else serving
    report = write_report(connection, project, run_id, status, name)
    if verdict.held:
        show_latest(report)
    leave = passed(connection)
    run = PublishRun(
        run_id=run_id,
        published_at=utc_now(),
        config_digest=project.digest,
        keep_versions=project.config.keep_versions,
        as_of=as_of,
        code_digest=code_digest(),
    )
    published = publish(connection, leave, project.versions, run, report, progress=progress)
    show_latest(report)
    return {"version": published.version.number, "unchanged": int(published.unchanged)}


def roll_back(project: Project, number: int, reason: str) -> Version:
    """Send readers to version ``number`` and say so in the run ledger, as a run of its own.

    The version is verified first. Raises StoreError when it is not there or serves already,
    DigestMismatch when it is damaged; readers stay where they were then.
    """
    if not reason.strip():
        raise ConfigError("a rollback needs its reason.", hint="Write --reason 'why'.")
    current = project.versions.current_name()
    if current == version_name(number):
        raise StoreError(f"Readers see version {number} already; there is nothing to go back to.")
    run = Run(
        run_id=new_run_id(),
        started_at=utc_now(),
        status="running",
        config_digest=project.digest,
    )
    project.state.add(run)
    try:
        version = project.versions.rollback(number)
    except GoldenError as error:
        _end(project, run.run_id, "failed", str(error))
        raise
    message = f"Rolled back from {current or 'nothing'} to {version.name}: {reason.strip()}"
    _end(project, run.run_id, "rolled_back", message, number)
    return version


def _end(
    project: Project, run_id: str, status: str, message: str, version: int | None = None
) -> None:
    project.state.update(
        Run, run_id, status=status, finished_at=utc_now(), message=message, version=version
    )
