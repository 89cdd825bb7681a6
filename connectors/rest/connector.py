"""The REST connector: pages of an API, as rows of text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from connectors.base import Chunk, ColumnInfo, Extraction, Health, StreamInfo, Window
from connectors.cursors import clock, cursor_value, greatest
from connectors.records import as_rows
from connectors.rest.answers import kinds, text_at
from connectors.rest.client import ApiClient, Call
from connectors.rest.config import Connection, Read
from connectors.rest.paging import Page, pager_of
from connectors.rest.receiving import Received, Record, records_in
from connectors.rest.templates import (
    Bounds,
    fill,
    lower_bound,
    marks,
    moment,
    zone_of,
)
from models.errors import GoldenError, SchemaDrift
from models.reading import validated
from models.source import SourceConfig
from warehouse.run_manifest import CursorValue


class RestConnector:
    """Reads one API."""

    def __init__(self, source: SourceConfig, base: Path) -> None:
        self._source = source
        self._reads = {
            name: validated(Read, source.name, f"objects.{name}.read", item.read)
            for name, item in source.objects.items()
        }
        config = validated(Connection, source.name, "connection", source.connection)
        self._client = ApiClient(source.name, config, base)

    def check(self) -> Health:
        """Ask for the first page of every configured object."""
        try:
            for name in self._reads:
                next(self._pages(name, None))
        except GoldenError as error:
            return Health(False, str(error))
        return Health(True, f"{len(self._reads)} objects can be read.")

    def discover(self) -> list[StreamInfo]:
        """List the configured objects, with the columns that their first pages have."""
        return [self._stream(name) for name in sorted(self._reads)]

    def sample(self, object_name: str, rows: int) -> pa.Table:
        """Return the first rows the API hands over."""
        found: list[Record] = []
        for page in self._pages(object_name, None):
            found += page.records
            if len(found) >= rows:
                break
        return self._as_rows(object_name, found[:rows])

    def extract(self, object_name: str, window: Window) -> Extraction:
        """Read everything, or what changed from the cursor on."""
        bounds = self._bounds(object_name, window)
        chunks = self._chunks(object_name, window.hi, bounds)
        return Extraction("delta" if bounds else "full", chunks, fixed=False)

    def keys(self, object_name: str) -> Iterator[pa.Table]:
        """Yield all keys there are now: a reading without window, of which only keys are kept."""
        wanted = self._reads[object_name].primary_key
        for page in self._pages(object_name, None):
            if page.records:
                yield self._as_rows(object_name, page.records).select(wanted)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def _chunks(self, name: str, hi: datetime, bounds: Bounds | None) -> Iterator[Chunk]:
        top = _Top(self._source, name, self._reads[name], hi)
        shape = self._as_rows(name, [])
        for page in self._pages(name, bounds):
            rows = self._as_rows(name, page.records) if page.records else shape
            if page.records or page.last:  # the key's columns are landed even without rows
                yield Chunk(rows, declared=page.declared, cursor=top.after(page.records))
            shape = rows.schema.empty_table()
        top.verify()

    def _pages(self, name: str, bounds: Bounds | None) -> Iterator[_New]:
        """Yield the new records of every page; IncompleteData at the end if some are missing."""
        read, source = self._reads[name], self._source.name
        received, pager = Received(source, name, read), pager_of(source, read.paging)
        call: Call | None = pager.first(_call(read, bounds))
        while call:
            answer = self._client.answer(call, _place(name, read))
            records = records_in(answer.body, source, name, read)
            received.note_total(answer.body)
            new, fresh = received.take(records)
            page = Page(answer, len(records), fresh, received.complete)
            call = pager.following(call, page)
            if call is None:
                received.verify()
            yield _New(new, call is None, received.declared if call is None else None)

    def _bounds(self, name: str, window: Window) -> Bounds | None:
        """Return the window to ask for; None when everything is to be read."""
        read = self._reads[name]
        if not (
            read.cursor and window.cursor and any(end == "lo" for end, _ in marks(_template(read)))
        ):
            return None
        low = lower_bound(window.cursor, read.cursor)
        if low is None:
            return None
        zone = zone_of(read.cursor, self._source.objects[name].mapping.timezone)
        return Bounds(low, window.hi, read.cursor.format, zone)

    def _as_rows(self, name: str, records: list[Record]) -> pa.Table:
        return as_rows(records, self._reads[name].primary_key)

    def _stream(self, name: str) -> StreamInfo:
        read = self._reads[name]
        call = pager_of(self._source.name, read.paging).first(_call(read, None))
        answer = self._client.answer(call, _place(name, read))
        records = records_in(answer.body, self._source.name, name, read)
        columns = tuple(ColumnInfo(column, kind) for column, kind in kinds(records).items())
        return StreamInfo(name, columns, tuple(read.primary_key))


@dataclass(frozen=True, slots=True)
class _New:
    """The new records of one page; ``declared``: how many there are in all, known at the last."""

    records: list[Record]
    last: bool
    declared: int | None


class _Top:
    """The greatest value of the cursor's field so far that the clock has passed."""

    def __init__(self, source: SourceConfig, name: str, read: Read, hi: datetime) -> None:
        self._source, self._name, self._cursor = source.name, name, read.cursor
        zone = source.objects[name].mapping.timezone
        self._clock = clock(read.cursor, hi, zone) if read.cursor else None
        self._zone = zone_of(read.cursor, zone) if read.cursor else None
        self._top: object = None
        self._records, self._written, self._read = 0, 0, 0

    def after(self, records: list[Record]) -> CursorValue | None:
        """Return where to go on after these records."""
        if self._cursor is None or self._clock is None or self._zone is None:
            return None
        values: list[object] = [self._top]
        self._records += len(records)
        for record in records:
            text = text_at(record, self._cursor.field)
            values.append(moment(text, self._cursor.format, self._zone))
            self._written += text is not None
            self._read += values[-1] is not None
        field = self._cursor.field
        self._top = greatest(values, self._clock, self._source, field)
        return cursor_value(self._top, self._source, field) if self._top is not None else None

    def verify(self) -> None:
        """Raise SchemaDrift when no record at all told where to go on.

        Single values that cannot be read do no harm: they only leave the cursor where it is.
        """
        if self._cursor is None or self._read or not self._records:
            return
        field = f"the cursor field {self._cursor.field}"
        what = f"no value in {field} that is of the format {self._cursor.format!r}"
        raise SchemaDrift(
            self._source,
            f"{self._name} has {what if self._written else f'nothing in {field}'}; correct "
            f"objects.{self._name}.read.cursor, or leave it out.",
        )


def _place(name: str, read: Read) -> str:
    return f"{name} ({read.request.method} {read.request.path})"


def _template(read: Read) -> tuple[object, object]:
    return read.request.params, read.request.body


def _call(read: Read, bounds: Bounds | None) -> Call:
    request = read.request
    return Call(
        request.method,
        request.path,
        fill(request.params, bounds),
        fill(request.body, bounds),
        request.headers,
    )
