import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fields.text import clean, is_empty_word, normalise_texts, star_masks

CLEANED = {
    "full width": ("ＡＢ１２（）　Ｃ", "AB12() C"),
    "radical": ("⽯", "石"),
    "outer spaces": ("  a b  ", "a b"),
    "many spaces": ("a  \u00a0 b", "a b"),
    "tab and newline": ("a\tb\r\nc", "a b c"),
    "NUL and other controls": ("a\x00b\x07", "ab"),
    "zero width": ("\ufeffa\u200bb", "ab"),
    "nothing": ("   ", None),
    "empty": ("", None),
    "null": (None, None),
}


@pytest.mark.parametrize(("value", "cleaned"), CLEANED.values(), ids=CLEANED)
def test_clean(value: str | None, cleaned: str | None) -> None:
    assert clean(pa.array([value], pa.string())).to_pylist() == [cleaned]


@given(st.lists(st.one_of(st.none(), st.text(max_size=12)), min_size=1))
def test_clean_twice_is_clean_once(values: list[str | None]) -> None:
    once = clean(pa.array(values, pa.string()))
    assert clean(once).to_pylist() == once.to_pylist()


@pytest.mark.parametrize("word", ["无", "不详", "null", "N/A", "-", "?", "测试", "未知"])
def test_words_for_none(word: str) -> None:
    assert is_empty_word(pa.array([word])).tolist() == [True]


def test_words_for_none_are_whole_values() -> None:
    assert is_empty_word(pa.array(["无锡", "Nathan", None])).tolist() == [False] * 3


def test_normalise_texts_says_why_there_is_no_value() -> None:
    table = normalise_texts(pa.array(["教师 ", "无", "教\ufffd", None]))
    assert table["value"].to_pylist() == ["教师", None, None, None]
    assert table["rule"].to_pylist() == [None, "placeholder", "chars_lost", None]


def test_star_masks_count_the_characters() -> None:
    masked = star_masks(pa.array(["12XXXX34", "12●●34", "12XX", None]))
    assert masked.to_pylist() == ["12****34", "12**34", "12XX", None]
