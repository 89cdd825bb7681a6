"""What explanations read: a scorer, how records are called, and where the thresholds stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from matching.columns import Codes, Column, Texts, pc
from matching.comparison import Comparison
from matching.linkage.average import Rule
from matching.model.score import Scorer

Language = Literal["en", "zh"]
# Bits are shown to a thousandth; what is smaller is noise of the estimates.
DIGITS = 3


@dataclass(frozen=True, slots=True)
class Case:
    """Everything explanations are drawn from.

    ``ids`` (any Arrow type) and ``sources`` name record ``i``. Two records are one party from
    ``cut`` bits on, and worth a look from ``review`` bits on; ``pooling`` says how much more many
    pairs between two clusters tell than one (``matching.linkage.average.Rule``). ``values`` gives
    all values of a comparison's records where there may be several: a column of codes, and texts
    by code; other comparisons show their first value.
    """

    scorer: Scorer
    ids: Texts
    sources: Texts | None = None
    cut: float = 0.0
    review: float = -2.0
    pooling: float = 0.0
    values: Mapping[str, tuple[Column, Texts]] = field(default_factory=dict)

    @property
    def rule(self) -> Rule:
        """When two clusters become one."""
        return Rule(self.cut, None, float(np.log2(self.scorer.model.prior)), self.pooling)

    def name(self, record: int) -> str:
        """Return how a record is called: its id, after its source where there are several."""
        own = str(self.ids[record].as_py())
        if self.sources is None or pc.count_distinct(self.sources).as_py() < 2:
            return own
        return f"{self.sources[record].as_py()}:{own}"

    def names(self, records: Sequence[int]) -> list[str]:
        """Return how several records are called."""
        return [self.name(record) for record in records]

    def shown(self, comparison: Comparison, record: int) -> list[str]:
        """Return a record's values as a person reads them; empty where nothing is known."""
        if comparison.name in self.values:
            column, texts = self.values[comparison.name]
            codes = column.codes[column.starts[record] : column.starts[record + 1]]
            return [str(texts[int(code)].as_py()) for code in codes]
        code = int(comparison.values[record])
        return [] if code < 0 else [str(comparison.texts[code].as_py())]

    def outcome(self, bits: float) -> Outcome:
        """Return what a pair of so many bits is by itself."""
        return "match" if bits >= self.cut else "review" if bits >= self.review else "apart"


Outcome = Literal["match", "review", "apart"]


def probability(bits: float) -> float:
    """Return the probability that odds of 2 to the power of ``bits`` stand for."""
    return float(1.0 / (1.0 + np.exp2(-np.clip(bits, -500.0, 500.0))))


def one(record: int) -> Codes:
    """Return a record as an array of one."""
    return np.array([record], dtype=np.int32)


def rounded(bits: float) -> float:
    """Return bits as they are shown."""
    return round(float(bits), DIGITS) + 0.0
