"""Small pieces of SQL text, built in one place."""

from __future__ import annotations

from models.tables import Table


def quote(identifier: str) -> str:
    """Return ``identifier`` quoted for DuckDB, PostgreSQL and SQLite."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return ``text`` as a SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def full_name(table: Table) -> str:
    """Return ``"layer"."name"``."""
    return f"{quote(table.layer)}.{quote(table.name)}"


def create_statement(table: Table) -> str:
    """Return the statement that makes ``table`` new and empty."""
    columns = ", ".join(f"{quote(column.name)} {column.type}" for column in table.columns)
    return f"CREATE OR REPLACE TABLE {full_name(table)} ({columns})"


def comment_statements(table: Table) -> list[str]:
    """Return the statements that describe ``table`` and its columns in English and Chinese."""
    name = full_name(table)
    return [
        f"COMMENT ON TABLE {name} IS {literal(f'{table.en} · {table.zh}')}",
        *(
            f"COMMENT ON COLUMN {name}.{quote(column.name)} IS "
            f"{literal(f'{column.en} · {column.zh}')}"
            for column in table.columns
        ),
    ]
