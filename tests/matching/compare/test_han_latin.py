from __future__ import annotations

from collections.abc import Callable

import pytest

from scripts.derive_romanised import wade_giles
from tests.plugins.parties import Party


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param("王小明", "Wang Xiaoming", "sound", id="pinyin"),
        pytest.param("王小明", "XIAOMING WANG", "sound", id="pinyin, given name first"),
        pytest.param("王小明", "Wang X.M.", "initials", id="initials"),
        pytest.param("王小明", "X. M. Wang", "initials", id="initials first"),
        pytest.param("王小明", "WANG XM", "initials", id="initials in one word"),
        pytest.param("王小明", "Wang X", "initials", id="one initial of two"),
        pytest.param("欧阳小明", "Ouyang X.M.", "initials", id="initials, compound family name"),
        pytest.param("王小明", "Wang D.M.", "differ", id="other initials"),
        pytest.param("王小明", "Li X.M.", "differ", id="initials under another family name"),
        pytest.param("Wang Xiaoming", "Wang X.M.", "initials", id="pinyin and initials"),
        pytest.param("王小明", "Wong Siu Ming", "sound", id="Cantonese"),
        pytest.param("王小明", "Siu-ming Wong", "sound", id="Cantonese, family name last"),
        pytest.param("张国荣", "Cheung Kwok Wing", "sound", id="Cantonese: three characters"),
        pytest.param("王小明", "Wong Siu Fong", "differ", id="Cantonese: another given name"),
        pytest.param("王小明", "Wong Sui Ming", "differ", id="a spelling that no table has"),
        pytest.param("谢小明", "HSIEH HSIAO-MING", "sound", id="Wade-Giles"),
        pytest.param("蔡英文", "Tsai Ying-wen", "sound", id="Wade-Giles and pinyin"),
        pytest.param("蔡英文", "Chen Ying-wen", "differ", id="Wade-Giles: another family"),
        pytest.param("王小明", "John Smith", "differ", id="a Western name"),
    ],
)
def test_name_level(level_of: Callable[..., str], one: str, other: str, expected: str) -> None:
    parties = [Party(f"s.o:{number}", name) for number, name in enumerate((one, other))]
    assert level_of("name", *parties) == expected
    assert level_of("name", *reversed(parties)) == expected


@pytest.mark.parametrize(
    ("pinyin", "spelled"),
    [
        ("xie", "hsieh"), ("zhang", "chang"), ("qian", "chien"), ("guo", "kuo"), ("luo", "lo"),
        ("zhong", "chung"), ("xue", "hsueh"), ("zi", "tzu"), ("ren", "jen"), ("hui", "hui"),
        ("duan", "tuan"), ("jiong", "chiung"), ("yan", "yen"), ("shuo", "shuo"), ("song", "sung"),
    ],
)  # fmt: skip
def test_wade_giles(pinyin: str, spelled: str) -> None:
    assert wade_giles(pinyin) == spelled
