"""Decisions are kept with all they say; withdrawing marks and deletes nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models.decision import Decision
from models.errors import ConfigError
from warehouse.decisions import Decisions, Withdrawal
from warehouse.state import State

NOON = datetime(2026, 11, 23, 12)  # noqa: DTZ001 - kept as UTC without a zone
DAY = timedelta(days=1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def decisions(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Decisions]:
    url = f"sqlite:///{tmp_path / 'state.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    state = State.open(url)
    yield Decisions(state)
    state.engine.dispose()


def link(*, at: datetime = NOON) -> Decision:
    return Decision(0, "link", ("core.c:1", "core.c:2"), ("crm.p:甲",), "wang", "same 手机", at)


PIN = Decision(
    0, "pin", ("core.c:1",), (), "li", "seen the passport", NOON,
    expires_on=date(2027, 1, 1), attribute="birth_date", value="1980-02-29",
    evidence={"core.c:1": "0123456789abcdef"},
)  # fmt: skip


def test_a_decision_comes_back_as_it_was_given(decisions: Decisions) -> None:
    numbered = decisions.add(link(), PIN)
    assert [item.decision_id for item in numbered] == [1, 2]
    assert decisions.in_force() == numbered
    kept = decisions.get(2).decision
    assert (kept.attribute, kept.value, kept.expires_on) == (
        "birth_date", "1980-02-29", date(2027, 1, 1),
    )  # fmt: skip
    assert kept.evidence == PIN.evidence
    assert decisions.get(1).decision.right == ("crm.p:甲",)


def test_of_decisions_added_together_all_are_kept_or_none(decisions: Decisions) -> None:
    broken = Decision(0, "link", ("a",), ("b",), "wang", None, NOON)  # type: ignore[arg-type]
    with pytest.raises(Exception, match=r"NOT NULL|null value"):
        decisions.add(link(), broken)
    assert decisions.all() == []


def test_withdrawing_marks_and_keeps(decisions: Decisions) -> None:
    decisions.add(link(), PIN)
    assert decisions.withdraw(1, Withdrawal("zhao", NOON + DAY, "wrong person")).decision_id == 1
    assert [item.decision_id for item in decisions.in_force()] == [2]
    entry = decisions.all()[0]
    assert (entry.withdrawn_by, entry.withdrawn_at, entry.withdrawn_why) == (
        "zhao", NOON + DAY, "wrong person",
    )  # fmt: skip
    assert entry.decision.reason == "same 手机"


def test_what_was_in_force_at_a_time_can_be_told(decisions: Decisions) -> None:
    decisions.add(link(), link(at=NOON + 2 * DAY))
    decisions.withdraw(1, Withdrawal("zhao", NOON + DAY, "wrong"))

    def standing(at: datetime) -> list[int]:
        return [item.decision_id for item in decisions.in_force(at)]

    assert standing(NOON - DAY) == []
    assert standing(NOON) == [1]
    assert standing(NOON + DAY) == []
    assert standing(NOON + 3 * DAY) == [2]


def test_an_unknown_or_withdrawn_number_is_told_apart(decisions: Decisions) -> None:
    decisions.add(link())
    withdrawal = Withdrawal("zhao", NOON, "wrong")
    with pytest.raises(ConfigError, match=r"no decision 7.*golden decide list"):
        decisions.withdraw(7, withdrawal)
    with pytest.raises(ConfigError, match="no decision 7"):
        decisions.get(7)
    decisions.withdraw(1, withdrawal)
    with pytest.raises(ConfigError, match="already withdrawn on 2026-11-23"):
        decisions.withdraw(1, withdrawal)
