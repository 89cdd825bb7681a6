from __future__ import annotations

from typing import get_args

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.comparison import Comparison
from matching.table.comparisons import comparisons
from matching.table.fields import prepare_fields
from matching.table.kinds.levels import _TEXTS
from matching.table.spec import FieldSpec, Kind, MatchSpec

_KINDS = get_args(Kind)


def compared(rows: dict[str, list[str | None]], *fields: FieldSpec) -> list[Comparison]:
    table = pa.table({name: pa.array(column, pa.string()) for name, column in rows.items()})
    return comparisons(prepare_fields(table, MatchSpec(fields=list(fields))))


def level_of(comparison: Comparison, one: int, other: int) -> str:
    left, right = np.array([one, other], np.int32), np.array([other, one], np.int32)
    there, back = comparison.judge(left, right).tolist()
    assert there == back
    return comparison.levels[there].name


@pytest.mark.parametrize(
    ("kind", "one", "other", "level"),
    [
        pytest.param("given_name", "John", None, "missing", id="unknown"),
        pytest.param("given_name", "John", "JOHN", "exact", id="case"),
        pytest.param("given_name", "John", "J.", "initial", id="initial"),
        pytest.param("given_name", "Bill", "William", "nickname", id="nickname"),
        pytest.param("given_name", "Katherine", "Kathreine", "close", id="a slip"),
        pytest.param("given_name", "John", "Susan", "differ", id="strangers"),
        pytest.param("given_name", "小明", "晓明", "close", id="a character that sounds alike"),
        pytest.param("given_name", "小明", "小红", "differ", id="sisters"),
        pytest.param("family_name", "Alonso Tellez", "Tellez", "near", id="one of two names"),
        pytest.param("person_name", "王小明", "王晓明", "sound", id="whole Chinese names"),
        pytest.param("person_name", "Ann Mary Lee", "Ann Lee", "within", id="a middle name less"),
        pytest.param("person_name", "Steven Crowley", "Zteven Crowlei", "similar", id="two slips"),
        pytest.param("person_name", "Steven Crowley", "Maud Abbot", "differ", id="other people"),
        pytest.param("date", "1856-01-31", "1856-01-31", "exact", id="the same day"),
        pytest.param("date", "1856-01-31", "1856-81-31", "one_edit", id="an impossible month"),
        pytest.param("date", "1970-03-12", "1970-12-03", "one_edit", id="day and month turned"),
        pytest.param("date", "1970-03-12", "1970-03-21", "one_edit", id="digits turned"),
        pytest.param("date", "1970-03-12", "1970-01-01", "default_day", id="1 January"),
        pytest.param("date", "1970-03-12", "1970", "default_day", id="a year alone"),
        pytest.param("date", "1970-03-12", "1970-11-25", "year", id="the same year"),
        pytest.param("date", "1970-03-12", "1985-03-12", "month_day", id="the same birthday"),
        pytest.param("date", "1970-03-12", "1981-11-25", "differ", id="another day"),
        pytest.param("identifier", "854-13-6295", "854136259", "one_edit", id="turned digits"),
        pytest.param("identifier", "854136295", "111222333", "differ", id="another number"),
        pytest.param("postcode", "TQ13 8DF", "tq13 8hu", "outward", id="the same post office"),
        pytest.param("postcode", "TQ13 8DF", "tq1 2aa", "area", id="the same area"),
        pytest.param("postcode", "28167", "28169", "one_edit", id="a digit of a zip code"),
        pytest.param("city", "Kernersville", "Kernersvile", "close", id="a slip in a place"),
        pytest.param("street", "12 High Street", "14 high st", "street", id="another number"),
        pytest.param("street", "12 High Street", "12 Hihg St", "close", id="a slip in a street"),
        pytest.param("house_number", "12", "12a", "one_edit", id="a letter more"),
        pytest.param("phone", "+44 20 7946 0123", "7946 0123", "ending", id="no area code"),
        pytest.param("email", "roberta@site.org", "roberta@home.net", "local", id="moved"),
        pytest.param("email", "roberta25@site.org", "roberta255@site.org", "one_edit", id="slip"),
        pytest.param("other_names", "Percival", "p", "initial", id="a middle initial"),
        pytest.param("number", "100", "100.5", "hundredth", id="nearly as much"),
        pytest.param("number", "100", "200", "differ", id="twice as much"),
        pytest.param("category", "politician", "politican", "near", id="a slip in a word"),
        pytest.param("region", "nsw", "vic", "differ", id="another state"),
        pytest.param("text", "red house by the sea", "house by the red sea", "most", id="order"),
        pytest.param("company", "Acme Holdings Inc", "ACME Holdings Inc.", "registered", id="firm"),
    ],
)
def test_what_two_values_have_in_common(kind: Kind, one: str, other: str, level: str) -> None:
    found = compared({"c": [one, other]}, FieldSpec(name="f", kind=kind, columns=["c"]))[0]
    assert level_of(found, 0, 1) == level


@pytest.mark.parametrize(
    ("one", "other", "given_level", "family_level"),
    [
        pytest.param(("Tom", "Hale"), ("Hale", "Tom"), "crossed", "missing", id="both"),
        pytest.param(("Tom", "Hale"), ("Hale", "Tobias"), "differ", "differ", id="only one of two"),
        pytest.param(("Thomas", "Hale"), ("Hale", "Tomas"), "crossed", "missing", id="with a slip"),
        pytest.param(("Balgarnie", None), (None, "Balgarnie"), "crossed", "missing", id="alone"),
        pytest.param(("Tom", "Hale"), ("James", "Tom"), "differ", "differ", id="a coincidence"),
        pytest.param(("Tom", "Hale"), ("Tom", "Hale"), "exact", "exact", id="not crossed"),
    ],
)
def test_names_that_changed_places(
    one: tuple[str | None, str | None],
    other: tuple[str | None, str | None],
    given_level: str,
    family_level: str,
) -> None:
    given_name, family_name = compared(
        {"g": [one[0], other[0]], "f": [one[1], other[1]]},
        FieldSpec(name="g", kind="given_name", columns=["g"]),
        FieldSpec(name="f", kind="family_name", columns=["f"]),
    )
    assert level_of(given_name, 0, 1) == given_level
    assert level_of(family_name, 0, 1) == family_level


def test_a_masked_name_is_not_the_same_as_itself() -> None:
    names = compared({"c": ["张*", "张*"]}, FieldSpec(name="f", kind="person_name", columns=["c"]))[
        0
    ]
    assert level_of(names, 0, 1) == "masked"


def test_several_numbers_are_as_close_as_the_closest() -> None:
    rows: dict[str, list[str | None]] = {
        "a": ["5551234567", "5550000001"],
        "b": ["5559999998", "5559999998"],
    }
    phones = compared(rows, FieldSpec(name="f", kind="phone", columns=["a", "b"]))[0]
    assert level_of(phones, 0, 1) == "exact"


@pytest.mark.parametrize("kind", _KINDS, ids=str)
def test_every_level_is_said_in_two_languages(kind: Kind) -> None:
    found = compared({"c": ["12 a", "13 b"]}, FieldSpec(name="f", kind=kind, columns=["c"]))
    for comparison in found:
        assert all(level.name in _TEXTS for level in comparison.levels)
        assert [level.name for level in comparison.levels][:2] == ["missing", "differ"]
        assert 0 <= comparison.fuzzy < comparison.top


_VALUES = st.lists(
    st.one_of(st.none(), st.text(alphabet="abc é'-.@/ 019王小晓明*", min_size=1, max_size=12)),
    min_size=2,
    max_size=8,
)


@pytest.mark.parametrize("kind", _KINDS, ids=str)
@settings(max_examples=15, deadline=None)
@given(values=_VALUES)
def test_comparing_is_symmetric_and_equal_codes_are_the_top(
    kind: Kind, values: list[str | None]
) -> None:
    for comparison in compared({"c": values}, FieldSpec(name="f", kind=kind, columns=["c"])):
        left, right = np.triu_indices(len(values), 1)
        left, right = left.astype(np.int32), right.astype(np.int32)
        levels = comparison.judge(left, right)
        assert levels.tolist() == comparison.judge(right, left).tolist()
        assert levels.tolist() == comparison.judge(left, right).tolist()
        codes = comparison.values
        unknown = (codes[left] < 0) | (codes[right] < 0)
        assert (levels[unknown] == 0).all()
        assert (levels[~unknown] > 0).all()
        equal = (codes[left] == codes[right]) & ~unknown
        if kind != "person_name":
            assert (levels[equal] == comparison.top).all()
        assert (levels[~equal & ~unknown] < comparison.top).all()
