"""What graded pairs must do for a model: help where EM alone goes astray, and harm nowhere."""

from __future__ import annotations

import numpy as np
import pytest

from matching.columns import Codes, Mask
from matching.model.chance import measure_chance
from matching.model.em import learn
from matching.model.labels import Grades, graded
from matching.model.parameters import model_text, read_model, written
from matching.model.score import Scorer
from tests.matching.model.conftest import People, noisy

REVIEW = -2.0


def families() -> People:
    """Families of four or so: what they share says the same three times over, and nobody says so.

    Without roles, EM takes living together for the meaning of a match.
    """
    random = np.random.default_rng(3)
    values = {"given": 25, "family": 60, "street": 60, "town": 60}
    home = random.integers(0, 60, 300)
    truth = dict.fromkeys(values, home) | {"given": random.integers(0, 25, 300)}
    return noisy(random, np.repeat(np.arange(300), 2), truth, values, 0.1)


@pytest.fixture(scope="module")
def rows() -> People:
    return families()


@pytest.fixture(scope="module")
def alone(rows: People) -> Scorer:
    """The model that EM finds without any label."""
    asked = rows.comparisons()
    left, right = rows.candidates(["given"], ["family"])
    chance = measure_chance(asked, len(rows), 200_000)
    learnt = learn(asked, chance, rows.patterns(asked, left, right), len(rows))
    return Scorer(asked, written(asked, learnt, len(rows), len(left)))


@pytest.fixture(scope="module")
def pairs(rows: People) -> tuple[Codes, Codes, Mask]:
    left, right = rows.candidates(["given"], ["family"])
    return left, right, rows.entity[left] == rows.entity[right]


def drawn(scorer: Scorer, pairs: tuple[Codes, Codes, Mask], number: int) -> Grades:
    """Answer ``number`` pairs of those that were joined or left to a person."""
    left, right, same = pairs
    shown = np.flatnonzero(scorer.bits(left, right) >= REVIEW)
    at = np.random.default_rng(2).choice(shown, number, replace=False)
    return Grades(left[at], right[at], same[at])


def wrong(scorer: Scorer, pairs: tuple[Codes, Codes, Mask]) -> int:
    """Count the pairs on the wrong side of even odds."""
    left, right, same = pairs
    return int(((scorer.bits(left, right) >= 0) != same).sum())


def put_right(scorer: Scorer, grades: Grades) -> Scorer:
    return Scorer(scorer.comparisons, graded(scorer, grades, REVIEW))


def test_fifty_answers_turn_households_back_into_people(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    before = wrong(alone, pairs)
    assert before > 1000, "EM alone must be wrong here, or there is nothing to help"
    assert wrong(put_right(alone, drawn(alone, pairs, 50)), pairs) < 0.2 * before


def test_a_few_slips_of_the_grader_do_little_harm(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    grades = drawn(alone, pairs, 100)
    slips = np.arange(100) % 20 == 0
    slipped = Grades(grades.left, grades.right, grades.same ^ slips)
    assert wrong(put_right(alone, slipped), pairs) < 0.2 * wrong(alone, pairs)


def test_more_answers_come_on_top_of_earlier_ones(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    sound = put_right(alone, drawn(alone, pairs, 1500))
    again = put_right(sound, drawn(sound, pairs, 200))
    assert wrong(again, pairs) <= 1.1 * wrong(sound, pairs)


def test_levels_that_no_answer_shows_stay_what_they_were(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    left, right, same = pairs
    levels = alone.levels(left, right)
    only = np.flatnonzero((levels == levels.max(axis=0)).all(axis=1))[:20]
    model = graded(alone, Grades(left[only], right[only], same[only]), REVIEW)
    for item in model.weights:
        assert item.graded[:2] == [0.0, 0.0]
        assert item.graded[2] != 0.0


@pytest.mark.parametrize("number", [0, 30], ids=["no answer", "some answers"])
def test_pairs_below_the_review_band_do_not_count(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask], number: int
) -> None:
    left, right, same = pairs
    below = np.flatnonzero(alone.bits(left, right) < REVIEW)[:number]
    model = graded(alone, Grades(left[below], right[below], same[below]), REVIEW)
    assert Scorer(alone.comparisons, model).bits(left, right).tolist() == (
        alone.bits(left, right).tolist()
    )


def test_the_order_of_answers_and_of_sides_changes_nothing(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    grades = drawn(alone, pairs, 60)
    turned = Grades(grades.right[::-1], grades.left[::-1], grades.same[::-1])
    assert graded(alone, turned, REVIEW) == graded(alone, grades, REVIEW)


def test_the_file_of_the_model_keeps_what_was_graded(
    alone: Scorer, pairs: tuple[Codes, Codes, Mask]
) -> None:
    model = graded(alone, drawn(alone, pairs, 60), REVIEW)
    assert read_model(model_text(model)) == model
    assert "graded" in model_text(model)
    assert "graded" not in model_text(alone.model)
