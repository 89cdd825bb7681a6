"""Columns of tables never seen: by their values, with good headers, none, or false ones."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyarrow as pa
import pytest

from matching.table.reading import read_files
from matching.table.recognise import Recognised, recognise
from models.fields.names_latin import surname_shares
from tests.matching.table.tables import (
    CITIES,
    FAMILY,
    GIVEN,
    american,
    chinese,
    german,
    without_headers,
)

LABELLED = Path(__file__).parents[3] / ".." / "shared" / "data"

AMERICAN = ["given_name", "other_names", "family_name", "date", "identifier", "house_number",
            "street", "city", "region", "postcode", "phone", "email", None, None]  # fmt: skip
GERMAN = ["given_name", "family_name", "date", "street", "house_number", "postcode", "city",
          "phone", "sex"]  # fmt: skip
CHINESE = ["person_name", "identifier", "phone", "date", "sex", "address", "company", "region",
           None]  # fmt: skip


def kinds(table: pa.Table) -> list[str | None]:
    return [item.kind for item in recognise(table)]


@pytest.mark.parametrize("headers", [True, False], ids=["headers", "c1, c2"])
@pytest.mark.parametrize(
    ("table", "expected"),
    [(american(), AMERICAN), (german(), GERMAN), (chinese(), CHINESE)],
    ids=["american", "german", "chinese"],
)
def test_columns_are_told_by_their_values(
    table: pa.Table, expected: list[str | None], headers: bool
) -> None:
    assert kinds(table if headers else without_headers(table)) == expected


def test_pinyin_initials_are_headers_too() -> None:
    names = ["KHXM", "ZJHM", "SJH", "CSRQ", "XB", "TXDZ", "DWMC", "SF", "YE"]
    assert kinds(chinese().rename_columns(names)) == CHINESE


def test_headers_that_lie_are_not_believed() -> None:
    table = american().select(["lname", "fname", "email", "phone", "dob"])
    names = ["first_name", "last_name", "phone", "email", "city"]
    assert kinds(table.rename_columns(names)) == [
        "family_name", "given_name", "email", "phone", "date",
    ]  # fmt: skip


def test_the_order_of_rows_changes_nothing_but_the_sample_of_large_tables() -> None:
    table = american()
    order = list(range(table.num_rows))
    Random(9).shuffle(order)
    assert kinds(table) == kinds(table.take(order))


def test_every_column_has_a_reason_in_two_languages_and_without_values() -> None:
    table = chinese()
    for item in recognise(table):
        assert item.because_en.isascii()
        assert not item.because_zh.isascii()
        values = set(table[item.column].to_pylist())
        assert not any(value in item.because_zh for value in values if len(value) > 1)


def column(values: list[str | None], name: str = "c1") -> Recognised:
    return recognise(pa.table({name: pa.array(values, pa.string())}))[0]


R = Random(6)
PINYIN = [name.title() for name in surname_shares() if len(name) > 1]
IGNORED = {
    "empty": ([None] * 60, "c1", "empty"),
    "words for nothing": (["无", "N/A", "-"] * 20, "c1", "empty"),
    "constant": (["Anytown"] * 60, "city", "same value"),
    "nearly constant": (["00000"] * 300 + ["12345"] * 3, "zip", "nearly every"),
    "running": ([str(number) for number in range(5000, 5300)], "c1", "numbers the rows"),
    "keys": ([f"K-{number:06d}" for number in R.sample(range(10**6), 300)], "c1", "of its own"[3:]),
    "timestamp": ([f"2024-01-0{n % 9 + 1} 10:0{n % 10}:00" for n in range(99)], "c1", "written"),
    "lately": ([f"2023-0{n % 9 + 1}-1{n % 10}" for n in range(300)], "c1", "written"),
    "balance": ([f"{R.lognormvariate(8, 2):.2f}" for _ in range(300)], "c1", "plain numbers"),
    "salary": ([str(R.randint(2000, 90000)) for _ in range(300)], "salary", "amount"),
    "tax year": ([str(2020 + n % 5) for n in range(300)], "c1", "year the row is about"),
    "flag": (["Y", "N"] * 99, "c1", "too few"),
    "JSON": ([f'{{"name": "x{n}"}}' for n in range(99)], "body", "JSON"),
    "household": ([f"H{R.randint(1, 90)}" for _ in range(300)], "household_id", "household"),
}


@pytest.mark.parametrize(("values", "name", "because"), IGNORED.values(), ids=IGNORED.keys())
def test_what_is_no_identity_is_ignored_with_the_reason(
    values: list[str | None], name: str, because: str
) -> None:
    found = column(values, name)
    assert found.kind is None
    assert because in found.because_en


KEPT = {
    "codes that repeat": ([str(R.randint(10**6, 10**6 + 900)) for _ in range(900)], "identifier"),
    "IBAN": ([f"DE{n % 99:02d}37040044053201{n:04d}" for n in range(300)], "identifier"),
    "mobile": ([f"+49 17{n % 10} {R.randint(10**6, 10**7)}" for n in range(200)], "phone"),
    "British postcode": ([f"TQ{n % 14 + 1} {n % 9}DF" for n in range(200)], "postcode"),
    "birth years": ([str(R.randint(1930, 2004)) for _ in range(300)], "date"),
    "occupation": ([R.choice(["nurse", "baker", "judge", "clerk", "cook"]) for _ in range(300)],
                   "category"),
    "companies": ([f"{R.choice(FAMILY)} {R.choice(['Oil', 'Foods', 'Systems'])} "
                   f"{R.choice(['Ltd', 'Inc', 'Group'])}" for _ in range(300)], "company"),
    "comma names": ([f"{R.choice(FAMILY)}, {R.choice(GIVEN)} B." for _ in range(300)],
                    "person_name"),
    "whole addresses": ([f"{n} Oak Street, {R.choice(CITIES)}, TX {10000 + n}"
                         for n in range(300)], "address"),
    "surnames in pinyin": ([R.choice(PINYIN) for _ in range(300)], "family_name"),
}  # fmt: skip


@pytest.mark.parametrize(("values", "kind"), KEPT.values(), ids=KEPT.keys())
def test_evidence_is_recognised_without_a_header(values: list[str | None], kind: str) -> None:
    assert column(values).kind == kind


def test_a_date_in_three_columns_is_seen_without_headers() -> None:
    r = Random(3)
    rows = [(r.randint(1930, 2004), r.randint(1, 12), r.randint(1, 28)) for _ in range(400)]
    columns = [pa.array(map(str, part)) for part in zip(*rows, strict=True)]
    found = recognise(pa.table(columns, names=["c1", "c2", "c3"]))
    assert [(item.kind, item.part) for item in found] == [
        ("date", "year"), ("date", "month"), ("date", "day"),
    ]  # fmt: skip


def test_two_addresses_are_told_apart_by_the_words_before_their_headers() -> None:
    one = american()
    parts = ["street_no", "street", "city", "zip"]
    columns = {f"employer_{name}": one[name] for name in parts}
    columns |= {f"mailing_address_{name}": american(seed=8)[name].slice(0, 600) for name in parts}
    rows = min(len(column) for column in columns.values())
    table = pa.table({name: column.slice(0, rows) for name, column in columns.items()})
    assert [item.about for item in recognise(table)] == ["employer"] * 4 + ["mailing"] * 4


def test_an_emptier_second_name_is_another_name() -> None:
    table = american().select(["fname", "lname"])
    second = [name if place % 9 == 0 else None for place, name in enumerate(table[0].to_pylist())]
    found = recognise(table.append_column("fname2", pa.array(second)))
    assert [item.kind for item in found] == ["given_name", "family_name", "other_names"]


def test_a_company_beside_people_is_where_they_work() -> None:
    found = {item.column: item for item in recognise(chinese())}
    assert found["工作单位"].about == "employer"
    alone = recognise(chinese().select(["工作单位"]).rename_columns(["企业名称"]))
    assert alone[0].about == ""


SETS = {
    "historical": (
        "splink_historical_50k/historical_figures_with_errors_50k.parquet", "unique_id",
        ["full_name", "first_and_surname", "first_name", "surname", "dob", "birth_place",
         "postcode_fake", "gender", "occupation"],
        ["person_name", "person_name", "given_name", "family_name", "date", "city", "postcode",
         "sex", "category"],
    ),
    "febrl": (
        "febrl/dataset3.csv", "rec_id",
        ["given_name", "surname", "street_number", "address_1", "suburb", "postcode", "state",
         "date_of_birth", "soc_sec_id"],
        ["given_name", "family_name", "house_number", "street", "city", "postcode", "region",
         "date", "identifier"],
    ),
    "rldata": (
        "rldata/RLdata10000.csv", "record_id",
        ["fname_c1", "fname_c2", "lname_c1", "lname_c2", "by", "bm", "bd"],
        ["given_name", "other_names", "family_name", "other_names", "date", "date", "date"],
    ),
    "fake": (
        "splink_fake_1000/fake_1000.csv", "unique_id",
        ["first_name", "surname", "dob", "city", "email"],
        ["given_name", "family_name", "date", "city", "email"],
    ),
    "voters": (
        "ncvr_5party_25k/ncvr_5party_ocp20.csv", "record_id",
        ["givenname", "surname", "suburb", "postcode"],
        ["given_name", "family_name", "city", "postcode"],
    ),
    "companies": (
        "wikidata_companies_aliases/companies.csv", "record_id",
        ["name", "kind"],
        ["company", None],
    ),
    "tax forms": (
        "pseudopeople_w2/taxes_w2_and_1099_2024_2030.parquet", "record_id",
        ["ssn", "wages", "employer_name", "employer_street_number", "employer_street_name",
         "employer_unit_number", "employer_city", "first_name", "middle_initial", "last_name",
         "mailing_address_street_number", "mailing_address_street_name", "tax_form", "tax_year"],
        ["identifier", None, "company", "house_number", "street", "unit", None, "given_name",
         "other_names", "family_name", "house_number", "street", None, None],
    ),
}  # fmt: skip


@pytest.mark.labelled
@pytest.mark.skipif(not LABELLED.is_dir(), reason="needs the labelled data in ../shared/data")
@pytest.mark.parametrize("headers", [True, False], ids=["headers", "c1, c2"])
@pytest.mark.parametrize("name", SETS)
def test_labelled_data_is_recognised(name: str, headers: bool) -> None:
    file, id_column, columns, expected = SETS[name]
    rows = read_files([LABELLED / file], id_column, None).rows.select(columns)
    assert kinds(rows if headers else without_headers(rows)) == expected
