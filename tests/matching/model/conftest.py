"""Made-up people whose truth is known: entities, copies, and slips at known rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pytest

from matching.columns import Codes, Ints, Levels
from matching.comparison import Comparison, Level, Role
from matching.model.patterns import Patterns, judged

LEVELS = (
    Level("missing", "not known", "未知"),
    Level("differ", "different", "不同"),
    Level("equal", "the same", "相同"),
)


@dataclass(frozen=True)
class People:
    """Records of ``entity`` with one code per field, -1 unknown."""

    entity: Ints
    fields: dict[str, Codes]

    def __len__(self) -> int:
        return len(self.entity)

    def comparisons(self, roles: dict[str, Role] | None = None) -> list[Comparison]:
        return [
            equality(name, codes, (roles or {}).get(name)) for name, codes in self.fields.items()
        ]

    def candidates(self, *keys: Sequence[str]) -> tuple[Codes, Codes]:
        """All pairs that agree on every field of one of ``keys``."""
        left, right = np.triu_indices(len(self), 1)
        found = np.zeros(len(left), dtype=bool)
        for names in keys:
            agree = np.ones(len(left), dtype=bool)
            for name in names:
                codes = self.fields[name]
                agree &= (codes[left] == codes[right]) & (codes[left] >= 0)
            found |= agree
        return left[found].astype(np.int32), right[found].astype(np.int32)

    def patterns(self, comparisons: Sequence[Comparison], left: Codes, right: Codes) -> Patterns:
        return Patterns.of(judged(comparisons, left, right))


def equality(name: str, codes: Codes, role: Role | None = None) -> Comparison:
    def judge(left: Codes, right: Codes) -> Levels:
        result = np.where(codes[left] == codes[right], 2, 1)
        result[(codes[left] < 0) | (codes[right] < 0)] = 0
        return result.astype(np.uint8)

    texts = pa.array([f"{name} {code}" for code in range(int(codes.max(initial=0)) + 1)])
    return Comparison(name, LEVELS, judge, codes, texts, role or "own")


@pytest.fixture
def people() -> Callable[..., People]:
    """Return a maker: entities × copies, fields with so many values, slips at the given rate."""

    def make(entities: int, copies: int, values: dict[str, int], slip: float) -> People:
        random = np.random.default_rng(11)
        truth = {name: random.integers(0, number, entities) for name, number in values.items()}
        return noisy(random, np.repeat(np.arange(entities), copies), truth, values, slip)

    return make


@pytest.fixture
def neighbours() -> Callable[..., People]:
    """Return a maker of people whose street fixes the town, as postcodes fix suburbs."""

    def make(entities: int, copies: int, slip: float) -> People:
        random = np.random.default_rng(5)
        values = {"given": 60, "family": 80, "street": 40, "town": 20}
        truth = {name: random.integers(0, number, entities) for name, number in values.items()}
        truth["town"] = truth["street"] // 2
        return noisy(random, np.repeat(np.arange(entities), copies), truth, values, slip)

    return make


def noisy(
    random: np.random.Generator,
    entity: Ints,
    truth: dict[str, Ints],
    values: dict[str, int],
    slip: float,
) -> People:
    fields = {}
    for name, number in values.items():
        codes = truth[name][entity]
        wrong = random.random(len(entity)) < slip
        codes = np.where(wrong, random.integers(0, number, len(entity)), codes)
        fields[name] = codes.astype(np.int32)
    return People(entity, fields)
