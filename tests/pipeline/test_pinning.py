"""Values that stewards pin are read as their columns need, or refused and not repeated."""

from __future__ import annotations

import pytest

from models.errors import ConfigError
from pipeline.pinning import PINNABLE, read_pin


@pytest.mark.parametrize(
    ("attribute", "value", "read"),
    [
        ("birth_date", "1980-02-29", "1980-02-29"),
        ("birth_date", "19800229", "1980-02-29"),
        ("id_expires_on", "长期", "9999-12-31"),
        ("sex", "女", "female"),
        ("nationality", "France", "FR"),
        ("mobile", "139 1234 5768", "+8613912345768"),
        ("email", "Na.Li@Sina.COM", "na.li@sina.com"),
        ("full_name", " 王伟 ", "王伟"),
        ("occupation", None, None),
    ],
)
def test_a_pinned_value_is_read_as_its_column_needs(
    attribute: str, value: str | None, read: str | None
) -> None:
    assert read_pin(attribute, value) == read


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("birth_date", "soon"),
        ("birth_date", "2023-02-30"),
        ("sex", "7"),
        ("nationality", "Atlantis"),
        ("mobile", "12"),
        ("email", "nobody"),
        ("id_class", "library card"),
        ("region_code", "11010"),
        ("full_name", "  "),
        ("full_name", "a\nb"),
    ],
)
def test_a_value_of_another_kind_is_refused_and_not_repeated(attribute: str, value: str) -> None:
    with pytest.raises(ConfigError, match=f"none that {attribute} can have") as refused:
        read_pin(attribute, value)
    assert value not in str(refused.value)


def test_every_pinnable_column_takes_some_value() -> None:
    tries = ("1980-02-29", "male", "CN", "13912345768", "a@b.cn", "passport_cn", "110101")
    for column in PINNABLE:
        assert any(_takes(column, value) for value in tries), column


def _takes(column: str, value: str) -> bool:
    try:
        return read_pin(column, value) is not None
    except ConfigError:
        return False
