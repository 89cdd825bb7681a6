"""How ``golden decide queue`` shows what waits: two customers side by side, and what to type."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from pipeline.cli.screen import console, show_table
from pipeline.deciding_queue import Case, queue
from pipeline.project import Project

_QUIET = frozenset({"customer_id", "review_pending"})


def show_queue(project: Project, today: date, limit: int, *, as_json: bool) -> None:
    """Show the first ``limit`` cases, as tables or as JSON."""
    cases, total = queue(project, today, limit)
    if as_json:
        # neither wrapped nor coloured: JSON stays JSON
        answer = json.dumps([_json(case) for case in cases], ensure_ascii=False, indent=2)
        sys.stdout.write(f"{answer}\n")
        return
    if not cases:
        console.print("nothing waits for a decision · 没有待决事项")
        return
    for place, case in enumerate(cases, start=1):
        _show(place, case)
    if total > len(cases):
        console.print(
            f"{total - len(cases)} more wait; raise --limit · 还有 {total - len(cases)} 项"
        )


def _show(place: int, case: Case) -> None:
    what = f"decision {case.decision}" if case.decision else " – ".join(case.customers)
    console.print(
        f"[bold]{place}. {what}[/]  worth {case.worth:.2f} · 价值 "
        f"(p {case.probability:.2f}, {case.concerns} records and accounts · 记录与账户)"
    )
    console.print(f"   {case.rule}: {case.because}", markup=False)
    ids = list(case.customers)
    if ids:
        show_table("", ("", "", *ids), _side_by_side(case))
    for command in case.commands:
        console.print(f"   {command}", markup=False)
    console.print()


def _side_by_side(case: Case) -> list[tuple[object, ...]]:
    differing = set(case.differing)
    rows = list(case.customers.values())
    return [
        ("≠" if name in differing else "", name, *(row[name] for row in rows))
        for name in rows[0]
        if name not in _QUIET and any(row[name] is not None for row in rows)
    ]


def _json(case: Case) -> dict[str, Any]:
    return {
        "kind": case.kind,
        "decision": case.decision,
        "worth": case.worth,
        "probability": case.probability,
        "concerns": case.concerns,
        "pairs": case.pairs,
        "rule": case.rule,
        "because": case.because,
        "customers": {
            customer: {name: _plain(value) for name, value in values.items()}
            for customer, values in case.customers.items()
        },
        "differing": list(case.differing),
        "commands": list(case.commands),
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float) else str(value)
