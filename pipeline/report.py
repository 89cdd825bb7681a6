"""What the ledger and the raw zone know, as the quality report and ``golden status`` show it."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from models.source import SourceConfig
from models.verdict import Verdict
from pipeline.project import Project
from pipeline.times import utc_now
from quality.report.build import build_report
from quality.report.collect import collect
from quality.report.facts import PullStatus, RunFacts, RunStatus, SourcePulled
from warehouse.state import SourcePull
from warehouse.store import Connection

LATEST = "latest.html"


def source_facts(project: Project) -> tuple[SourcePulled, ...]:
    """Return how old each source's data is and, if its last pull failed, why."""
    return tuple(_source_fact(project, source) for source in project.sources)


def _source_fact(project: Project, source: SourceConfig) -> SourcePulled:
    last = project.state.last_pull(source.name)
    good = project.state.last_pull(source.name, status="ok")
    good_at = good.started_at if good else None
    age = (utc_now() - good_at).total_seconds() / 3600 if good_at else None
    status, reason = _status(source, last, age)
    return SourcePulled(
        source=source.name,
        title=source.display,
        owner=source.owner,
        last_good=good_at,
        age_hours=age,
        stale_after_hours=source.stale_after_hours,
        status=status,
        reason=reason,
    )


def _status(
    source: SourceConfig, last: SourcePull | None, age: float | None
) -> tuple[PullStatus, str]:
    failure = (last.message or "") if last and last.status == "failed" else ""
    if age is None:
        return "never", failure or "No pull has succeeded yet."
    if failure:
        return "failed", failure
    if age > source.stale_after_hours:
        return "stale", f"No pull since; it is due every {source.stale_after_hours:g} hours."
    return "ok", ""


def write_report(
    connection: Connection,
    project: Project,
    run_id: str,
    status: RunStatus,
    version_name: str | None,
) -> Path:
    """Write the run's report beside the others; return the file. ``show_latest`` shows it."""
    current = project.versions.current()
    facts = RunFacts(
        run_id=run_id,
        project=project.config.display,
        status=status,
        version=version_name,
        previous_version=current.name if current else None,
        generated_at=utc_now(),
        code_version=version("golden-customer"),
        config_digest=project.digest,
        sources=source_facts(project),
    )
    page = build_report(collect(connection, facts, project.sources))
    project.reports.mkdir(parents=True, exist_ok=True)
    file = project.reports / f"{run_id}.html"
    file.write_text(page, encoding="utf-8")
    return file


def show_latest(report: Path) -> None:
    """Point ``latest.html`` at this report, in one step."""
    pointer = report.with_name(f".{LATEST}")
    pointer.unlink(missing_ok=True)
    pointer.symlink_to(report.name)
    pointer.replace(report.with_name(LATEST))


def status_of(verdict: Verdict, current_digest: str | None) -> RunStatus:
    """Return how a run with this verdict ends."""
    if verdict.held:
        return "held"
    return "unchanged" if verdict.golden_digest == current_digest else "published"
