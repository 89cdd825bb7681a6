"""Recognised columns become fields: joined, related, or left out."""

from __future__ import annotations

from random import Random

import pyarrow as pa
import pytest

from matching.table.propose import propose_spec
from matching.table.recognise import recognise
from matching.table.spec import MatchSpec
from models.errors import ConfigError
from tests.matching.table.tables import american, chinese, german, without_headers


def proposed(table: pa.Table) -> MatchSpec:
    return propose_spec(table, recognise(table))


def fields(spec: MatchSpec) -> dict[str, tuple[str, list[str]]]:
    return {field.name: (field.kind, field.columns) for field in spec.fields}


def texts(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def test_every_column_is_a_field_or_ignored_and_has_a_reason() -> None:
    for table in (american(), german(), chinese(), without_headers(american())):
        spec = proposed(table)
        used = [column for field in spec.fields for column in field.columns]
        assert sorted([*used, *spec.ignore]) == sorted(table.column_names)
        assert all(" · " in field.because for field in spec.fields)
        assert all(" · " in because for because in spec.ignore.values())


def test_names_of_fields_differ_and_follow_kind_or_header() -> None:
    assert list(fields(proposed(american()))) == [
        "given_name", "other_names", "family_name", "date", "ssn", "house_number", "street", "city",
        "region", "postcode", "phone", "email",
    ]  # fmt: skip


def test_year_month_and_day_are_one_date() -> None:
    r = Random(3)
    table = american().slice(0, 300).select(["fname", "lname"])
    for name, low, high in (("by", 1930, 2004), ("bm", 1, 12), ("bd", 1, 28)):
        table = table.append_column(name, texts([str(r.randint(low, high)) for _ in range(300)]))
    assert fields(proposed(table))["date"] == ("date", ["by", "bm", "bd"])


def test_a_birth_year_beside_the_date_is_left_out() -> None:
    table = american()
    years = [text[-4:] for text in table["dob"].to_pylist()]
    spec = proposed(table.append_column("birth_year", texts(years)))
    assert "repeats column 'dob'" in spec.ignore["birth_year"]


def test_a_column_made_of_two_others_is_left_out() -> None:
    table = american()
    both = zip(table["fname"].to_pylist(), table["lname"].to_pylist(), strict=True)
    spec = proposed(table.add_column(0, "first_and_surname", texts([" ".join(b) for b in both])))
    assert "fname" in spec.ignore["first_and_surname"]
    assert "person_name" not in fields(spec)


def test_the_other_words_of_a_whole_name_become_other_names() -> None:
    table = american().select(["fname", "lname", "dob"])
    both = zip(table["fname"].to_pylist(), table["lname"].to_pylist(), strict=True)
    whole = [f"{one} Baron of Somewhere {two}" for one, two in both]
    spec = proposed(table.append_column("full_name", texts(whole)))
    assert fields(spec)["other_names"] == ("other_names", ["full_name"])


def test_a_chinese_name_beside_its_parts_is_left_out() -> None:
    names = [str(name) for name in chinese()["客户姓名"].to_pylist()]
    table = pa.table({"姓名": names, "姓": [n[0] for n in names], "名": [n[1:] for n in names]})
    assert list(proposed(table).ignore) == ["姓名"]


def test_a_copy_of_a_column_is_left_out() -> None:
    table = american()
    spec = proposed(table.append_column("surname2", table["lname"]))
    assert "repeats column 'lname'" in spec.ignore["surname2"]


def test_several_phones_are_one_field() -> None:
    table = american()
    other = american(seed=5)["phone"].slice(0, table.num_rows)
    size = min(len(other), table.num_rows)
    table = table.slice(0, size).append_column("home_phone", other.slice(0, size))
    assert fields(proposed(table))["phone"] == ("phone", ["phone", "home_phone"])


def test_one_fact_under_two_headers_in_two_files_is_one_field() -> None:
    one, other = american(seed=1), american(seed=2).rename_columns(
        ["vorname", "mi", "surname", "dob", "ssn", "hausnr", "street", "town", "state", "plz",
         "mobile", "mail", "wages", "updated_at"]
    )  # fmt: skip
    spec = proposed(pa.concat_tables([one, other], promote_options="default"))
    assert fields(spec)["given_name"] == ("given_name", ["fname", "vorname"])
    assert fields(spec)["family_name"] == ("family_name", ["lname", "surname"])
    assert fields(spec)["city"] == ("city", ["city", "town"])


def test_a_table_that_says_nothing_of_anybody_is_refused() -> None:
    table = pa.table({"n": [str(number) for number in range(99)]})
    with pytest.raises(ConfigError, match="no column says who a record is"):
        proposed(table)
