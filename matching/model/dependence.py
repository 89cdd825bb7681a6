"""Dependence: fields that say the same thing twice.

A postcode fixes the suburb, a street goes with a family name (a household). Taken as independent,
two strangers of one street would look like one person. So pairs of comparisons whose plain
equality comes together far more often than chance are joined in a tree (after Chow and Liu, "On
approximating discrete probability distributions with dependence trees", IEEE IT 14, 1968), and
each edge corrects the weights by what the two say together, among matches and among strangers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Ints
from matching.comparison import MISSING, Comparison, Role
from matching.model.chance import Chance, Shares, both_equal
from matching.model.patterns import Patterns

# Equality on both must be this many times (in bits) likelier than independence says.
_LEAST_LIFT = 1.0
# So many pairs of strangers must agree on both for it to be more than an accident.
_LEAST_PAIRS = 20.0
# Where most pairs that agree on both are one party, their agreement is no sign of dependence …
_MOSTLY_STRANGERS = 0.5
# … unless the two are what families and households share, or lend each other.
_SHARED_BY_FAMILIES = 0.98
# Values must be alike this many times more often within a category than independence says.
_ALIKE_LIFT = 4.0
# How far a correction may go (natural log). Coming together more often than chance among strangers
# takes away without limit; the other direction rests on cells that are nearly empty.
_OF_STRANGERS, _OF_MATCHES = (-0.7, 14.0), (-3.0, 2.5)
_HOUSEHOLDS: frozenset[Role] = frozenset({"family", "household", "place"})
_LENT: frozenset[Role] = frozenset({"lent", "household"})


@dataclass(slots=True)
class Edge:
    """Two comparisons that may depend on each other, and what is known of them together.

    ``seen`` are the joint shares of their levels among all pairs, ``matches`` the share of each
    cell that are matches, ``strangers`` the joint shares without them. ``pairs`` is how many of
    all pairs know both. ``households`` tells that both are what a household shares or lends,
    ``lent`` that one of them is lent; ``witnesses`` are the comparisons that may say which of the
    pairs are matches. Where all comparisons of one of ``unless`` are known too, edges between them
    tell it already; ``counts`` marks the patterns where the edge counts. ``category``: end 1 or 2
    is a category and the other end has likenesses, 0: neither.
    """

    first: int
    second: int
    seen: Shares
    pairs: float
    households: bool
    lent: bool
    witnesses: Sequence[int]
    category: int
    cells: Ints
    matches: Shares
    strangers: Shares
    counts: NDArray[np.bool_]
    unless: Sequence[tuple[int, ...]] = ()

    def along(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what a table of corrections adds to every pattern."""
        return np.asarray(np.where(self.counts, table.ravel()[self.cells], 0.0))

    def lift(self, alone: Sequence[Shares]) -> float:
        """Return how many bits likelier equality on both is than independence says."""
        together = self.strangers[-1, -1]
        return float(np.log2(together / (alone[self.first][-1] * alone[self.second][-1])))

    def strength(self, alone: Sequence[Shares]) -> float:
        """Return the bits that equality on both tells of each other, over all pairs."""
        return float(self.strangers[-1, -1]) * self.lift(alone) * self.pairs

    def may_stand(self, alone: Sequence[Shares]) -> bool:
        """Tell whether strangers agree on both too often for it to be chance."""
        if self.category and self._alike(alone):
            return True
        share = self.matches[-1, -1]
        strangers = (1.0 - share) * self.seen[-1, -1] * self.pairs
        limit = _SHARED_BY_FAMILIES if self.households else _MOSTLY_STRANGERS
        return bool(strangers > _LEAST_PAIRS and share < limit and self.lift(alone) >= _LEAST_LIFT)

    def _alike(self, alone: Sequence[Shares]) -> bool:
        """Tell whether values are alike far more often where the category is the same.

        Names of one nationality are; their likeness and the nationality are one piece of evidence.
        """
        matches, pairs = (self.seen * self.matches)[2:, -1], self.seen[2:, -1]
        apart = float(alone[self.first][2:].sum() * alone[self.second][-1])
        if self.category == 1:
            matches, pairs = (self.seen * self.matches)[-1, 2:], self.seen[-1, 2:]
            apart = float(alone[self.first][-1] * alone[self.second][2:].sum())
        strangers = float(pairs.sum() - matches.sum())
        mostly = matches.sum() < _MOSTLY_STRANGERS * pairs.sum()
        return bool(
            mostly and strangers * self.pairs > _LEAST_PAIRS and strangers > _ALIKE_LIFT * apart
        )

    def take_out(self, match_pairs: Shares) -> None:
        """Take matches out of what is seen: ``match_pairs`` are their number by cell."""
        cell_pairs = np.maximum(self.seen * self.pairs, 1.0)
        self.matches = np.clip(match_pairs / cell_pairs, 1e-6, 1 - 1e-6)
        left = self.seen * (1.0 - self.matches)
        left[0, :] = left[:, 0] = 0.0
        self.strangers = np.maximum(left / left.sum(), 1e-13)


def possible_edges(
    comparisons: Sequence[Comparison], chance: Chance, patterns: Patterns, all_pairs: float
) -> list[Edge]:
    """Return every couple of comparisons that agree together more than chance would have it."""
    edges = []
    for first in range(len(comparisons)):
        for second in range(first + 1, len(comparisons)):
            both = both_equal(comparisons[first].values, comparisons[second].values)
            alone = chance.levels[first][-1] * chance.levels[second][-1]
            if both is not None and np.log2(both / alone) >= _LEAST_LIFT:
                edges.append(_edge(comparisons, chance, patterns, all_pairs, (first, second)))
    return edges


def tree(edges: Sequence[Edge], alone: Sequence[Shares], known: NDArray[np.bool_]) -> list[Edge]:
    """Choose the edges that stand: the strongest first, none that would close a circle.

    ``known`` tells which comparisons are known in each pattern. Where a street is missing the
    family name and the suburb depend on each other directly: an edge that would close a circle
    counts in those patterns in which the circle is open.

    Strength is what two fields tell of each other over all pairs, as Chow and Liu have it. Of the
    three edges between street, suburb and postcode all have the same lift, and many times more
    strangers share a suburb and its postcode than a street. What is lent in a household comes
    after what makes the household.
    """
    standing = [edge for edge in edges if edge.may_stand(alone)]
    standing.sort(key=lambda edge: (edge.lent, -edge.strength(alone), edge.first, edge.second))
    links: dict[int, set[int]] = {}
    chosen = []
    for edge in standing:
        edge.unless = _between(links, edge.first, edge.second)
        edge.counts = np.ones(len(known), dtype=np.bool_)
        for others in edge.unless:
            edge.counts &= ~known[:, list(others)].all(axis=1)
        if edge.counts.any():
            chosen.append(edge)
            links.setdefault(edge.first, set()).add(edge.second)
            links.setdefault(edge.second, set()).add(edge.first)
    return chosen


def _between(links: Mapping[int, set[int]], start: int, end: int) -> list[tuple[int, ...]]:
    """Return the smallest sets of comparisons by way of which ``start`` reaches ``end``."""
    found: list[frozenset[int]] = []
    paths = [(start, frozenset[int]())]
    while paths:
        longer = []
        for place, passed in paths:
            for step in sorted(links.get(place, ())):
                if step == end and place != start:
                    found.append(passed)
                elif step not in passed and step not in (start, end):
                    longer.append((step, passed | {step}))
        fresh = [path for path in longer if not any(path[1] >= known for known in found)]
        paths = list(dict.fromkeys(fresh))
    return sorted({tuple(sorted(way)) for way in found})


def correction(edge: Edge, alone: Sequence[Shares], matched: Shares | None) -> NDArray[np.float64]:
    """Return what an edge adds to the weights (natural log), by the levels of its two ends.

    ``matched`` is the joint distribution among matches over their independent product, or None
    while nothing is known of it.
    """
    result = np.zeros(edge.seen.shape)
    product = np.outer(alone[edge.first][1:], alone[edge.second][1:])
    strangers = np.log(np.maximum(edge.strangers[1:, 1:], 1e-15) / product)
    result[1:, 1:] = -np.clip(strangers, *_OF_STRANGERS)
    if matched is not None:
        result[1:, 1:] += np.clip(np.log(matched[1:, 1:]), *_OF_MATCHES)
    return result


def _edge(
    comparisons: Sequence[Comparison],
    chance: Chance,
    patterns: Patterns,
    all_pairs: float,
    ends: tuple[int, int],
) -> Edge:
    first, second = ends
    roles = {comparisons[first].role, comparisons[second].role}
    households = roles <= _HOUSEHOLDS or roles == _LENT
    seen, known = chance.joint(first, second)
    width = len(comparisons[second].levels)
    cells = patterns.levels[:, first].astype(np.int64) * width + patterns.levels[:, second]
    seen = _at_least(seen, cells, patterns, known * all_pairs)
    return Edge(
        first=first,
        second=second,
        seen=seen,
        pairs=known * all_pairs,
        households=households,
        lent=roles == _LENT,
        witnesses=_witnesses(comparisons, ends, shared=households),
        category=_category(comparisons, ends),
        cells=cells,
        matches=np.full(seen.shape, 0.5),
        strangers=seen.copy(),
        counts=np.ones(len(patterns), dtype=np.bool_),
    )


def _at_least(seen: Shares, cells: Ints, patterns: Patterns, pairs: float) -> Shares:
    """Return the joint shares, none smaller than the candidates prove.

    A sample of random pairs hardly meets a household whose street is misspelt; blocking brings
    nearly all of them together.
    """
    counts = np.bincount(cells, weights=patterns.counts, minlength=seen.size).reshape(seen.shape)
    counts[MISSING, :] = counts[:, MISSING] = 0.0
    raised = np.maximum(seen, counts / max(pairs, 1.0))
    return np.asarray(raised / raised.sum())


def _category(comparisons: Sequence[Comparison], ends: tuple[int, int]) -> int:
    """Return which end, 1 or 2, is a category that many share while the other has likenesses."""
    for place, at in enumerate(ends):
        one, other = comparisons[at], comparisons[ends[1 - place]]
        if one.role == "other" and other.role == "own" and other.fuzzy:
            return place + 1
    return 0


def _witnesses(
    comparisons: Sequence[Comparison], ends: tuple[int, int], *, shared: bool
) -> list[int]:
    """Return which comparisons may tell matches among pairs that agree on both ``ends``.

    All others; but of what a household shares only a person's own facts. Street, suburb, family
    name and phone agree in every household and would vouch for each other.
    """
    others = [at for at in range(len(comparisons)) if at not in ends]
    own = [at for at in others if comparisons[at].role not in _HOUSEHOLDS | _LENT]
    return own if shared and own else others
