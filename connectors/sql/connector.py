"""The SQL connector: tables and queries in batches, from one moment where that can be had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from connectors.base import Chunk, ColumnInfo, Extraction, Health, StreamInfo, Window
from connectors.cursors import Clock, clock, cursor_value, greatest, lower_bound
from connectors.sql.config import Connection, Read
from connectors.sql.engine import column_name, open_engine
from connectors.sql.failures import failure
from connectors.sql.relation import Relation, relation_of
from models.errors import GoldenError
from models.reading import validated
from models.source import SourceConfig

BATCH_ROWS = 20_000


class SqlConnector:
    """Reads one database."""

    def __init__(self, source: SourceConfig, base: Path) -> None:
        self._source = source
        self._config = validated(Connection, source.name, "connection", source.connection)
        self._reads = {
            name: validated(Read, source.name, f"objects.{name}.read", item.read)
            for name, item in source.objects.items()
        }
        self._engine = open_engine(source.name, self._config, base)

    def check(self) -> Health:
        """Connect, and look at every configured object."""
        try:
            with self._reading("the database") as connection:
                for name in self._reads:
                    self._relation(connection, name)
        except GoldenError as error:
            return Health(False, str(error))
        return Health(True, f"{len(self._reads)} objects can be read.")

    def discover(self) -> list[StreamInfo]:
        """List all tables and views of the schema."""
        with self._reading("the catalogue") as connection:
            inspector = sa.inspect(connection)
            schema = self._config.db_schema
            names = inspector.get_table_names(schema) + inspector.get_view_names(schema)
            return [self._stream(inspector, schema, name) for name in sorted(names)]

    def sample(self, object_name: str, rows: int) -> pa.Table:
        """Return the first rows the database hands over."""
        with self._reading(object_name) as connection:
            relation = self._relation(connection, object_name)
            result = connection.execute(relation.select.limit(rows))
            return relation.as_rows(result.fetchall())

    def extract(self, object_name: str, window: Window) -> Extraction:
        """Read everything, or what changed from the cursor on."""
        changes = window.cursor is not None and self._reads[object_name].cursor is not None
        return Extraction("delta" if changes else "full", self._chunks(object_name, window))

    def keys(self, object_name: str) -> Iterator[pa.Table]:
        """Yield all keys there are now."""
        with self._reading(object_name) as connection:
            relation = self._relation(connection, object_name)
            wanted = self._reads[object_name].primary_key
            statement = relation.select.with_only_columns(*(relation.column(n) for n in wanted))
            for rows in self._batches(connection, statement):
                yield relation.as_rows(rows, wanted)

    def close(self) -> None:
        """Close the pool's connections."""
        self._engine.dispose()

    def _chunks(self, object_name: str, window: Window) -> Iterator[Chunk]:
        read = self._reads[object_name]
        until = self._clock(object_name, window)
        with self._reading(object_name) as connection:
            relation = self._relation(connection, object_name)
            statement = relation.select
            if read.cursor and window.cursor:
                low = lower_bound(window.cursor, read.cursor)
                column = relation.column(read.cursor.field)
                statement = statement.where(sa.or_(column >= low, column.is_(None)))
            yield Chunk(relation.as_rows([]))  # the columns are landed even without rows
            top: Any = None
            for rows in self._batches(connection, statement):
                cursor = None
                if read.cursor and until:
                    seen = [row[relation.position(read.cursor.field)] for row in rows]
                    name = self._source.name
                    top = greatest((top, *seen), until, name, read.cursor.field)
                    if top is not None:
                        cursor = cursor_value(top, name, read.cursor.field)
                yield Chunk(relation.as_rows(rows), cursor=cursor)

    def _batches(
        self, connection: sa.Connection, statement: sa.Select[Any]
    ) -> Iterator[Sequence[sa.Row[Any]]]:
        streamed = connection.execution_options(stream_results=True, max_row_buffer=BATCH_ROWS)
        result = streamed.execute(statement)
        while rows := result.fetchmany(BATCH_ROWS):
            yield rows

    def _clock(self, object_name: str, window: Window) -> Clock | None:
        cursor = self._reads[object_name].cursor
        zone = self._source.objects[object_name].mapping.timezone
        return clock(cursor, window.hi, zone) if cursor else None

    def _relation(self, connection: sa.Connection, object_name: str) -> Relation:
        return relation_of(
            connection,
            self._source.name,
            object_name,
            self._reads[object_name],
            self._config.db_schema,
        )

    def _stream(self, inspector: sa.Inspector, schema: str | None, name: str) -> StreamInfo:
        dialect = self._engine.dialect
        columns = tuple(
            ColumnInfo(column_name(dialect, item["name"]), str(item["type"]), item.get("comment"))
            for item in inspector.get_columns(name, schema)
        )
        key = inspector.get_pk_constraint(name, schema).get("constrained_columns") or []
        return StreamInfo(
            column_name(dialect, name), columns, tuple(column_name(dialect, n) for n in key)
        )

    @contextmanager
    def _reading(self, place: str) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execution_options(postgresql_readonly=True)
                yield connection
        except DBAPIError as error:
            raise failure(self._source.name, place, error, self._engine.url) from None
