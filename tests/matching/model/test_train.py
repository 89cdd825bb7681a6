"""Candidates of many chunks are learnt from and scored as those of one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from matching.block import Blocks, build_blocks
from matching.columns import Column
from matching.model.score import Scorer
from matching.model.train import score, train, train_and_score
from tests.matching.model.conftest import People

VALUES = {"given": 100, "family": 120, "birth": 800}


@dataclass(frozen=True)
class Rule:
    id: str
    keys: list[str]
    split: list[str] = field(default_factory=list)
    cap: int = 100


def blocks(rows: People) -> list[Blocks]:
    everyone = np.arange(len(rows), dtype=np.int32)
    keys = {name: Column.build(everyone, codes, len(rows)) for name, codes in rows.fields.items()}
    rules = [Rule("a", ["given"]), Rule("b", ["family"]), Rule("c", ["birth"])]
    return build_blocks(keys, rules, len(rows))


@pytest.fixture
def rows(people: Callable[..., People]) -> People:
    return people(entities=400, copies=2, values=VALUES, slip=0.1)


def test_two_passes_give_what_one_gives(rows: People, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, made = rows.comparisons(), blocks(rows)
    scorer, whole = train_and_score(asked, made, len(rows), floor=0.0)
    monkeypatch.setattr("matching.model.train._CHUNK", 500)
    again = score(Scorer(asked, scorer.model), made, len(rows), floor=0.0)
    assert whole.candidates == again.candidates
    assert whole.left.tolist() == again.left.tolist()
    assert whole.bits.tolist() == again.bits.tolist()
    assert whole.new_by_rule.tolist() == again.new_by_rule.tolist()
    assert (whole.bits >= 0).all()


def test_a_part_of_the_chunks_teaches_nearly_the_same(
    rows: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, made = rows.comparisons(), blocks(rows)
    whole = train(asked, made, len(rows))
    monkeypatch.setattr("matching.model.train._CHUNK", 200)
    monkeypatch.setattr("matching.model.train._AT_ONCE", sum(item.pairs for item in made) // 2)
    part = train(asked, made, len(rows))
    assert part != whole
    assert part.prior == pytest.approx(whole.prior, rel=0.25)
    for one, other in zip(whole.weights, part.weights, strict=True):
        assert one.match[-1] == pytest.approx(other.match[-1], abs=0.1)
