from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from matching.columns import (
    Column,
    best_level,
    distinct,
    distinct_pairs,
    encode,
    first_rows,
    looked_up,
)

values_by_record = st.lists(st.lists(st.integers(0, 4), max_size=3), min_size=2, max_size=6)


def column(values: list[list[int]]) -> Column:
    records = [record for record, codes in enumerate(values) for _ in codes]
    codes = [code for record in values for code in record]
    return Column.build(np.array(records, np.int32), np.array(codes, np.int32), len(values))


@given(values_by_record)
def test_best_level_is_the_maximum_over_all_couples(values: list[list[int]]) -> None:
    size = len(values)
    left, right = (grid.ravel().astype(np.int32) for grid in np.mgrid[:size, :size])
    found = best_level(column(values), left, right, lambda a, b: (a * 5 + b + 1).astype(np.uint8))
    expected = [
        max((a * 5 + b + 1 for a in values[i] for b in values[j]), default=0)
        for i, j in zip(left, right, strict=True)
    ]
    assert found.tolist() == expected


@given(values_by_record)
def test_a_column_gives_back_its_values(values: list[list[int]]) -> None:
    built = column(values)
    assert built.first().tolist() == [codes[0] if codes else -1 for codes in values]
    kept = built.keep(built.codes != 2)
    assert kept.records.tolist() == [
        record for record, codes in enumerate(values) for code in codes if code != 2
    ]


def test_encode_gives_equal_texts_equal_codes_and_null_none() -> None:
    codes = encode(pa.chunked_array([["b", None], ["a", "b"]]))
    assert codes[0] == codes[3] != codes[2]
    assert codes[1] == -1
    assert encode(pa.chunked_array([], pa.string())).tolist() == []


def test_first_rows_finds_each_code_where_it_first_stands() -> None:
    assert first_rows(np.array([-1, 0, 1, 0, -1, 2, 1], np.int32)).tolist() == [1, 2, 5]


def test_looked_up_passes_unknown_through() -> None:
    codes = np.array([5, 7], np.int32)
    assert looked_up(codes, np.array([1, -1, 0], np.int32)).tolist() == [7, -1, 5]


@given(st.lists(st.integers(-3, 3)))
def test_distinct_is_sorted_and_without_repetition(values: list[int]) -> None:
    assert distinct(np.array(values, np.int64)).tolist() == sorted(set(values))


def test_distinct_pairs_can_be_laid_out_again() -> None:
    left, right = np.array([3, 1, 3], np.int32), np.array([2, 0, 2], np.int32)
    a, b, at = distinct_pairs(left, right)
    assert len(a) == 2
    assert a[at].tolist() == left.tolist()
    assert b[at].tolist() == right.tolist()
