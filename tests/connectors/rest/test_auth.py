"""A token is fetched once, whoever asks, and again before it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.rest.auth import TokenRequest, Tokens
from connectors.rest.config import ClientCredentials
from models.errors import AuthError


class Desk:
    """Counts the tokens it hands out, slowly."""

    def __init__(self, **more: Any) -> None:
        self.asked: list[TokenRequest] = []
        self._more = more

    def __call__(self, request: TokenRequest) -> Any:
        self.asked.append(request)
        time.sleep(0.05)
        return {"access_token": f"t{len(self.asked)}", **self._more}


def tokens(desk: Callable[[TokenRequest], Any], **more: Any) -> Tokens:
    config = ClientCredentials(
        type="oauth2_client_credentials",
        token_path="/oauth/token",
        client_id="golden",
        client_secret=SecretStr("a:b/c"),
        **more,
    )
    return Tokens("crm", config, desk)


def at_once(count: int, work: Callable[[], object]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_threads_share_one_token_and_one_renewal() -> None:
    desk = Desk(expires_in=3600)
    shared = tokens(desk)
    at_once(8, shared.headers)
    assert len(desk.asked) == 1
    refused = shared.headers()
    at_once(8, lambda: shared.renew(refused) and shared.headers())
    assert len(desk.asked) == 2
    assert shared.headers() == {"Authorization": "Bearer t2"}


@pytest.mark.parametrize(
    ("answer", "asked"),
    [({"expires_in": 3600}, 1), ({}, 1), ({"expires_in": 0}, 2), ({"expires_in": "3600"}, 1)],
    ids=str,
)
def test_a_token_is_used_for_its_life(answer: dict[str, Any], asked: int) -> None:
    desk = Desk(**answer)
    shared = tokens(desk)
    shared.headers()
    shared.headers()
    assert len(desk.asked) == asked


@pytest.mark.parametrize(
    ("send", "form", "headers"),
    [
        ("body", {"client_id": "golden", "client_secret": "a:b/c"}, {}),
        ("basic", {}, {"Authorization": "Basic Z29sZGVuOmElM0FiJTJGYw=="}),
    ],
)
def test_the_client_stands_where_the_api_wants_it(
    send: str, form: dict[str, str], headers: dict[str, str]
) -> None:
    desk = Desk()
    tokens(desk, send=send, scope="read").headers()
    [request] = desk.asked
    assert request.form == {"grant_type": "client_credentials", "scope": "read", **form}
    assert request.headers == headers


def test_a_token_may_stand_deeper_in_the_answer() -> None:
    shared = tokens(lambda _: {"data": {"token": "x"}}, token_field="data.token")
    assert shared.headers() == {"Authorization": "Bearer x"}


@pytest.mark.parametrize("answer", [{}, {"access_token": ""}, {"access_token": "a\r\nb"}, [1]])
def test_an_answer_without_a_token_is_a_refusal(answer: object) -> None:
    with pytest.raises(AuthError, match="client_secret"):
        tokens(lambda _: answer).headers()
