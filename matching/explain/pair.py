"""A pair's waterfall: from the odds of any two records, comparison by comparison, to its score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from matching.comparison import MISSING
from matching.explain.case import Case, Outcome, one, probability, rounded

# A part below this is not worth a line of its own where it only corrects others.
_NOTHING = 0.0005
_STRONGEST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One part of a score. ``total`` is what stands after it; all numbers are bits.

    Of a comparison, ``bits`` is ``weight`` (its level's) plus ``rarity`` (of the shared value),
    and ``en`` and ``zh`` say what was found. Of a dependence, ``name`` joins the two comparisons.
    """

    kind: Literal["prior", "comparison", "dependence"]
    name: str
    bits: float
    total: float
    weight: float
    rarity: float = 0.0
    level: str = ""
    en: str = ""
    zh: str = ""
    left: tuple[str, ...] = ()
    right: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PairExplanation:
    """Why two records have the score they have.

    ``steps`` begin at the prior and add up to ``bits``. ``strongest`` names the comparisons and
    dependences that speak most for the outcome; ``decided`` are the fewest of them without which
    the pair would fall on the other side of ``cut``, empty where even all together do not turn it.
    """

    left: str
    right: str
    bits: float
    probability: float
    cut: float
    review: float
    outcome: Outcome
    decided: tuple[str, ...]
    strongest: tuple[str, ...]
    steps: tuple[Step, ...]


def explain_pair(case: Case, left: int, right: int) -> PairExplanation:
    """Explain the score of two records; their order changes only which stands left."""
    parts = _parts(case, left, right)
    steps = (
        _prior(parts),
        *_comparisons(case, left, right, parts),
        *_dependences(case, left, right, parts),
    )
    bits = steps[-1].total
    speaking = _speaking(steps, bits >= case.cut)
    return PairExplanation(
        left=case.name(left),
        right=case.name(right),
        bits=bits,
        probability=round(probability(bits), 9),
        cut=rounded(case.cut),
        review=rounded(case.review),
        outcome=case.outcome(bits),
        decided=_decided(speaking, abs(bits - case.cut)),
        strongest=tuple(step.name for step in speaking[:_STRONGEST]),
        steps=steps,
    )


def _parts(case: Case, left: int, right: int) -> tuple[list[float], list[float]]:
    """Return each part's bits, and the running total after it; the last is the scorer's own."""
    found = case.scorer.contributions(one(left), one(right)).bits[0].tolist()
    totals = [sum(found[: at + 1]) for at in range(len(found))]
    totals[-1] = float(case.scorer.bits(one(left), one(right))[0])
    return found, totals


def _prior(parts: tuple[list[float], list[float]]) -> Step:
    bits = rounded(parts[0][0])
    return Step("prior", "prior", bits, bits, bits)


def _comparisons(
    case: Case, left: int, right: int, parts: tuple[list[float], list[float]]
) -> list[Step]:
    levels = case.scorer.levels(one(left), one(right))[0]
    steps = []
    for at, comparison in enumerate(case.scorer.comparisons):
        level = comparison.levels[levels[at]]
        bits, total = parts[0][at + 1], parts[1][at + 1]
        weight = case.scorer.model.weights[at].bits[levels[at]]
        steps.append(
            Step(
                "comparison",
                comparison.name,
                rounded(bits),
                rounded(total),
                rounded(weight),
                rounded(bits - weight),
                level.name,
                level.en,
                level.zh,
                tuple(case.shown(comparison, left)),
                tuple(case.shown(comparison, right)),
            )
        )
    return steps


def _dependences(
    case: Case, left: int, right: int, parts: tuple[list[float], list[float]]
) -> list[Step]:
    """Return a step for each correction that changes anything, and always the true total."""
    levels = case.scorer.levels(one(left), one(right))[0]
    names = [item.name for item in case.scorer.comparisons]
    first = 1 + len(names)
    steps = []
    for at, dependence in enumerate(case.scorer.model.dependences):
        ends = levels[names.index(dependence.first)], levels[names.index(dependence.second)]
        bits, total = parts[0][first + at], parts[1][first + at]
        if MISSING in ends or (abs(bits) < _NOTHING and at + 1 < len(parts[0]) - first):
            continue
        name = f"{dependence.first} + {dependence.second}"
        steps.append(Step("dependence", name, rounded(bits), rounded(total), rounded(bits)))
    return steps


def _speaking(steps: Sequence[Step], match: bool) -> list[Step]:
    """Return the parts but the prior that speak for the outcome, strongest first."""
    found = [step for step in steps if step.kind != "prior" and step.bits]
    found = [step for step in found if (step.bits > 0) == match]
    return sorted(found, key=lambda step: (-abs(step.bits), step.name))


def _decided(speaking: Sequence[Step], missing: float) -> tuple[str, ...]:
    chosen = []
    for step in speaking:
        chosen.append(step.name)
        missing -= abs(step.bits)
        if missing < 0:
            return tuple(chosen)
    return ()
