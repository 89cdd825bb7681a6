"""``golden diff``: what differs between two published versions."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer

from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.published import LABELS, version_called
from pipeline.cli.screen import console, show_table
from quality.report.words import CHANGES, word_of
from warehouse.compare_versions import CellValue, VersionDiff, compare, values

CAUSES = {
    "source_data": "source data · 来源数据",
    "rule": "rule · 规则",
    "decision": "decision · 人工决定",
    "code": "program · 程序",
    "time": "time · 时间",
    "unexplained": "unexplained · 无法解释",
    "unknown": "not kept · 未保留",
}


def diff(
    before: Annotated[str, typer.Argument(help="Version, such as 3 · 版本")],
    after: Annotated[str, typer.Argument(help="Another version · 另一版本")] = "current",
    project: ProjectOption = None,
    with_values: Annotated[
        bool, typer.Option("--values", help="Show the values too: personal data · 显示取值")
    ] = False,
    limit: Annotated[int, typer.Option(min=1, help="Values shown at most · 最多显示数")] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON · JSON 输出")] = False,
) -> None:
    """Count the customers, cells and rows that differ, with the cause of every change."""
    opened = open_project(project)
    one, other = version_called(opened, before), version_called(opened, after)
    found = compare(opened.versions, one, other)
    cells = values(opened.versions, one, other, limit) if with_values else ()
    if as_json:
        sys.stdout.write(_json(found, cells, with_values=with_values))
    else:
        _tell(found)
        _values(cells)


def _json(found: VersionDiff, cells: tuple[CellValue, ...], *, with_values: bool) -> str:
    answer = {
        "before": found.before,
        "after": found.after,
        "customers": [
            dict(zip(("change", "cause", "customers"), row, strict=True)) for row in found.customers
        ],
        "cells": [
            dict(zip(("attribute", "cause", "customers"), row, strict=True)) for row in found.cells
        ],
        "tables": {
            name: {"before": one, "after": other} for name, (one, other) in found.tables.items()
        },
    }
    if with_values:
        answer["values"] = [asdict(cell) for cell in cells]
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _tell(found: VersionDiff) -> None:
    console.print(f"[bold]{found.before} → {found.after}[/]")
    if found.same:
        console.print("no customer differs · 客户无差异")
    else:
        show_table(
            "customers · 客户",
            ("change · 变更", "cause · 原因", "customers"),
            [
                (_change(change), CAUSES.get(cause, cause), n)
                for change, cause, n in found.customers
            ],
        )
    if found.cells:
        show_table(
            "values of customers in both · 取值变更",
            ("attribute", "属性", "cause · 原因", "customers"),
            [
                (name, LABELS.get(name, ""), CAUSES.get(cause, cause), n)
                for name, cause, n in found.cells
            ],
        )
    other = [(name, *rows) for name, rows in found.tables.items() if rows[0] != rows[1]]
    if other:
        show_table("rows of tables · 各表行数", ("table", found.before, found.after), other)


def _change(change: str) -> str:
    word = word_of(CHANGES, change)
    return f"{word.en} · {word.zh}"


def _values(cells: tuple[CellValue, ...]) -> None:
    if cells:
        show_table(
            "values · 取值",
            ("customer", "attribute", "before · 前", "after · 后", "cause · 原因"),
            [
                (c.customer_id, c.attribute, c.before, c.after, CAUSES.get(c.cause, c.cause))
                for c in cells
            ],
        )
