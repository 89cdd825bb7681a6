from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
import pytest

from matching.columns import Column
from matching.table.fields import prepare_fields
from matching.table.keys import ALL, key_columns
from matching.table.spec import FieldSpec, Kind, MatchSpec


def keys_of(rows: dict[str, list[str | None]], *fields: FieldSpec) -> dict[str, Column]:
    table = pa.table({name: pa.array(column, pa.string()) for name, column in rows.items()})
    return key_columns(prepare_fields(table, MatchSpec(fields=list(fields))))


def meet(column: Column) -> bool:
    """Tell whether records 0 and 1 have a key in common."""
    values = [set(column.codes[column.starts[at] : column.starts[at + 1]]) for at in (0, 1)]
    return bool(values[0] & values[1])


@pytest.mark.parametrize(
    ("kind", "one", "other", "meeting"),
    [
        pytest.param("given_name", "katherine", "kathrynne", ["start", "sound"], id="tail"),
        pytest.param("family_name", "smyth", "amyth", ["end"], id="head"),
        pytest.param("date", "1970-03-12", "1970-03-21", ["year", "year_month"], id="day"),
        pytest.param("date", "1970-03-12", "1971-03-12", ["month_day"], id="year"),
        pytest.param("date", "1970-01-01", "1971-01-01", [], id="1 January is no birthday"),
        pytest.param("postcode", "TQ13 8DF", "TQ13 8HU", ["area", "outward"], id="postcode"),
        pytest.param("phone", "+1 555 123 4567", "555 123 4567", ["end"], id="country code"),
        pytest.param("email", "ann.lee@a.org", "ann.lee@b.org", ["local", "start"], id="domain"),
        pytest.param("identifier", "854136295", "854136777", ["start"], id="end of a number"),
        pytest.param(
            "street", "12 High St", "12 Hihg St", ["number", "start", "words"], id="a slip"
        ),
        pytest.param("company", "Acme Steel Co", "Steel Acme Co", ["words", "pairs"], id="order"),
        pytest.param("company", "Lufthansa Air", "Luftansa Ltd", ["grams"], id="a slip in a word"),
        pytest.param("company", "Intl Business Machines", "IBM", ["initials"], id="initials"),
        pytest.param("person_name", "Anna Lee", "Annie Lea", ["start"], id="two slips"),
        pytest.param(
            "person_name", "Ann Lee", "Max Lee", ["words", "word_starts", "family"], id="kin"
        ),
        pytest.param("text", "the red house", "red the house", ["words", "pairs"], id="words"),
    ],
)
def test_what_damage_leaves_a_key(kind: Kind, one: str, other: str, meeting: Sequence[str]) -> None:
    keys = keys_of({"c": [one, other]}, FieldSpec(name="f", kind=kind, columns=["c"]))
    found = {name.partition(".")[2] for name, column in keys.items() if meet(column)}
    assert found - {""} == set(meeting)


def test_crossed_names_meet() -> None:
    keys = keys_of(
        {"g": ["Tom", "Hale"], "f": ["Hale", "Tom"]},
        FieldSpec(name="g", kind="given_name", columns=["g"]),
        FieldSpec(name="f", kind="family_name", columns=["f"]),
    )
    assert {name for name, column in keys.items() if meet(column)} == {
        ALL,
        "g.any",
        "g.any_start",
        "g.both",
    }


@pytest.mark.parametrize("values", [[], [None, None]], ids=["no row", "nothing known"])
def test_nothing_makes_no_key(values: list[str | None]) -> None:
    for kind in ("given_name", "company", "date", "street"):
        keys = keys_of({"c": values}, FieldSpec(name="f", kind=kind, columns=["c"]))
        assert all(len(column.codes) == 0 for name, column in keys.items() if name != ALL)
        assert len(keys[ALL].codes) == len(values)
