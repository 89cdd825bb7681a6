"""show, why, history and diff, over two versions of a small project: a merge and a new name."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from models.errors import ConfigError
from pipeline.cli.app import app
from tests.plugins.two_lists import TwoLists

pytestmark = [pytest.mark.timeout(240)]
A, B = "core.c:1", "web.c:1"


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> TwoLists:
    """Version 1: two customers. Version 2: one, with another name in the trusted source."""
    lists = TwoLists.create(tmp_path_factory.mktemp("show"))
    lists.set("core", "1", "王小明", passport="P10000001", birth="1990-03-07", city="北京市")
    lists.set("web", "1", "王小明", birth="1990-03-07", city="上海市")
    lists.set("web", "9", "Ann Other", passport="P99999999", birth="1961-01-09")
    lists.run()
    lists.change("web", "1", passport="P10000001")
    lists.change("core", "1", city="天津市")
    lists.run()
    return lists


@pytest.fixture(scope="module")
def ids(lists: TwoLists) -> tuple[str, str]:
    """The customer, and the id that was merged into it."""
    ((retired, customer),) = lists.ask("SELECT retired_id, customer_id FROM customer_id_redirect")
    return str(customer), str(retired)


def shown(lists: TwoLists, *words: str) -> str:
    arguments = [*words, "-p", str(lists.project_folder)]
    answer = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
    assert answer.exit_code == 0, answer.output
    return answer.output


def refused(lists: TwoLists, *words: str) -> str:
    answer = CliRunner().invoke(app, [*words, "-p", str(lists.project_folder)])
    assert isinstance(answer.exception, ConfigError), answer.output
    return str(answer.exception)


def test_show_tells_who_it_is_and_where_from(lists: TwoLists, ids: tuple[str, str]) -> None:
    told = shown(lists, "show", ids[0])
    assert f"王小明  {ids[0]}  person" in told
    assert "2 records of 2 sources" in told
    assert "P10000001" in told


def test_a_retired_id_leads_to_today(lists: TwoLists, ids: tuple[str, str]) -> None:
    assert f"{ids[1]} is now {ids[0]}" in shown(lists, "show", ids[1])
    assert "strongest links" in shown(lists, "why", ids[1])
    assert "上海市" in shown(lists, "history", ids[1])


def test_why_names_the_winner_the_loser_and_what_would_turn_it(
    lists: TwoLists, ids: tuple[str, str]
) -> None:
    told = shown(lists, "why", ids[0], "address")
    assert A in told
    assert B in told
    assert "it would win if" in told
    assert "chosen" in refused(lists, "why", ids[0], "colour")


def test_history_tells_both_times(lists: TwoLists, ids: tuple[str, str]) -> None:
    told = shown(lists, "history", ids[0], "city")
    thought = [line for line in told.splitlines() if "北京市" in line and "✗" in line]
    assert len(thought) == 1
    assert "v1" in thought[0]
    assert "v2" in thought[0]
    assert any("天津市" in line and "●" in line for line in told.splitlines())
    assert "nothing is kept" in refused(lists, "history", ids[0], "employer")


def test_diff_counts_without_a_value_unless_asked(lists: TwoLists) -> None:
    told = shown(lists, "diff", "1")
    assert "merged · 合并" in told
    assert "天津市" not in told
    assert "天津市" in shown(lists, "diff", "v1", "v000002", "--values")
    answer = json.loads(shown(lists, "diff", "1", "2", "--json"))
    assert {"change": "merged", "cause": "source_data", "customers": 1} in answer["customers"]
    assert {"attribute": "city", "cause": "source_data", "customers": 1} in answer["cells"]
    assert answer["tables"]["customer"] == {"before": 43, "after": 42}
    assert "values" not in answer


def test_diff_backwards_and_of_one_version_with_itself(lists: TwoLists) -> None:
    back = json.loads(shown(lists, "diff", "2", "1", "--json"))
    assert {row["change"] for row in back["customers"]} == {"split", "updated"}
    assert "no customer differs" in shown(lists, "diff", "2", "2")


def test_unknown_names_say_what_to_write(lists: TwoLists) -> None:
    assert "SELECT customer_id" in refused(lists, "show", "C0")
    assert "golden versions" in refused(lists, "diff", "yesterday")
