from __future__ import annotations

import json

import numpy as np
import pytest

from matching.compare.levels import LEVELS
from matching.config import MatchingConfig, load_matching
from matching.rules import DECISIONS, MATCH, NOTHING, REVIEW, VETO, Decider, judge, unpack

DEFAULTS = load_matching(None)
NOTHING_KNOWN = {name: levels[0] for name, levels in LEVELS.items()}


def reached(**levels: str) -> dict[str, str]:
    return {**NOTHING_KNOWN, "party": "same", **levels}


@pytest.mark.parametrize(
    ("levels", "decision", "rule"),
    [
        pytest.param(
            reached(name="exact", identifier="same"), MATCH, "same_number", id="first rule"
        ),
        pytest.param(
            reached(name="family", identifier="same"), REVIEW, "same_number_other_name", id="doubt"
        ),
        pytest.param(
            reached(name="exact", identifier="same", conflict="conflict"),
            VETO,
            "two_lifelong_numbers",
            id="a veto goes first",
        ),
        pytest.param(
            reached(name="exact", email="local", identifier="masked", birth_date="differ"),
            NOTHING,
            "",
            id="contradiction",
        ),
        pytest.param(
            reached(name="exact", mobile="same", sex="differ"), NOTHING, "", id="an unless holds"
        ),
        pytest.param(NOTHING_KNOWN, NOTHING, "", id="nothing known"),
    ],
)
def test_the_first_rule_that_fires_decides(
    levels: dict[str, str], decision: int, rule: str
) -> None:
    verdict = judge(DEFAULTS, levels)
    assert (DECISIONS[verdict.decision], verdict.rule) == (DECISIONS[decision], rule)


def test_a_veto_holds_even_where_no_rule_would_join() -> None:
    verdict = judge(DEFAULTS, reached(conflict="conflict"))
    assert verdict.vetoed
    assert verdict.decision == NOTHING


def test_other_birth_dates_are_a_veto_unless_a_number_says_otherwise() -> None:
    assert judge(DEFAULTS, reached(birth_date="differ")).vetoed
    assert not judge(DEFAULTS, reached(birth_date="differ", identifier="same")).vetoed


def test_no_default_rule_matches_on_a_contradiction() -> None:
    doubtful = reached(name="sound", mobile="same", birth_date="same", identifier="unlike")
    assert judge(DEFAULTS, {**doubtful, "birth_date": "differ"}).decision != MATCH
    assert judge(DEFAULTS, {**doubtful, "conflict": "conflict"}).decision == VETO


def test_more_evidence_scores_higher() -> None:
    less = judge(DEFAULTS, reached(name="exact", mobile="same"))
    more = judge(DEFAULTS, reached(name="exact", mobile="same", birth_date="same"))
    assert 0 < less.score < more.score <= 1


def test_evidence_says_what_was_found_and_leaves_out_what_was_not() -> None:
    verdict = judge(DEFAULTS, reached(name="exact", mobile="same"))
    assert json.loads(verdict.levels) == {"mobile": "same", "name": "exact", "party": "same"}


def test_patterns_are_decided_once_and_unpacked_as_they_were_packed() -> None:
    levels = reached(name="sound", mobile="shared", rarity="rare")
    codes = {name: LEVELS[name].index(level) for name, level in levels.items()}
    ready = {
        name: (lambda left, right, code=code: np.full(len(left), code, np.uint8))
        for name, code in codes.items()
    }
    decider = Decider(DEFAULTS)
    records = np.arange(5, dtype=np.int32)
    assert decider.decide(ready, records, records).tolist() == [0] * 5
    assert decider.decide(ready, records, records).tolist() == [0] * 5
    assert len(decider.verdicts) == 1
    packed = 0
    for name, names in LEVELS.items():
        packed = packed * len(names) + codes[name]
    assert unpack(packed) == levels


def test_all_patterns_fit_one_integer() -> None:
    assert np.prod([float(len(levels)) for levels in LEVELS.values()]) < 2**62


def test_every_weighted_and_ruled_level_exists() -> None:
    assert isinstance(DEFAULTS, MatchingConfig)
    assert {rule.id for rule in DEFAULTS.rules}.isdisjoint(veto.id for veto in DEFAULTS.vetoes)
