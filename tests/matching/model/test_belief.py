from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching.comparison import Comparison, Level
from matching.model.belief import alone, believed
from matching.model.score import Scorer

NAMES = ("missing", "differ", "near", "exact")


def companies() -> Comparison:
    values = np.arange(100, dtype=np.int32) // 2
    texts = pa.array([str(code) for code in range(50)])
    answers = np.array([0, 1, 2, 3] * 25, dtype=np.uint8)
    return Comparison(
        "company",
        [Level(name, name, name) for name in NAMES],
        lambda a, b: answers[a],
        values,
        texts,
    )


def test_one_telling_column_has_no_witness() -> None:
    assert alone([companies()])
    assert not alone([companies(), companies()])


def test_bits_are_the_odds_that_are_believed() -> None:
    scorer = Scorer([companies()], believed([companies()], 100, 1))
    bits = scorer.bits(np.arange(1, 4, dtype=np.int32), np.arange(11, 14, dtype=np.int32))
    shares = 1 / (1 + np.exp2(-bits.astype(float)))
    assert shares[2] == pytest.approx(0.9, abs=0.01)
    assert shares[1] == pytest.approx(0.55, abs=0.01)
    assert shares[0] < 0.01
    assert scorer.model.believed
