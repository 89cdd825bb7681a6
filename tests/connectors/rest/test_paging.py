"""Every way of counting pages finds every record, and an end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from models.errors import IncompleteData
from tests.connectors.rest.api_server import Api, Asked, Record, Reply, number_pages
from tests.connectors.rest.reading import customer, ids, rows_of, source


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


def test_a_page_token_that_comes_again_ends_the_reading(api: Api, people: list[Record]) -> None:
    def loop(reply: Reply) -> Reply:
        reply.body["data"]["next"] = "t2"
        return reply

    api.faults = {3: loop}
    with pytest.raises(IncompleteData, match="same next page"):
        rows_of(source(api))


def test_has_more_may_say_that_there_is_no_next_page(api: Api, people: list[Record]) -> None:
    def more(reply: Reply) -> Reply:
        reply.body["data"] |= {"more": reply.body["data"]["next"] is not None, "next": "t2"}
        return reply

    api.faults = {4: more}
    paging = {"type": "token", "param": "page_token", "path": "data.next", "more": "data.more"}
    assert ids(rows_of(source(api, {"paging": paging}))) == list(range(7))
