"""The flow, in its order: each step reads the tables of the one before and leaves its own.

``golden run`` and the golden DAG both walk ``STEPS``. A step is one transaction on the working
file (``check`` is two, because Great Expectations opens the file itself), so it can be killed at
any moment and run again. Each leaves a mark with the run it worked for, and none starts before
its predecessor's mark is there: steps cannot run in another order, and two runs cannot mix.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path

from matching.decided import write_decisions
from matching.flow import match
from matching.identify import identify
from matching.survive import survive
from models.errors import ConfigError, StoreError
from models.progress import Progress
from models.source import Title
from pipeline.checking import examine, judge, measure
from pipeline.continuity import causes_of, kept_models
from pipeline.project import Project
from pipeline.publishing import publish_candidate
from warehouse.accounting import account
from warehouse.decisions import Decisions
from warehouse.load import LoadReport, load
from warehouse.normalising import normalise
from warehouse.store import Connection, count

Counts = dict[str, int]


@dataclass(frozen=True, slots=True)
class RunContext:
    """One run of the flow over one project.

    ``as_of`` is the day it takes for today, ``started_at`` (UTC) when it began: decisions made
    later wait for the next run, also where a step is run again.
    """

    project: Project
    run_id: str
    progress: Progress
    as_of: date
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """One step: its name, what people read, its work, and how patient a scheduler should be."""

    name: str
    title: Title
    work: Callable[[RunContext], Counts]
    retries: int = 2
    timeout_minutes: int = 120


def _load(context: RunContext) -> Counts:
    project = context.project
    with _writing(context, "load", after=None) as connection:
        return _counts(load(connection, project.raw, project.sources, context.progress))


def _normalise(context: RunContext) -> Counts:
    with _writing(context, "normalise", after="load") as connection:
        return normalise(connection, context.project.sources, context.progress).counts()


def _match(context: RunContext) -> Counts:
    project = context.project
    clean = [source.name for source in project.sources if source.duplicate_free]
    decisions = Decisions(project.state).in_force(context.started_at)
    with _writing(context, "match", after="normalise") as connection:
        write_decisions(connection, decisions, context.as_of, previous_file(project))
        walk = partial(match, connection, project.matching, context.progress, duplicate_free=clean)
        if project.models:
            return walk(project.models).counts()
        try:
            return walk(kept_models(connection, project)).counts()
        except ConfigError:  # learnt by an earlier program for other comparisons
            return walk(None).counts()


def _identify(context: RunContext) -> Counts:
    with _writing(context, "identify", after="match") as connection:
        return identify(connection, previous_file(context.project)).counts()


def _survive(context: RunContext) -> Counts:
    project = context.project
    causes = causes_of(project, context.as_of)
    with _writing(context, "survive", after="identify") as connection:
        previous = previous_file(project)
        chosen = survive(
            connection, project.survivorship, project.sources, previous, context.progress
        )
        return chosen.counts() | account(connection, previous, causes).counts()


def _check(context: RunContext) -> Counts:
    project = context.project
    with _writing(context, "measure", after="survive") as connection:
        suites = measure(connection, project)
    results = examine(project, suites, context.progress)
    with _writing(context, "check", after="measure") as connection:
        verdict = judge(connection, suites, results, context.run_id)
    outcomes = Counter(result.outcome for result in results)
    return {
        "checks": verdict.checks,
        "blocking": len(verdict.blocking),
        **dict(sorted(outcomes.items())),
    }


def _publish(context: RunContext) -> Counts:
    with _writing(context, "publish", after="check") as connection:
        return publish_candidate(
            connection, context.project, context.run_id, context.progress, context.as_of
        )


STEPS: tuple[Step, ...] = (
    Step("load", Title(en="load the raw zone", zh="装载原始区"), _load),
    Step("normalise", Title(en="normalise to the shared schema", zh="标准化"), _normalise),
    Step("match", Title(en="match records", zh="匹配"), _match),
    Step("identify", Title(en="give stable ids", zh="赋予客户号"), _identify),
    Step("survive", Title(en="choose surviving values", zh="择优合并"), _survive),
    Step("check", Title(en="check the candidate", zh="质量检查"), _check, retries=1),
    Step("publish", Title(en="publish", zh="发布"), _publish, retries=0),
)


def _counts(report: LoadReport) -> Counts:
    fields = ("rows_read", "rows_live", "rows_deleted", "rows_rejected")
    return {name: sum(getattr(item, name) for item in report.objects) for name in fields}


def step(name: str) -> Step:
    """Return the step called ``name``; KeyError if there is none."""
    return {item.name: item for item in STEPS}[name]


def previous_file(project: Project) -> Path | None:
    """Return the golden file that readers see now, or None before the first publish."""
    current = project.versions.current()
    return current.golden_file if current else None


@contextmanager
def _writing(context: RunContext, name: str, after: str | None) -> Iterator[Connection]:
    """One transaction that begins only after ``after`` of this run, and leaves ``name``'s mark."""
    with context.project.store.writing() as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS work")
        connection.execute("CREATE TABLE IF NOT EXISTS work.mark (step VARCHAR, run_id VARCHAR)")
        if after is not None:
            _require(connection, name, after, context.run_id)
        yield connection
        connection.execute("DELETE FROM work.mark WHERE step = ?", [name])
        connection.execute("INSERT INTO work.mark VALUES (?, ?)", [name, context.run_id])


def _require(connection: Connection, name: str, after: str, run_id: str) -> None:
    if not count(
        connection,
        "SELECT count(*) FROM work.mark WHERE step = $after AND run_id = $run_id",
        {"after": after, "run_id": run_id},
    ):
        raise StoreError(
            f"Step {name!r} of run {run_id} cannot start: {after!r} has not run for it, or another "
            "run has taken over since. Start the flow again with 'golden run'."
        )
