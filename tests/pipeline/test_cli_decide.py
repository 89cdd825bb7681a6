"""``golden decide`` as stewards use it: what is taken, what is refused, and what waits."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from pathlib import Path

import pytest

from models.errors import ConfigError, StoreError
from pipeline.deciding import Contradiction
from pipeline.times import utc_now
from tests.plugins.id_numbers import citizen
from tests.plugins.two_lists import TwoLists
from warehouse.decisions import Decisions

pytestmark = pytest.mark.timeout(240)
WHY = ("--reason", "seen at the counter")
LI, ZHAO, SUN, WU = (citizen(f"110101199003070{n}") for n in (11, 22, 33, 44))


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> TwoLists:
    """Two pairs that share a number under names that do not fit, and others that share nothing."""
    lists = TwoLists.create(tmp_path_factory.mktemp("lists") / "it")
    lists.set("core", "1", "王伟", passport="G12345678", birth="1990-03-07", city="北京市")
    lists.set("web", "1", "王伟", passport="G99999999", birth="1990-03-07", city="上海市")
    lists.set("web", "7", "王伟", passport="G99999999", birth="1990-03-07")
    lists.set("core", "2", "李娜", resident=LI)
    lists.set("web", "2", "欧阳锋", resident=LI)
    lists.set("core", "3", "赵敏", resident=ZHAO, account="A1")
    lists.set("web", "3", "司马光", resident=ZHAO, account="A2")
    lists.set("core", "4", "孙丽", resident=SUN)
    lists.set("web", "4", "孙丽", resident=WU)
    lists.run()
    return lists


@pytest.fixture
def lists(published: TwoLists, tmp_path: Path) -> TwoLists:
    return published.copied(tmp_path / "copy")


def refusal(lists: TwoLists, *words: str, kind: type[Exception] = ConfigError) -> tuple[str, str]:
    """Run a command that must be refused; return its sentence and what it showed."""
    answer = lists.call(*words)
    assert isinstance(answer.exception, kind), f"{answer.output}{answer.exception!r}"
    return str(answer.exception), answer.output


def test_a_link_is_kept_and_takes_effect_with_the_next_run(lists: TwoLists) -> None:
    assert lists.ids()["core.c:1"] != lists.ids()["web.c:1"]
    shown = lists.golden("decide", "link", "core.c:1", "web.c:1", "--author", "wang", *WHY)
    assert "decision 1" in shown
    assert "golden run" in shown
    (decision,) = Decisions(lists.project.state).in_force()
    assert (decision.left, decision.right) == (("core.c:1",), ("web.c:1",))
    assert (decision.author, decision.reason) == ("wang", "seen at the counter")
    with lists.project.store.reading() as con:
        says = dict(
            con.execute("SELECT record_key, evidence_hash FROM normalised.fingerprint").fetchall()
        )
    assert decision.evidence == {key: says[key] for key in ("core.c:1", "web.c:1")}
    lists.run()
    assert lists.ids()["core.c:1"] == lists.ids()["web.c:1"] == lists.ids()["web.c:7"]


def test_customers_stand_for_all_their_records(lists: TwoLists) -> None:
    ids = lists.ids()
    lists.golden("decide", "link", ids["core.c:1"], ids["web.c:1"], *WHY)
    (decision,) = Decisions(lists.project.state).in_force()
    assert (decision.left, decision.right) == (("core.c:1",), ("web.c:1", "web.c:7"))


def test_a_split_of_three_keeps_each_from_each(lists: TwoLists) -> None:
    lists.golden("decide", "split", "core.c:1", "core.c:2", "core.c:3", *WHY)
    assert len(Decisions(lists.project.state).in_force()) == 3


def test_records_that_say_the_same_are_noted(published: TwoLists, lists: TwoLists) -> None:
    """A decision must never move to a record that was there all along (see matching.decided)."""
    lists.set("core", "11", "王伟", passport="G12345678", birth="1990-03-07", city="北京市")
    lists.run()
    lists.golden("decide", "split", "core.c:1", "core.c:2", *WHY)
    (decision,) = Decisions(lists.project.state).in_force()
    assert set(decision.evidence) == {"core.c:1", "core.c:2", "core.c:11"}


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("link", "core.c:1", "core.c:nobody"), "argument 2 is neither a record nor a customer"),
        (("link", "core.c:1", "C00000099999"), "no customer C00000099999"),
        (("link", "core.c:1"), "one alone cannot be decided on"),
        (("split", "core.c:1", "core.c:1"), "one customer already"),
        (("link", "core.c:1", "web.c:1", "--expires", "2020-01-01"), "would have expired"),
        (("pin", "core.c:1", "record_count", "7"), "cannot be pinned"),
        (("pin", "core.c:1", "birth_date", "1981-02-29"), "a date like"),
        (("withdraw", "4", "--why", "x"), "no decision 4"),
        (("confirm", "4"), "no decision 4"),
    ],
)  # fmt: skip
def test_what_cannot_be_decided_says_why(
    lists: TwoLists, words: tuple[str, ...], sentence: str
) -> None:
    reason = () if words[0] == "withdraw" else WHY
    said, _ = refusal(lists, "decide", *words, *reason)
    assert sentence in said
    assert Decisions(lists.project.state).all() == []


def test_a_contradiction_is_refused_with_its_chain(lists: TwoLists) -> None:
    lists.golden("decide", "link", "core.c:1", "web.c:1", *WHY)
    lists.golden("decide", "link", "web.c:1", "core.c:2", *WHY)
    said, shown = refusal(
        lists, "decide", "split", "core.c:1", "core.c:2", *WHY, kind=Contradiction
    )
    assert "(decisions 1, 2)" in said
    assert "golden decide withdraw 1 2 --why" in said
    assert "core.c" not in said
    assert "core.c:1 = web.c:1 by decision 1" in shown
    assert "web.c:1 = core.c:2 by decision 2" in shown
    assert "core.c:1 ≠ core.c:2 by this decision" in shown
    assert len(Decisions(lists.project.state).all()) == 2


def test_a_link_across_a_split_shows_the_split(lists: TwoLists) -> None:
    lists.golden("decide", "link", "core.c:1", "web.c:1", *WHY)
    lists.golden("decide", "split", "core.c:1", "core.c:2", *WHY)
    _, shown = refusal(lists, "decide", "link", "web.c:1", "core.c:2", *WHY, kind=Contradiction)
    assert "web.c:1 = core.c:2 by this decision" in shown
    assert "core.c:1 ≠ core.c:2 by decision 2" in shown


def test_two_lifelong_numbers_are_not_linked_nor_printed(lists: TwoLists) -> None:
    said, shown = refusal(lists, "decide", "link", "core.c:4", "web.c:4", *WHY)
    assert "two different valid lifelong numbers" in said
    assert SUN not in said + shown
    assert WU not in said + shown


def test_saying_it_twice_is_noticed_and_withdrawing_allows_the_opposite(lists: TwoLists) -> None:
    lists.golden("decide", "link", "core.c:1", "web.c:1", *WHY)
    said, _ = refusal(lists, "decide", "link", "web.c:1", "core.c:1", *WHY)
    assert "decision 1 says so already" in said
    shown = lists.golden("decide", "withdraw", "1", "--why", "wrong", "--author", "li")
    assert "withdrawn" in shown
    lists.golden("decide", "split", "core.c:1", "web.c:1", *WHY)
    entry = Decisions(lists.project.state).get(1)
    assert (entry.withdrawn_by, entry.withdrawn_why) == ("li", "wrong")


def test_the_list_shows_what_holds(lists: TwoLists) -> None:
    later = f"{utc_now() + timedelta(days=9):%Y-%m-%d}"
    lists.golden("decide", "link", "core.c:1", "web.c:1", "--expires", later, *WHY)
    lists.golden("decide", "pin", "core.c:2", "email", "Na.Li@Sina.com", *WHY)
    lists.golden("decide", "split", "core.c:1", "core.c:3", *WHY)
    lists.golden("decide", "withdraw", "3", "--why", "wrong")
    shown = lists.golden("decide", "list")
    assert "core.c:1 = web.c:1" in shown
    assert later in shown
    assert "core.c:2: email = na.li@sina.com" in shown
    assert "in_force" in shown
    assert "core.c:1 ≠ core.c:3" not in shown
    assert "withdrawn" in lists.golden("decide", "list", "--all")


def waiting(lists: TwoLists, limit: int = 50) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(
        lists.golden("decide", "queue", "--json", "--limit", str(limit))
    )
    return found


def test_the_queue_shows_the_most_valuable_first(lists: TwoLists) -> None:
    ids, cases = lists.ids(), waiting(lists)
    pairs = [set(case["customers"]) for case in cases]  # type: ignore[call-overload]
    rich, poor = ({ids[f"core.c:{n}"], ids[f"web.c:{n}"]} for n in (3, 2))
    assert rich in pairs
    assert poor in pairs
    assert pairs.index(rich) < pairs.index(poor)
    values = [float(str(case["worth"])) for case in cases]
    assert values == sorted(values, reverse=True)
    case = cases[pairs.index(rich)]
    assert case["concerns"] == 4
    assert case["rule"] == "same_number_other_name"
    assert case["differing"] == ["full_name"]
    assert len(waiting(lists, limit=1)) == 1


def test_the_queue_lays_two_customers_side_by_side(lists: TwoLists) -> None:
    ids = lists.ids()
    shown = lists.golden("decide", "queue")
    (names,) = [line for line in shown.splitlines() if "司马光" in line]
    assert "赵敏" in names
    assert "≠" in names
    assert f"golden decide link {ids['core.c:3']} {ids['web.c:3']}" in shown
    assert "more wait" in lists.golden("decide", "queue", "--limit", "1")


@pytest.mark.parametrize("which", [0, 1], ids=["link", "split"])
def test_a_command_of_the_queue_settles_its_case(lists: TwoLists, which: int) -> None:
    ids = lists.ids()
    pair = sorted((ids["core.c:2"], ids["web.c:2"]))
    (case,) = [case for case in waiting(lists) if sorted(case["customers"]) == pair]  # type: ignore[call-overload]
    command = str(case["commands"][which])  # type: ignore[index]
    lists.golden(*shlex.split(command)[1:])
    left = [sorted(case["customers"]) for case in waiting(lists)]  # type: ignore[call-overload]
    assert pair not in left
    lists.run()
    left = [sorted(case["customers"]) for case in waiting(lists)]  # type: ignore[call-overload]
    assert pair not in left
    assert (lists.ids()["core.c:2"] == lists.ids()["web.c:2"]) == (which == 0)


def test_a_decision_is_queued_again_when_its_evidence_changes(lists: TwoLists) -> None:
    lists.golden("decide", "split", "core.c:2", "web.c:2", *WHY)
    lists.change("web", "2", birth="1970-01-01")
    lists.run()
    assert "evidence_changed" in lists.golden("decide", "list")
    (case,) = [case for case in waiting(lists) if case["kind"] == "decision"]
    assert case["decision"] == 1
    assert lists.ids()["core.c:2"] != lists.ids()["web.c:2"], "it holds until it is taken back"
    lists.golden("decide", "confirm", "1", *WHY)
    assert [case for case in waiting(lists) if case["kind"] == "decision"] == []
    assert [item.decision_id for item in Decisions(lists.project.state).in_force()] == [2]
    assert Decisions(lists.project.state).get(1).withdrawn_why == "confirmed as decision 2"


@pytest.mark.parametrize("words", [("link", "core.c:1", "web.c:1", *WHY), ("queue",)])
def test_before_the_first_run_there_is_nothing_to_decide(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    unpublished = TwoLists.create(tmp_path / "new")
    said, _ = refusal(unpublished, "decide", *words, kind=StoreError)
    assert "golden run" in said
