"""A table or query of a database: its columns, how to select them, and rows as text."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import NoSuchTableError

from connectors.sql.config import Read
from connectors.sql.engine import column_name
from connectors.text import as_column
from models.errors import SchemaDrift


class Relation:
    """A table or query with its columns: how to select it, and rows as text columns."""

    def __init__(
        self,
        select: sa.Select[Any],
        names: Sequence[str],
        columns: Sequence[sa.ColumnElement[Any]],
        padded: set[str],
    ) -> None:
        self.select, self.names = select, list(names)
        self._columns, self._padded = columns, padded

    def position(self, name: str) -> int:
        """Return where a column stands in a row."""
        return self.names.index(name)

    def column(self, name: str) -> sa.ColumnElement[Any]:
        """Return a column to build conditions from."""
        return self._columns[self.position(name)]

    def as_rows(self, rows: Sequence[Sequence[Any]], names: Sequence[str] = ()) -> pa.Table:
        """Return rows as a table of strings."""
        wanted = list(names) or self.names
        values: list[Sequence[Any]] = [*zip(*rows, strict=True)] if rows else [()] * len(wanted)
        return pa.table(
            {
                name: as_column(_unpadded(column) if name in self._padded else column)
                for name, column in zip(wanted, values, strict=True)
            }
        )


def relation_of(
    connection: sa.Connection, source: str, object_name: str, read: Read, schema: str | None
) -> Relation:
    """Return what ``read`` names; raises SchemaDrift when it, its key or its cursor is missing."""
    if read.query:
        relation = _query(connection, read.query)
    else:
        relation = _table(connection, source, str(read.table), read.db_schema or schema)
    for name in [*read.primary_key, *([read.cursor.field] if read.cursor else [])]:
        if name not in relation.names:
            raise SchemaDrift(
                source,
                f"{object_name} has no column {name!r}{_nearest(name, relation.names)}; "
                f"correct objects.{object_name}.read in sources/{source}.yml.",
            )
    return relation


def _table(connection: sa.Connection, source: str, name: str, schema: str | None) -> Relation:
    inspector, dialect = sa.inspect(connection), connection.dialect
    known = str(dialect.normalize_name(name)) if dialect.requires_name_normalize else name
    try:
        found = inspector.get_columns(known, schema)
    except NoSuchTableError:
        others = [*inspector.get_table_names(schema), *inspector.get_view_names(schema)]
        raise SchemaDrift(
            source,
            f"there is no table {name!r}{_nearest(name, others)}; correct 'table' in "
            f"sources/{source}.yml.",
        ) from None
    names = [column_name(dialect, item["name"]) for item in found]
    padded = {
        shown
        for shown, item in zip(names, found, strict=True)
        if isinstance(item["type"], sa.CHAR | sa.NCHAR)
    }
    table = sa.table(known, *(_untyped(item["name"]) for item in found), schema=schema)
    return Relation(sa.select(*table.columns), names, list(table.columns), padded)


def _query(connection: sa.Connection, query: str) -> Relation:
    text = query.strip().rstrip(";").replace(":", "\\:")
    inner = sa.text(f"({text}) golden_query")
    look = sa.select(sa.text("*")).select_from(inner).where(sa.text("1 = 0"))
    found = list(connection.execute(look).keys())
    columns = [_untyped(name) for name in found]
    names = [column_name(connection.dialect, name) for name in found]
    return Relation(sa.select(*columns).select_from(inner), names, columns, set())


def _untyped(name: str) -> sa.ColumnClause[Any]:
    """A column without a type is handed over as the driver gives it, unconverted."""
    return sa.column(name)


def _unpadded(values: Sequence[Any]) -> list[Any]:
    return [value.rstrip(" ") if isinstance(value, str) else value for value in values]


def _nearest(name: str, names: Sequence[str]) -> str:
    folded = {other.casefold(): other for other in names}
    found = difflib.get_close_matches(name.casefold(), folded, n=1)
    return f" (there is {folded[found[0]]!r})" if found else ""
