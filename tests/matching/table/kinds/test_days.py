from __future__ import annotations

import pyarrow as pa
import pytest

from matching.table.kinds.days import read_days


def days(*values: str | None) -> list[str | None]:
    keys: list[str | None] = read_days(pa.array(values, pa.string()))["key"].to_pylist()
    return keys


@pytest.mark.parametrize(
    ("value", "key"),
    [
        pytest.param("1856-01-31", "18560131", id="ISO"),
        pytest.param("18560131", "18560131", id="compact"),
        pytest.param("1967-9-7", "19670907", id="no zeros"),
        pytest.param("1856-01-31 00:00:00", "18560131", id="a timestamp"),
        pytest.param("1856年1月31日", "18560131", id="Chinese"),
        pytest.param("31.01.1856", "18560131", id="points"),
        pytest.param("31 Jan 1856", "18560131", id="day and month's name"),
        pytest.param("January 31, 1856", "18560131", id="month's name and day"),
        pytest.param("1856", "18560000", id="a year"),
        pytest.param("1856-03", "18560300", id="a month"),
        pytest.param("1856-81-01", "18568101", id="an impossible month keeps its digits"),
        pytest.param("19s2-01-03", "19s20103", id="a letter among the digits"),
        pytest.param("31/01/56", "19560131", id="two digits of a year"),
        pytest.param("31/01/08", "20080131", id="two digits of a year in this century"),
        pytest.param("1900-01-01", None, id="a default"),
        pytest.param("9999-12-31", None, id="for ever"),
        pytest.param(None, None, id="unknown"),
    ],
)
def test_a_day(value: str | None, key: str | None) -> None:
    assert days(value) == [key]


def test_the_column_tells_which_is_the_day() -> None:
    assert days("03/04/1970", "25/12/1970") == ["19700403", "19701225"]
    assert days("03/04/1970", "12/25/1970") == ["19700304", "19701225"]


def test_the_column_tells_where_the_year_is() -> None:
    assert days("31011856", "20121856") == ["18560131", "18561220"]
    assert days("18560131", "20121856") == ["18560131", "20121856"]
