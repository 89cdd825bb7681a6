"""Clusters of the bank's records: rules, the model's bits and every prohibition taken together.

Between two clusters counts the average over all pairs. A rule's match counts far more than any
bits, so that a record that fits two parties goes where more speaks for it; what a rule sends to a
person, and what looks like two members of one family, counts against joining. Above all of it
stands what stewards decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes
from matching.comparison import Comparison
from matching.config import MatchingConfig
from matching.constraints import exclusives
from matching.evidence import Kept
from matching.flow_decisions import SPLIT, Settled
from matching.flow_weighing import Weigher
from matching.linkage import Constraints, Linked, LinkOptions, link
from matching.model.score import Bits
from matching.rules import MATCH, REVIEW, Decider, VetoTest
from matching.values import Frame

# A rule's match outweighs a pair that a rule sends to a person; the model's bits stay below both.
# What looks like two of one family speaks against joining, and so does, a little, what is unknown.
_BY_RULE, _APART, _DOUBTED, _UNKNOWN = 2000.0, -1000.0, -10.0, -1.0
_MOST_BITS = 500.0


@dataclass(frozen=True, slots=True)
class Judgement:
    """From which bits pairs are a match, and from which they are worth a person's look."""

    match: float
    review: float


@dataclass(frozen=True, slots=True)
class Linking:
    """All that clusters are made from, but the pairs."""

    frame: Frame
    asked: Sequence[Comparison]
    decider: Decider
    weigher: Weigher
    config: MatchingConfig
    judgement: Judgement
    settled: Settled
    duplicate_free: Sequence[str] = ()

    def strength(self, pattern: Codes, bits: Bits) -> NDArray[np.float64]:
        """Return what pairs count between clusters, by their patterns and bits.

        Of two rules the earlier one is the stronger.
        """
        decision, needed = self.decider.decisions[pattern], self.decider.needed[pattern]
        strength = np.nan_to_num(bits.astype(np.float64), nan=_UNKNOWN)
        np.clip(strength, -_MOST_BITS, _MOST_BITS, out=strength)
        matched, never = decision == MATCH, needed == np.inf
        suspicious = never & (strength >= self.judgement.review)
        by_rule = _BY_RULE - self.decider.places[pattern] + strength
        weak = (strength < needed) & (strength >= self.judgement.match)
        strength[weak] = self.judgement.match - 1.0
        strength[never] = np.minimum(strength[never], 0.0)
        strength[suspicious] = _DOUBTED
        strength[decision == REVIEW] = _APART
        strength[matched] = by_rule[matched]
        return strength

    def link(self, left: Codes, right: Codes, strength: NDArray[np.float64]) -> Linked:
        """Return the clusters of all records; pairs are those worth keeping, none vetoed.

        Splits hold in them; links wait for ``join_linked``.
        """
        split = self.settled.where(self.settled.verdict == SPLIT)
        constraints = Constraints(
            vetoed=VetoTest(self.config, self.asked),
            facts=exclusives(self.frame),
            sources=self._sources(),
            apart_left=split.left,
            apart_right=split.right,
        )
        size = len(self.frame)
        return link(size, left, right, strength, self._score, constraints, self._options())

    def relink(self, records: Codes, pairs: Kept) -> Codes:
        """Return the clusters of only those records (ascending), links held above all but facts.

        Each record has the smallest one of its cluster. ``pairs`` are those kept among them.
        """
        settled, veto, sources = (
            self.settled.among(records),
            VetoTest(self.config, self.asked),
            self._sources(),
        )
        split = settled.where(settled.verdict == SPLIT)
        must_left, must_right = settled.musts()
        constraints = Constraints(
            vetoed=lambda left, right: veto(records[left], records[right]),
            must_left=must_left,
            must_right=must_right,
            facts=exclusives(self.frame.only(records)),
            sources=None if sources is None else sources[records],
            together=settled.together,
            apart_left=split.left,
            apart_right=split.right,
        )
        left, right = (np.searchsorted(records, side) for side in (pairs.left, pairs.right))
        linked = link(
            len(records),
            left.astype(np.int32),
            right.astype(np.int32),
            self.strength(pairs.pattern, pairs.bits),
            lambda left, right: self._score(records[left], records[right]),
            constraints,
            self._options(),
        )
        return records[linked.labels]

    def _options(self) -> LinkOptions:
        start = min(self.judgement.match, _BY_RULE / 2)
        return LinkOptions(
            cut=self.config.model.cut_bits,
            start=start,
            review=start,
            largest=self.config.limits.cluster_records,
        )

    def _score(self, left: Codes, right: Codes) -> NDArray[np.float64]:
        """Judge pairs that blocking did not propose, or that were not worth keeping."""
        if not len(left):
            return np.zeros(0)
        pattern = self.decider.patterns(left, right)
        return self.strength(pattern, self.weigher.bits(left, right, pattern))

    def _sources(self) -> Codes | None:
        """Return each record's source where that holds everybody once, -1 elsewhere."""
        clean = [name in self.duplicate_free for name in self.frame.sources]
        if not any(clean):
            return None
        return np.where(np.array(clean)[self.frame.source], self.frame.source, -1).astype(np.int32)
