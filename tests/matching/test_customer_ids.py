"""A customer id is written alike in SQL and in Python, and its check character catches slips."""

from __future__ import annotations

import itertools

import duckdb
import pytest

from matching.customer_ids import customer_id, id_sql


@pytest.mark.parametrize("number", [1, 9, 10, 11, 987654321, 10**10 - 1])
def test_sql_and_python_write_the_same_id(number: int) -> None:
    written = duckdb.execute(f"SELECT {id_sql('n')} FROM (SELECT {number} AS n)").fetchone()
    assert written == (customer_id(number),)


def test_the_check_character_catches_wrong_digits_and_swapped_neighbours() -> None:
    good = customer_id(4_071_902_653)
    digits, check = good[1:-1], good[-1]
    for i, digit in itertools.product(range(10), "0123456789"):
        wrong = digits[:i] + digit + digits[i + 1 :]
        assert (customer_id(int(wrong))[-1] == check) == (wrong == digits)
    for i in range(9):
        swapped = digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]
        assert (customer_id(int(swapped))[-1] == check) == (swapped == digits)
