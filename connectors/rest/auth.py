"""Credentials as headers; tokens that expire are fetched once, whoever asks."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote_plus

from connectors.rest.answers import text_at
from connectors.rest.config import (
    AnyAuth,
    BasicAuth,
    BearerAuth,
    ClientCredentials,
    HeaderAuth,
)
from models.errors import AuthError

_EARLY_SECONDS = 30.0  # a token is renewed that long before it ends, or after 9/10 of its life


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """A form to post for a token."""

    url: str
    form: dict[str, str]
    headers: dict[str, str]


# Posts a form and returns the JSON answer; raises our errors.
Post = Callable[[TokenRequest], Any]


class Credentials(Protocol):
    """What every request carries."""

    def headers(self) -> dict[str, str]:
        """Return the headers to send."""

    def renew(self, refused: dict[str, str]) -> bool:
        """Forget credentials that were refused; False when there can be no others."""


class Fixed:
    """Headers that do not change."""

    def __init__(self, headers: dict[str, str]) -> None:
        self._headers = headers

    def headers(self) -> dict[str, str]:
        """Return the same headers always."""
        return self._headers

    def renew(self, refused: dict[str, str]) -> bool:
        """Say that there are no others."""
        return False


class Tokens:
    """OAuth 2 client credentials: one token, one refresh at a time."""

    def __init__(self, source: str, config: ClientCredentials, post: Post) -> None:
        self._source, self._config, self._post = source, config, post
        self._lock = threading.Lock()
        self._headers: dict[str, str] | None = None
        self._ends = 0.0

    def headers(self) -> dict[str, str]:
        """Return the token in use; fetch one where there is none or it is about to end."""
        with self._lock:
            if self._headers is None or time.monotonic() >= self._ends:
                self._headers = self._fetch()
            return self._headers

    def renew(self, refused: dict[str, str]) -> bool:
        """Forget the token, unless another thread has a newer one already."""
        with self._lock:
            if self._headers is refused:
                self._headers = None
        return True

    def _fetch(self) -> dict[str, str]:
        asked = time.monotonic()
        answer = self._post(self._request())
        token = text_at(answer, self._config.token_field)
        if not token or not token.isascii() or not token.isprintable():
            raise AuthError(
                self._source,
                f"the answer of {self._config.token_path or 'token_url'} has no token at "
                f"{self._config.token_field!r}; check client_id and client_secret, or set "
                "auth.token_field.",
            )
        self._ends = asked + _life(text_at(answer, self._config.expires_field))
        return {"Authorization": f"Bearer {token}"}

    def _request(self) -> TokenRequest:
        config = self._config
        secret = config.client_secret.get_secret_value()
        form = {"grant_type": "client_credentials"}
        if config.scope:
            form["scope"] = config.scope
        headers: dict[str, str] = {}
        if config.send == "basic":
            headers = _basic(quote_plus(config.client_id), quote_plus(secret))
        else:
            form |= {"client_id": config.client_id, "client_secret": secret}
        return TokenRequest(config.token_path or config.token_url or "", form, headers)


def credentials(source: str, config: AnyAuth, post: Post) -> Credentials:
    """Return the credentials that the YAML describes."""
    match config:
        case HeaderAuth():
            return Fixed({config.header: config.value.get_secret_value()})
        case BearerAuth():
            return Fixed({"Authorization": f"Bearer {config.token.get_secret_value()}"})
        case BasicAuth():
            return Fixed(_basic(config.user, config.password.get_secret_value()))
        case ClientCredentials():
            return Tokens(source, config, post)
        case _:
            return Fixed({})


def _basic(user: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}"}


def _life(expires: str | None) -> float:
    """Seconds a token is used; one that does not say is used until it is refused."""
    try:
        seconds = float(expires or "inf")
    except ValueError:
        return float("inf")
    return max(seconds * 0.9, seconds - _EARLY_SECONDS) if seconds > 0 else 0.0
