"""The CRM's HTTP interface: OAuth2 client credentials, time windows, pages by token.

| request | answer |
|---|---|
| ``POST /oauth/token`` | ``{"access_token", "expires_in", "token_type"}`` |
| ``GET /v1/contacts``, ``/v1/companies`` | ``{"code": "0", "data": {"items", "next", "total"}}`` |

Parameters: ``updated_from`` (inclusive), ``updated_to`` (exclusive), ``page_size`` (at most 500),
``page_token`` (the ``next`` of the page before; good for the same window only).
"""

from __future__ import annotations

import base64
import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.bank.http_store import Refusal, Store, answer, guarded, health

CLIENT_ID, CLIENT_SECRET = "golden", "golden-bank-demo"  # of an invented bank
BANK_TIME = timezone(timedelta(hours=8))
BIGGEST_PAGE = 500
_LIFETIME = 600  # seconds a token lives
_KEY = secrets.token_bytes(16)


@dataclass
class Tokens:
    """Access tokens given out, and until when they hold."""

    lifetime: int = _LIFETIME
    until: dict[str, float] = field(default_factory=dict)

    def give(self) -> str:
        """Return a new token."""
        token = secrets.token_urlsafe(24)
        self.until[token] = time.monotonic() + self.lifetime
        return token

    def check(self, request: Request) -> None:
        """Raise Refusal unless the request carries a token that still holds."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or self.until.get(token, 0) < time.monotonic():
            raise Refusal(401, "40101", "the access token is missing, unknown or expired")


def crm_app(systems: Path, lifetime: int = _LIFETIME) -> Starlette:
    """Return the application over ``systems/crm.db``."""
    store, tokens = Store(systems / "crm.db"), Tokens(lifetime)

    async def give_token(request: Request) -> Response:
        async with request.form() as form:
            _check_client({name: str(value) for name, value in form.items()}, request)
        body = {"access_token": tokens.give(), "expires_in": lifetime, "token_type": "Bearer"}
        return answer(json.dumps(body))

    def items(table: str) -> Route:
        def page(request: Request) -> Response:
            tokens.check(request)
            return answer(_page(store, table, request))

        path = {"contact": "/v1/contacts", "company": "/v1/companies"}[table]
        return Route(path, guarded(page, store))

    routes = [Route("/health", health), items("contact"), items("company")]
    app = Starlette(routes=[*routes, Route("/oauth/token", give_token, methods=["POST"])])
    app.add_exception_handler(Refusal, Refusal.response)
    return app


def _check_client(form: dict[str, str], request: Request) -> None:
    """Accept id and secret from the form or from basic authentication."""
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    client, secret = form.get("client_id", ""), form.get("client_secret", "")
    if scheme.lower() == "basic":
        client, _, secret = base64.b64decode(value).decode().partition(":")
    right = hmac.compare_digest(secret, CLIENT_SECRET) and client == CLIENT_ID
    if form.get("grant_type") != "client_credentials":
        raise Refusal(400, "unsupported_grant_type", "write grant_type=client_credentials")
    if not right:
        raise Refusal(401, "invalid_client", "client id or secret is wrong")


def _page(store: Store, table: str, request: Request) -> str:
    query = request.query_params
    low, high = _seconds(query.get("updated_from")), _seconds(query.get("updated_to"))
    size = _page_size(query.get("page_size", "100"))
    window = [0 if low is None else low, 2**40 if high is None else high]
    if token := query.get("page_token"):
        after, key, total = _read_token(token, table, window)
    else:
        after, key = window[0] - 1, "~"
        total = store.count(table, *window)
    rows = store.window(table, after, key, window[1], size + 1)
    more = len(rows) > size
    rows = rows[:size]
    token = _token(table, window, rows[-1][1], rows[-1][0], total) if more else None
    bodies = ",".join(row[2] for row in rows)
    return (
        f'{{"code":"0","data":{{"items":[{bodies}],"next":{json.dumps(token)},"total":{total}}}}}'
    )


def _seconds(text: str | None) -> int | None:
    """Return an ISO time as seconds since 1970, bank time where it has no zone."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, "40001", "updated_from and updated_to are ISO 8601 times") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=BANK_TIME)
    return -int(-moment.timestamp() // 1)


def _page_size(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= BIGGEST_PAGE:
        raise Refusal(400, "40001", f"page_size is a number from 1 to {BIGGEST_PAGE}")
    return int(text)


def _token(table: str, window: list[int], updated: int, key: str, total: int) -> str:
    text = json.dumps([table, *window, updated, key, total])
    sign = hmac.digest(_KEY, text.encode(), "sha256")[:9]
    return base64.urlsafe_b64encode(sign + text.encode()).decode()


def _read_token(token: str, table: str, window: list[int]) -> tuple[int, str, int]:
    try:
        raw = base64.urlsafe_b64decode(token)
    except ValueError:
        raw = b""
    sign, text = raw[:9], raw[9:]
    if not hmac.compare_digest(sign, hmac.digest(_KEY, text, "sha256")[:9]):
        raise Refusal(400, "40002", "page_token was not given by this server")
    of, low, high, updated, key, total = json.loads(text)
    if [of, low, high] != [table, *window]:
        raise Refusal(400, "40002", "page_token belongs to another request")
    return int(updated), str(key), int(total)
