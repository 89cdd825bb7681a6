from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fields.phones import normalise_phones


def one(value: str | None, *arguments: Any, **options: Any) -> dict[str, Any]:
    """Return the only row, without NULLs."""
    row = normalise_phones(pa.array([value], pa.string()), *arguments, **options).to_pylist()[0]
    return {name: item for name, item in row.items() if item is not None}


MOBILES = [
    "13912345670",
    "+8613912345670",
    "008613912345670",
    "8613912345670",
    "013912345670",
    "１３９１２３４５６７０",
    "139 1234 5670",
    "139-1234-5670",
    "+86 139-1234-5670",
    "(+86)13912345670",
    "+86 (0)139 1234 5670",
    "13912345670.0",
    "手机:13912345670",
]


@pytest.mark.parametrize("value", MOBILES)
@pytest.mark.parametrize("kind", ["mobile", "phone"])
def test_chinese_mobiles(value: str, kind: str) -> None:
    assert one(value, kind) == {"kind": "mobile", "value": "+8613912345670", "status": "valid"}


@given(st.sampled_from("3456789"), st.from_regex(r"[0-9]{2}5[0-9]27[0-9]{3}", fullmatch=True))
def test_no_eleven_digit_mobile_is_rejected_for_its_range(second: str, rest: str) -> None:
    assert one(f"1{second}{rest}")["status"] == "valid"


LANDLINES = {
    "010-62551234": ("+861062551234", None),
    "(0755)26551234": ("+8675526551234", None),
    "0755 2655 1234": ("+8675526551234", None),
    "+86-21-62551234": ("+862162551234", None),
    "0086 571 87651234": ("+8657187651234", None),
    "0755-26551234-801": ("+8675526551234", "801"),
    "0755-26551234转801": ("+8675526551234", "801"),
    "075526551234#801": ("+8675526551234", "801"),
    "0755-26551234 分机 801": ("+8675526551234", "801"),
    "0755-26551234 ext.801": ("+8675526551234", "801"),
    "0312-8765123": ("+863128765123", None),
}


@pytest.mark.parametrize(("value", "expected"), LANDLINES.items())
def test_landlines(value: str, expected: tuple[str, str | None]) -> None:
    row = one(value)
    assert (row["value"], row.get("extension")) == expected
    assert (row["kind"], row["status"]) == ("landline", "valid")


def test_a_local_landline_needs_the_area_code_of_the_mapping() -> None:
    assert one("26551234", area_code="0755")["value"] == "+8675526551234"
    assert one("26551234-12", area_code="0755")["extension"] == "12"
    assert one("26551234") == {
        "kind": "landline",
        "value": "26551234",
        "status": "invalid",
        "rule": "phone_area_missing",
    }


FILLERS = [
    "13800138000",
    "13000000000",
    "13900000000",
    "13333333333",
    "18888888888",
    "13812345678",
    "12345678901",
    "+86 12345678901",
    "11111111111",
    "00000000",
    "010-88888888",
    "010-12345678",
    "无",
    "-",
]


@pytest.mark.parametrize("value", FILLERS)
def test_fillers_are_placeholders(value: str) -> None:
    row = one(value, "mobile")
    assert (row["status"], row["rule"]) == ("placeholder", "placeholder")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("138****8000", "+86138****8000"),
        ("138●●●●8000", "+86138****8000"),
        ("+86 138xxxx8000", "+86138****8000"),
        ("****8000", "****8000"),
    ],
)
def test_masked_numbers_keep_their_stars(value: str, kept: str) -> None:
    row = one(value, "mobile")
    assert (row["status"], row["value"], row["rule"]) == ("masked", kept, "masked")


ABROAD = {
    "plus": ("+1 415-555-2671", "CN", "+14155552671"),
    "double zero": ("00852 2345 6789", "CN", "+85223456789"),
    "trunk zero": ("0412 345 678", "AU", "+61412345678"),
    "written with trunk zero": ("+44 (0)20 7946 0958", "CN", "+442079460958"),
    "own calling code": ("61412345678", "AU", "+61412345678"),
    "American": ("(415) 555-2671", "US", "+14155552671"),
    "American with one": ("1-415-555-2671", "US", "+14155552671"),
    "Italy keeps its zero": ("06 6982 1234", "IT", "+390669821234"),
    "China from abroad": ("+86 139 1234 5670", "US", "+8613912345670"),
}


@pytest.mark.parametrize(("value", "country", "expected"), ABROAD.values(), ids=ABROAD)
def test_other_countries(value: str, country: str, expected: str) -> None:
    row = one(value, "phone", country=country)
    assert (row["value"], row["status"]) == (expected, "valid")


INVALID = {
    "too short": ("1391234567", "phone_form"),
    "hotline": ("95588", "phone_form"),
    "too long": ("139123456701", "phone_form"),
    "scientific notation": ("1.39E+10", "phone_precision_lost"),
    "a word": ("找王经理", "phone_form"),
}


@pytest.mark.parametrize(("value", "rule"), INVALID.values(), ids=INVALID)
def test_what_is_no_number(value: str, rule: str) -> None:
    row = one(value, "mobile")
    assert (row["status"], row["rule"]) == ("invalid", rule)


def test_nothing_but_digits_is_kept_of_an_invalid_value() -> None:
    assert "value" not in one("找王经理")


@pytest.mark.parametrize(
    "value", ["13912345670/13812345671", "13912345670、010-62551234", "13912345670 13812345671"]
)
def test_the_first_of_several_is_kept(value: str) -> None:
    assert one(value) == {
        "kind": "mobile",
        "value": "+8613912345670",
        "status": "valid",
        "rule": "several_values",
    }


@pytest.mark.parametrize("value", [None, "", "  "])
def test_no_value(value: str | None) -> None:
    assert one(value) == {}


@given(
    st.lists(
        st.one_of(st.none(), st.text("0123456789+-()*转 ", max_size=20), st.sampled_from(MOBILES)),
        min_size=1,
        max_size=10,
    )
)
def test_a_row_depends_on_nothing_but_itself_and_valid_ones_are_stable(
    values: list[str | None],
) -> None:
    together = normalise_phones(pa.array(values, pa.string()))
    alone = [normalise_phones(pa.array([v], pa.string())).to_pylist()[0] for v in values]
    assert together.to_pylist() == alone
    valid = [row for row in alone if row["status"] == "valid"]
    again = normalise_phones(pa.array([row["value"] for row in valid], pa.string()))
    assert again["value"].to_pylist() == [row["value"] for row in valid]
