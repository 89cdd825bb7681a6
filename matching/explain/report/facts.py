"""Everything the page shows. No personal value: counts, ids, names of columns, levels and rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matching.explain.report.missed import Missed


@dataclass(frozen=True, slots=True)
class LevelFacts:
    """One answer of a comparison: how often matches and strangers give it, and its bits."""

    en: str
    zh: str
    match: float
    chance: float
    bits: float


@dataclass(frozen=True, slots=True)
class ComparisonFacts:
    """A comparison: the share of records that know its value, and its levels, equality first."""

    name: str
    role: str
    known: float | None
    levels: Sequence[LevelFacts]


@dataclass(frozen=True, slots=True)
class DependenceFacts:
    """Two comparisons that say the same thing twice: the bits taken away where both agree."""

    first: str
    second: str
    bits: float


@dataclass(frozen=True, slots=True)
class Bin:
    """Candidate pairs from ``low`` bits on, one bit wide; the last bin holds all above too."""

    low: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """What a cut would do, as the model estimates it, before clusters are made.

    ``pairs`` reach ``bits``; ``precision`` of them are thought right, and ``found`` is the share
    of all matches among the candidates.
    """

    bits: float
    probability: float
    pairs: int
    precision: float
    found: float


@dataclass(frozen=True, slots=True)
class RuleFacts:
    """A blocking rule: its pairs, those it was first to propose, and what became of big blocks.

    ``matches`` are likely matches among its pairs; ``first`` of them no earlier rule proposed,
    ``only`` no other rule at all.
    """

    id: str
    pairs: int
    new: int
    matches: float
    first: float
    only: float
    blocks: int
    biggest: int
    cap: int
    divided: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """What was recognised about a column; ``kind`` is empty where it is not used."""

    column: str
    kind: str
    about: str
    score: float
    because_en: str
    because_zh: str


@dataclass(frozen=True, slots=True)
class ClusterFacts:
    """A cluster by its id and the id of its first record."""

    cluster: str
    record: str
    size: int
    weakest: float
    density: float
    thin: bool
    sparse: bool


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """One run. ``believed`` tells that the data were too few to learn weights from."""

    title: str
    records: int
    sources: int
    candidates: int
    clusters: int
    clustered: int
    joined: int
    joined_proposed: int
    false_share: float
    cut: float
    review: float
    review_pairs: int
    doubtful_count: int
    prior: float
    rounds: int
    believed: bool
    below: int
    comparisons: Sequence[ComparisonFacts]
    dependences: Sequence[DependenceFacts]
    histogram: Sequence[Bin]
    thresholds: Sequence[Threshold]
    sizes: Sequence[tuple[str, int]]
    rules: Sequence[RuleFacts]
    missed: Missed
    columns: Sequence[ColumnFacts]
    biggest: Sequence[ClusterFacts]
    doubtful: Sequence[ClusterFacts]
    refused: Sequence[tuple[str, int]]
