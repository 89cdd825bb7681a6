"""A real HTTP server on this machine that behaves like a hosted system, faults included."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

SECRET = "s3cret-value-that-must-not-show"
Record = dict[str, Any]


@dataclass
class Reply:
    """What goes over the wire; ``cut``: bytes after which the connection ends."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    cut: int | None = None
    length: bool = True

    @property
    def content(self) -> bytes:
        if self.raw is not None:
            return self.raw
        return json.dumps(self.body, ensure_ascii=False).encode()


@dataclass
class Asked:
    """One request as it came."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)


Route = Callable[[Asked], Reply]
Fault = Callable[[Reply], Reply]


class Api:
    """Routes by path; ``faults[n]`` spoils the answer to the n-th request of data (from 1)."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.faults: dict[int, Fault] = {}
        self.journal: list[Asked] = []
        self.url = ""
        self._lock = threading.Lock()

    def asked(self, path: str) -> list[Asked]:
        return [item for item in self.journal if item.path == path]

    def reply(self, asked: Asked) -> Reply:
        with self._lock:
            self.journal.append(asked)
            number = sum(item.path != "/oauth/token" for item in self.journal)
        route = self.routes.get(asked.path)
        reply = route(asked) if route else Reply(404, {"code": "404"})
        fault = self.faults.get(number) if asked.path != "/oauth/token" else None
        return fault(reply) if fault else reply


@contextmanager
def serving(api: Api) -> Iterator[Api]:
    """Serve on a free port of 127.0.0.1."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(api))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def token_pages(records: Callable[[], list[Record]], size: int = 2) -> Route:
    """``/v1/customers`` of a CRM: a window, token paging, code and total in the body."""

    def route(asked: Asked) -> Reply:
        found = [item for item in records() if _inside(item, asked.params)]
        start = int(asked.params.get("page_token", "t0")[1:])
        after = start + size
        following = f"t{after}" if after < len(found) else None
        data = {"items": found[start:after], "next": following, "total": len(found)}
        return Reply(body={"code": "0", "data": data})

    return route


def number_pages(records: Callable[[], list[Record]], clamp: bool = False) -> Route:
    """``/v1/leads``: pages of at most 2 whatever is asked; ``clamp``: the last page for ever."""

    def route(asked: Asked) -> Reply:
        found, page = records(), int(asked.params["page"])
        if clamp:
            page = min(page, (len(found) + 1) // 2)
        return Reply(body={"rows": found[2 * page - 2 : 2 * page], "count": len(found)})

    return route


class TokenDesk:
    """``/oauth/token``: hands out tokens that can be ended."""

    def __init__(self, secret: str = SECRET) -> None:
        self.secret, self.issued, self.valid = secret, 0, set[str]()

    def token(self, asked: Asked) -> Reply:
        form = {name: values[0] for name, values in parse_qs(asked.body.decode()).items()}
        if form.get("client_secret") != self.secret:
            said = f"client {form.get('client_id')} with {form.get('client_secret')}"
            return Reply(400, {"error": "invalid_client", "error_description": said})
        self.issued += 1
        self.valid = {f"token-{self.issued}"}
        return Reply(body={"access_token": f"token-{self.issued}", "expires_in": 3600})

    def guard(self, route: Route) -> Route:
        def guarded(asked: Asked) -> Reply:
            bearer = asked.headers.get("authorization", "").removeprefix("Bearer ")
            return route(asked) if bearer in self.valid else Reply(401, {"code": "40101"})

        return guarded


def _inside(record: Record, params: dict[str, str]) -> bool:
    moment = datetime.fromisoformat(record["updated_at"])
    low, high = params.get("updated_from"), params.get("updated_to")
    return (not low or moment >= datetime.fromisoformat(low)) and (
        not high or moment < datetime.fromisoformat(high)
    )


def _handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            split = urlsplit(self.path)
            length = int(self.headers.get("Content-Length") or 0)
            self._write(
                api.reply(
                    Asked(
                        self.command,
                        split.path,
                        {name: values[0] for name, values in parse_qs(split.query).items()},
                        {name.lower(): value for name, value in self.headers.items()},
                        self.rfile.read(length),
                    )
                )
            )

        do_GET = do_POST = _any  # noqa: N815  # the base class names them

        def _write(self, reply: Reply) -> None:
            content = reply.content
            self.send_response(reply.status)
            headers = {"Content-Type": "application/json", **reply.headers}
            if reply.length:
                headers["Content-Length"] = str(len(content))
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content[: reply.cut])
            if reply.cut is not None or not reply.length:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    return Handler
