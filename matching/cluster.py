"""Clusters of the bank's records: match pairs joined, with every constraint kept by whole clusters.

A rule that fires is decisive: two clusters with a match between them become one unless something
forbids it, and where two matches contradict each other, the clusters with the stronger average
evidence meet first. ``linkage`` does the work.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Ints, Mask
from matching.constraints import exclusives
from matching.linkage import Constraints, LinkOptions, link
from matching.values import Frame

# Pairs in (two arrays of records), a mask of those that are vetoed out.
VetoTest = Callable[[Codes, Codes], Mask]

# A match is a match, however little its levels weigh; on average over the pairs of two clusters,
# most of which are no matches themselves, it is still more than nothing.
_LEAST_BITS = 2.0**-10
_ANY = 1e-12


@dataclass(frozen=True, slots=True)
class Links:
    """Match pairs, the smaller record on the left, and the strength of each, in bits."""

    left: Codes
    right: Codes
    bits: NDArray[np.float64]


def cluster(frame: Frame, links: Links, vetoed: VetoTest, largest: int) -> Codes:
    """Return for each record the smallest record of its cluster.

    No cluster has two values of an exclusive fact, a pair for which ``vetoed`` says so, or more
    than ``largest`` records.
    """
    evidence = _Evidence(links, vetoed)
    constraints = Constraints(facts=exclusives(frame))
    options = LinkOptions(cut=_ANY, start=_ANY, review=np.inf, largest=largest)
    return link(
        len(frame), links.left, links.right, evidence.bits, evidence.score, constraints, options
    ).labels


class _Evidence:
    """Bits of any pair: those of its match, minus infinity under a veto, and otherwise none."""

    def __init__(self, links: Links, vetoed: VetoTest) -> None:
        self.bits = np.maximum(links.bits, _LEAST_BITS)
        self._vetoed = vetoed
        keys = _keys(links.left, links.right)
        order = np.argsort(keys, kind="stable")
        self._keys, self._known = keys[order], self.bits[order]

    def score(self, left: Codes, right: Codes) -> NDArray[np.float64]:
        bits = np.where(self._vetoed(left, right), -np.inf, 0.0)
        keys = _keys(left, right)
        at = np.searchsorted(self._keys, keys)
        found = np.flatnonzero(at < len(self._keys))
        found = found[self._keys[at[found]] == keys[found]]
        bits[found] = self._known[at[found]]
        return bits


def _keys(left: Codes, right: Codes) -> Ints:
    keys: Ints = (left.astype(np.int64) << 32) | right
    return keys
