"""An API is read whole or not at all, whatever it does meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from connectors.base import Window
from connectors.pull import PullReport, pull
from connectors.registry import open_connector
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
from models.source import SourceConfig
from tests.connectors.rest.api_server import (
    SECRET,
    Api,
    Asked,
    Fault,
    Record,
    Reply,
    TokenDesk,
    number_pages,
    token_pages,
)
from warehouse.landing import RawZone
from warehouse.load import load
from warehouse.store import Store

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
MAPPING = {"party": "person", "names": [{"full": "name"}]}
PATH = "/v1/customers"
OAUTH = {
    "type": "oauth2_client_credentials",
    "token_path": "/oauth/token",
    "client_id": "golden",
    "client_secret": SECRET,
}


def customer(number: int, minute: int = 0, **more: Any) -> Record:
    return {
        "id": f"003{number:05d}",
        "name": f"王{number}",
        "updated_at": f"2026-11-23T17:{minute:02d}:00+08:00",
        "status": "ACTIVE",
        **more,
    }


def source(api: Api, read: dict[str, Any] | None = None, **connection: Any) -> SourceConfig:
    errors = {"code_path": "code", "ok_codes": ["0"], "auth": {"codes": ["40101"]}}
    return SourceConfig.model_validate(
        {
            "name": "crm",
            "connector": "rest",
            "connection": {
                "base_url": api.url,
                "errors": errors,
                "retry": {"attempts": 3, "budget": "5s"},
                **connection,
            },
            "objects": {
                "contact": {
                    "read": {
                        "request": {
                            "path": PATH,
                            "params": {"updated_from": "{lo}", "updated_to": "{hi}"},
                        },
                        "records": "data.items",
                        "paging": {"type": "token", "param": "page_token", "path": "data.next"},
                        "total": "data.total",
                        "primary_key": ["id"],
                        "cursor": {"field": "updated_at", "lookback": "10m"},
                        **(read or {}),
                    },
                    "mapping": MAPPING,
                }
            },
        }
    )


def rows_of(config: SourceConfig) -> list[Record]:
    with closing(open_connector(config, Path())) as connector:
        chunks = connector.extract("contact", Window(None, NOW)).chunks
        assert chunks is not None
        tables = [chunk.rows for chunk in chunks]
    return list(pa.concat_tables(tables, promote_options="default").to_pylist())


def ids(rows: list[Record]) -> list[int]:
    return [int(row["id"][3:]) for row in rows]


def spoiled(**change: Any) -> Fault:
    return lambda reply: replace(reply, **change)


@pytest.fixture
def people(api: Api) -> list[Record]:
    records = [customer(number, number) for number in range(7)]
    api.routes[PATH] = token_pages(lambda: records)
    return records


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


def test_a_page_sent_twice_is_read_once(api: Api, people: list[Record]) -> None:
    pages = api.routes[PATH]

    def again(asked: Asked) -> Reply:
        reply = pages(asked)
        if asked.params.get("page_token") == "t4":
            reply.body["data"]["items"] = [people[2], people[3], people[4], people[5]]
        return reply

    api.routes[PATH] = again
    assert ids(rows_of(source(api))) == list(range(7))


@pytest.mark.parametrize("total", [6, 8])
def test_a_total_that_is_not_reached_or_passed_is_refused(
    api: Api, people: list[Record], total: int
) -> None:
    def declare(reply: Reply) -> Reply:
        reply.body["data"]["total"] = total
        return reply

    api.faults = dict.fromkeys(range(1, 9), declare)
    with pytest.raises(IncompleteData, match=f"declares {total} records"):
        rows_of(source(api))


def test_a_page_token_that_comes_again_ends_the_reading(api: Api, people: list[Record]) -> None:
    def loop(reply: Reply) -> Reply:
        reply.body["data"]["next"] = "t2"
        return reply

    api.faults = {3: loop}
    with pytest.raises(IncompleteData, match="same next page"):
        rows_of(source(api))


@pytest.mark.parametrize("clamp", [False, True], ids=["empty page", "last page for ever"])
@pytest.mark.parametrize("total", ["count", None], ids=["with total", "without total"])
@pytest.mark.parametrize("many", [0, 1, 4, 5])
def test_numbered_pages_end_where_nothing_new_comes(
    api: Api, many: int, total: str | None, clamp: bool
) -> None:
    records = [customer(number) for number in range(many)]
    api.routes["/v1/leads"] = number_pages(lambda: records, clamp and many > 0)
    paging = {"type": "page", "param": "page", "size_param": "size", "size": 500}
    read = {"request": {"path": "/v1/leads"}, "records": "rows", "paging": paging, "total": total}
    assert ids(rows_of(source(api, {**read, "cursor": None}, errors={}))) == list(range(many))
    assert {item.params["size"] for item in api.journal} == {"500"}
    if total:
        assert len(api.journal) == max(1, (many + 1) // 2)  # nothing is asked beyond the total


def test_a_numbered_page_sent_twice_is_not_the_end(api: Api) -> None:
    records = [customer(number) for number in range(7)]
    pages = number_pages(lambda: records)

    def again(asked: Asked) -> Reply:
        page = int(asked.params["page"])
        return pages(replace(asked, params={"page": str(page if page < 3 else page - 1)}))

    api.routes["/v1/leads"] = again
    paging = {"type": "page", "param": "page"}
    read = {"request": {"path": "/v1/leads"}, "records": "rows", "paging": paging, "total": None}
    assert ids(rows_of(source(api, {**read, "cursor": None}, errors={}))) == list(range(7))


def _page(api: Api, asked: Asked, records: list[Record], way: str) -> Reply:
    body = asked.data if asked.method == "POST" else asked.params
    start = int(body.get("from", 0))
    found, after = records[start : start + 3], start + 3
    more = after < len(records)
    if way == "offset":
        return Reply(body=found)
    link = f"/base/v1/things?from={after}"
    if way == "link_header":
        headers = {"Link": f'<{api.url}{link}>; rel="next", </>; rel="first"'} if more else {}
        return Reply(body={"items": found}, headers=headers)
    return Reply(body={"items": found, "next": link if more else None})


@pytest.mark.parametrize(
    ("way", "read"),
    [
        ("offset", {"paging": {"type": "offset", "param": "from"}, "records": "$"}),
        (
            "offset",
            {
                "request": {"method": "POST", "path": "/v1/things", "json": {"filter": {"a": 1}}},
                "paging": {"type": "offset", "param": "from"},
                "records": "$",
            },
        ),
        ("next_url", {"paging": {"type": "next_url", "path": "next"}}),
        ("link_header", {"paging": {"type": "link_header"}}),
    ],
    ids=["offset", "offset in the body", "next url", "link header"],
)
def test_every_way_of_paging_finds_every_record(api: Api, way: str, read: dict[str, Any]) -> None:
    records = [customer(number) for number in range(8)]
    api.routes["/base/v1/things"] = lambda asked: _page(api, asked, records, way)
    common = {"request": {"path": "/v1/things"}, "records": "items", "total": None, "cursor": None}
    config = source(api, {**common, **read}, base_url=f"{api.url}/base", errors={})
    assert ids(rows_of(config)) == list(range(8))


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


def test_values_land_exactly(api: Api) -> None:
    text = (
        '{"code":0,"data":{"total":1,"items":[{"id":"1","updated_at":"2026-11-23T10:00:00Z",'
        '"n":12345678901234567890123,"d":1.10,"e":1e5,"b":true,"nothing":null,"zero":"007",'
        '"a":{"city":"上海","deep":{"x":1},"none":{}},"l":[1.50,"x",{"k":[null,false]}]}]}}'
    )
    api.routes[PATH] = lambda asked: Reply(raw=b"\xef\xbb\xbf" + text.encode())
    [row] = rows_of(source(api))
    assert row == {
        "id": "1",
        "updated_at": "2026-11-23T10:00:00Z",
        "n": "12345678901234567890123",
        "d": "1.10",
        "e": "1e5",
        "b": "true",
        "nothing": None,
        "zero": "007",
        "a.city": "上海",
        "a.deep.x": "1",
        "a.none": "{}",
        "l": '[1.50,"x",{"k":[null,false]}]',
    }


def test_requests_keep_to_the_rate(api: Api, people: list[Record]) -> None:
    started = datetime.now(UTC)
    rows_of(source(api, rate={"per_second": 4}))
    assert (datetime.now(UTC) - started).total_seconds() >= 3 / 4


def test_silence_and_slowness_end(api: Api, people: list[Record]) -> None:
    with pytest.raises(TransientError, match="too long"):
        rows_of(source(api, deadline="0s", retry={"attempts": 1}))


class Flow:
    """Pulls into a raw zone, run after run, and loads it."""

    def __init__(self, config: SourceConfig, root: Path) -> None:
        self.config, self.root = config, root
        self.raw = RawZone(root / "raw")
        self.runs = 0

    def pull(self, hour: int = 10) -> PullReport:
        self.runs += 1
        run_id = f"202611{self.runs:02d}T000000.000000Z"
        now = NOW.replace(hour=hour)
        return pull(self.config, "contact", self.raw, run_id, now, self.root)

    def landed(self) -> dict[str, str]:
        store = Store(self.root / "golden.duckdb")
        with store.writing() as con:
            load(con, self.raw, [self.config])
            query = "SELECT id, name FROM landed.crm__contact ORDER BY id"
            return dict(con.execute(query).fetchall())


@pytest.fixture
def flow(api: Api, people: list[Record], tmp_path: Path) -> Callable[..., Flow]:
    flag = {"deletes": {"flag": {"field": "status", "values": ["DELETED"]}}}
    return lambda **read: Flow(source(api, {**flag, **read}), tmp_path)


def test_only_changes_are_asked_for_the_second_time(
    api: Api, people: list[Record], flow: Callable[..., Flow]
) -> None:
    job = flow()
    first = job.pull()
    assert (first.kind, first.rows, first.cursor) == ("full", 7, "2026-11-23T17:06:00+08:00")
    assert not any("updated_from" in item.params for item in api.journal)
    assert job.raw.runs("crm", "contact")[0].source_row_count == 7
    api.journal.clear()
    people[3] |= {"name": "改名", "updated_at": "2026-11-23T18:30:00+08:00"}
    people[5] |= {"status": "DELETED", "updated_at": "2026-11-23T18:31:00+08:00"}
    second = job.pull(hour=11)
    assert (second.kind, second.cursor) == ("delta", "2026-11-23T18:31:00+08:00")
    assert api.journal[0].params == {
        "updated_from": "2026-11-23T16:56:00+08:00",
        "updated_to": "2026-11-23T19:00:00+08:00",
    }
    landed = job.landed()
    assert sorted(landed) == [f"003{n:05d}" for n in (0, 1, 2, 3, 4, 6)]
    assert landed["00300003"] == "改名"


def test_a_cursor_never_passes_the_clock(people: list[Record], flow: Callable[..., Flow]) -> None:
    people[0]["updated_at"] = "9999-12-31T00:00:00+00:00"
    assert flow().pull().cursor == "2026-11-23T17:06:00+08:00"


@pytest.mark.parametrize(
    ("cursor", "said"),
    [({"field": "changed"}, "nothing in the cursor field changed"),
     ({"field": "updated_at", "format": "epoch"}, "no value .* format 'epoch'")],
)  # fmt: skip
def test_a_cursor_that_never_moves_is_told(
    people: list[Record], flow: Callable[..., Flow], cursor: dict[str, str], said: str
) -> None:
    with pytest.raises(SchemaDrift, match=said):
        flow(cursor=cursor).pull()


def test_one_bad_time_stops_nobody(people: list[Record], flow: Callable[..., Flow]) -> None:
    people[0]["touched"], people[1]["touched"] = "0000-00-00", "2026-11-23T17:01:00+08:00"
    report = flow(cursor={"field": "touched"}).pull()
    assert (report.rows, report.cursor) == (7, "2026-11-23T17:01:00+08:00")


def test_a_record_that_changes_while_pages_are_read_is_taken_as_it_is_last(
    api: Api, people: list[Record], flow: Callable[..., Flow]
) -> None:
    def change(reply: Reply) -> Reply:
        moved = people.pop(0)
        people.append({**moved, "name": "新", "updated_at": "2026-11-23T17:50:00+08:00"})
        people.insert(0, customer(90))
        return reply

    api.faults = {2: change}
    job = flow(paging={"type": "token", "param": "page_token", "path": "data.next"})
    assert job.pull().rows == 8
    assert job.landed()["00300000"] == "新"


def test_a_record_that_leaves_while_numbered_pages_are_read_is_noticed(
    api: Api, people: list[Record]
) -> None:
    def leave(reply: Reply) -> Reply:
        del people[0]
        return reply

    api.routes["/v1/leads"] = number_pages(lambda: people)
    api.faults = {2: leave}
    paging = {"type": "page", "param": "page", "total_path": "count"}
    read = {"request": {"path": "/v1/leads"}, "records": "rows", "paging": paging, "total": None}
    with pytest.raises(IncompleteData, match="at first 7"):
        rows_of(source(api, {**read, "cursor": None}, errors={}))


def test_has_more_may_say_that_there_is_no_next_page(api: Api, people: list[Record]) -> None:
    def more(reply: Reply) -> Reply:
        reply.body["data"] |= {"more": reply.body["data"]["next"] is not None, "next": "t2"}
        return reply

    api.faults = {4: more}
    paging = {"type": "token", "param": "page_token", "path": "data.next", "more": "data.more"}
    assert ids(rows_of(source(api, {"paging": paging}))) == list(range(7))


def test_a_sweep_finds_what_is_gone(
    api: Api, people: list[Record], flow: Callable[..., Flow]
) -> None:
    job = flow(deletes={"sweep": True})
    job.pull()
    del people[2]
    report = job.pull(hour=11)
    assert (report.kind, report.keys) == ("delta", 6)
    assert "00300002" not in job.landed()


def test_a_failed_pull_leaves_nothing_and_the_next_reads_the_same_window(
    api: Api, people: list[Record], flow: Callable[..., Flow]
) -> None:
    job = flow()
    api.faults = dict.fromkeys(range(2, 9), spoiled(status=503))
    with pytest.raises(TransientError):
        job.pull()
    assert job.raw.runs("crm", "contact") == []
    api.faults = {}
    assert job.pull().rows == 7


def test_no_rows_are_a_complete_answer(api: Api, people: list[Record]) -> None:
    people.clear()
    assert rows_of(source(api)) == []


def test_check_discover_and_sample(api: Api, people: list[Record]) -> None:
    people[0]["address"] = {"city": "上海", "tags": [1], "n": 1, "ok": True}
    with closing(open_connector(source(api), Path())) as connector:
        assert connector.check().ok
        [stream] = connector.discover()
        assert {column.name: column.type for column in stream.columns} == {
            "id": "string",
            "name": "string",
            "updated_at": "string",
            "status": "string",
            "address.city": "string",
            "address.tags": "list",
            "address.n": "number",
            "address.ok": "boolean",
        }
        assert stream.primary_key == ("id",)
        assert connector.sample("contact", 3).num_rows == 3
        api.faults = dict.fromkeys(range(1, 99), spoiled(status=403))
        health = connector.check()
        assert not health.ok
        assert "ask the owner" in health.detail
