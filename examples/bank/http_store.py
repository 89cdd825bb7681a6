"""What both HTTP systems share: reading their stores, refusing, and being busy now and then."""

from __future__ import annotations

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

# The 7th request and every 40th after it is one too many.
_BUSY_FIRST, _BUSY_EVERY = 7, 40


class Refusal(Exception):
    """An error answer: HTTP status, the system's own code, and a sentence."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers

    @staticmethod
    def response(request: Request, error: Exception) -> Response:
        """Return the answer for Starlette."""
        assert isinstance(error, Refusal)  # noqa: S101  # registered for this class only
        body = json.dumps({"code": error.code, "message": error.message})
        headers = {name.replace("_", "-"): value for name, value in error.headers.items()}
        return Response(body, error.status, headers, "application/json")


class Store:
    """One system's SQLite file, opened anew for each request: it may change at any time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._requests = itertools.count(1)

    def breathe(self) -> None:
        """Count a request; raise Refusal when it is one too many."""
        number = next(self._requests)
        if number % _BUSY_EVERY == _BUSY_FIRST:
            raise Refusal(429, "42901", "too many requests, come back soon", Retry_After="1")

    def count(self, table: str, low: int, high: int) -> int:
        """Return how many items changed in ``[low, high)``."""
        with self._reading() as connection:
            sql = f'SELECT count(*) FROM "{table}" WHERE updated >= ? AND updated < ?'
            return int(connection.execute(sql, (low, high)).fetchone()[0])

    def window(
        self, table: str, after: int, key: str, high: int, limit: int
    ) -> list[tuple[str, int, str]]:
        """Return the next items behind ``(after, key)`` as id, time and body, oldest first."""
        sql = (
            f'SELECT id, updated, body FROM "{table}" WHERE (updated, id) > (?, ?) '
            "AND updated < ? ORDER BY updated, id LIMIT ?"
        )
        with self._reading() as connection:
            return connection.execute(sql, (after, key, high, limit)).fetchall()

    def slice(self, table: str, skip: int, limit: int) -> list[str]:
        """Return bodies by position, in the order of their ids."""
        sql = f'SELECT body FROM "{table}" ORDER BY id LIMIT ? OFFSET ?'
        with self._reading() as connection:
            return [row[0] for row in connection.execute(sql, (limit, skip))]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro", uri=True)) as connection:
            yield connection


def guarded(page: Callable[[Request], Response], store: Store) -> Callable[[Request], Response]:
    """Return ``page`` behind the limit of requests."""

    def limited(request: Request) -> Response:
        store.breathe()
        return page(request)

    return limited


def answer(body: str) -> Response:
    """Return JSON text as it is."""
    return Response(body, media_type="application/json")


def health(request: Request) -> Response:
    """Say that the server listens."""
    return answer('{"status":"ok"}')
