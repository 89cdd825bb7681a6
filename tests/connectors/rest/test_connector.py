"""An API lands exactly, and the second time only what changed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from connectors.pull import PullReport, pull
from connectors.registry import open_connector
from models.errors import SchemaDrift, TransientError
from models.source import SourceConfig
from tests.connectors.rest.api_server import Api, Record, Reply
from tests.connectors.rest.reading import NOW, PATH, customer, rows_of, source, spoiled
from warehouse.landing import RawZone
from warehouse.load import load
from warehouse.store import Store


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
