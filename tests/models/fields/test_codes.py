import pyarrow as pa
import pytest

from models.fields.codes import apply_codes, normalise_currencies, normalise_sexes
from models.fields.countries import dialling, normalise_countries

CODES = {"1": "male", "2": "female", "Ａ": "male"}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1", ("male", None)),
        (" ２ ", ("female", None)),
        ("1.0", ("male", None)),
        ("A", ("male", None)),
        ("01", (None, "unknown_code")),
        ("3", (None, "unknown_code")),
        ("不详", (None, "placeholder")),
        (None, (None, None)),
    ],
)
def test_apply_codes(value: str | None, expected: tuple[str | None, str | None]) -> None:
    row = apply_codes(pa.array([value], pa.string()), CODES).to_pylist()[0]
    assert (row["value"], row["rule"]) == expected


def test_a_listed_code_may_look_like_a_word_for_none() -> None:
    row = apply_codes(pa.array(["0"]), {"0": "female"}).to_pylist()[0]
    assert row == {"value": "female", "rule": None}


def test_sex_words_are_understood_and_bare_codes_are_not() -> None:
    table = normalise_sexes(pa.array(["男", "女士", "f", "Male", "1", "未知", None]))
    assert table["value"].to_pylist() == ["male", "female", "female", "male", None, None, None]
    assert table["rule"].to_pylist()[4:] == ["unknown_code", "placeholder", None]


def test_currencies() -> None:
    table = normalise_currencies(pa.array(["CNY", "人民币", "156", "usd", "?", "12", None]))
    assert table["value"].to_pylist() == ["CNY", "CNY", "CNY", "USD", None, None, None]
    assert table["rule"].to_pylist()[4:] == ["placeholder", "unknown_code", None]


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("cn", "CN"),
        ("CHN", "CN"),
        ("156", "CN"),
        ("中国", "CN"),
        ("China", "CN"),
        ("德国", "DE"),
        ("香港", "HK"),
        ("840", "US"),
        ("NA", None),
        ("XYZ", None),
    ],
)
def test_countries(value: str, code: str | None) -> None:
    assert normalise_countries(pa.array([value]))["value"].to_pylist() == [code]


def test_every_calling_code_is_digits() -> None:
    assert dialling()["CN"].code == "86"
    assert all(
        rules.code.isdigit() and rules.shortest <= rules.longest for rules in dialling().values()
    )
