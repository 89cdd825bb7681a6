from __future__ import annotations

import re
from importlib.resources import files

import pytest

from matching.explain.words import listed, number, percent, signed

ROWS = [
    line.split("\t")
    for line in (files("matching.explain") / "words.tsv").read_text("utf-8").splitlines()[1:]
]


@pytest.mark.parametrize(("phrase", "en", "zh"), ROWS, ids=[row[0] for row in ROWS])
def test_both_languages_tell_the_same_facts(phrase: str, en: str, zh: str) -> None:
    assert sorted(re.findall(r"\{\w+\}", en)) == sorted(re.findall(r"\{\w+\}", zh))


def test_no_phrase_stands_twice() -> None:
    names = [row[0] for row in ROWS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        pytest.param(signed(-3.04), "−3.0", id="a real minus"),
        pytest.param(signed(-0.04), "+0.0", id="no minus nothing"),
        pytest.param(number(12.345), "12.3", id="a tenth of a bit"),
        pytest.param(percent(0.999999), "> 99.99 %", id="never certain"),
        pytest.param(percent(0.000001), "< 0.01 %", id="never impossible"),
        pytest.param(percent(0.5), "50.00 %", id="a share"),
        pytest.param(listed("en", ["a", "b", "c"], 2), "a, b … 1 more", id="the rest is counted"),
        pytest.param(listed("zh", []), "无", id="nothing"),
    ],
)
def test_numbers_and_lists_read_well(shown: str, expected: str) -> None:
    assert shown == expected
