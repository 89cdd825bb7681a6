"""Requests come back whole or as an error that says what to do, whatever the server does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.errors import (
    AuthError,
    ForbiddenError,
    GoldenError,
    IncompleteData,
    RateLimited,
    SchemaDrift,
    SourceError,
    TransientError,
)
from tests.connectors.rest.api_server import SECRET, Api, Fault, Record, Reply, TokenDesk
from tests.connectors.rest.reading import PATH, customer, ids, rows_of, source, spoiled

OAUTH = {
    "type": "oauth2_client_credentials",
    "token_path": "/oauth/token",
    "client_id": "golden",
    "client_secret": SECRET,
}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(spoiled(status=503, raw=b"<html>busy</html>"), id="503 with html"),
        pytest.param(spoiled(cut=40), id="cut below its content length"),
        pytest.param(spoiled(cut=40, length=False), id="cut without a length"),
        pytest.param(spoiled(cut=0), id="connection closed before the body"),
        pytest.param(spoiled(raw=b""), id="empty body"),
        pytest.param(spoiled(headers={"Content-Encoding": "gzip"}), id="not gzip as it says"),
        pytest.param(spoiled(status=429, headers={"Retry-After": "1"}), id="429, wait a second"),
        pytest.param(spoiled(status=429), id="429 without a time"),
    ],
)
def test_passing_faults_cost_a_retry_and_no_row(
    api: Api, people: list[Record], fault: Fault
) -> None:
    api.faults = {2: fault, 4: fault}
    assert ids(rows_of(source(api))) == list(range(7))
    assert len(api.journal) == 6


def test_a_request_is_tried_only_so_often(api: Api, people: list[Record]) -> None:
    api.faults = dict.fromkeys(range(2, 9), spoiled(status=503))
    with pytest.raises(TransientError, match="HTTP 503"):
        rows_of(source(api))
    assert len(api.journal) == 4


def test_a_body_that_is_always_cut_is_refused(api: Api, people: list[Record]) -> None:
    api.faults = dict.fromkeys(range(2, 9), spoiled(cut=40, length=False))
    with pytest.raises(IncompleteData, match="40 bytes"):
        rows_of(source(api))


def test_a_wait_longer_than_the_budget_is_left_to_the_caller(
    api: Api, people: list[Record]
) -> None:
    api.faults = {1: spoiled(status=429, headers={"Retry-After": "3600"})}
    with pytest.raises(RateLimited) as caught:
        rows_of(source(api))
    assert caught.value.retry_after == 3600
    assert len(api.journal) == 1


def test_waits_that_are_asked_for_cost_no_attempt(api: Api, people: list[Record]) -> None:
    asked = spoiled(status=429, headers={"Retry-After": "0.05"})
    api.faults = dict.fromkeys(range(1, 9), asked)
    assert ids(rows_of(source(api))) == list(range(7))


def test_a_token_that_ends_in_the_middle_is_renewed_once(api: Api, people: list[Record]) -> None:
    desk = TokenDesk()
    api.routes |= {"/oauth/token": desk.token, PATH: desk.guard(api.routes[PATH])}

    def end(reply: Reply) -> Reply:
        desk.valid = set()
        return reply

    api.faults = {2: end}
    assert ids(rows_of(source(api, auth=OAUTH))) == list(range(7))
    assert desk.issued == 2


def test_a_wrong_secret_says_so_without_the_secret(api: Api, people: list[Record]) -> None:
    desk = TokenDesk(secret="another")
    api.routes |= {"/oauth/token": desk.token, PATH: desk.guard(api.routes[PATH])}
    with pytest.raises(AuthError) as caught:
        rows_of(source(api, auth=OAUTH))
    assert SECRET not in str(caught.value)
    assert "client_secret" in str(caught.value)
    assert len(api.journal) == 1


@pytest.mark.parametrize(
    ("auth", "header", "value"),
    [
        ({"type": "header", "header": "X-Api-Key", "value": "k1"}, "x-api-key", "k1"),
        ({"type": "bearer", "token": "t1"}, "authorization", "Bearer t1"),
        ({"type": "basic", "user": "u", "password": "p"}, "authorization", "Basic dTpw"),
        ("none", "authorization", None),
    ],
)
def test_credentials_are_sent_as_the_api_wants_them(
    api: Api, people: list[Record], auth: object, header: str, value: str | None
) -> None:
    rows_of(source(api, auth=auth))
    assert {item.headers.get(header) for item in api.journal} == {value}


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (spoiled(body={"code": "40101", "msg": "王1 13800138000"}), AuthError),
        (spoiled(status=401, body={"msg": "王1"}), AuthError),
        (spoiled(status=403, body={"msg": "王1"}), ForbiddenError),
        (spoiled(body={"code": "99", "msg": "王1 13800138000"}), SourceError),
        (spoiled(status=404, body={"msg": "王1"}), SourceError),
        (spoiled(body={"code": "0", "data": {"list": [customer(1)]}}), SchemaDrift),
        (spoiled(body={"code": "0", "data": {"items": ["王1"]}}), SchemaDrift),
    ],
)
def test_errors_are_named_and_never_repeat_the_body(
    api: Api, people: list[Record], fault: Fault, error: type[GoldenError]
) -> None:
    api.faults = {1: fault}
    with pytest.raises(error) as caught:
        rows_of(source(api))
    assert type(caught.value) is error
    assert "王" not in str(caught.value)
    assert "138" not in str(caught.value)
    assert len(api.journal) == 1


@pytest.mark.parametrize("way", ["redirect", "next page"])
def test_credentials_never_go_to_another_host(api: Api, people: list[Record], way: str) -> None:
    elsewhere = api.url.replace("127.0.0.1", "localhost") + PATH
    if way == "redirect":
        api.faults = {1: spoiled(status=302, headers={"Location": elsewhere})}
        config = source(api)
    else:
        api.faults = {1: lambda reply: replace(reply, body={"items": [], "next": elsewhere})}
        paging = {"type": "next_url", "path": "next"}
        config = source(api, {"paging": paging, "records": "items", "total": None}, errors={})
    with pytest.raises(SourceError, match="another host"):
        rows_of(config)
    assert len(api.journal) == 1


def test_a_redirect_on_the_same_host_is_followed(api: Api, people: list[Record]) -> None:
    api.routes["/v2/customers"] = api.routes[PATH]
    api.faults = {1: spoiled(status=307, headers={"Location": "/v2/customers"})}
    assert ids(rows_of(source(api))) == list(range(7))


def test_requests_keep_to_the_rate(api: Api, people: list[Record]) -> None:
    started = datetime.now(UTC)
    rows_of(source(api, rate={"per_second": 4}))
    assert (datetime.now(UTC) - started).total_seconds() >= 3 / 4


def test_silence_and_slowness_end(api: Api, people: list[Record]) -> None:
    with pytest.raises(TransientError, match="too long"):
        rows_of(source(api, deadline="0s", retry={"attempts": 1}))
