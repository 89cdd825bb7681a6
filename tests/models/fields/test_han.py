from __future__ import annotations

import unicodedata

import pytest

from models.fields import han
from models.fields.names_han import surnames


@pytest.mark.parametrize(
    ("char", "folded"),
    [
        ("張", "张"),
        ("閆", "闫"),
        ("鍾", "钟"),
        ("锺", "钟"),
        ("甯", "宁"),
        ("龑", "䶮"),
        ("乾", "乾"),
        ("阎", "阎"),
    ],
)
def test_fold(char: str, folded: str) -> None:
    assert han.fold(char) == folded


def test_folding_twice_changes_nothing() -> None:
    folds = han.simplified()
    assert not [target for target in folds.values() if ord(target) in folds]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("王\ue863", "王䶮"),
        ("\ue81e", "\u9fb4"),
        ("王\ue000", "王?"),
        ("王□", "王?"),
        ("王〇", "王〇"),
    ],
)
def test_recover(text: str, repaired: str) -> None:
    assert han.recover(text) == repaired


def test_legacy_code_points_are_those_gb18030_left_private() -> None:
    for row in range(0x50, 0xA1):
        if row != 0x7F:
            char = bytes((0xFE, row)).decode("gb18030")
            assert unicodedata.category(han.recover(char)) != "Co"


@pytest.mark.parametrize(
    ("char", "syllable"), [("吕", "lu"), ("女", "nu"), ("卜", "bu"), ("厦", "xia"), ("A", "A")]
)
def test_syllable(char: str, syllable: str) -> None:
    assert han.syllable(char) == syllable


def test_readings_hold_the_rarer_ones_too() -> None:
    assert han.readings()["乾"][0] == "qian"
    assert "gan" in han.readings()["乾"]


def test_no_syllable_has_a_tone_or_an_umlaut() -> None:
    assert all(syllable.isascii() and syllable.isalpha() for syllable in han.syllables())
    assert not any("v" in syllable for syllable in han.syllables())
    assert 390 < len(han.syllables()) < 430


def test_variants_hold_both_ways_round() -> None:
    assert ("闫", "阎") in han.variants()
    assert {(right, left) for left, right in han.variants()} == han.variants()


def test_all_at_once_is_one_by_one() -> None:
    texts = ["張三", "", "臺灣\n省", "\U00020000", "a\U0010ffffb", "John"]
    assert han.simplify_all(texts) == [han.fold(text) for text in texts]
    assert han.simplify_all(texts[:4]) == [han.fold(text) for text in texts[:4]]
    assert han.simplify_all([]) == []


def test_surnames_are_simplified_and_readable() -> None:
    for surname, (reading, share) in surnames().items():
        assert han.fold(surname) in {surname, "于"}
        assert set(reading.split()) <= han.syllables()
        assert share >= 0
