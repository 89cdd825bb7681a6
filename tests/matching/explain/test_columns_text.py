from __future__ import annotations

import pytest

from matching.explain.columns_text import aligned, clipped, width


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        pytest.param("abc", 3, id="latin"),
        pytest.param("王伟", 4, id="han"),
        pytest.param("é", 1, id="a letter and its accent"),
        pytest.param("", 0, id="nothing"),
    ],
)
def test_width_counts_cells(text: str, cells: int) -> None:
    assert width(text) == cells


@pytest.mark.parametrize(
    "text", ["short", "a rather long text that does not fit", "很长的一段中文文字内容"]
)
def test_clipped_text_fits_and_says_so(text: str) -> None:
    shown = clipped(text, 10)
    assert width(shown) <= 10
    assert shown == text or shown.endswith("…")


def test_control_characters_never_reach_the_terminal() -> None:
    assert clipped("a\x1b[31mb\n", 20) == "a [31mb "


def test_columns_stand_below_each_other_whatever_the_script() -> None:
    lines = aligned([["name", "王伟", "1"], ["x", "Wang", "+12"]], (2,))
    assert [width(line) for line in lines] == [15, 15] or width(lines[0]) == width(lines[1])
    assert lines[0].endswith("  1")
