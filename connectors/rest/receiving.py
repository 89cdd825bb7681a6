"""What has come of one object: records once each, and whether they are all there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.rest.answers import at, has, text_at
from connectors.rest.config import OffsetPaging, PageNumberPaging, Read
from models.errors import IncompleteData, SchemaDrift

Record = dict[str, Any]


class Received:
    """Counts the records of one reading, page by page.

    A record that comes again as it was is left out. One that comes again with other values (it
    changed while pages were read) is a row of its own; the load keeps the later.
    """

    def __init__(self, source: str, name: str, read: Read) -> None:
        self._source, self._name, self._read = source, name, read
        self._seen: dict[int, int] = {}  # digest of the key → digest of the record
        self._again = 0
        self._totals: list[int] = []

    @property
    def complete(self) -> bool:
        """As many different records have come as the API declared."""
        return bool(self._totals) and len(self._seen) >= self._totals[-1]

    @property
    def declared(self) -> int | None:
        """Rows the API declares, with those counted twice that changed while it was read."""
        return len(self._seen) + self._again if self._totals else None

    def take(self, records: Sequence[Record]) -> tuple[list[Record], int]:
        """Return the records to land, and how many of them have keys that had not come before."""
        new, before = [], len(self._seen)
        for record in records:
            content = hash(repr(record))
            key = self._key(record, content)
            known = self._seen.get(key)
            if known == content:
                continue
            self._again += known is not None
            self._seen[key] = content
            new.append(record)
        return new, len(self._seen) - before

    def note_total(self, body: Any) -> None:
        """Remember what the page declares; SchemaDrift when it is not a number."""
        path = self._read.total_path
        if path is None or body is None or at(body, path) is None:
            return
        value = text_at(body, path)
        if value is None or not value.isdecimal():
            raise SchemaDrift(
                self._source,
                f"{self._name} has no whole number at {path!r}, where its total should stand; "
                f"correct objects.{self._name}.read.total.",
            )
        self._totals.append(int(value))

    def verify(self) -> None:
        """Raise IncompleteData unless as many records came as were declared.

        Where the server keeps its place (tokens), the total may change while pages are read: any
        number between is right. Where pages are only counted, a record that leaves makes the next
        page skip one, so a total that falls is never right.
        """
        if not self._totals:
            if self._read.total_path and self._seen:
                raise IncompleteData(
                    self._source,
                    f"{self._name} declared no total at {self._read.total_path!r}; nothing was "
                    f"landed. Correct objects.{self._name}.read.total, or leave it out.",
                )
            return
        counted = isinstance(self._read.paging, PageNumberPaging | OffsetPaging)
        low = self._totals[-1] if counted else min(self._totals)
        high = self._totals[-1] if counted else max(self._totals)
        fell = counted and min(self._totals) < max(self._totals[:1])
        if fell or not low <= len(self._seen) <= high:
            raise IncompleteData(
                self._source,
                f"{self._name} declares {self._totals[-1]} records (at first {self._totals[0]}), "
                f"and {len(self._seen)} different ones came; nothing was landed. Pull again; if "
                "it stays so, ask the API's owner.",
            )

    def _key(self, record: Record, content: int) -> int:
        """A record without a key is known by all that stands in it."""
        values = tuple(text_at(record, name) for name in self._read.primary_key)
        return content if None in values else hash(values)


def records_in(body: Any, source: str, name: str, read: Read) -> list[Record]:
    """Return the records of one page; SchemaDrift when there is no list of objects."""
    if body is None:  # HTTP 204
        return []
    found = at(body, read.records)
    if found is None and has(body, read.records):
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise SchemaDrift(
            source,
            f"{name} has no list of records at {read.records!r}; correct objects.{name}.read."
            "records, or the API has changed.",
        )
    return found
