"""A comparison: one question asked of two records, answered by a level.

This is the contract between what makes comparisons (the bank's frame, or a table of any shape) and
what uses them (the model, the clusters, the explanations). All of them see records as numbers and
answers as small integers, so the model never knows what a name is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.columns import Codes, Judge, Texts

# To whom a fact belongs. Facts of one household agree between people who are not one: a family name
# with a street is dependent evidence, and the model is told so. What is "lent" is one person's
# own, but others of the household give it as theirs: a number, a phone, an e-mail.
Role = Literal["own", "lent", "family", "household", "place", "employer", "other"]
MISSING = 0


@dataclass(frozen=True, slots=True)
class Level:
    """One possible answer; the two texts say in words what was found."""

    name: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question asked of two records.

    ``levels[0]`` is "missing" (a side is not known: no evidence), ``levels[1]`` the strongest
    disagreement, and evidence for one party grows from there to the last level, plain equality.
    ``judge(left, right)`` takes arrays of record numbers and returns one level code per pair; it
    is symmetric. ``values[record]`` is the code of the record's (first) value, -1 where unknown,
    and ``texts[code]`` that value as a person reads it: equal codes are exactly the last level.
    ``fuzzy`` names how many levels below the last are still likenesses of the value itself (one
    letter off), on which the rarity of the value counts too.
    """

    name: str
    levels: Sequence[Level]
    judge: Judge
    values: Codes
    texts: Texts
    role: Role = "other"
    fuzzy: int = 0

    @property
    def top(self) -> int:
        """The code of the last level: plain equality."""
        return len(self.levels) - 1

    @property
    def known(self) -> float:
        """The share of records whose value is known."""
        return float(np.mean(self.values >= 0)) if len(self.values) else 0.0
