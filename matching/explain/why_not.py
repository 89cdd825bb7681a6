"""Why two records are not one party: never compared, too little evidence, or held apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from matching.block import Blocks
from matching.columns import Codes, Column
from matching.explain.blocked import RuleNear, near_rules
from matching.explain.case import Case, rounded
from matching.explain.cluster import between, couples_of
from matching.explain.counterfactual import Agreement, agreements
from matching.explain.pair import PairExplanation, explain_pair
from matching.explain.splits import together
from matching.linkage.constraints import Constraints, Prohibitions, Reason

# What kept two records apart, first that holds:
# barred (veto, exclusive fact or source between the two), cluster_barred (between others of their
# clusters), weak (their own bits are below the cut), average (the clusters' bits are), size (they
# would be too many), unseen (never compared), divided (their component was too big to be looked
# at as a whole).
Verdict = Literal["barred", "cluster_barred", "weak", "average", "size", "unseen", "divided"]
_NEAREST = 5
_BARRIERS = {Reason.VETO: "veto", Reason.FACT: "fact", Reason.SOURCE: "source"}


@dataclass(frozen=True, slots=True)
class Clustering:
    """What the answer is drawn from beside the scores.

    ``labels[record]`` is the smallest record of its cluster; ``largest`` the most records a
    cluster may have.
    """

    labels: Codes
    blocks: Sequence[Blocks]
    keys: Mapping[str, Column]
    constraints: Constraints
    largest: int | None = None


@dataclass(frozen=True, slots=True)
class Barrier:
    """Two records that may never share a cluster: by veto, by ``facts``, or by their source."""

    reason: str
    facts: tuple[str, ...]
    left: str
    right: str


@dataclass(frozen=True, slots=True)
class Clusters:
    """Between the clusters of two records: the average bits, and how many pairs agree.

    ``together`` is what that average over so many pairs is worth, to be held against the cut;
    ``weakest`` is the pair of one record each with the fewest bits.
    """

    left_size: int
    right_size: int
    average: float
    together: float
    positive: int
    pairs: int
    weakest: tuple[str, str, float]


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why two records stand in different clusters.

    ``missing``: bits to the cut, 0 where the pair itself reaches it. ``compared``: whether a
    blocking rule proposed the pair; ``rules`` are those, or else the ones that came nearest.
    ``if_agreed``: what single fields would change if they agreed between the two clusters.
    """

    verdict: Verdict
    pair: PairExplanation
    missing: float
    compared: bool
    rules: tuple[RuleNear, ...]
    if_agreed: tuple[Agreement, ...]
    barriers: tuple[Barrier, ...]
    clusters: Clusters


def why_not(case: Case, clustering: Clustering, left: int, right: int) -> WhyNot:
    """Explain why two records of different clusters are not one party.

    Raises ValueError where they are in one cluster.
    """
    labels = clustering.labels
    if labels[left] == labels[right]:
        raise ValueError("the two records stand in one cluster; explain_pair tells why.")
    pair = explain_pair(case, left, right)
    rules = near_rules(clustering.blocks, clustering.keys, left, right)
    here, there = (
        np.flatnonzero(labels == labels[side]).astype(np.int32) for side in (left, right)
    )
    barriers = _barriers(case, clustering.constraints, here, there)
    clusters = _clusters(case, here, there)
    own = any({item.left, item.right} == {pair.left, pair.right} for item in barriers)
    compared = any(item.state == "proposed" for item in rules)
    return WhyNot(
        verdict=_verdict(pair, clusters, clustering.largest, (own, bool(barriers), compared)),
        pair=pair,
        missing=rounded(max(case.cut - pair.bits, 0.0)),
        compared=compared,
        rules=tuple(item for item in rules if item.state == "proposed") or tuple(rules[:_NEAREST]),
        if_agreed=tuple(agreements(case, *couples_of(here, there))),
        barriers=tuple(barriers),
        clusters=clusters,
    )


def _verdict(
    pair: PairExplanation, clusters: Clusters, largest: int | None, seen: tuple[bool, bool, bool]
) -> Verdict:
    own_barrier, any_barrier, compared = seen
    if own_barrier:
        return "barred"
    if clusters.together < pair.cut:
        return "weak" if pair.bits < pair.cut else "cluster_barred" if any_barrier else "average"
    if any_barrier:
        return "cluster_barred"
    if largest is not None and clusters.left_size + clusters.right_size > largest:
        return "size"
    return "divided" if compared else "unseen"


def _barriers(case: Case, constraints: Constraints, here: Codes, there: Codes) -> list[Barrier]:
    """Return every prohibition between two clusters, by record."""
    left, right = couples_of(here, there)
    reasons = Prohibitions(constraints).between(left, right)
    found = []
    for at in np.flatnonzero(reasons):
        one, other = left[at : at + 1], right[at : at + 1]
        found.append(
            Barrier(
                _BARRIERS[Reason(int(reasons[at]))],
                tuple(_facts(constraints, one, other)),
                case.name(int(one[0])),
                case.name(int(other[0])),
            )
        )
    return found


def _facts(constraints: Constraints, one: Codes, other: Codes) -> list[str]:
    """Return the kinds of exclusive facts of which two records have two values."""
    kinds = []
    for fact in constraints.facts:
        if Prohibitions(Constraints(facts=[fact])).between(one, other)[0]:
            kinds.append(fact.kind)
    return kinds


def _clusters(case: Case, here: Codes, there: Codes) -> Clusters:
    bits = between(case, here, there)
    at = int(bits.argmin())
    one, other = here[at // len(there)], there[at % len(there)]
    return Clusters(
        left_size=len(here),
        right_size=len(there),
        average=rounded(bits.mean()),
        together=rounded(together(case.rule, float(bits.mean()), bits.size)),
        positive=int((bits > 0).sum()),
        pairs=bits.size,
        weakest=(case.name(int(one)), case.name(int(other)), rounded(bits.flat[at])),
    )
