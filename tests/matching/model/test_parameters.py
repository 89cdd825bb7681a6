from __future__ import annotations

import pytest

from matching.model.chance import measure_chance
from matching.model.em import learn
from matching.model.parameters import Model, model_text, read_model, written
from models.errors import ConfigError
from tests.matching.model.conftest import People

VALUES = {"given": 50, "family": 60, "town": 10}


@pytest.fixture
def rows(people) -> People:  # type: ignore[no-untyped-def]
    made: People = people(entities=150, copies=2, values=VALUES, slip=0.1)
    return made


@pytest.fixture
def model(rows: People) -> Model:
    asked = rows.comparisons()
    left, right = rows.candidates(("given", "family"), ("family", "town"))
    chance = measure_chance(asked, len(rows), 20_000)
    learnt = learn(asked, chance, rows.patterns(asked, left, right), len(rows))
    return written(asked, learnt, len(rows), len(left))


def test_a_model_read_back_is_the_same(model: Model) -> None:
    text = model_text(model)
    assert read_model(text) == model
    assert model_text(read_model(text)) == text


def test_a_model_fits_the_comparisons_it_was_learnt_for(rows: People, model: Model) -> None:
    model.check(rows.comparisons())
    with pytest.raises(ConfigError, match="town"):
        model.check(rows.comparisons()[:2])


@pytest.mark.parametrize(
    ("text", "place"),
    [
        pytest.param("prior: 0.5", "records", id="entries missing"),
        pytest.param("prior: [", "not YAML", id="no YAML"),
        pytest.param("[1, 2]", "dictionary", id="a list"),
    ],
)
def test_a_damaged_file_is_answered_with_the_file_and_the_place(text: str, place: str) -> None:
    with pytest.raises(ConfigError, match=place) as caught:
        read_model(text, "a-model.yml")
    assert "a-model.yml" in str(caught.value)


def test_probabilities_must_be_possible(model: Model) -> None:
    text = model_text(model).replace("strangers: ", "strangers: -")
    with pytest.raises(ConfigError, match="strangers"):
        read_model(text)
