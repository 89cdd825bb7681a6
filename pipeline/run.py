"""Walks the flow and keeps the ledger: pull every source, then the steps in their order.

The same functions serve ``golden run`` and the Airflow tasks, so both leave the same ledger.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from connectors.pull import pull
from models.errors import GateHeld, GoldenError
from models.progress import Progress, silent
from models.source import SourceConfig
from pipeline.project import Project
from pipeline.settings import with_environment
from pipeline.steps import STEPS, Counts, RunContext, step
from pipeline.times import new_run_id, utc_now
from warehouse.state import Run, SourcePull, StepRun


@dataclass(frozen=True, slots=True)
class PullOptions:
    """How far back a pull reads: ``lookback_days`` behind the cursor, or everything (``full``).

    Neither: the look-back that the source's YAML states.
    """

    lookback_days: int | None = None
    full: bool = False

    def applied_to(self, source: SourceConfig) -> SourceConfig:
        """Return ``source`` with the look-back of its cursors replaced."""
        if self.lookback_days is None:
            return source
        lookback = f"{self.lookback_days}d"
        objects = {
            name: item.model_copy(
                update={
                    "read": item.read | {"cursor": item.read["cursor"] | {"lookback": lookback}}
                }
            )
            if "cursor" in item.read
            else item
            for name, item in source.objects.items()
        }
        return source.model_copy(update={"objects": objects})


def pull_source(
    project: Project,
    name: str,
    run_id: str,
    options: PullOptions | None = None,
    progress: Progress = silent,
) -> Counts:
    """Land what changed in every object of one source; return rows by object.

    Objects that belong to another are read before it, so that a child never lands without a
    parent that the source already had. Raises the GoldenError that stopped the source.
    """
    source = project.source(name)
    key = project.state.insert(
        SourcePull(source=name, run_id=run_id, started_at=utc_now(), status="running")
    )
    try:
        counts = _pull_objects(project, source, run_id, options or PullOptions(), progress)
    except Exception as error:
        project.state.update(
            SourcePull,
            key,
            status="failed",
            finished_at=utc_now(),
            error=type(error).__name__,
            message=_safe_message(error),
        )
        raise
    project.state.update(
        SourcePull, key, status="ok", finished_at=utc_now(), rows=sum(counts.values())
    )
    return counts


def _pull_objects(
    project: Project, source: SourceConfig, run_id: str, options: PullOptions, progress: Progress
) -> Counts:
    opened = options.applied_to(with_environment(source))
    children_first = sorted(
        opened.objects, key=lambda item: (opened.objects[item].mapping.belongs_to is None, item)
    )
    return {
        object_name: pull(
            opened,
            object_name,
            project.raw,
            run_id,
            now=utc_now(),
            base=project.folder,
            progress=progress,
            full=options.full,
        ).rows
        for object_name in children_first
    }


def pull_all(
    project: Project,
    run_id: str,
    options: PullOptions | None = None,
    progress: Progress = silent,
    on_done: Callable[[str, Counts | GoldenError], None] = lambda _name, _result: None,
) -> dict[str, Counts | GoldenError]:
    """Pull every source; one that fails does not stop the others. Return what came of each."""
    results: dict[str, Counts | GoldenError] = {}
    for source in project.sources:
        try:
            results[source.name] = pull_source(project, source.name, run_id, options, progress)
        except GoldenError as error:
            results[source.name] = error
        on_done(source.name, results[source.name])
    return results


def begin_run(
    project: Project, run_id: str, *, full: bool = False, as_of: date | None = None
) -> str:
    """Enter a run into the ledger; ``full`` throws the working file away first.

    ``as_of`` is the day the run takes for today, by default the day (UTC) it begins.
    """
    if full:
        for leftover in (project.store.path, project.store.path.with_suffix(".duckdb.wal")):
            leftover.unlink(missing_ok=True)
    now = utc_now()
    project.state.add(
        Run(
            run_id=run_id,
            started_at=now,
            status="running",
            config_digest=project.digest,
            as_of=as_of or now.date(),
        )
    )
    return run_id


def run_step(project: Project, run_id: str, name: str, progress: Progress = silent) -> Counts:
    """Run one step of a run and enter it into the ledger; raises what stopped it."""
    key = project.state.insert(
        StepRun(run_id=run_id, step=name, started_at=utc_now(), status="running")
    )
    try:
        counts = step(name).work(_context(project, run_id, progress))
    except Exception as error:
        status = "held" if isinstance(error, GateHeld) else "failed"
        message = _safe_message(error)
        now = utc_now()
        project.state.update(StepRun, key, status=status, finished_at=now, message=message)
        project.state.update(Run, run_id, status=status, finished_at=now, message=message)
        raise
    project.state.update(StepRun, key, status="ok", finished_at=utc_now(), counts=counts)
    if name == STEPS[-1].name:
        _finish(project, run_id, counts)
    return counts


def _context(project: Project, run_id: str, progress: Progress) -> RunContext:
    run = project.state.run(run_id)
    started_at = run.started_at if run else utc_now()
    as_of = (run.as_of if run else None) or started_at.date()
    return RunContext(project, run_id, progress, as_of, started_at)


def run_steps(
    project: Project,
    run_id: str,
    progress: Progress = silent,
    on_done: Callable[[str, Counts], None] = lambda _name, _counts: None,
) -> Counts:
    """Run every step in order; return the counts of the last. Raises what stopped it."""
    counts: Counts = {}
    for item in STEPS:
        counts = run_step(project, run_id, item.name, progress)
        on_done(item.name, counts)
    return counts


def _finish(project: Project, run_id: str, counts: Counts) -> None:
    status = "unchanged" if counts.get("unchanged") else "published"
    project.state.update(
        Run, run_id, status=status, finished_at=utc_now(), version=counts["version"]
    )


def _safe_message(error: Exception) -> str:
    """Return the message of an error of ours; of any other only its type.

    Our messages never hold a personal value; a library's may quote the row it choked on.
    """
    if isinstance(error, GoldenError):
        return str(error)
    return f"Unexpected {type(error).__name__}; see the task's log on this machine."


__all__ = [
    "STEPS",
    "PullOptions",
    "begin_run",
    "new_run_id",
    "pull_all",
    "pull_source",
    "run_step",
    "run_steps",
    "utc_now",
]
