from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from matching.table.fields import TableField, prepare_fields
from matching.table.spec import FieldSpec, Kind, MatchSpec
from models.errors import ConfigError


def fields_of(rows: dict[str, list[str | None]], *fields: FieldSpec) -> list[TableField]:
    table = pa.table({name: pa.array(column, pa.string()) for name, column in rows.items()})
    return prepare_fields(table, MatchSpec(fields=list(fields)))


def field_of(values: list[str | None], kind: Kind) -> TableField:
    return fields_of({"c": values}, FieldSpec(name="f", kind=kind, columns=["c"]))[0]


def keys_of(field: TableField) -> list[Any]:
    keys = field.part("key").to_pylist()
    return [keys[code] if code >= 0 else None for code in field.first]


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        pytest.param("given_name", " JOSÉ ", "jose", id="case, accents and spaces"),
        pytest.param("family_name", "O'Brien", "obrien", id="an apostrophe"),
        pytest.param("family_name", "張", "张", id="traditional characters"),
        pytest.param("other_names", "Anne Mary", "mary anne", id="words in any order"),
        pytest.param("person_name", "王 小明", "王小明", id="a space in a Chinese name"),
        pytest.param("company", "Acme GmbH", "ACME GmbH", id="a company"),
        pytest.param("date", "31/01/1970", "1970-01-31", id="a date in two forms"),
        pytest.param("sex", "Female", "女", id="sex"),
        pytest.param("identifier", "854-13-6295", "854136295", id="separators in a number"),
        pytest.param("email", "A.B@Site.org", "a.b@site.org", id="an address in capitals"),
        pytest.param("street", "12 High Street", "12 high st.", id="a short form"),
        pytest.param("postcode", "tq138df", "TQ13 8DF", id="a space in a postcode"),
        pytest.param("number", "1,000", "1000.0", id="a number"),
    ],
)
def test_two_ways_to_write_one_value_have_one_code(kind: Kind, one: str, other: str) -> None:
    first = field_of([one, other, None], kind).first.tolist()
    assert first == [0, 0, -1]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        pytest.param("given_name", "unknown", id="a word for none"),
        pytest.param("family_name", "-", id="a sign"),
        pytest.param("phone", "13800138000", id="a number everybody types"),
        pytest.param("date", "1900-01-01", id="a default of programs"),
        pytest.param("email", "none@site.org", id="nobody's address"),
        pytest.param("identifier", "000000000", id="zeros"),
        pytest.param("postcode", "00000", id="no postcode"),
        pytest.param("category", "n/a", id="not applicable"),
        pytest.param("sex", "t2227949951", id="junk"),
    ],
)
def test_a_value_that_says_nothing_is_no_evidence(kind: Kind, value: str) -> None:
    assert field_of([value], kind).first.tolist() == [-1]


def test_people_read_what_was_written() -> None:
    field = field_of(["José", None], "given_name")
    assert (field.texts.to_pylist(), field.part("key").to_pylist()) == (["José"], ["jose"])


def test_year_month_and_day_are_one_date() -> None:
    rows: dict[str, list[str | None]] = {"y": ["1967", "1967"], "m": ["9", None], "d": ["7", "1"]}
    field = fields_of(rows, FieldSpec(name="f", kind="date", columns=["y", "m", "d"]))[0]
    assert keys_of(field) == ["19670907", None]


def test_a_number_in_two_columns_is_two_values_but_not_one_twice() -> None:
    rows: dict[str, list[str | None]] = {
        "a": ["5551234567", "5551234567", None],
        "b": ["5559999999", "5551234567", "5559999999"],
    }
    field = fields_of(rows, FieldSpec(name="f", kind="phone", columns=["a", "b"]))[0]
    assert field.values.starts.tolist() == [0, 2, 3, 4]
    assert field.several


def test_other_names_are_those_beside_given_and_family_name() -> None:
    rows: dict[str, list[str | None]] = {
        "g": ["Tom", None],
        "f": ["Clifford", "Smith"],
        "all": ["Tom Clifford, 1st Baron", "Ann Smith"],
    }
    other = fields_of(
        rows,
        FieldSpec(name="g", kind="given_name", columns=["g"]),
        FieldSpec(name="f", kind="family_name", columns=["f"]),
        FieldSpec(name="o", kind="other_names", columns=["all"]),
    )[2]
    assert keys_of(other) == ["1st baron", "ann"]


def test_a_number_of_far_too_many_names_is_no_evidence() -> None:
    names = [f"name{place}" for place in range(40)]
    rows: dict[str, list[str | None]] = {
        "n": [*names, "a", "b"],
        "p": ["02079460000"] * 40 + ["02079461111"] * 2,
    }
    phone = fields_of(
        rows,
        FieldSpec(name="n", kind="family_name", columns=["n"]),
        FieldSpec(name="p", kind="phone", columns=["p"]),
    )[1]
    assert (phone.first >= 0).tolist() == [False] * 40 + [True] * 2


def test_codes_do_not_depend_on_the_order_of_rows() -> None:
    values: list[str | None] = ["b", "a", None, "c", "a"]
    assert field_of(values, "city").first.tolist() == [1, 0, -1, 2, 0]
    assert field_of(values[::-1], "city").first.tolist() == [0, 2, -1, 0, 1]


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(ConfigError, match="column 'nowhere'"):
        fields_of({"c": ["a"]}, FieldSpec(name="f", kind="city", columns=["nowhere"]))


@pytest.mark.parametrize("values", [[], [None, None]], ids=["no row", "nothing known"])
@pytest.mark.parametrize("kind", list(Kind.__args__), ids=str)
def test_nothing_is_read_from_nothing(kind: Kind, values: list[str | None]) -> None:
    field = field_of(values, kind)
    assert field.first.tolist() == [-1] * len(values)
    assert len(field.table) == 0
