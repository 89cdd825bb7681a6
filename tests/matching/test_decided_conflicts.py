"""Which of many decisions contradict older ones: held against joining until nothing moves."""

from __future__ import annotations

import itertools
import random

import pytest

from matching.decided_conflicts import Effective, Facts, find_refusals
from models.decision import Kind


def drawn(luck: random.Random) -> list[Effective]:
    """Draw links and splits of up to three records a side over ten records."""
    found = []
    for number in range(1, 16):
        records = luck.sample("abcdefghij", luck.randint(2, 4))
        cut = luck.randint(1, len(records) - 1)
        kind: Kind = luck.choice(["link", "link", "split"])
        found.append(Effective(number, kind, tuple(records[:cut]), tuple(records[cut:])))
    return found


def contradictory(decisions: list[Effective], facts: dict[str, Facts]) -> bool:
    """Tell, by joining until nothing moves, whether decisions cannot all be kept."""
    group = {record: record for record in facts}
    links = [{*item.left, *item.right} for item in decisions if item.kind == "link"]
    for _ in range(len(group)):
        for link in links:
            touched = {group[record] for record in link}
            group = {r: min(touched) if g in touched else g for r, g in group.items()}
    torn = any(
        group[left] == group[right]
        for item in decisions if item.kind == "split"
        for left, right in itertools.product(item.left, item.right)
    )  # fmt: skip
    numbered = [(group[r], facts[r].numbers["resident_id"]) for r in facts if facts[r].numbers]
    return torn or any(
        one[0] == two[0] and one[1] != two[1] for one, two in itertools.combinations(numbered, 2)
    )


@pytest.mark.parametrize("seed", range(60))
def test_exactly_what_contradicts_older_decisions_is_refused(seed: int) -> None:
    luck = random.Random(seed)
    decisions = drawn(luck)
    numbers = {"a": "1", "e": "2", "h": "1"}
    facts = {
        record: Facts("person", {"resident_id": frozenset({numbers[record]})})
        if record in numbers else Facts("person")
        for record in "abcdefghij"
    }  # fmt: skip
    shuffled = luck.sample(decisions, len(decisions))
    refusals = find_refusals(shuffled, facts)
    kept: list[Effective] = []
    for item in decisions:
        assert contradictory([*kept, item], facts) == (item.number in refusals)
        if item.number not in refusals:
            kept.append(item)
    for refusal in refusals.values():
        named = [item for item in decisions if item.number in (*refusal.others, refusal.number)]
        assert contradictory(named, facts), "what is named is all it takes"
        assert set(refusal.others) <= {item.number for item in kept}
