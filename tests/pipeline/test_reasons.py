"""Every rule of provenance has words, and where it can be told, what would turn it round."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from matching.choose import ONLY, TIE
from matching.survive_key import CRITERIA
from pipeline.reasons import WORDS, Candidate, in_words, to_win

NOON = datetime.fromisoformat("2026-01-05T12:00")


def candidate(**more: Any) -> Candidate:
    plain = {
        "attribute": "mobile", "value": "1", "won": False, "record_key": "core.c:1",
        "source": "core", "updated_at": NOON, "rule": ONLY, "trust": 0.5, "record_count": 1,
    }  # fmt: skip
    return Candidate(**plain | more)


def test_every_rule_has_words() -> None:
    rules = {ONLY, TIE, *(rule for item in CRITERIA.values() for rule in (item.won, item.lost))}
    assert rules <= WORDS.keys()
    assert in_words("a rule of another program") == "a rule of another program"


@pytest.mark.parametrize("name", list(CRITERIA))
def test_every_way_to_lose_can_be_turned_round(name: str) -> None:
    lost = candidate(rule=CRITERIA[name].lost)
    assert to_win(lost, candidate(won=True, trust=0.9, record_count=3))


def test_the_change_is_the_smallest_that_decides() -> None:
    won = candidate(won=True, trust=0.9, record_count=3, source="crm")
    assert "core above 0.90 (now 0.50)" in str(to_win(candidate(rule="lower_trust"), won))
    assert "3 more records" in str(to_win(candidate(rule="less_frequent"), won))
    assert "after 2026-01-05 12:00" in str(to_win(candidate(rule="older"), won))
    assert to_win(candidate(rule="older"), candidate(updated_at=None)) is None
