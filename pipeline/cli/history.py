"""``golden history``: what a customer's cells held, when, and since when that was known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

import typer

from models.errors import ConfigError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.published import LABELS, Connection, ask, leads_to, published
from pipeline.cli.screen import cell, console, show_table
from pipeline.cli.show import CustomerId


def history(
    customer_id: CustomerId,
    attribute: Annotated[str | None, typer.Argument(help="Column of customer · 属性")] = None,
    project: ProjectOption = None,
) -> None:
    """Tell each cell's values in the order they held, and what was thought before that."""
    with published(open_project(project)) as connection:
        _headline(connection, customer_id)
        rows = _rows(connection, customer_id)
    chosen = [row for row in rows if attribute in (None, row[0])]
    if not chosen:
        names = ", ".join(sorted({row[0] for row in rows}))
        raise ConfigError(
            f"nothing is kept of {attribute or 'any attribute'} of customer {customer_id}.",
            hint=f"There is a history of: {names or 'nothing yet'}.",
        )
    show_table(
        "",
        ("attribute", "", "value · 值", "held · 生效", "known since · 认知起", "until · 认知止"),
        list(_lines(chosen)),
    )
    console.print("● today · 当前   ✗ no longer thought · 已不再认定")


def _headline(connection: Connection, customer_id: str) -> None:
    now = leads_to(connection, customer_id)
    if now is None:
        console.print(f"{customer_id} is gone: no source record is left · 已无源记录")
    elif now != customer_id:
        console.print(
            f"{customer_id} is now {now}; its own history, until then: · 已合并至 {now}，此前历史："
        )


def _rows(connection: Connection, customer_id: str) -> list[tuple[Any, ...]]:
    """Return the history, attribute after attribute: what is thought now, then what was."""
    return ask(
        connection,
        """
        SELECT h.attribute, h.value, h.valid_from, h.valid_to, f.version, f.published_at,
            t.version, t.published_at
        FROM customer_history h
        LEFT JOIN version f ON f.number = h.known_from
        LEFT JOIN version t ON t.number = h.known_to
        WHERE h.customer_id = $id
        ORDER BY (SELECT column_index FROM duckdb_columns()
                  WHERE table_name = 'customer' AND column_name = h.attribute LIMIT 1),
            h.known_to IS NOT NULL, h.known_to DESC, h.valid_from NULLS FIRST, h.known_from
        """,
        id=customer_id,
    )


def _lines(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield the lines of the table; an attribute is named once."""
    for attribute, group in groupby(rows, key=lambda row: str(row[0])):
        names = iter([attribute, LABELS.get(attribute, "")])
        for _, value, start, end, since, since_at, until, until_at in group:
            yield (
                next(names, ""),
                "●" if until is None and end is None else " " if until is None else "✗",
                "(none · 无)" if value is None else str(value),
                f"{_time(start)} → {'' if end is None else _time(end)}",
                _version(since, since_at),
                "" if until is None else _version(until, until_at),
            )


def _time(moment: datetime | None) -> str:
    if moment is None:
        return "…"
    return f"{moment:%Y-%m-%d}" if moment.time() == datetime.min.time() else cell(moment)


def _version(name: str | None, published_at: datetime | None) -> str:
    if name is None:
        return "an earlier version · 更早版本"
    return f"v{int(name.removeprefix('v'))}  {cell(published_at)}"
