"""``golden why``: why each value stands there, and why these records are one customer."""

from __future__ import annotations

from typing import Annotated

import typer

from models.errors import ConfigError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.published import LABELS, Connection, ask, published, today
from pipeline.cli.screen import cell, console, show_table
from pipeline.cli.show import CustomerId
from pipeline.reasons import Candidate, in_words, to_win

_LINKS = 30


def why(
    customer_id: CustomerId,
    attribute: Annotated[str | None, typer.Argument(help="Column of customer · 属性")] = None,
    project: ProjectOption = None,
) -> None:
    """Say of each value where it is from, why it won, and what would have made another win."""
    with published(open_project(project)) as connection:
        found = today(connection, customer_id)
        cells = _candidates(connection, found)
        if attribute is None:
            for candidates in cells.values():
                _tell(candidates)
            _links(connection, found)
        else:
            _tell(cells.get(attribute) or _nothing(found, attribute, list(cells)))


def _candidates(connection: Connection, customer_id: str) -> dict[str, list[Candidate]]:
    """Return what stood for each cell, in the order of the columns, the winner first."""
    rows = ask(
        connection,
        """
        SELECT attribute, value, won, record_key, source, updated_at, rule, trust, record_count
        FROM customer_provenance p WHERE customer_id = $id
        ORDER BY (SELECT column_index FROM duckdb_columns()
                  WHERE table_name = 'customer' AND column_name = p.attribute LIMIT 1),
            won DESC, trust DESC, record_count DESC, value
        """,
        id=customer_id,
    )
    cells: dict[str, list[Candidate]] = {}
    for row in rows:
        cells.setdefault(row[0], []).append(Candidate(*row))
    return cells


def _nothing(customer_id: str, attribute: str, known: list[str]) -> list[Candidate]:
    if attribute in LABELS and attribute not in known:
        what = f"customer {customer_id} has no value for {attribute}, and no record says one."
    else:
        what = f"{attribute!r} is no attribute of a customer that is chosen."
    raise ConfigError(what, hint=f"It has reasons for: {', '.join(known)}.")


def _tell(candidates: list[Candidate]) -> None:
    first, *rest = candidates
    title = f"{first.attribute} · {LABELS.get(first.attribute, '')}"
    if not first.won:
        console.print(f"[bold]{title}[/]  nothing stands · 无取值")
        rest = candidates
    else:
        console.print(f"[bold]{title}[/]  {cell(first.value)}", soft_wrap=True)
        console.print(
            f"  {in_words(first.rule)}; {first.record_key}, {_when(first)}"
            f"{_trust(first)}, records · 记录数 {first.record_count}",
            markup=False,
            soft_wrap=True,
        )
    if rest:
        show_table(
            "",
            ("  lost · 落选", "record · 记录", "time", "why · 原因", "it would win if · 胜出条件"),
            [
                (
                    f"  {item.value}",
                    item.record_key,
                    item.updated_at,
                    in_words(item.rule),
                    to_win(item, first) if first.won else None,
                )
                for item in rest
            ],
        )


def _when(item: Candidate) -> str:
    return f"{item.updated_at:%Y-%m-%d %H:%M}" if item.updated_at else "no time · 无时间"


def _trust(item: Candidate) -> str:
    return "" if item.trust is None else f", trust · 可信度 {item.trust:.2f}"


def _links(connection: Connection, customer_id: str) -> None:
    """Show the strongest link of every record to another one of the customer."""
    rows = ask(
        connection,
        """
        WITH side AS (
            SELECT left_key AS record_key, right_key AS other, rule, because, score
            FROM match_evidence WHERE customer_id = $id
            UNION ALL SELECT right_key, left_key, rule, because, score
            FROM match_evidence WHERE customer_id = $id
        )
        SELECT DISTINCT least(record_key, other), greatest(record_key, other), rule, because, score
        FROM (FROM side QUALIFY row_number() OVER (
            PARTITION BY record_key ORDER BY score DESC NULLS LAST, rule, other) = 1)
        ORDER BY ALL
        """,
        id=customer_id,
    )
    records, links = ask(
        connection,
        "SELECT (SELECT count(*) FROM customer_xref WHERE customer_id = $id), "
        "(SELECT count(*) FROM match_evidence WHERE customer_id = $id)",
        id=customer_id,
    )[0]
    console.print(
        f"[bold]one customer · 同一客户[/]  records · 记录 {records}, links · 关联 {links}"
    )
    if rows:
        show_table(
            "",
            ("  strongest links · 最强关联", "", "rule", "because · 理由", "score"),
            [
                (f"  {key}", other, rule, because, None if score is None else f"{score:.3f}")
                for key, other, rule, because, score in rows[:_LINKS]
            ],
        )
    if len(rows) > _LINKS:
        console.print(f"  … {len(rows) - _LINKS} more · 另有关联")
