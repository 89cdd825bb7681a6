"""Requests that come back whole or as one of our errors: paced, retried, and with time limits."""

from __future__ import annotations

import logging
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_before_delay
from tenacity.wait import wait_random_exponential

from connectors.rest.answers import whole
from connectors.rest.auth import TokenRequest, credentials
from connectors.rest.config import Connection, Errors
from connectors.rest.failures import Answered, failure
from models.errors import (
    AuthError,
    ConfigError,
    IncompleteData,
    RateLimited,
    RetryableError,
    SourceError,
    TransientError,
)

_REDIRECTS = 5
_JITTER = wait_random_exponential(multiplier=0.5, max=30)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``url`` is a path below the base, or an address of the same host."""

    method: str
    url: str
    params: Mapping[str, Any] | None = None
    body: Any = None
    headers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: parsed JSON (None for HTTP 204), and addresses it links to by relation."""

    body: Any
    url: str
    links: Mapping[str, str]


class ApiClient:
    """Speaks to one API; safe to use from several threads."""

    def __init__(self, source: str, config: Connection, base: Path) -> None:
        # both log addresses (INFO) or headers (DEBUG): page tokens, customers' values, secrets
        for name in ("httpx", "httpcore"):
            logging.getLogger(name).setLevel(logging.WARNING)
        self._source, self._config = source, config
        self._http = _open(source, config, base)
        self._base = httpx.URL(config.base_url.rstrip("/") + "/")
        self._auth = credentials(source, config.auth, self._token)
        self._pace = _Pace(config.rate.per_second if config.rate else None)

    def answer(self, call: Call, place: str) -> Answer:
        """Return the answer to ``call``; ``place`` names it in errors.

        Raises AuthError, ForbiddenError, RateLimited, TransientError, IncompleteData (a body
        that is cut every time) or SourceError.
        """
        budget = self._config.retry.budget.total_seconds()
        retrying = Retrying(
            retry=retry_if_exception_type((RetryableError, IncompleteData)),
            wait=_wait,
            stop=_stop(self._config.retry.attempts, budget),
            reraise=True,
        )
        return retrying(self._attempt, call, place)

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def _attempt(self, call: Call, place: str) -> Answer:
        headers = self._auth.headers()
        try:
            return self._exchange(call, headers, place)
        except AuthError:
            if not self._auth.renew(headers):
                raise
        # a token may end at any moment: once more with a new one
        return self._exchange(call, self._auth.headers(), place)

    def _exchange(self, call: Call, headers: Mapping[str, str], place: str) -> Answer:
        request = self._http.build_request(
            call.method,
            self._url(call.url),
            params=call.params or None,
            json=call.body,
            headers={**(call.headers or {}), **headers},
        )
        return self._send(request, place, self._config.errors)

    def _token(self, token: TokenRequest) -> Any:
        place = "POST of the token"
        url = self._url(token.url) if token.url.startswith("/") else httpx.URL(token.url)
        request = self._http.build_request("POST", url, data=token.form, headers=token.headers)
        try:
            return self._send(request, place, Errors()).body
        except (RetryableError, IncompleteData, AuthError):
            raise
        except SourceError:  # RFC 6749: a wrong client is HTTP 400 or 401
            raise AuthError(
                self._source,
                f"the {place} was refused; check connection.auth (client_id, client_secret and "
                f"the token's address) in sources/{self._source}.yml.",
            ) from None

    def _send(self, request: httpx.Request, place: str, errors: Errors) -> Answer:
        for _ in range(_REDIRECTS):
            self._pace.wait()
            response, content = self._receive(request, place)
            if response.next_request is None:
                return self._judge(response, content, place, errors)
            request = response.next_request
            if _origin(request.url) != _origin(response.url):
                break
        raise SourceError(
            self._source,
            f"{place} redirects to another host, or without end; it is not followed, so that the "
            f"credentials stay here. Correct base_url in sources/{self._source}.yml.",
        )

    def _receive(self, request: httpx.Request, place: str) -> tuple[httpx.Response, bytes]:
        ends = time.monotonic() + self._config.deadline.total_seconds()
        try:
            response = self._http.send(request, stream=True)
            try:
                pieces = []
                for piece in response.iter_bytes():
                    pieces.append(piece)
                    if time.monotonic() > ends:
                        raise TransientError(self._source, f"{place} took too long; try again.")
                return response, b"".join(pieces)
            finally:
                response.close()
        except (httpx.RemoteProtocolError, httpx.DecodingError):
            raise IncompleteData(
                self._source, f"the answer of {place} was cut, or is not HTTP; try again."
            ) from None
        except httpx.TransportError as error:
            raise TransientError(
                self._source,
                f"{place} cannot be reached, or the connection broke ({type(error).__name__}); "
                "try again.",
            ) from None

    def _judge(
        self, response: httpx.Response, content: bytes, place: str, errors: Errors
    ) -> Answer:
        try:
            body = whole(content, response.charset_encoding or "utf-8")
        except (ValueError, LookupError, RecursionError):
            body = None
        answered = Answered(response.status_code, response.headers, body)
        error = failure(self._source, place, answered, errors)
        if error:
            raise error
        if body is None and response.status_code != httpx.codes.NO_CONTENT:
            raise IncompleteData(
                self._source,
                f"{place} answered HTTP {response.status_code} with something that is not one "
                f"whole JSON object or list ({len(content)} bytes); nothing of it was used.",
            )
        links = {name: link["url"] for name, link in response.links.items() if name}
        return Answer(body, str(response.url), links)

    def _url(self, url: str) -> httpx.URL:
        if url.startswith("/"):
            return httpx.URL(str(self._base).rstrip("/") + url)
        found = httpx.URL(url)
        if _origin(found) != _origin(self._base):
            raise SourceError(
                self._source,
                "the address of the next page is on another host; it is not followed, so that the "
                "credentials stay here.",
            )
        return found


class _Pace:
    """At most so many requests a second, over all threads."""

    def __init__(self, per_second: float | None) -> None:
        self._gap = 1 / per_second if per_second else 0.0
        self._lock, self._next = threading.Lock(), 0.0

    def wait(self) -> None:
        """Sleep until the next request may go."""
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next)
            self._next = turn + self._gap
        if turn > now:
            time.sleep(turn - now)


def _open(source: str, config: Connection, base: Path) -> httpx.Client:
    try:
        return httpx.Client(
            headers={
                "Accept": "application/json",
                "User-Agent": "golden-customer",
                **config.headers,
            },
            timeout=httpx.Timeout(
                config.timeout.total_seconds(), connect=config.connect_timeout.total_seconds()
            ),
            follow_redirects=False,
            trust_env=False,
            proxy=config.proxy.get_secret_value() if config.proxy else None,
            verify=ssl.create_default_context(cafile=base / config.ca_file)
            if config.ca_file
            else True,
        )
    except (OSError, ValueError, httpx.InvalidURL):
        raise ConfigError(
            "connection.ca_file, proxy or headers cannot be used.",
            file=f"sources/{source}.yml",
            hint="ca_file is a PEM file, proxy an address such as http://proxy.bank:3128, headers "
            "are plain ASCII.",
        ) from None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    if isinstance(error, RateLimited) and error.retry_after:
        return error.retry_after
    return _JITTER(state)


def _stop(attempts: int, budget: float) -> Callable[[RetryCallState], bool]:
    """Waiting as asked costs only time; other failures cost an attempt each."""
    late = stop_before_delay(budget)

    def stop(state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        asked = isinstance(error, RateLimited) and error.retry_after > 0
        return late(state) or (not asked and state.attempt_number >= attempts)

    return stop
