"""``golden unmerge``: take a customer apart, for good, and say who was told the wrong thing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline import unmerging
from pipeline.cli.decide import Author, Expires, Reason, chain_shown, signature, taken
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, show_table
from pipeline.project import Project
from pipeline.recall import Recall, recall, write_recall
from pipeline.unmerging import Apart, Part, WhichPart


def unmerge(
    customer_id: Annotated[str, typer.Argument(help="Customer id, of today or retired · 客户号")],
    reason: Reason,
    records: Annotated[
        str | None,
        typer.Option(help="Take these records out, separated by commas · 移出的记录"),
    ] = None,
    into: Annotated[
        str | None, typer.Option(help="Earlier id of the part to take out · 恢复为此前的客户号")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the parts, decide nothing · 只显示")
    ] = False,
    author: Author = None,
    expires: Expires = None,
    project: ProjectOption = None,
) -> None:
    """Undo a merge: its parts get their ids back with the next run and stay apart."""
    opened = open_project(project)
    if records and into:
        raise typer.BadParameter("Give --records or --into, not both.")
    apart = _apart(opened, customer_id, records, into)
    _show_parts([("out · 移出", apart.out), ("stays · 保留", apart.rest)])
    if apart.free:
        console.print(f"{len(apart.free)} newer records: matching places them · 较新记录由匹配决定")
    if not dry_run:
        _decide(opened, apart, (author, reason, expires))


def _apart(opened: Project, customer_id: str, records: str | None, into: str | None) -> Apart:
    if records:
        keys = [key.strip() for key in records.split(",") if key.strip()]
        return unmerging.take_out(opened, customer_id, keys)
    try:
        return unmerging.find_apart(opened, customer_id, into)
    except WhichPart as error:
        _show_parts([("can leave · 可移出", part) for part in error.parts])
        raise


def _decide(opened: Project, apart: Apart, said: tuple[str | None, str, datetime | None]) -> None:
    with chain_shown():
        decisions = unmerging.unmerge(opened, apart, signature(*said))
    number = decisions[0].decision_id
    sides = (apart.out.records, apart.rest.records)
    notice = recall(opened, number, apart.customer_id, sides)
    _show_recall(notice, write_recall(opened, notice))
    taken(decisions)


def _show_parts(parts: list[tuple[str, Part]]) -> None:
    show_table(
        "parts · 各部分",
        ("", "id", "records", "which · 记录"),
        [
            (what, part.customer_id or "new · 新号", len(part.records), ", ".join(part.records))
            for what, part in parts
        ],
    )


def _show_recall(notice: Recall, file: Path) -> None:
    show_table(
        "recall: versions that carried the merge · 召回：含错误合并的版本",
        ("version", "published · 发布", "", "customer", "rows by table · 各表行数", "files"),
        [
            (
                carrier.version,
                carrier.published_at[:16],
                "serving · 当前" if carrier.serving else "",
                ", ".join(carrier.customer_ids),
                ", ".join(f"{name} {rows}" for name, rows in carrier.rows.items()),
                len(carrier.files),
            )
            for carrier in notice.carriers
        ],
    )
    unknown = [*notice.unreadable, *(f"v{number:06d}" for number in notice.removed)]
    if unknown:
        console.print(f"no longer readable · 已无法读取: {', '.join(unknown)}", markup=False)
    console.print(f"recall notice · 召回通知  {file}", markup=False)
