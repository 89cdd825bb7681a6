"""From one page to the next, in the ways APIs count their pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import httpx

from connectors.rest.answers import at, text_at
from connectors.rest.client import Answer, Call
from connectors.rest.config import (
    LinkHeaderPaging,
    NextUrlPaging,
    OffsetPaging,
    PageNumberPaging,
    Paging,
    TokenPaging,
)
from models.errors import IncompleteData, SourceError

# One page with nothing new may be a page sent twice; two are a server that repeats its last page.
_STALE_PAGES = 2
# Token paging may have empty pages in between, but not without end.
_EMPTY_PAGES = 100


@dataclass(frozen=True, slots=True)
class Page:
    """What one page brought: records in it, and how many of them had not come before.

    ``complete``: as many different records have come as the API declared.
    """

    answer: Answer
    records: int
    fresh: int
    complete: bool


class Pager(Protocol):
    """Knows the next page."""

    def first(self, call: Call) -> Call:
        """Return the call for the first page."""

    def following(self, call: Call, page: Page) -> Call | None:
        """Return the call for the page after ``page``, None at the end."""


def pager_of(source: str, paging: Paging) -> Pager:
    """Return a new pager for one reading of one object."""
    match paging:
        case TokenPaging():
            return _Tokens(
                source, lambda answer: _token(answer, paging.path, paging.more), paging.param
            )
        case OffsetPaging() | PageNumberPaging():
            return _Numbers(paging)
        case NextUrlPaging():
            return _Tokens(
                source, lambda answer: _linked(source, answer, _token(answer, paging.path))
            )
        case LinkHeaderPaging():
            return _Tokens(source, lambda answer: _linked(source, answer, answer.links.get("next")))
        case _:
            return _Single()


class _Single:
    """There is one page."""

    def first(self, call: Call) -> Call:
        return call

    def following(self, call: Call, page: Page) -> Call | None:
        return None


class _Tokens:
    """Every page names the next one: by a token for ``param``, or by an address."""

    def __init__(
        self, source: str, find: Callable[[Answer], str | None], param: str | None = None
    ) -> None:
        self._source, self._find, self._param = source, find, param
        self._used: set[str] = set()
        self._empty = 0

    def first(self, call: Call) -> Call:
        return call

    def following(self, call: Call, page: Page) -> Call | None:
        token = self._find(page.answer)
        if token is None:
            return None
        self._empty = 0 if page.records else self._empty + 1
        if token in self._used or self._empty >= _EMPTY_PAGES:
            raise IncompleteData(
                self._source,
                "the API names the same next page twice, or empty pages without end, so the end "
                "cannot be reached; nothing was landed. Check 'paging'.",
            )
        self._used.add(token)
        if self._param:
            return _with(call, self._param, token)
        return replace(call, url=token, params=None)


class _Numbers:
    """Pages are counted, by pages or by records."""

    def __init__(self, paging: PageNumberPaging | OffsetPaging) -> None:
        self._paging = paging
        self._by_record = isinstance(paging, OffsetPaging)
        self._at = paging.start
        self._stale = 0

    def first(self, call: Call) -> Call:
        if self._paging.size_param:
            call = _with(call, self._paging.size_param, self._paging.size)
        return _with(call, self._paging.param, self._at)

    def following(self, call: Call, page: Page) -> Call | None:
        self._stale = 0 if page.fresh else self._stale + 1
        if page.complete or not page.records or self._stale >= _STALE_PAGES:
            return None
        self._at += page.records if self._by_record else 1
        return _with(call, self._paging.param, self._at)


def _with(call: Call, name: str, value: Any) -> Call:
    """Return the call with a parameter: in the body where there is one, else in the address."""
    if call.body is not None:
        return replace(call, body=_put(call.body, name.split("."), value))
    return replace(call, params={**(call.params or {}), name: value})


def _put(body: dict[str, Any], path: list[str], value: Any) -> dict[str, Any]:
    if len(path) == 1:
        return {**body, path[0]: value}
    inner = body.get(path[0])
    return {**body, path[0]: _put(inner if isinstance(inner, dict) else {}, path[1:], value)}


def _token(answer: Answer, path: str, more: str | None = None) -> str | None:
    """Return the token of the next page; empty, 0 and false mean that there is none."""
    if more and at(answer.body, more) is False:
        return None
    return text_at(answer.body, path) if at(answer.body, path) else None


def _linked(source: str, answer: Answer, link: str | None) -> str | None:
    if not link:
        return None
    try:
        return str(httpx.URL(answer.url).join(link))
    except httpx.InvalidURL:
        raise SourceError(
            source, "the address of the next page is not an address; check 'paging'."
        ) from None
