"""How far the company levels part aliases from other firms' names, on names a rival can see too."""

from __future__ import annotations

import csv
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from matching.columns import Codes, Column, Levels, Values
from matching.compare.companies import judge_companies, prepare_companies
from matching.compare.levels import LEVELS, level
from models.fields.names import normalise_names

NAMES = (
    Path(__file__).parents[4] / "shared" / "data" / "wikidata_companies_aliases" / "companies.csv"
)
Couples = tuple[Codes, Codes]
pytestmark = pytest.mark.labelled


@pytest.fixture(scope="module")
def judged() -> tuple[Levels, Levels]:
    """Return the levels of all aliases' couples and of all others that share an uncommon word."""
    if not NAMES.exists():
        pytest.skip(f"the labelled company names are not at {NAMES.parent.name}/{NAMES.name}")
    with NAMES.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = normalise_names(pa.array([row["name"] for row in rows]), "organisation")
    codes = np.arange(len(rows), dtype=np.int32)
    names = prepare_companies(Values(Column.build(codes, codes, len(rows)), table))
    true, false = _couples([row["entity_id"] for row in rows], table["fold_key"].to_pylist())
    return judge_companies(names, *true), judge_companies(names, *false)


def _couples(entities: list[str], keys: list[str | None]) -> tuple[Couples, Couples]:
    of_entity, of_word = defaultdict(list), defaultdict(list)
    for row, (entity, key) in enumerate(zip(entities, keys, strict=True)):
        of_entity[entity].append(row)
        for word in set((key or "").split()):
            of_word[word].append(row)
    true = [pair for rows in of_entity.values() for pair in combinations(rows, 2)]
    near = {p for rows in of_word.values() if len(rows) <= 60 for p in combinations(rows, 2)}
    false = sorted(pair for pair in near if entities[pair[0]] != entities[pair[1]])
    return _columns(true), _columns(false)


def _columns(pairs: list[tuple[int, int]]) -> Couples:
    both = np.array(pairs, dtype=np.int32)
    return both[:, 0].copy(), both[:, 1].copy()


@pytest.mark.parametrize(
    ("name", "precision"),
    [("core", 0.8), ("form", 0.85), ("acronym", 0.9), ("near", 0.5), ("words", 0.25)],
)
def test_a_level_is_right_this_often_against_names_that_share_a_word(
    judged: tuple[Levels, Levels], name: str, precision: float
) -> None:
    true, false = (int(np.sum(levels == level("company", name))) for levels in judged)
    assert true / (true + false) >= precision


def test_what_may_match_is_found_and_what_may_not_is_kept_apart(
    judged: tuple[Levels, Levels],
) -> None:
    apart = [level("company", name) for name in ("differ", "serial", "branch", "region")]
    found, mistaken = (float(np.mean(~np.isin(levels, apart))) for levels in judged)
    assert found >= 0.44  # half of the aliases share no word: GDF and Engie
    assert mistaken <= 0.10
    assert LEVELS["company"].index("words") > max(apart)
