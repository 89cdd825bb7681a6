"""``golden what-if``: another rule on a copy, and the difference before it is real."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, progress_bar, show_table
from pipeline.what_if import Difference, values_of
from pipeline.what_if import what_if as tried


def what_if(
    rules: Annotated[
        Path,
        typer.Argument(
            help="Folder with the changed matching.yml, survivorship.yml, sources/… · 规则目录",
            exists=True,
            file_okay=False,
        ),
    ],
    project: ProjectOption = None,
    samples: Annotated[int, typer.Option(min=0, help="Pairs to look at · 抽样记录对数")] = 20,
    values: Annotated[
        bool, typer.Option("--values", help="Show what the records say · 显示记录内容")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs · 以 JSON 输出")] = False,
) -> None:
    """Show what other rules would change, before they are real; nothing is written."""
    opened = open_project(project)
    with progress_bar("what if · 假设分析") as progress:
        found = tried(opened, rules, datetime.now(UTC).date(), samples, progress)
    if as_json:
        typer.echo(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        return
    _show(found)
    keys = sorted({key for pair in found.pairs for key in (pair.left_key, pair.right_key)})
    _show_pairs(found, values_of(opened, keys) if values else {})


def _show(found: Difference) -> None:
    before, after = found.customers
    rows = [
        ("customers · 客户数", before, after),
        ("doubtful pairs · 待审记录对", *found.waiting),
    ]
    show_table("what if · 假设分析", ("", "today · 现在", "then · 之后"), rows)
    show_table(
        "customers · 客户",
        ("merged · 合并", "split · 拆分", "ids retired · 停用", "new ids · 新增", "records moved"),
        [(found.merged, found.split, found.retired, found.created, found.moved_records)],
    )
    if found.cells:
        ordered = sorted(found.cells.items(), key=lambda item: (-item[1], item[0]))
        show_table("values that change · 变化的值", ("attribute · 属性", "customers"), ordered)
    if not found.moved_records and not found.cells:
        console.print("[green]nothing would change[/] · 没有变化")


def _show_pairs(found: Difference, said: dict[str, str]) -> None:
    for pair in found.pairs:
        sign, colour = ("+ joined · 合并", "yellow") if pair.joined else ("− apart · 分开", "cyan")
        console.print(f"[{colour}]{sign}[/]  {pair.rule}")
        for key in (pair.left_key, pair.right_key):
            console.print(f"   {key}   {said.get(key, '')}".rstrip(), markup=False)
        console.print(f"   {pair.because}", style="dim", markup=False)
