"""The step ``publish``: the report is written in any case, a version only if the gate passed."""

from __future__ import annotations

from datetime import date

from models.errors import GateHeld
from models.progress import Progress
from pipeline.project import Project
from pipeline.report import show_latest, status_of, write_report
from pipeline.times import utc_now
from quality.gate import passed, recorded_verdict
from warehouse.publish import PublishRun, publish
from warehouse.store import Connection
from warehouse.versions import version_name


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
    )
    published = publish(connection, leave, project.versions, run, report, progress=progress)
    show_latest(report)
    return {"version": published.version.number, "unchanged": int(published.unchanged)}
