"""``golden unmerge``: earlier ids and values come back, for good, and the recall is complete."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.errors import ConfigError
from pipeline.deciding import Contradiction
from pipeline.unmerging import WhichPart
from tests.plugins.two_lists import TwoLists
from warehouse.decisions import Decisions

pytestmark = pytest.mark.timeout(240)
WHY = ("--reason", "two people with one passport number")
NOT_COMPARED = ("updated_at",)


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> TwoLists:
    """Version 1 knows three 王伟; in version 2 a wrong passport makes one of two of them.

    Both have two records, so the older id stays.
    """
    lists = TwoLists.create(tmp_path_factory.mktemp("lists") / "it")
    for nr, passport in (("1", "G12345678"), ("2", "G77777777")):
        lists.set("core", nr, "王伟", passport=passport, birth="1990-03-07", account=f"A{nr}")
    lists.set("core", "8", "王伟", passport="G12345678", city="北京市")
    lists.set("web", "1", "王伟", passport="G99999999", birth="1990-03-07", city="上海市")
    lists.set("web", "7", "王伟", passport="G99999999", birth="1990-03-07", account="A7")
    lists.run()
    before = lists.copied(lists.folder.parent / "before")
    lists.change("web", "1", passport="G12345678")
    lists.change("web", "7", passport="G12345678")
    lists.run()
    was, now = before.ids(), lists.ids()
    assert {now[key] for key in ("core.c:8", "web.c:1", "web.c:7")} == {was["core.c:1"]}
    assert was["web.c:1"] != was["core.c:1"]
    return lists


@pytest.fixture
def before(merged: TwoLists) -> TwoLists:
    return TwoLists(merged.folder.parent / "before")


@pytest.fixture
def lists(merged: TwoLists, tmp_path: Path) -> TwoLists:
    return merged.copied(tmp_path / "copy")


def notice(lists: TwoLists, number: int = 1) -> dict[str, Any]:
    file = lists.project.reports / f"recall-{number}.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def values(lists: TwoLists, record: str) -> dict[str, object]:
    row = lists.customer(record)
    return {name: row[name] for name in row if name not in NOT_COMPARED}


def test_ids_and_values_come_back_and_nothing_merges_again(
    lists: TwoLists, before: TwoLists
) -> None:
    was = before.ids()
    # the passports say what they said before, but for one: the wrong one is still there
    lists.change("web", "7", passport="G99999999")
    shown = lists.golden("unmerge", was["core.c:1"], *WHY)
    assert was["web.c:1"] in shown
    assert "golden run" in shown
    lists.run()
    assert lists.ids() == was
    assert values(lists, "core.c:1") == values(before, "core.c:1")
    lists.run()
    assert lists.ids() == was
    lists.change("web", "7", passport="G12345678")
    lists.run()
    assert lists.ids() == was, "what says they are one is back in full, and the split holds"


def test_without_the_decision_they_would_merge_again(lists: TwoLists, before: TwoLists) -> None:
    was = before.ids()
    lists.golden("unmerge", was["core.c:1"], *WHY)
    lists.run()
    assert lists.ids() == was
    numbers = [str(item.decision_id) for item in Decisions(lists.project.state).in_force()]
    lists.golden("decide", "withdraw", *numbers, "--why", "they are one after all")
    lists.run()
    assert lists.ids()["web.c:1"] == lists.ids()["core.c:1"]


def test_the_parts_stay_whole(lists: TwoLists, before: TwoLists) -> None:
    lists.golden("unmerge", before.ids()["core.c:1"], *WHY)
    decisions = Decisions(lists.project.state).in_force()
    assert [(item.kind, item.left, item.right) for item in decisions] == [
        ("split", ("web.c:1", "web.c:7"), ("core.c:1", "core.c:8")),
        ("link", ("web.c:1",), ("web.c:7",)),
        ("link", ("core.c:1",), ("core.c:8",)),
    ]
    lists.change("web", "7", passport="G55555555", birth="", account="")
    lists.run()
    assert lists.ids()["web.c:7"] == lists.ids()["web.c:1"] == before.ids()["web.c:1"]


def test_a_retired_id_names_its_part(lists: TwoLists, before: TwoLists) -> None:
    lists.golden("unmerge", before.ids()["web.c:1"], *WHY)
    split = Decisions(lists.project.state).in_force()[0]
    assert split.left == ("web.c:1", "web.c:7")


def test_the_recall_names_every_version_file_and_row(lists: TwoLists, before: TwoLists) -> None:
    customer = before.ids()["core.c:1"]
    lists.change("core", "2", city="北京市")
    lists.run()
    lists.golden("unmerge", customer, *WHY)
    told = notice(lists)
    assert [item["version"] for item in told["carriers"]] == ["v000002", "v000003"]
    assert [item["serving"] for item in told["carriers"]] == [False, True]
    for carrier, version in zip(told["carriers"], lists.project.versions.list()[1:], strict=True):
        assert carrier["customer_ids"] == [customer]
        assert carrier["run_id"] == version.manifest.run_id
        assert carrier["published_at"] == version.manifest.published_at.isoformat()
        with duckdb.connect(str(version.golden_file), read_only=True) as con:
            for name in ("customer", "customer_xref", "customer_account", "customer_provenance"):
                ((rows,),) = con.execute(
                    f"SELECT count(*) FROM {name} WHERE customer_id = ?", [customer]
                ).fetchall()
                assert carrier["rows"][name] == rows > 0
        assert f"{version.name}/golden.duckdb" in carrier["files"]
        assert f"{version.name}/parquet/customer.parquet" in carrier["files"]
        assert all((lists.project.versions.versions / file).is_file() for file in carrier["files"])
    assert (told["records_out"], told["records_rest"]) == (2, 2)
    assert (told["unreadable"], told["removed"]) == ([], [])


def test_the_recall_holds_no_personal_value_and_says_what_it_cannot_see(
    lists: TwoLists, before: TwoLists
) -> None:
    first, second = lists.project.versions.list()
    first.golden_file.chmod(0o644)
    first.golden_file.write_bytes(b"broken")
    lists.golden("unmerge", before.ids()["core.c:1"], *WHY)
    text = (lists.project.reports / "recall-1.json").read_text(encoding="utf-8")
    assert not [value for value in ("王伟", "G1234", "1990-03", "A7", "web.c:1") if value in text]
    assert notice(lists)["unreadable"] == [first.name]
    assert [item["version"] for item in notice(lists)["carriers"]] == [second.name]


def test_given_records_are_taken_out(lists: TwoLists, before: TwoLists) -> None:
    customer = before.ids()["core.c:1"]
    lists.golden("unmerge", customer, "--records", "web.c:7", *WHY)
    lists.run()
    ids = lists.ids()
    assert ids["core.c:1"] == ids["web.c:1"] == customer
    assert ids["web.c:7"] != customer


def test_of_several_merges_one_is_chosen(lists: TwoLists, before: TwoLists) -> None:
    was = before.ids()
    lists.change("core", "2", passport="G12345678")
    lists.run()
    assert lists.ids()["core.c:2"] == was["core.c:1"]
    answer = lists.call("unmerge", was["core.c:1"], *WHY)
    assert isinstance(answer.exception, WhichPart)
    assert "--into" in str(answer.exception)
    assert was["core.c:2"] in answer.output
    assert was["web.c:1"] in answer.output
    lists.golden("unmerge", was["core.c:1"], "--into", was["core.c:2"], *WHY)
    lists.run()
    assert lists.ids()["core.c:2"] == was["core.c:2"]
    assert lists.ids()["web.c:1"] == was["core.c:1"], "the other merge stays"


def test_a_merge_that_a_steward_made_shows_the_decision(lists: TwoLists, before: TwoLists) -> None:
    lists.golden("decide", "link", "core.c:1", "web.c:1", *WHY)
    answer = lists.call("unmerge", before.ids()["core.c:1"], *WHY)
    assert isinstance(answer.exception, Contradiction)
    assert "web.c:1 = core.c:1 by decision 1" in answer.output
    assert "golden decide withdraw 1" in str(answer.exception)
    assert len(Decisions(lists.project.state).all()) == 1
    assert not list(lists.project.reports.glob("recall-*"))


@pytest.mark.parametrize(
    ("record", "words", "sentence"),
    [
        ("core.c:2", (), "nobody was merged into"),
        ("core.c:1", ("--records", "core.c:2"), "record 1 of --records is not"),
        (
            "core.c:1",
            ("--records", "core.c:1,core.c:8,web.c:1,web.c:7"),
            "nothing would be taken apart",
        ),
        ("core.c:1", ("--into", "C00000099999"), "no record of customer"),
    ],
)
def test_what_cannot_be_undone_says_why(
    lists: TwoLists, record: str, words: tuple[str, ...], sentence: str
) -> None:
    answer = lists.call("unmerge", lists.ids()[record], *words, *WHY)
    assert isinstance(answer.exception, ConfigError)
    assert sentence in str(answer.exception)
    assert Decisions(lists.project.state).all() == []


def test_a_dry_run_only_shows(lists: TwoLists, before: TwoLists) -> None:
    shown = lists.golden("unmerge", before.ids()["core.c:1"], "--dry-run", *WHY)
    assert before.ids()["web.c:1"] in shown
    assert Decisions(lists.project.state).all() == []
    assert not list(lists.project.reports.glob("recall-*"))
