"""A mistake in a project's YAML is answered with file, line and what to write instead."""

from pathlib import Path

import pytest

from models.errors import ConfigError
from models.source import SourceConfig
from pipeline.located import parse_yaml
from pipeline.problems import validate

FILE = Path("sources/core.yml")
GOOD = """\
name: core
connector: sql
objects:
  customer:
    read: {table: CUST}
    mapping:
      party: person
      names: [{full: CUST_NM}]
"""


def complaint(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        validate(SourceConfig, parse_yaml(text, FILE))
    return str(caught.value)


def test_a_good_source_is_read() -> None:
    assert validate(SourceConfig, parse_yaml(GOOD, FILE)).name == "core"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "answer"),
    [
        pytest.param("connector: sql", "connector: sqll", 2, "'sql'", id="a value not known"),
        pytest.param("names:", "nmaes:", 8, "Did you mean 'names'", id="a key misspelt"),
        pytest.param("full: CUST_NM", "fulll: CUST_NM", 8, "Did you mean 'full'", id="deep inside"),
        pytest.param("party: person", "party: persn", 7, "'person'", id="one branch of a union"),
        pytest.param("    read: {table: CUST}\n", "", 4, "read", id="a key missing"),
        pytest.param("name: core", "name: Core Bank", 1, "name", id="a name that cannot be one"),
        pytest.param(
            "names: [{full: CUST_NM}]", "ignore: [X]", 6, "'names'", id="a party without a name"
        ),
        pytest.param("{full: CUST_NM}", "{full: A, given: B}", 8, "either", id="two ways at once"),
    ],
)
def test_a_mistake_is_located_and_answered(wrong: str, right: str, line: int, answer: str) -> None:
    message = complaint(GOOD.replace(wrong, right))
    assert f"{FILE}:{line}: " in message
    assert answer in message


def test_every_mistake_is_named_at_once() -> None:
    message = complaint(GOOD.replace("connector: sql", "connector: x").replace("names:", "nams:"))
    assert len(message.splitlines()) >= 2


def test_a_key_that_stands_twice_is_refused() -> None:
    with pytest.raises(ConfigError, match="twice") as caught:
        parse_yaml("name: a\nconnector: sql\nname: b\n", FILE)
    assert caught.value.line == 3


def test_what_is_not_yaml_says_where() -> None:
    with pytest.raises(ConfigError, match="not YAML") as caught:
        parse_yaml("name: core\n  bad: [1,\n", FILE)
    assert caught.value.line is not None


def test_a_column_both_mapped_and_ignored_is_refused() -> None:
    assert "CUST_NM" in complaint(GOOD + "      ignore: [CUST_NM]\n")


def test_a_child_object_needs_an_existing_parent() -> None:
    child = """\
  account:
    read: {table: ACCT}
    mapping:
      belongs_to: {object: costumer, key: CUST_NO}
      accounts: [{number: ACCT_NO}]
"""
    assert "['customer']" in complaint(GOOD + child)
