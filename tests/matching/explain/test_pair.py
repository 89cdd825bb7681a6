from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from matching.explain import Case, explain_pair
from matching.explain.plain import to_json
from matching.explain.telling import tell_pair
from tests.matching.explain.conftest import World


def some_pairs(world: World) -> list[tuple[int, int]]:
    step = max(len(world.scored.left) // 60, 1)
    return list(
        zip(world.scored.left[::step].tolist(), world.scored.right[::step].tolist(), strict=True)
    )


def test_steps_add_up_to_the_score(world: World) -> None:
    for left, right in some_pairs(world):
        pair = explain_pair(world.case, left, right)
        one, other = np.array([[left], [right]], dtype=np.int32)
        score = world.case.scorer.bits(one, other)
        assert pair.bits == pytest.approx(float(score[0]), abs=1e-3)
        assert pair.steps[0].kind == "prior"
        assert pair.steps[-1].total == pair.bits
        for before, step in pairwise(pair.steps):
            assert step.total == pytest.approx(before.total + step.bits, abs=0.005)
            assert step.bits == pytest.approx(step.weight + step.rarity, abs=0.005)


def test_a_step_shows_both_values_and_the_level_in_both_languages(world: World) -> None:
    pair = explain_pair(world.case, world.at("r007"), world.at("r010"))
    birth = next(step for step in pair.steps if step.name == "birth")
    rows = world.rows["birth"].to_pylist()
    assert (birth.left, birth.right) == ((rows[7],), (rows[10],))
    assert (birth.level, birth.en, birth.zh) == ("exact", "the same", "相同")
    phone = next(step for step in pair.steps if step.name == "phone")
    assert (phone.level, phone.left, phone.bits) == ("missing", (), 0.0)


def test_turning_a_pair_round_changes_only_the_sides(world: World) -> None:
    for left, right in some_pairs(world)[:10]:
        forth, back = explain_pair(world.case, left, right), explain_pair(world.case, right, left)
        assert forth.bits == back.bits
        assert [(s.name, s.bits) for s in forth.steps] == [(s.name, s.bits) for s in back.steps]
        assert [s.left for s in forth.steps] == [s.right for s in back.steps]


def test_what_decided_is_the_fewest_without_which_the_outcome_turns(world: World) -> None:
    decided = 0
    for left, right in some_pairs(world):
        pair = explain_pair(world.case, left, right)
        bits = {step.name: step.bits for step in pair.steps if step.kind != "prior"}
        match = pair.bits >= pair.cut
        without = pair.bits - sum(bits[name] for name in pair.decided)
        fewer = pair.bits - sum(bits[name] for name in pair.decided[:-1])
        if pair.decided:
            decided += 1
            assert (without >= pair.cut) != match
            assert (fewer >= pair.cut) == match
        else:
            assert not match, "a match always rests on some comparison: the prior is against it"
    assert decided


@pytest.mark.parametrize(
    ("cut", "review", "outcome"),
    [
        pytest.param(0.0, -4.0, "match", id="above the cut"),
        pytest.param(90.0, -4.0, "review", id="between"),
        pytest.param(95.0, 90.0, "apart", id="below both"),
    ],
)
def test_the_outcome_follows_the_thresholds(
    world: World, cut: float, review: float, outcome: str
) -> None:
    case = Case(world.case.scorer, world.case.ids, cut=cut, review=review)
    assert explain_pair(case, world.at("r007"), world.at("r010")).outcome == outcome


def test_text_is_aligned_and_says_the_same_in_both_languages(world: World) -> None:
    pair = explain_pair(world.case, world.at("r007"), world.at("r010"))
    english, chinese = tell_pair(pair), tell_pair(pair, "zh")
    table = [line for line in english.splitlines() if line.startswith(("birth", "given", "part"))]
    assert len({line.index("r010") if "r010" in line else 29 for line in table}) == 1
    assert "the same" in english
    assert "相同" in chinese
    assert english.count("\n") == chinese.count("\n")


def test_json_is_stable_and_complete(world: World) -> None:
    pair = explain_pair(world.case, world.at("r007"), world.at("r010"))
    text = to_json(pair)
    assert text == to_json(explain_pair(world.case, world.at("r007"), world.at("r010")))
    content = json.loads(text)
    assert content["explains"] == "pair"
    assert [step["name"] for step in content["steps"]] == [step.name for step in pair.steps]
