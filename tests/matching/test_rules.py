from __future__ import annotations

import json

import numpy as np
import pytest

from matching.columns import Judge
from matching.compare.levels import LEVELS, described
from matching.comparison import Comparison
from matching.config import MatchingConfig, load_matching
from matching.rules import DECISIONS, MATCH, NOTHING, REVIEW, VETO, Decider, VetoTest, judge

DEFAULTS = load_matching(None)
NOTHING_KNOWN = {name: levels[0] for name, levels in LEVELS.items()}


def reached(**levels: str) -> dict[str, str]:
    return {**NOTHING_KNOWN, **levels}


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
            "other_birth_date",
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


def test_what_one_household_shares_is_doubted_where_the_given_name_differs() -> None:
    twins = reached(name="one_char", birth_date="same", address="same", landline="shared")
    verdict = judge(DEFAULTS, twins)
    assert verdict.decision == NOTHING
    assert verdict.doubt
    assert verdict.doubt.id == "other_given_name"
    assert judge(DEFAULTS, {**twins, "name": "exact"}).doubt is None


def test_twins_whose_names_sound_alike_are_doubted_until_a_number_of_their_own_agrees() -> None:
    twins = reached(name="sound", birth_date="same", address="same", landline="shared")
    doubt = judge(DEFAULTS, twins).doubt
    assert doubt
    assert doubt.id == "family_names_alike"
    assert judge(DEFAULTS, {**twins, "mobile": "same"}).doubt is None


def test_a_number_stated_under_another_birthday_of_the_year_is_not_taken_for_a_slip() -> None:
    relative = reached(identifier="same", name="one_char", birth_date="same")
    assert judge(DEFAULTS, relative).rule == "same_number_slip"
    lent = judge(DEFAULTS, {**relative, "typed_birth_date": "same_year"})
    assert (lent.decision, lent.rule) == (REVIEW, "same_number_other_name")


def test_evidence_says_what_was_found_and_leaves_out_what_was_not() -> None:
    verdict = judge(DEFAULTS, reached(name="exact", mobile="same"))
    assert json.loads(verdict.levels) == {"mobile": "same", "name": "exact"}


def asked(**levels: str) -> list[Comparison]:
    """Return comparisons that answer the same to every pair."""
    nobody = np.empty(0, dtype=np.int32)

    def always(code: int) -> Judge:
        return lambda left, right: np.full(len(left), code, np.uint8)

    return [
        Comparison(name, described(name), always(LEVELS[name].index(level)), nobody, None)
        for name, level in levels.items()
    ]


RECORDS = np.arange(5, dtype=np.int32)


def test_patterns_are_decided_once_and_remember_their_levels() -> None:
    levels = {"name": "sound", "mobile": "shared", "birth_date": "same"}
    decider = Decider(DEFAULTS, asked(**levels))
    assert decider.patterns(RECORDS, RECORDS).tolist() == [0] * 5
    assert decider.patterns(RECORDS, RECORDS).tolist() == [0] * 5
    assert decider.levels.tolist() == [[LEVELS[name].index(at) for name, at in levels.items()]]
    assert [verdict.rule for verdict in decider.verdicts] == ["sound_and_shared_mobile"]


@pytest.mark.parametrize(
    ("levels", "vetoed"),
    [({"birth_date": "differ"}, True), ({"birth_date": "differ", "identifier": "same"}, False)],
    ids=["another birth date", "another birth date under one number"],
)
def test_vetoes_are_told_from_what_they_name_alone(levels: dict[str, str], vetoed: bool) -> None:
    comparisons = asked(**levels, mobile="same")
    assert VetoTest(DEFAULTS, comparisons)(RECORDS, RECORDS).tolist() == [vetoed] * 5


def test_no_two_conditions_share_a_name() -> None:
    assert isinstance(DEFAULTS, MatchingConfig)
    conditions = [*DEFAULTS.rules, *DEFAULTS.vetoes, *DEFAULTS.doubts]
    assert len({item.id for item in conditions}) == len(conditions)
