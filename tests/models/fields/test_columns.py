import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fields.columns import by_value, byte_matrix, named, number, put, strings, texts

ASCII = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=5, max_size=5)


@given(st.lists(ASCII, max_size=20))
def test_strings_undo_byte_matrix(values: list[str]) -> None:
    column = pa.array(values, pa.string())
    assert strings(byte_matrix(column, 5)).to_pylist() == values


def test_byte_matrix_is_zero_for_what_does_not_fit() -> None:
    matrix = byte_matrix(pa.array(["abc", None, "abcdef", "é", ""]), 5)
    assert matrix.any(axis=1).tolist() == [True, False, False, False, False]
    assert bytes(matrix[0]) == b"abc\0\0"


def test_byte_matrix_of_a_slice_starts_at_the_slice() -> None:
    column = pa.array(["11", "22", "33"]).slice(1)
    assert number(byte_matrix(column, 2)).tolist() == [22, 33]


@pytest.mark.parametrize(
    "values",
    [
        pa.chunked_array([["a"], ["b"]]),
        pa.array(["a", "b"], pa.large_string()),
        pa.array(["a", "b"]).dictionary_encode(),
        pa.array(["a", "b"], pa.string_view()),
    ],
    ids=["chunked", "large", "dictionary", "view"],
)
def test_texts_takes_every_kind_of_text_column(values: object) -> None:
    column = texts(values)
    assert column.type == pa.string()
    assert column.to_pylist() == ["a", "b"]


def test_texts_of_no_chunk_is_empty() -> None:
    assert texts(pa.chunked_array([], pa.string())).to_pylist() == []


def test_put_takes_a_column_a_constant_or_null() -> None:
    column, where = pa.array(["a", "b", None]), np.array([True, False, True])
    assert put(column, where, pa.array(["x", "y"])).to_pylist() == ["x", "b", "y"]
    assert put(column, where, "z").to_pylist() == ["z", "b", "z"]
    assert put(column, where, None).to_pylist() == [None, "b", None]


def test_named_turns_minus_one_into_null() -> None:
    assert named(np.array([1, -1, 0]), ("a", "b")).to_pylist() == ["b", None, "a"]


def test_by_value_asks_once_for_each_distinct_value() -> None:
    asked: list[str] = []
    result = by_value(pa.array(["a", "a", None, "b"]), lambda v: asked.append(v) or v.upper())
    assert result.to_pylist() == ["A", "A", None, "B"]
    assert asked == ["a", "b"]
