"""``golden decide``: what a steward says about who is one customer, and which value is right."""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated

import typer

from matching.decided_conflicts import Refusal
from models.decision import Decision
from pipeline import deciding
from pipeline.cli.decide_queue import show_queue
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, show_table
from pipeline.deciding import Contradiction, Signature
from pipeline.times import utc_now
from warehouse.decisions import Decisions, Entry, Withdrawal

decide = typer.Typer(
    name="decide",
    help="Decide on doubtful pairs, and pin values · 人工决定",
    no_args_is_help=True,
)
Words = Annotated[
    list[str], typer.Argument(help="Records (source.object:key) or customer ids · 记录键或客户号")
]
Reason = Annotated[str, typer.Option(help="Why · 理由")]
Author = Annotated[
    str | None, typer.Option(help="Who decides; default: you · 决定人", show_default=False)
]
Expires = Annotated[
    datetime | None,
    typer.Option(
        formats=["%Y-%m-%d"],
        help="Day from which it no longer holds · 失效日期",
        show_default=False,
    ),
]
Number = Annotated[int, typer.Argument(help="Number of the decision · 决定编号")]


@decide.command()
def link(
    words: Words,
    reason: Reason,
    author: Author = None,
    expires: Expires = None,
    project: ProjectOption = None,
) -> None:
    """Decide that records or customers are one customer."""
    signed = signature(author, reason, expires)
    with chain_shown():
        decision = deciding.link(open_project(project), words, signed)
    taken([decision])


@decide.command()
def split(
    words: Words,
    reason: Reason,
    author: Author = None,
    expires: Expires = None,
    project: ProjectOption = None,
) -> None:
    """Decide that no two of these records or customers are one customer."""
    signed = signature(author, reason, expires)
    with chain_shown():
        decisions = deciding.split(open_project(project), words, signed)
    taken(decisions)


@decide.command()
def pin(
    word: Annotated[str, typer.Argument(help="Customer id or record · 客户号或记录键")],
    attribute: Annotated[str, typer.Argument(help="Column of customer · 属性")],
    value: Annotated[
        str | None, typer.Argument(help="Value; leave it out with --none · 值")
    ] = None,
    *,
    reason: Reason,
    none: Annotated[bool, typer.Option("--none", help="It has no value · 固定为空")] = False,
    author: Author = None,
    expires: Expires = None,
    project: ProjectOption = None,
) -> None:
    """Decide which value a customer has, whatever the sources say."""
    if (value is None) != none:
        raise typer.BadParameter("Give a value, or --none for none at all.")
    signed = signature(author, reason, expires)
    with chain_shown():
        decision = deciding.pin(open_project(project), word, attribute, value, signed)
    taken([decision])


@decide.command()
def confirm(
    number: Number,
    reason: Reason,
    author: Author = None,
    expires: Expires = None,
    project: ProjectOption = None,
) -> None:
    """Take a decision again on what its records say now."""
    signed = signature(author, reason, expires)
    with chain_shown():
        decision = deciding.confirm(open_project(project), number, signed)
    taken([decision])


@decide.command()
def withdraw(
    number: Annotated[list[int], typer.Argument(help="Numbers of decisions · 决定编号")],
    why: Annotated[str, typer.Option(help="Why · 理由")],
    author: Author = None,
    project: ProjectOption = None,
) -> None:
    """Take decisions back; they stay on record."""
    decisions = Decisions(open_project(project).state)
    withdrawal = Withdrawal(_author(author), utc_now(), why)
    for one in number:
        decisions.withdraw(one, withdrawal)
        console.print(f"[green]✓[/] decision {one} is withdrawn · 已撤回")
    _next_run()


@decide.command(name="list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Also withdrawn ones · 含已撤回")] = False,
    project: ProjectOption = None,
) -> None:
    """Show the decisions in force."""
    opened = open_project(project)
    entries = [
        entry for entry in Decisions(opened.state).all() if every or entry.withdrawn_at is None
    ]
    states = deciding.states(opened, utc_now().date())
    show_table(
        "decisions · 决定",
        ("no.", "kind", "records", "says · 内容", "by", "on", "until", "state · 状态", "reason"),
        [_row(entry, states) for entry in entries],
    )


@decide.command()
def queue(
    limit: Annotated[int, typer.Option(min=1, help="Cases shown at most · 最多显示数")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Answer as JSON · JSON 输出")] = False,
    project: ProjectOption = None,
) -> None:
    """Show what waits for a decision, the most valuable first."""
    show_queue(open_project(project), utc_now().date(), limit, as_json=as_json)


def signature(author: str | None, reason: str, expires: datetime | None) -> Signature:
    """Return who decides, why, now, and until when."""
    return Signature(_author(author), reason, utc_now(), expires.date() if expires else None)


def taken(decisions: Sequence[Decision]) -> None:
    """Show decisions that were stored."""
    for decision in decisions:
        console.print(f"[green]✓[/] decision {decision.decision_id} · 决定  {_says(decision)}")
    _next_run()


def show_chain(refusal: Refusal) -> None:
    """Show through which records a decision contradicts others: A = B by 3, but A ≠ C by 7."""
    if not refusal.chain:
        return
    steps = [
        f"{step.left} = {step.right} {_by(step.number, refusal.number)}" for step in refusal.chain
    ]
    first, last = refusal.chain[0].left, refusal.chain[-1].right
    if refusal.reason in ("split", "link"):
        steps.append(f"{first} ≠ {last} {_by(refusal.against or refusal.number, refusal.number)}")
    for step in steps:
        console.print(f"  {step}", markup=False)


@contextmanager
def chain_shown() -> Iterator[None]:
    """Show the chain of a contradiction before its sentence goes up."""
    try:
        yield
    except Contradiction as error:
        show_chain(error.refusal)
        raise


def _by(number: int, own: int) -> str:
    return "by this decision · 本决定" if number == own else f"by decision {number} · 决定 {number}"


def _says(decision: Decision) -> str:
    if decision.kind == "pin":
        return f"{decision.left[0]}: {decision.attribute} = {decision.value or '—'}"
    sign = " = " if decision.kind == "link" else " ≠ "
    return sign.join(_side(side) for side in (decision.left, decision.right) if side)


def _side(keys: Sequence[str]) -> str:
    return keys[0] if len(keys) == 1 else f"{keys[0]} +{len(keys) - 1}"


def _row(entry: Entry, states: dict[int, str]) -> tuple[object, ...]:
    decision = entry.decision
    state = states.get(decision.decision_id, "—") if entry.withdrawn_at is None else "withdrawn"
    return (
        decision.decision_id,
        decision.kind,
        len(decision.records),
        _says(decision),
        decision.author,
        decision.decided_at,
        decision.expires_on,
        state,
        decision.reason,
    )


def _author(name: str | None) -> str:
    return name or getpass.getuser()


def _next_run() -> None:
    console.print("takes effect with the next 'golden run' · 下次运行后生效")
