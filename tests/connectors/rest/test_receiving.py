"""Records count once, and all that were declared must come."""

from __future__ import annotations

import pytest

from models.errors import IncompleteData
from tests.connectors.rest.api_server import Api, Asked, Record, Reply, number_pages
from tests.connectors.rest.reading import PATH, ids, rows_of, source


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


def test_no_rows_are_a_complete_answer(api: Api, people: list[Record]) -> None:
    people.clear()
    assert rows_of(source(api)) == []
