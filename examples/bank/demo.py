"""``make run``: the bank is made, its systems are started, Airflow runs, and a summary says it all.

Everything real: the HTTP systems listen, the DAGs run in Airflow's own test runner with its own
tables, and precision and recall are measured against the truth the flow never sees.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from rich.console import Console
from rich.panel import Panel
from rich.table import Table

from examples.bank.airflow_runs import environment, prepare_airflow, quiet_into, run_dags
from examples.bank.score import Scores, score
from examples.bank.servers import serving
from models.errors import GoldenError
from pipeline.project import Project, load_project

TRUTH = "truth"


def demo(bank: Path) -> bool:
    """Run the whole flow over the bank in ``bank``, show what came of it; True when published."""
    bank = bank.resolve()
    console = Console(highlight=False)
    log = bank / "airflow.log"
    started = time.monotonic()
    with serving(bank) as urls, _environment(urls), quiet_into(log) as screen:
        quiet = Console(file=screen, highlight=False, force_terminal=console.is_terminal)
        ok = _run_airflow(quiet, bank)
    project = load_project(bank)
    _summary(console, project, ok=ok, seconds=time.monotonic() - started)
    if not ok:
        console.print(f"[dim]Airflow's log · 日志: {log}[/]")
    return ok and project.versions.current() is not None


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})


def _run_airflow(console: Console, bank: Path) -> bool:
    with console.status("starting Airflow · 启动 Airflow"):
        prepare_airflow(environment(bank / "airflow", bank))
    golden_ok = False
    clock = time.monotonic()
    for name, ok in run_dags():
        now = time.monotonic()
        mark = "[green]✓[/]" if ok else "[red]✗[/]"
        console.print(f"{mark} DAG {name:<24}[dim]{now - clock:6.1f} s[/]")
        clock, golden_ok = now, ok
    return golden_ok


def _summary(console: Console, project: Project, *, ok: bool, seconds: float) -> None:
    run = next(iter(project.state.runs(limit=1)), None)
    current = project.versions.current()
    console.print()
    console.print(_sources_table(project))
    if current is not None:
        console.print(
            _golden_table(current.golden_file, score(current.golden_file, project.folder / TRUTH))
        )
    verdict = "[bold green]PUBLISHED · 已发布[/]" if ok else "[bold red]HELD · 未发布[/]"
    status = (run.message or run.status) if run else "nothing ran"
    here = os.path.relpath(project.folder)
    lines = [f"{verdict}  {current.name if current else '—'}  {status}  [dim]{seconds:.0f} s[/]"]
    if current is not None:
        lines.append(f"golden file 黄金数据  {here}/data/published/current/golden.duckdb")
    lines.append(f"report 质量报告       {here}/data/reports/latest.html")
    lines.append(f"ask it 查询           .venv/bin/golden sql -p {here} 'FROM customer LIMIT 3'")
    console.print(Panel("\n".join(lines), border_style="green" if ok else "red"))


def _sources_table(project: Project) -> Table:
    """Rows in = linked + quarantined, source by source."""
    table = Table(title="what came from where · 数据来源", box=None, title_justify="left")
    for header in ("source", "landed\n入库", "linked\n关联", "quarantined\n隔离", "status"):
        table.add_column(header, justify="right" if "\n" in header else "left", no_wrap=True)
    for source, landed, linked, quarantined in _flow_rows(project):
        title = project.source(source).display
        pull = project.state.last_pull(source)
        fine = pull is not None and pull.status == "ok"
        status = "[green]ok[/]" if fine else f"[red]{(pull.message if pull else '') or 'never'}[/]"
        table.add_row(
            f"{title.en} {title.zh}",
            f"{landed:,}",
            f"{linked:,}",
            f"{quarantined:,}",
            status,
        )
    return table


def _flow_rows(project: Project) -> list[tuple[str, int, int, int]]:
    """Return source, live party rows, linked and quarantined ones."""
    parties = [(source.name, name) for source in project.sources for name in source.party_objects()]
    values = ", ".join(f"('{source}', '{name}')" for source, name in parties)
    try:
        with project.store.reading() as connection:
            return connection.execute(
                f"""
                WITH party(source, object) AS (VALUES {values}),
                landed AS (SELECT source, sum(rows_live + rows_rejected)::BIGINT AS n
                           FROM landed.object_load JOIN party USING (source, object) GROUP BY ALL),
                linked AS (SELECT source, count(*) AS n FROM golden.customer_xref GROUP BY ALL),
                held AS (SELECT source, count(*) AS n
                         FROM (SELECT source, object FROM normalised.quarantine
                               UNION ALL SELECT source, object FROM landed.rejected)
                         JOIN party USING (source, object) GROUP BY ALL)
                SELECT source, landed.n, coalesce(linked.n, 0), coalesce(held.n, 0)
                FROM landed LEFT JOIN linked USING (source) LEFT JOIN held USING (source)
                ORDER BY source
                """
            ).fetchall()
    except (GoldenError, duckdb.Error):
        return []


def _golden_table(golden_file: Path, scores: Scores) -> Table:
    with duckdb.connect(str(golden_file), read_only=True) as connection:
        customers, records, waiting = connection.execute(
            "SELECT count(*), sum(record_count), count(*) FILTER (review_pending) FROM customer"
        ).fetchall()[0]
    table = Table(
        title="what became of it · 结果", box=None, title_justify="left", show_header=False
    )
    for label, value in (
        ("source records · 源记录", f"{records:,}"),
        ("golden customers · 黄金客户", f"{customers:,}"),
        ("waiting for a steward · 待复核", f"{waiting:,}"),
        ("precision · 精确率", f"{scores.precision:.4%}"),
        ("recall · 召回率", f"{scores.recall:.2%}"),
        ("merges across two ids · 证件冲突合并", f"{scores.veto_breaches:,}"),
    ):
        table.add_row(label, value)
    return table
