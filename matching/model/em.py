"""Learning the weights by expectation and maximisation, over patterns and over all pairs.

The candidates are a small, chosen part of all pairs; the rest are taken to be strangers. So the
prior is that of any two records, u is what random pairs look like, and m is what EM finds. Matches
stand among the random pairs too: in small tables most pairs that share an e-mail are one person.
They are taken out of u by what the *other* fields say of the same pairs, so that no field can
vouch for itself. Tables that hold households or neighbours would otherwise drift to "lives in the
same place" as the meaning of a match; ``dependence`` keeps them from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.comparison import MISSING, Comparison
from matching.model.chance import Chance, Shares, pair_count
from matching.model.dependence import Edge, correction, possible_edges, tree
from matching.model.patterns import Patterns

Floats = NDArray[np.float64]

# What is believed of matches before the data speak: equal 7 in 10, different 1 in 10.
_EQUAL, _DIFFERENT = 0.7, 0.1
# That belief weighs as much as so many matches.
_BELIEF = 2.0
_RAREST = 1e-4
_ROUNDS, _STILL = 400, 5e-5
# Matches are taken out of u, and the tree is chosen anew, every so many rounds.
_CLEAN_EVERY, _CHOOSE_EVERY, _CHOOSE_UNTIL = 3, 9, 30
_FIRST_CLEANINGS = 8
# At most this share of the pairs that agree on a value may be matches, so that u stays above 0.
_MOST_MATCHES = 0.98
_PULL = 20.0
# Where all records have one value, strangers never differ; so small a share stands for never.
_LEAST_CHANCE = 1e-9
# Two records may be all there are, and one party; nothing is certain for that.
_MOST_LIKELY = 0.99


@dataclass
class Learnt:
    """What EM found. ``match`` are the m, ``chance`` the u of every comparison's levels.

    ``prior`` is the probability that two records are one party; ``corrections`` belong to
    ``edges``; ``rounds`` is how many it took.
    """

    match: list[Shares]
    chance: list[Shares]
    prior: float
    edges: list[Edge]
    corrections: list[Floats]
    matches_at_equality: list[float]
    rounds: int


def learn(
    comparisons: Sequence[Comparison], chance: Chance, patterns: Patterns, size: int
) -> Learnt:
    """Learn from candidate ``patterns`` of ``size`` records."""
    state = _State.begin(comparisons, chance, patterns, size)
    for _ in range(_FIRST_CLEANINGS):
        state.weigh()
        state.clean()
    rounds = 0
    for rounds in range(1, _ROUNDS + 1):
        if rounds % _CHOOSE_EVERY == 1 and rounds < _CHOOSE_UNTIL:
            state.choose()
        state.weigh()
        moved = state.maximise()
        if rounds % _CLEAN_EVERY == 0:
            state.clean()
        if moved < _STILL and rounds > _CHOOSE_UNTIL:
            break
    state.weigh()
    return Learnt(
        match=state.match,
        chance=state.chance,
        prior=state.prior,
        edges=state.edges,
        corrections=state.corrections,
        matches_at_equality=[float(share[-1]) for share in state.among],
        rounds=rounds,
    )


@dataclass
class _State:
    patterns: Patterns
    seen: list[Shares]
    pairs: list[float]
    all_pairs: float
    prior: float
    belief: list[Shares]
    match: list[Shares]
    chance: list[Shares]
    among: list[Shares]
    possible: list[Edge]
    edges: list[Edge] = field(default_factory=list)
    matched: dict[tuple[int, int], Shares] = field(default_factory=dict)
    parts: list[Floats] = field(default_factory=list)
    corrections: list[Floats] = field(default_factory=list)
    odds: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def begin(
        cls, comparisons: Sequence[Comparison], chance: Chance, patterns: Patterns, size: int
    ) -> _State:
        all_pairs = max(pair_count(size), 1.0)
        belief = [_belief(len(comparison.levels)) for comparison in comparisons]
        return cls(
            patterns=patterns,
            seen=chance.levels,
            pairs=[known * all_pairs for known in chance.known],
            all_pairs=all_pairs,
            prior=0.5 / size,
            belief=belief,
            match=[shares.copy() for shares in belief],
            chance=[np.maximum(shares, _LEAST_CHANCE) for shares in chance.levels],
            among=[np.full(len(shares), 0.5) for shares in belief],
            possible=possible_edges(comparisons, chance, patterns, all_pairs),
        )

    def weigh(self) -> None:
        """Work out the log odds of every pattern from the present m, u, prior and corrections."""
        levels = self.patterns.levels
        self.parts = [
            weights(match, chance)[levels[:, at]]
            for at, (match, chance) in enumerate(zip(self.match, self.chance, strict=True))
        ]
        self.corrections = [
            correction(edge, self.chance, self.matched.get((edge.first, edge.second)))
            for edge in self.edges
        ]
        self.odds = np.full(len(self.patterns), logit(self.prior))
        for part in self.parts:
            self.odds += part
        for edge, table in zip(self.edges, self.corrections, strict=True):
            self.odds += edge.along(table)

    def maximise(self) -> float:
        """Set m and the prior to what the odds expect; return the greatest change."""
        expected = sigmoid(self.odds) * self.patterns.counts
        total = max(float(expected.sum()), 1.0)
        moved = abs(np.log(total / self.all_pairs / self.prior))
        self.prior = min(total / self.all_pairs, _MOST_LIKELY)
        for at, before in enumerate(self.match):
            counts = self._by_level(at, expected) + _BELIEF * self.belief[at]
            counts[MISSING] = 0.0
            self.match[at] = np.maximum(counts / counts.sum(), _RAREST)
            moved = max(moved, float(np.abs(self.match[at] - before).max()))
        for edge in self.edges:
            self.matched[edge.first, edge.second] = self._together(edge, expected)
        return float(moved)

    def clean(self) -> None:
        """Take matches out of u, each field judged by the others."""
        base = logit(self.prior)
        for at, part in enumerate(self.parts):
            others = self.odds - base - part - self._touching(at)
            share = self.among[at]
            expected = sigmoid(others + _logits(share)[self.patterns.levels[:, at]])
            pairs = np.maximum(self.seen[at] * self.pairs[at], 1.0)
            found = self._by_level(at, expected * self.patterns.counts) / pairs
            self.among[at] = np.clip(found, 1e-6, _MOST_MATCHES)
            left = self.seen[at] * (1.0 - self.among[at])
            left[MISSING] = 0.0
            self.chance[at] = np.maximum(left / left.sum(), _LEAST_CHANCE)
        for edge in self.possible:
            others = self._of_witnesses(edge)
            expected = sigmoid(others + _logits(edge.matches).ravel()[edge.cells])
            edge.take_out(self._by_cell(edge, expected * self.patterns.counts))

    def choose(self) -> None:
        """Choose the dependences that stand."""
        self.edges = tree(self.possible, self.chance, self.patterns.levels > MISSING)

    def _touching(self, at: int) -> Floats:
        result = np.zeros(len(self.patterns))
        for edge, table in zip(self.edges, self.corrections, strict=True):
            if at in (edge.first, edge.second):
                result += edge.along(table)
        return result

    def _of_witnesses(self, judged: Edge) -> Floats:
        """Return what the witnesses of an edge say of every pattern."""
        result = np.zeros(len(self.patterns))
        for at in judged.witnesses:
            result += self.parts[at]
        for edge, table in zip(self.edges, self.corrections, strict=True):
            if edge.first in judged.witnesses and edge.second in judged.witnesses:
                result += edge.along(table)
        return result

    def _by_level(self, at: int, weight: Floats) -> Shares:
        levels = self.patterns.levels[:, at]
        counts = np.bincount(levels, weights=weight, minlength=len(self.match[at]))
        return counts.astype(np.float64)

    def _by_cell(self, edge: Edge, weight: Floats) -> Shares:
        counts = np.bincount(edge.cells, weights=weight, minlength=edge.seen.size)
        return counts.astype(np.float64).reshape(edge.seen.shape)

    def _together(self, edge: Edge, expected: Floats) -> Shares:
        """Return the joint distribution among matches, over the product of the two alone."""
        counts = self._by_cell(edge, expected)
        counts[MISSING, :] = counts[:, MISSING] = 0.0
        product = np.outer(self.match[edge.first], self.match[edge.second])
        product[MISSING, :] = product[:, MISSING] = 0.0
        product /= product.sum()
        joint = (counts + _PULL * product) / (counts.sum() + _PULL)
        ratio: Shares = np.divide(joint, product, out=np.ones_like(joint), where=product > 0)
        return ratio


def weights(match: Shares, chance: Shares) -> Floats:
    """Return the log of m over u by level; "missing" weighs nothing."""
    result = np.zeros(len(match))
    result[1:] = np.log(match[1:] / chance[1:])
    return result


def logit(share: float) -> float:
    """Return the natural log of the odds."""
    return float(np.log(share / (1.0 - share)))


def sigmoid(odds: Floats) -> Floats:
    """Return the probability that log odds stand for."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(odds, -500.0, 500.0))))


def _logits(shares: Shares) -> Floats:
    return np.asarray(np.log(shares / (1.0 - shares)))


def _belief(levels: int) -> Shares:
    shares = np.zeros(levels)
    shares[1], shares[-1] = _DIFFERENT, _EQUAL
    between = levels - 3
    if between > 0:
        shares[2:-1] = (1.0 - _EQUAL - _DIFFERENT) / between
    return np.asarray(shares / shares.sum())
