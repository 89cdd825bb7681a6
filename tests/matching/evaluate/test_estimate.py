"""The interval holds what it promises: checked against populations whose truth is known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from matching.evaluate import Estimate, estimate_precision, estimate_recall
from models.errors import ConfigError

Strata = list[tuple[str, int, float]]  # band, links, share that is wrong

RARE: Strata = [("match", 500, 0.06), ("match", 2_000, 0.01), ("match", 50_000, 0.0005)]
EVEN: Strata = [("match", 3_000, 0.05), ("match", 3_000, 0.03), ("match", 3_000, 0.02)]
POOR: Strata = [("match", 2_000, 0.9), ("match", 2_000, 0.8), ("match", 4_000, 0.6)]
MIXED: Strata = [("match", 2_000, 0.05), ("match", 8_000, 0.01), ("review", 3_000, 0.6)]


@pytest.mark.parametrize(
    ("population", "graded"),
    [(RARE, 40), (RARE, 150), (EVEN, 25), (EVEN, 100), (POOR, 25)],
    ids=["rare, 40 each", "rare, 150 each", "even, 25 each", "even, 100 each", "poor, 25 each"],
)
def test_the_interval_of_precision_covers_the_truth(population: Strata, graded: int) -> None:
    truth = 1 - sum(links * wrong for _, links, wrong in population) / sum(
        links for _, links, _ in population
    )
    estimates = [estimate_precision(table) for table in samples(population, graded)]
    covered = np.mean([each.low <= truth <= each.high for each in estimates])
    assert covered >= 0.94
    assert np.mean([each.value for each in estimates]) == pytest.approx(truth, abs=0.01)


def test_the_interval_of_recall_covers_the_truth() -> None:
    true = [links * (1 - wrong) for _, links, wrong in MIXED]
    truth = sum(true[:2]) / sum(true)
    estimates = [estimate_recall(table, "match") for table in samples(MIXED, 60)]
    assert np.mean([each.low <= truth <= each.high for each in estimates]) >= 0.94


def test_no_mistake_found_still_leaves_a_doubt() -> None:
    estimate = estimate_precision(filled([("match", 10_000, 100, 0)]))
    assert (estimate.value, estimate.high) == (1.0, 1.0)
    # Of 100 right answers: 1 - 3.69 / 100, the exact Poisson bound with 2.5 % in the tail.
    assert estimate.low == pytest.approx(1 - 0.03689, abs=1e-5)


def test_more_answers_narrow_the_interval() -> None:
    widths = [width(estimate_precision(filled([("match", 10_000, n, n // 50)]))) for n in (50, 500)]
    assert widths[1] < widths[0] / 2


def test_a_stratum_graded_completely_is_certain() -> None:
    estimate = estimate_precision(filled([("match", 40, 40, 4), ("match", 60, 60, 0)]))
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((0.96, 0.96, 0.96))


def test_a_heavy_stratum_with_few_answers_keeps_the_interval_wide() -> None:
    estimate = estimate_precision(filled([("match", 95_000, 20, 0), ("match", 5_000, 80, 8)]))
    assert estimate.low < 0.9


def test_only_the_band_asked_for_counts() -> None:
    table = filled([("match", 1000, 50, 0), ("review", 1000, 50, 40)])
    assert estimate_precision(table, "match").value == 1.0
    assert estimate_precision(table).value == pytest.approx(0.6)


def test_links_without_answer_are_told_and_left_out() -> None:
    table = filled([("match", 1000, 50, 0)])
    answers = pa.array([None, None, *table["same"].to_pylist()[2:]], pa.bool_())
    estimate = estimate_precision(table.set_column(4, "same", answers))
    assert (estimate.graded, estimate.ungraded) == (48, 2)
    assert estimate.strata[0].links == pytest.approx(1000)


def test_a_stratum_without_any_answer_is_an_error_that_names_it() -> None:
    table = filled([("match", 1000, 3, 0)])
    empty = table.set_column(4, "same", pa.nulls(3, pa.bool_()))
    with pytest.raises(ConfigError, match="no answer in s0"):
        estimate_precision(empty)


def width(estimate: Estimate) -> float:
    return estimate.high - estimate.low


def samples(population: Strata, graded: int) -> list[pa.Table]:
    """Return 300 graded samples of the population, the same ones every time."""
    random = np.random.default_rng(42)
    return [
        filled(
            [
                (
                    band,
                    links,
                    graded,
                    int(random.hypergeometric(bad := round(links * wrong), links - bad, graded)),
                )
                for band, links, wrong in population
            ]
        )
        for _ in range(300)
    ]


def filled(strata: list[tuple[str, int, int, int]]) -> pa.Table:
    """Return a graded sample from (band, links, graded, wrong) of each stratum."""
    graded = [n for _, _, n, _ in strata]
    number = np.repeat(np.arange(len(strata)), graded)
    within = np.arange(sum(graded)) - np.repeat(np.cumsum(graded) - graded, graded)
    return pa.table(
        {
            "left_key": [f"l{i}" for i in range(len(number))],
            "band": np.array([band for band, _, _, _ in strata])[number],
            "stratum": np.array([f"s{i}" for i in range(len(strata))])[number],
            "weight": np.array([links / n for _, links, n, _ in strata])[number],
            "same": within >= np.array([wrong for _, _, _, wrong in strata])[number],
        }
    )
