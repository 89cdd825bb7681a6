"""What is left of a number that is masked, destroyed or a filler, and what never matters."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields.identifiers import normalise_identifiers
from models.fields.vocabulary import ID_CLASSES
from tests.plugins.id_numbers import COMPANY, PERSON, one

DESTROYED = [
    "1.10101E+17",
    "1.10101199001012e+17",
    "1E+17",
    "110101199001011000.0",
    "110101199001011000",
]


@pytest.mark.parametrize("value", DESTROYED)
@pytest.mark.parametrize("id_class", ["resident_id", None])
def test_numbers_a_float_has_destroyed_leave_no_value(value: str, id_class: str | None) -> None:
    row = one(value, id_class)
    assert row["status"] == "precision_lost"
    assert row["rule"] == "id_precision_lost"
    assert "value" not in row


def test_a_float_of_fifteen_digits_or_less_is_exact() -> None:
    assert one("81234567.0", "tw_permit")["value"] == "81234567"


MASKED = {
    "110101********1234": "110101********1234",
    "****1234": "****1234",
    "110101XXXXXXXX1234": "110101********1234",
    "110101＊＊＊＊＊＊＊＊123X": "110101********123X",
    "3301●●●●●●●●●●123X": "3301**********123X",
}


@pytest.mark.parametrize(("value", "stars"), MASKED.items())
def test_masked_numbers_keep_one_star_for_each_character(value: str, stars: str) -> None:
    row = one(value, "resident_id")
    assert (row["status"], row["value"], row["rule"]) == ("masked", stars, "masked")


FILLERS = [
    "111111111111111111",
    "000000000000000000",
    "123456789012345678",
    "987654321",
    "11010519491231002X",
    "无",
    "NULL",
    "n/a",
    "-",
    "/",
    "不详",
]


@pytest.mark.parametrize("value", FILLERS)
@pytest.mark.parametrize("id_class", ["resident_id", "other", None])
def test_fillers_are_placeholders(value: str, id_class: str | None) -> None:
    assert one(value, id_class)["status"] == "placeholder"


def test_words_for_none_leave_no_value() -> None:
    assert "value" not in one("无", "resident_id")


@pytest.mark.parametrize("value", [None, "", "  ", "\u3000"])
def test_no_value_gives_a_row_of_nulls(value: str | None) -> None:
    assert one(value, "resident_id") == {}


ANYTHING = st.one_of(
    st.none(),
    st.text(max_size=24),
    st.text("0123456789X*ABEHM. -", max_size=22),
    st.sampled_from([PERSON, COMPANY, *DESTROYED, *FILLERS]),
)


@settings(max_examples=40)
@given(st.lists(st.tuples(ANYTHING, st.sampled_from([None, *ID_CLASSES])), min_size=1, max_size=12))
def test_a_row_depends_on_nothing_but_itself(items: list[tuple[str | None, str | None]]) -> None:
    values = pa.array([value for value, _ in items], pa.string())
    classes = pa.array([name for _, name in items], pa.string())
    together = normalise_identifiers(values, classes).to_pylist()
    alone = [
        normalise_identifiers(pa.array([value], pa.string()), name).to_pylist()[0]
        for value, name in items
    ]
    assert together == alone


@settings(max_examples=40)
@given(st.lists(ANYTHING, min_size=1, max_size=12), st.sampled_from(ID_CLASSES))
def test_normalising_a_sound_number_again_changes_nothing(
    values: list[str | None], id_class: str
) -> None:
    first = normalise_identifiers(pa.array(values, pa.string()), id_class)
    sound = first.filter(pa.compute.is_in(first["status"], pa.array(["valid", "masked"])))
    again = normalise_identifiers(sound["value"], sound["id_class"])
    assert again.drop_columns(["rule"]).to_pylist() == sound.drop_columns(["rule"]).to_pylist()
