"""What may never share a cluster, and what must.

Every prohibition is one between two records: a veto, two values of an exclusive fact, two records
of a source that holds everybody once, what a person keeps apart. Because all pairs of a piece are
looked at, a cluster keeps a prohibition exactly when none stands between any two of its records.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Protocol

import numpy as np

from matching.columns import Codes, Column, Ints, Levels, Mask, distinct, same


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
    APART = 8  # a person said that the pair, or another one between the two clusters, is two


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
    of the duplicate-free source a record comes from, -1 for any other. Records with one code of
    ``together`` (-1: none) are one party by a person's word: no veto and no source stands between
    them. ``apart_left[i]`` and ``apart_right[i]`` never share a cluster, by the same word.
    """

    vetoed: Callable[[Codes, Codes], Mask] | None = None
    must_left: Codes = field(default_factory=_nobody)
    must_right: Codes = field(default_factory=_nobody)
    facts: Sequence[Fact] = ()
    sources: Codes | None = None
    together: Codes | None = None
    apart_left: Codes = field(default_factory=_nobody)
    apart_right: Codes = field(default_factory=_nobody)


_TORN = -2


class Prohibitions:
    """Tells of any pairs whether, and why, they may never share a cluster."""

    def __init__(self, constraints: Constraints) -> None:
        self._vetoed = constraints.vetoed
        self._facts = [_single_codes(fact.values) for fact in constraints.facts]
        self._sources = constraints.sources
        self._together = constraints.together
        self._apart = distinct(_couples(constraints.apart_left, constraints.apart_right))

    def between(self, left: Codes, right: Codes) -> Levels:
        """Return the ``Reason`` of each pair as a code, 0 where nothing forbids it."""
        reasons = np.zeros(len(left), dtype=np.uint8)
        if self._sources is not None:
            reasons[same(self._sources, left, right)] = Reason.SOURCE
        for codes in self._facts:
            reasons[_unlike(codes, left, right)] = Reason.FACT
        if self._vetoed is not None and len(left):
            reasons[self._vetoed(left, right)] = Reason.VETO
        if self._together is not None:
            at = np.flatnonzero(same(self._together, left, right))
            reasons[at] = 0
            for codes in self._facts:
                reasons[at[_unlike(codes, left[at], right[at])]] = Reason.FACT
        if len(self._apart):
            reasons[_among(self._apart, _couples(left, right))] = Reason.APART
        return reasons


def _unlike(codes: Codes, left: Codes, right: Codes) -> Mask:
    """Tell which pairs have two values of a fact, or a record that has two itself."""
    a, b = codes[left], codes[right]
    unlike: Mask = ((a != b) & (a != -1) & (b != -1)) | (a == _TORN) | (b == _TORN)
    return unlike


def _couples(left: Codes, right: Codes) -> Ints:
    """Return one integer per pair, the same for both orders of its records."""
    couples: Ints = (np.minimum(left, right).astype(np.int64) << 32) | np.maximum(left, right)
    return couples


def _among(ordered: Ints, wanted: Ints) -> Mask:
    at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    found: Mask = ordered[at] == wanted
    return found


def _single_codes(values: Column) -> Codes:
    """Return the one code of each record: -1 where it has none, ``_TORN`` where it has several."""
    codes = values.first()
    owners = values.records
    codes[owners[values.codes != codes[owners]]] = _TORN
    return codes
