"""What a graded sample says about all links: a value, and the interval it can be trusted within."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

from models.errors import ConfigError

# Arrow's type hints do not know all of its functions.
pc: Any = pyarrow.compute
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StratumCount:
    """One stratum: ``links`` it stands for, ``graded`` of them, ``wrong`` among the graded."""

    name: str
    links: float
    graded: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share between 0 and 1: it lies in ``low`` to ``high`` with the given ``confidence``.

    ``graded`` links have an answer, ``ungraded`` ones of the sample have none.
    """

    value: float
    low: float
    high: float
    confidence: float
    graded: int
    ungraded: int
    strata: tuple[StratumCount, ...]


def estimate_precision(
    graded: pa.Table, band: str | None = None, confidence: float = 0.95
) -> Estimate:
    """Return the share of true links among all links (of one ``band``) that were drawn from.

    ``graded`` is a sample of ``draw_sample`` with ``same`` filled in; NULL is no answer and counts
    as missing at random inside its stratum. This is the precision of links, not of the pairs that
    clusters imply.

    The value is the stratified estimator. The interval is the gamma interval for weighted sums of
    Fay and Feuer (Statistics in Medicine 16, 1997, 791–801) on the rarer answer; it holds for few
    and for no mistakes because the heaviest weight is added before its upper end is taken, and is
    wide rather than short where answers are evenly mixed. A stratum that was graded completely
    adds no doubt. Raises ConfigError where a stratum has no answer at all.
    """
    rows = graded if band is None else graded.filter(pc.equal(graded["band"], band))
    strata = _strata(rows)
    low, value, high = _wrong_links(strata, confidence)
    total = math.fsum(stratum.links for stratum in strata)
    answers = sum(stratum.graded for stratum in strata)
    return Estimate(
        value=1 - value / total,
        low=max(0.0, 1 - high / total),
        high=min(1.0, 1 - low / total),
        confidence=confidence,
        graded=answers,
        ungraded=rows.num_rows - answers,
        strata=strata,
    )


def estimate_recall(graded: pa.Table, band: str, confidence: float = 0.95) -> Estimate:
    """Return what share of the true links among all proposed ones stand in ``band``.

    This is as much of recall as a sample of links can show: true pairs that no band proposed are
    not in it, so the true recall is at most this. The interval puts together the two ends of both
    sides, each held with half the doubt (Bonferroni), and so errs on the wide side.
    """
    inside = pc.equal(graded["band"], band)
    each = 1 - (1 - confidence) / 2
    taken, left = (_true_links(graded.filter(side), each) for side in (inside, pc.invert(inside)))
    strata = _strata(graded)
    answers = sum(stratum.graded for stratum in strata)
    return Estimate(
        value=_part(taken[1], left[1]),
        low=_part(taken[0], left[2]),
        high=_part(taken[2], left[0]),
        confidence=confidence,
        graded=answers,
        ungraded=graded.num_rows - answers,
        strata=strata,
    )


def _part(one: float, other: float) -> float:
    return one / (one + other) if one + other else 1.0


def _true_links(graded: pa.Table, confidence: float) -> tuple[float, float, float]:
    """Return low end, value and high end of the number of true links; zeros without strata."""
    if graded.num_rows == 0:
        return 0.0, 0.0, 0.0
    strata = _strata(graded)
    total = math.fsum(stratum.links for stratum in strata)
    low, value, high = _wrong_links(strata, confidence)
    return max(0.0, total - high), max(0.0, total - value), total - low


def _strata(graded: pa.Table) -> tuple[StratumCount, ...]:
    counts = (
        pa.table(
            {
                "stratum": graded["stratum"],
                "weight": graded["weight"].cast(pa.float64()),
                "answered": graded["same"].is_valid().cast(pa.int64()),
                "wrong": pc.fill_null(pc.invert(graded["same"]), False).cast(pa.int64()),
            }
        )
        .group_by("stratum")
        .aggregate([("weight", "sum"), ("answered", "sum"), ("wrong", "sum")])
        .sort_by("stratum")
    )
    strata = tuple(
        StratumCount(row["stratum"], row["weight_sum"], row["answered_sum"], row["wrong_sum"])
        for row in counts.to_pylist()
    )
    silent = [stratum.name for stratum in strata if stratum.graded == 0]
    if silent or not strata:
        raise ConfigError(
            f"The graded sample has no answer in {', '.join(silent) or 'any stratum'}.",
            hint="Fill the column same with true or false for at least one link of every stratum.",
        )
    return strata


def _wrong_links(strata: tuple[StratumCount, ...], confidence: float) -> tuple[float, float, float]:
    """Return low end, value and high end of the number of wrong links."""
    links = np.array([stratum.links for stratum in strata])
    graded = np.array([stratum.graded for stratum in strata], dtype=np.float64)
    wrong = np.array([stratum.wrong for stratum in strata], dtype=np.float64)
    weights = links / graded
    value, total = math.fsum(weights * wrong), math.fsum(links)
    certain = graded >= links - 0.5
    known, open_links = math.fsum((weights * wrong)[certain]), math.fsum(links[~certain])
    if 2 * value > total:
        right_low, right_high = _gamma(weights[~certain], (graded - wrong)[~certain], confidence)
        low, high = open_links - right_high, open_links - right_low
    else:
        low, high = _gamma(weights[~certain], wrong[~certain], confidence)
    return known + max(0.0, low), value, known + min(open_links, high)


def _gamma(weights: Floats, counts: Floats, confidence: float) -> tuple[float, float]:
    """Fay and Feuer's ends for the sum of weighted Poisson counts."""
    from scipy.special import gammaincinv

    if len(weights) == 0:
        return 0.0, 0.0
    tail = (1 - confidence) / 2
    total, variance = math.fsum(weights * counts), math.fsum(weights**2 * counts)
    heaviest = float(weights.max())
    low = variance / total * gammaincinv(total**2 / variance, tail) if total else 0.0
    more, wider = total + heaviest, variance + heaviest**2
    return float(low), float(wider / more * gammaincinv(more**2 / wider, 1 - tail))
