"""The arrays of a run → ``ReportFacts``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from matching.block import Blocks
from matching.columns import Codes, Column, Ints
from matching.explain.case import Case, probability
from matching.explain.report.facts import (
    Bin,
    ClusterFacts,
    ColumnFacts,
    ComparisonFacts,
    DependenceFacts,
    LevelFacts,
    ReportFacts,
    RuleFacts,
    Threshold,
)
from matching.explain.report.missed import estimate_missed
from matching.explain.report.nets import Floats, Likely, Table, hits
from matching.explain.report.scored import ScoredPairs
from matching.explain.report.through import through_others
from matching.linkage import Linked, Reason
from matching.model.score import Bits

# The weakest pairs that the curves begin with, and the bits beyond which all is certain.
_FROM, _TO = -10, 40
_SHOWN = 10
_SIZES = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 10), (11, 15))
_LARGER = ((16, 25), (26, 50), (51, 100), (101, 200), (201, 10**9))


class ColumnRecognised(Protocol):
    """What a column was found to be: see ``matching.table.recognise.Recognised``."""

    @property
    def column(self) -> str:
        """Its name."""

    @property
    def kind(self) -> str | None:
        """What it holds; None where it is not used."""

    @property
    def score(self) -> float:
        """How sure that is, from 0 to 1."""

    @property
    def because_en(self) -> str:
        """Why, in English, without a value."""

    @property
    def because_zh(self) -> str:
        """Why, in Chinese."""

    @property
    def about(self) -> str:
        """Whose fact it is."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run made. ``cluster_ids`` names each record's cluster; ``false_share`` of the joined
    pairs is thought wrong.
    """

    title: str
    scored: ScoredPairs
    linked: Linked
    blocks: Sequence[Blocks]
    keys: Mapping[str, Column]
    cluster_ids: Ints
    false_share: float
    sources: int = 1
    columns: Sequence[ColumnFacts] = field(default_factory=list)


def collect(case: Case, ran: Ran) -> ReportFacts:
    """Return what the page shows of a run."""
    linked, scored, model = ran.linked, ran.scored, case.scorer.model
    sizes = linked.sizes.astype(np.int64)
    inside = linked.labels[scored.left] == linked.labels[scored.right]
    likely = _likely(scored, len(linked.labels)).thinned()
    hit = hits(ran.blocks, likely)
    shown = _Shown(case, ran)
    return ReportFacts(
        title=ran.title,
        records=len(linked.labels),
        sources=ran.sources,
        candidates=scored.candidates,
        clusters=len(sizes),
        clustered=int(sizes.sum()),
        joined=int((sizes * (sizes - 1) // 2).sum()),
        joined_proposed=int(inside.sum()),
        false_share=ran.false_share,
        cut=case.cut,
        review=case.review,
        review_pairs=len(linked.refused.left),
        doubtful_count=len(linked.doubtful),
        prior=model.prior,
        rounds=model.rounds,
        believed=model.believed,
        below=scored.candidates - len(scored.bits),
        comparisons=_comparisons(case),
        dependences=[
            DependenceFacts(item.first, item.second, item.bits[-1][-1])
            for item in model.dependences
        ],
        histogram=_histogram(scored.bits),
        thresholds=_thresholds(scored.bits, case.cut),
        sizes=_sizes(len(linked.labels) - int(sizes.sum()), linked.sizes),
        rules=_rules(ran, likely, hit),
        missed=estimate_missed(ran.blocks, ran.keys, likely, hit, through_others(scored, linked)),
        columns=ran.columns,
        biggest=shown.clusters(np.lexsort((linked.firsts, linked.weakest, -sizes))),
        doubtful=shown.clusters(shown.most_doubtful()),
        refused=_refused(linked),
    )


def columns_of(recognised: Sequence[ColumnRecognised]) -> list[ColumnFacts]:
    """Return what was recognised about columns as the page shows it."""
    return [
        ColumnFacts(
            item.column, item.kind or "", item.about, item.score, item.because_en, item.because_zh
        )
        for item in recognised
    ]


def _likely(scored: ScoredPairs, size: int) -> Likely:
    """Return the candidates that are likelier matches than not."""
    at = np.flatnonzero(scored.bits > 0)
    return Likely(scored.left[at], scored.right[at], _chances(scored.bits[at]), size)


def _chances(bits: Bits) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp2(-np.clip(bits.astype(np.float64), -60.0, 60.0))))


def _comparisons(case: Case) -> list[ComparisonFacts]:
    result = []
    for item, weights in zip(case.scorer.comparisons, case.scorer.model.weights, strict=True):
        rows = zip(item.levels, weights.match, weights.chance, weights.bits, strict=True)
        levels = [LevelFacts(level.en, level.zh, *numbers) for level, *numbers in rows]
        known = item.known if item.texts is not None else None
        result.append(ComparisonFacts(item.name, item.role, known, levels[:0:-1]))
    return result


def _histogram(bits: Bits) -> list[Bin]:
    if not len(bits):
        return []
    low = int(np.clip(np.floor(bits.min()), _FROM, _TO))
    placed = np.clip(np.floor(bits), low, _TO).astype(np.int64) - low
    counts = np.bincount(placed, minlength=_TO - low + 1)
    return [Bin(low + at, int(count)) for at, count in enumerate(counts)]


def _thresholds(bits: Bits, cut: float) -> list[Threshold]:
    """Return what cuts two bits apart, and the one in use, would do."""
    ordered = np.sort(bits)[::-1]
    right = np.cumsum(_chances(ordered))
    total = max(float(right[-1]), 1e-9) if len(right) else 1.0
    cuts = sorted({float(value) for value in range(_FROM, 31, 2)} | {cut})
    weakest = float(ordered[-1]) if len(ordered) else 0.0
    result = []
    for value in cuts:
        pairs = int(np.searchsorted(-ordered, -value, side="right"))
        if pairs and value >= np.floor(weakest):
            precise, found = float(right[pairs - 1]) / pairs, float(right[pairs - 1]) / total
            result.append(Threshold(value, probability(value), pairs, precise, found))
    return result


def _sizes(alone: int, sizes: Codes) -> list[tuple[str, int]]:
    result = []
    for low, high in (*_SIZES, *_LARGER):
        count = alone if high == 1 else int(((sizes >= low) & (sizes <= high)).sum())
        label = f"{low}" if low == high else f"{low}–{high}" if high < 10**9 else f"{low}+"
        result.append((label, count))
    while len(result) > 2 and not result[-1][1]:
        result.pop()
    return result


def _rules(ran: Ran, likely: Likely, hit: Table) -> list[RuleFacts]:
    first = np.cumsum(hit, axis=1) * hit == 1
    only = hit & (hit.sum(axis=1) == 1)[:, None]
    return [
        RuleFacts(
            id=item.rule.id,
            pairs=item.pairs,
            new=int(ran.scored.new_by_rule[at]),
            matches=float(likely.weights[hit[:, at]].sum()),
            first=float(likely.weights[first[:, at]].sum()),
            only=float(likely.weights[only[:, at]].sum()),
            blocks=item.count,
            biggest=item.biggest,
            cap=item.rule.cap,
            divided=item.divided,
            set_aside=item.set_aside,
        )
        for at, item in enumerate(ran.blocks)
    ]


def _refused(linked: Linked) -> list[tuple[str, int]]:
    counts = np.bincount(linked.refused.reason, minlength=len(Reason))
    return [(reason.name.lower(), int(counts[reason])) for reason in Reason if counts[reason]]


@dataclass(frozen=True, slots=True)
class _Shown:
    """Clusters as the page shows them."""

    case: Case
    ran: Ran

    def clusters(self, order: Ints) -> list[ClusterFacts]:
        """Return the first clusters of an order, by id."""
        linked = self.ran.linked
        return [
            ClusterFacts(
                cluster=str(self.ran.cluster_ids[linked.firsts[at]]),
                record=self.case.name(int(linked.firsts[at])),
                size=int(linked.sizes[at]),
                weakest=float(linked.weakest[at]),
                density=float(linked.density[at]),
                thin=bool(linked.thin[at]),
                sparse=bool(linked.sparse[at]),
            )
            for at in order[:_SHOWN].tolist()
        ]

    def most_doubtful(self) -> Ints:
        """Return the doubtful clusters, weakest cut first."""
        linked = self.ran.linked
        at = np.flatnonzero(linked.thin | linked.sparse)
        return at[np.lexsort((linked.firsts[at], -linked.sizes[at], linked.weakest[at]))]
