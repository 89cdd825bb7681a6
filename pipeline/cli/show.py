"""``golden show``: one customer at a glance."""

from __future__ import annotations

from typing import Annotated

import typer

from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.published import LABELS, Connection, ask, published, today
from pipeline.cli.screen import cell, console, show_table

CustomerId = Annotated[str, typer.Argument(help="Customer id, of today or retired · 客户号")]


def show(customer_id: CustomerId, project: ProjectOption = None) -> None:
    """Show one customer: who it is, all that is known, from where, and what is in doubt."""
    with published(open_project(project)) as connection:
        found = today(connection, customer_id)
        _headline(connection, found)
        _cells(connection, found)
        _others(connection, found)
        _records(connection, found)
        _decisions(connection, found)


def _headline(connection: Connection, customer_id: str) -> None:
    (row,) = ask(
        connection,
        "SELECT coalesce(full_name, latin_name), party_type, record_count, source_count, "
        "updated_at, review_pending FROM customer WHERE customer_id = $id",
        id=customer_id,
    )
    name, party, records, sources, updated, doubtful = row
    console.print(f"[bold]{cell(name)}[/]  {customer_id}  {party}", soft_wrap=True)
    console.print(
        f"{records} records of {sources} sources, last changed {cell(updated)} · "
        f"{sources} 个来源 {records} 条记录",
        soft_wrap=True,
    )
    if doubtful:
        console.print(
            "[yellow]? a doubtful pair waits for a steward: golden decide queue · 有待人工复核[/]",
            soft_wrap=True,
        )


def _cells(connection: Connection, customer_id: str) -> None:
    rows = ask(
        connection,
        """
        SELECT p.attribute, p.value, p.source, p.trust FROM customer_provenance p
        WHERE p.customer_id = $id AND p.won AND p.value IS NOT NULL
        ORDER BY (SELECT column_index FROM duckdb_columns()
                  WHERE table_name = 'customer' AND column_name = p.attribute LIMIT 1)
        """,
        id=customer_id,
    )
    show_table(
        "surviving values · 最优值",
        ("attribute", "属性", "value · 值", "from · 来源", "trust · 可信度"),
        [(name, LABELS.get(name, ""), value, source, _share(t)) for name, value, source, t in rows],
    )


def _share(trust: float | None) -> str:
    return "—" if trust is None else f"{trust:.2f}"


def _others(connection: Connection, customer_id: str) -> None:
    """Show what is known beside the surviving values."""
    rows = ask(
        connection,
        """
        SELECT kind || ' name', value, record_count, updated_at FROM customer_name
        WHERE customer_id = $id AND NOT is_best
        UNION ALL SELECT id_class, value || CASE status WHEN 'valid' THEN '' ELSE
            ' (' || status || ')' END, record_count, updated_at FROM customer_identifier
        WHERE customer_id = $id AND NOT is_best
        UNION ALL SELECT kind, value, record_count, updated_at FROM customer_contact
        WHERE customer_id = $id AND NOT is_best
        UNION ALL SELECT coalesce(use || ' ', '') || 'address', text, record_count, updated_at
        FROM customer_address WHERE customer_id = $id AND NOT is_best
        ORDER BY ALL
        """,
        id=customer_id,
    )
    if rows:
        show_table("also known · 其他取值", ("kind", "value · 值", "records", "last seen"), rows)
    counts = ask(
        connection,
        "SELECT (SELECT count(*) FROM customer_account WHERE customer_id = $id), "
        "(SELECT count(*) FROM customer_relationship WHERE customer_id = $id), "
        "(SELECT count(*) FROM customer_consent WHERE customer_id = $id)",
        id=customer_id,
    )
    accounts, relations, consents = counts[0]
    console.print(
        f"accounts · 账户 {accounts}   relations · 关系 {relations}   consents · 授权 {consents}"
    )


def _records(connection: Connection, customer_id: str) -> None:
    rows = ask(
        connection,
        "SELECT source, object, count(*), max(updated_at), "
        "string_agg(source_pk, ', ' ORDER BY source_pk) FROM customer_xref "
        "WHERE customer_id = $id GROUP BY ALL ORDER BY ALL",
        id=customer_id,
    )
    show_table("records · 源记录", ("source", "object", "records", "newest · 最新", "keys"), rows)


def _decisions(connection: Connection, customer_id: str) -> None:
    rows = ask(
        connection,
        "SELECT decision_id, kind, attribute, author, decided_at, status, "
        "string_agg(record_key, ', ' ORDER BY record_key) FROM customer_decision "
        "WHERE customer_id = $id GROUP BY ALL ORDER BY decision_id",
        id=customer_id,
    )
    if rows:
        headers = ("decision · 决定", "kind", "attribute", "author", "decided", "status", "records")
        show_table("decisions · 人工决定", headers, rows)
