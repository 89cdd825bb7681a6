"""What a decision is worth, by which the queue is ordered."""

from __future__ import annotations

from math import log2

import pytest

from pipeline.deciding_queue import worth


@pytest.mark.parametrize(
    ("less", "more"),
    [
        pytest.param((0.5, 10), (0.6, 10), id="likelier"),
        pytest.param((0.9, 10), (0.6, 10), id="less certain"),
        pytest.param((0.6, 10), (0.6, 11), id="concerns more"),
        pytest.param((0.05, 10), (0.9, 10), id="almost surely strangers come last"),
    ],
)
def test_what_a_decision_is_worth(less: tuple[float, int], more: tuple[float, int]) -> None:
    assert worth(*less) < worth(*more)


def test_the_formula_is_the_documented_one() -> None:
    assert worth(0.5, 6) == 3.0
    assert worth(0.8, 10) == pytest.approx(8 * -(0.8 * log2(0.8) + 0.2 * log2(0.2)), abs=1e-6)
    assert worth(1.0, 10) == worth(0.95, 10) > 0
    assert worth(0.0, 10) == worth(0.05, 10) > 0
