"""Squares of bits, and linking them: what the tests of linkage begin with."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Column
from matching.linkage import Constraints, Linked, LinkOptions, link

BitsOf = NDArray[np.float64]  # a square, symmetric


@dataclass(frozen=True)
class Kind:
    kind: str
    values: Column


def facts(*values: int | None) -> Kind:
    """One fact, of which each record has one value or none."""
    known = [at for at, value in enumerate(values) if value is not None]
    codes = np.array([value for value in values if value is not None], np.int32)
    return Kind("number", Column.build(np.array(known, np.int32), codes, len(values)))


def run(
    bits: BitsOf,
    pairs: list[tuple[int, int]] | None = None,
    constraints: Constraints | None = None,
    options: LinkOptions | None = None,
) -> Linked:
    """Link the records of a square of bits; ``pairs`` are the candidates, all unless said."""
    chosen = list(combinations(range(len(bits)), 2)) if pairs is None else pairs
    left, right = (np.array([pair[side] for pair in chosen], np.int32) for side in (0, 1))

    def score(one: Codes, other: Codes) -> BitsOf:
        assert (one < other).all()
        return np.asarray(bits[one, other])

    return link(len(bits), left, right, bits[left, right], score, constraints, options)


def groups(labels: Codes) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in labels}


def blocks(*sizes: int, inside: float = 5.0, outside: float = -5.0) -> BitsOf:
    party = np.repeat(np.arange(len(sizes)), sizes)
    return np.where(party[:, None] == party, inside, outside)
