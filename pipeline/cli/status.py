"""``golden status`` and ``golden sql``: what is published, and asking it."""

from __future__ import annotations

from typing import Annotated

import duckdb
import typer

from models.errors import ConfigError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.published import published
from pipeline.cli.screen import console, show_rows, show_table
from pipeline.report import source_facts


def status(project: ProjectOption = None) -> None:
    """Show the published version, the sources and the last runs."""
    opened = open_project(project)
    current = opened.versions.current()
    title = opened.config.display
    console.print(f"[bold]{title.en} · {title.zh}[/]")
    if current is None:
        console.print("nothing is published yet; run 'golden run' · 尚未发布")
    else:
        console.print(f"published · 已发布  v{current.number}  {current.golden_file}")
    facts = source_facts(opened)
    show_table(
        "sources · 来源",
        ("source", "status", "last good · 最近成功", "age h", "why · 原因"),
        [(f.source, f.status, f.last_good, f.age_hours, f.reason) for f in facts],
    )
    show_table(
        "runs · 运行",
        ("run", "status", "version", "message"),
        [(r.run_id, r.status, r.version, r.message) for r in opened.state.runs(limit=8)],
    )


def sql(
    statement: Annotated[str, typer.Argument(help="A SELECT · 查询语句")],
    project: ProjectOption = None,
    limit: Annotated[int, typer.Option(help="Rows shown at most · 最多显示行数")] = 50,
) -> None:
    """Ask the published version in SQL, read-only."""
    with published(open_project(project)) as connection:
        try:
            result = connection.execute(statement)
        except duckdb.Error as error:
            raise ConfigError(f"this SQL does not work: {error}") from None
        headers = [item[0] for item in result.description or ()]
        rows = result.fetchmany(limit + 1)
    show_rows("", headers, rows[:limit])
    if len(rows) > limit:
        console.print(f"… more rows; raise --limit {limit} · 还有更多")
