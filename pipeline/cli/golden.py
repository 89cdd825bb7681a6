"""``golden status``, ``show`` and ``sql``: looking at what is published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import duckdb
import typer

from models.errors import ConfigError, StoreError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, show_rows, show_table
from pipeline.project import Project
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


def show(
    customer_id: Annotated[str, typer.Argument(help="Customer id, of today or retired · 客户号")],
    project: ProjectOption = None,
) -> None:
    """Show one customer: the surviving values, why each won, and the records behind them."""
    with _published(open_project(project)) as connection:
        today = _today(connection, customer_id)
        if today != customer_id:
            console.print(f"{customer_id} is now {today} · 已合并至")
        _show_surviving(connection, today)
        _show_records(connection, today)


def _today(connection: duckdb.DuckDBPyConnection, customer_id: str) -> str:
    row = connection.execute(
        "SELECT customer_id, TRUE AS current FROM customer WHERE customer_id = $id UNION ALL "
        "SELECT customer_id, FALSE FROM customer_id_redirect WHERE retired_id = $id "
        "ORDER BY current DESC LIMIT 1",
        {"id": customer_id},
    ).fetchone()
    if row is None:
        raise ConfigError(
            f"no customer has or had the id {customer_id!r}.",
            hint='Look one up: golden sql "SELECT customer_id FROM customer LIMIT 5".',
        )
    if row[0] is None:
        raise ConfigError(f"customer {customer_id!r} is gone: no source record is left.")
    return str(row[0])


def _show_surviving(connection: duckdb.DuckDBPyConnection, customer_id: str) -> None:
    rows = connection.execute(
        """
        SELECT won.attribute, won.value, won.source, won.rule,
               (SELECT string_agg(lost.source || ': ' || lost.rule, ', ' ORDER BY lost.source)
                FROM customer_provenance AS lost
                WHERE lost.customer_id = won.customer_id AND lost.attribute = won.attribute
                  AND NOT lost.won)
        FROM customer_provenance AS won
        WHERE won.customer_id = $id AND won.won
        ORDER BY (SELECT column_index FROM duckdb_columns()
                  WHERE table_name = 'customer' AND column_name = won.attribute LIMIT 1)
        """,
        {"id": customer_id},
    ).fetchall()
    show_table(
        f"customer {customer_id} · 客户",
        ("attribute", "value", "from", "why · 理由", "lost · 落选"),
        rows,
    )


def _show_records(connection: duckdb.DuckDBPyConnection, customer_id: str) -> None:
    rows = connection.execute(
        "SELECT source, object, source_pk, updated_at FROM customer_xref "
        "WHERE customer_id = $id ORDER BY ALL",
        {"id": customer_id},
    ).fetchall()
    show_table("records · 源记录", ("source", "object", "key", "updated"), rows)
    links = connection.execute(
        "SELECT rule, count(*) AS pairs, because FROM match_evidence "
        "WHERE customer_id = $id GROUP BY ALL ORDER BY pairs DESC, rule",
        {"id": customer_id},
    ).fetchall()
    if links:
        show_table("links · 关联", ("rule", "pairs", "because · 理由"), links)


def sql(
    statement: Annotated[str, typer.Argument(help="A SELECT · 查询语句")],
    project: ProjectOption = None,
    limit: Annotated[int, typer.Option(help="Rows shown at most · 最多显示行数")] = 50,
) -> None:
    """Ask the published version in SQL, read-only."""
    with _published(open_project(project)) as connection:
        try:
            result = connection.execute(statement)
        except duckdb.Error as error:
            raise ConfigError(f"this SQL does not work: {error}") from None
        headers = [item[0] for item in result.description or ()]
        rows = result.fetchmany(limit + 1)
    show_rows("", headers, rows[:limit])
    if len(rows) > limit:
        console.print(f"… more rows; raise --limit {limit} · 还有更多")


@contextmanager
def _published(project: Project) -> Iterator[duckdb.DuckDBPyConnection]:
    current = project.versions.current()
    if current is None:
        raise StoreError("Nothing is published yet. Run 'golden run' first.")
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        yield connection
