"""Scored pairs as the report reads them."""

from __future__ import annotations

from typing import Protocol

from matching.columns import Codes, Ints
from matching.model.score import Bits


class ScoredPairs(Protocol):
    """Candidate pairs worth keeping: see ``matching.model.train.Scored``."""

    @property
    def left(self) -> Codes:
        """The smaller record."""

    @property
    def right(self) -> Codes:
        """The larger record."""

    @property
    def bits(self) -> Bits:
        """The bits of each pair."""

    @property
    def candidates(self) -> int:
        """How many pairs were compared in all."""

    @property
    def new_by_rule(self) -> Ints:
        """How many each rule was the first to propose."""
