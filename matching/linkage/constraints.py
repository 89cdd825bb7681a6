"""What may never share a cluster, and what must.

Every prohibition is one between two records: a veto, two values of an exclusive fact, two records
of a source that holds everybody once. Because all pairs of a piece are looked at, a cluster keeps
a prohibition exactly when none stands between any two of its records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np

from matching.columns import Codes, Column, Levels, Mask


class Reason(IntEnum):
    """Why two records that look alike stand in different clusters."""

    NONE = 0
    VETO = 1  # the pair is vetoed, or another pair between the two clusters is
    FACT = 2  # two values of an exclusive fact
    SOURCE = 3  # two records of one duplicate-free source
    SIZE = 4  # together they would be more records than a cluster may have
    AVERAGE = 5  # the average bits between the two clusters are below the cut
    PIECE = 6  # their component was divided for its size, and they were not compared as a whole
    WEAK = 7  # the pair is below the start threshold


class Fact(Protocol):
    """One kind of fact: a cluster holds one value of it at most."""

    @property
    def kind(self) -> str:
        """The name of the fact."""

    @property
    def values(self) -> Column:
        """The values of each record; one with two different ones joins nobody."""


def _nobody() -> Codes:
    return np.empty(0, dtype=np.int32)


@dataclass(frozen=True, slots=True)
class Constraints:
    """The conditions every cluster keeps.

    ``vetoed(left, right)`` tells which pairs may never meet. ``must_left[i]`` and
    ``must_right[i]`` are one party, unless a prohibition says no. ``sources[record]`` is the code
    of the duplicate-free source a record comes from, -1 for any other.
    """

    vetoed: Callable[[Codes, Codes], Mask] | None = None
    must_left: Codes = field(default_factory=_nobody)
    must_right: Codes = field(default_factory=_nobody)
    facts: Sequence[Fact] = ()
    sources: Codes | None = None


_TORN = -2


class Prohibitions:
    """Tells of any pairs whether, and why, they may never share a cluster."""

    def __init__(self, constraints: Constraints) -> None:
        self._vetoed = constraints.vetoed
        self._facts = [_single_codes(fact.values) for fact in constraints.facts]
        self._sources = constraints.sources

    def between(self, left: Codes, right: Codes) -> Levels:
        """Return the ``Reason`` of each pair as a code, 0 where nothing forbids it."""
        reasons = np.zeros(len(left), dtype=np.uint8)
        if self._sources is not None:
            a, b = self._sources[left], self._sources[right]
            reasons[(a == b) & (a >= 0)] = Reason.SOURCE
        for codes in self._facts:
            a, b = codes[left], codes[right]
            unlike = (a != b) & (a != -1) & (b != -1)
            reasons[unlike | (a == _TORN) | (b == _TORN)] = Reason.FACT
        if self._vetoed is not None and len(left):
            reasons[self._vetoed(left, right)] = Reason.VETO
        return reasons


def _single_codes(values: Column) -> Codes:
    """Return the one code of each record: -1 where it has none, ``_TORN`` where it has several."""
    codes = values.first()
    owners = values.records
    codes[owners[values.codes != codes[owners]]] = _TORN
    return codes
