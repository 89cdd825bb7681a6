"""The marketing platform's HTTP interface: an API key and numbered pages.

``GET /api/leads?page=1&size=500`` with the header ``X-Api-Key`` answers
``{"page", "size", "total", "leads"}``; a page past the end has no leads.
"""

from __future__ import annotations

import hmac
from pathlib import Path

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from examples.bank.http_store import Refusal, Store, answer, guarded, health

API_KEY = "golden-bank-demo"
BIGGEST_PAGE = 500


def marketing_app(systems: Path) -> Starlette:
    """Return the application over ``systems/marketing.db``."""
    store = Store(systems / "marketing.db")

    def leads(request: Request) -> Response:
        if not hmac.compare_digest(request.headers.get("x-api-key", ""), API_KEY):
            raise Refusal(401, "unauthorised", "the header X-Api-Key is missing or wrong")
        return answer(_page(store, request))

    routes = [Route("/health", health), Route("/api/leads", guarded(leads, store))]
    app = Starlette(routes=routes)
    app.add_exception_handler(Refusal, Refusal.response)
    return app


def _page(store: Store, request: Request) -> str:
    page, size = (_number(request, name, default) for name, default in (("page", 1), ("size", 100)))
    if size > BIGGEST_PAGE:
        raise Refusal(400, "bad_request", f"size is at most {BIGGEST_PAGE}")
    bodies = store.slice("lead", (page - 1) * size, size)
    total = store.count("lead", 0, 2**40)
    return f'{{"page":{page},"size":{size},"total":{total},"leads":[{",".join(bodies)}]}}'


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isdigit() or int(text) < 1:
        raise Refusal(400, "bad_request", f"{name} is a number from 1 on")
    return int(text)
