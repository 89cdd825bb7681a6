"""``golden run`` and ``golden step``: the flow without Airflow."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Annotated

import typer

from models.errors import ConfigError, GoldenError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, done, failed, progress_bar
from pipeline.project import Project
from pipeline.run import (
    PullOptions,
    begin_run,
    new_run_id,
    pull_source,
    run_step,
)
from pipeline.steps import STEPS, Counts

SOURCES_FAILED = 4


def run(
    project: ProjectOption = None,
    pull: Annotated[bool, typer.Option(help="Read the sources first · 先抽取来源")] = True,
    full: Annotated[
        bool, typer.Option("--full", help="Read all, rebuild all · 全量抽取并重建")
    ] = False,
    lookback_days: Annotated[
        int | None, typer.Option(min=1, help="Read again what changed in these days · 回补天数")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day taken for today · 业务日期", show_default=False
        ),
    ] = None,
) -> None:
    """Pull every source, then load, normalise, match, identify, survive, check, publish."""
    opened = open_project(project)
    run_id = new_run_id()
    console.print(f"[bold]{opened.config.display.en} · {opened.config.display.zh}[/]  run {run_id}")
    options = PullOptions(lookback_days, full)
    names = [source.name for source in opened.sources] if pull else []
    stale = [name for name in names if not _pull(opened, name, run_id, options)]
    begin_run(opened, run_id, full=full, as_of=as_of.date() if as_of else None)
    for item in STEPS:
        started = time.monotonic()
        with progress_bar(f"{item.title.en} · {item.title.zh}") as progress:
            counts = run_step(opened, run_id, item.name, progress)
        done(item.name, _describe(counts), time.monotonic() - started)
    console.print(f"report · 报告  {opened.reports / 'latest.html'}")
    if stale:
        failed("not up to date · 未更新", ", ".join(stale))
        raise typer.Exit(SOURCES_FAILED)


def _pull(opened: Project, name: str, run_id: str, options: PullOptions) -> bool:
    """Pull one source and show what came of it; return whether it could be pulled."""
    started = time.monotonic()
    try:
        with progress_bar(f"pull {name}") as progress:
            counts = pull_source(opened, name, run_id, options, progress)
    except GoldenError as error:
        failed(f"pull {name}", str(error))
        return False
    done(f"pull {name}", _describe(counts), time.monotonic() - started)
    return True


def step(
    name: Annotated[str, typer.Argument(help="Step · 步骤: " + ", ".join(s.name for s in STEPS))],
    run_id: Annotated[str | None, typer.Option(help="Run it belongs to · 运行号")] = None,
    project: ProjectOption = None,
) -> None:
    """Run one step; the first, 'load', begins a new run, the others go on with the newest."""
    opened = open_project(project)
    if name not in {item.name for item in STEPS}:
        raise ConfigError(
            f"there is no step {name!r}.", hint="Steps: " + ", ".join(s.name for s in STEPS)
        )
    if run_id is None:
        newest = [run for run in opened.state.runs() if run.status != "rolled_back"]
        run_id = newest[0].run_id if newest and name != STEPS[0].name else new_run_id()
    if opened.state.run(run_id) is None:
        begin_run(opened, run_id)
    started = time.monotonic()
    with progress_bar(name) as progress:
        counts = run_step(opened, run_id, name, progress)
    done(f"{name} ({run_id})", _describe(counts), time.monotonic() - started)


def _describe(counts: Counts) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {number:,}" for name, number in counts.items())
