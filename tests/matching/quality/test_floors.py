"""How well the stand-alone matcher does on made-up records, with floors a little below.

The truth is read after matching, for scoring only. Without a configuration it must do nine tenths
of what a careful one reaches.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from matching.table.run import match_table
from matching.table.spec import MatchSpec
from tests.matching.quality.sets import SETS

# Pairwise F1 and precision; in the comment what is measured.
FLOORS = {
    "western, few copies": (0.93, 0.89),  # 0.950, 0.910
    "western, many copies": (0.95, 0.91),  # 0.965, 0.932
    "western, two files": (0.83, 0.74),  # 0.859, 0.773
    "voters": (0.98, 0.99),  # 0.993, 0.998
    "foreigners": (0.90, 0.96),  # 0.924, 0.983
    "companies": (0.90, 0.84),  # 0.920, 0.859
    "company names alone": (0.85, 0.81),  # 0.872, 0.832
    "Chinese bank": (0.98, 0.985),  # 0.990, 0.994
    "Chinese bank, initials": (0.98, 0.985),
    "Chinese bank, no headers": (0.98, 0.985),
}


def test_every_set_has_a_floor() -> None:
    assert set(FLOORS) == set(SETS)


@pytest.mark.parametrize("name", FLOORS)
def test_f1_and_precision_hold_their_floors(name: str, tmp_path: Path) -> None:
    made = SETS[name]()
    table = made.read(tmp_path)
    alone = made.score(match_table(table))
    configured = MatchSpec.model_validate(yaml.safe_load(made.configuration))
    careful = made.score(match_table(table, configured))
    f1, precision = FLOORS[name]
    assert alone.f1 >= f1
    assert alone.precision >= precision
    assert alone.f1 >= 0.9 * careful.f1
