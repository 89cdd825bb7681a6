"""Weights put right by pairs that a person has graded.

What EM learns is the starting point. Every weight may move, by a normal belief that it is nearly
right already, as far as the answers ask for it: the mode of a logistic regression whose offset is
the score. That pairs are drawn by their score does not matter to a regression on it; but pairs
below the review band were only seen because other records held them together, so they are left
out. Levels that no graded pair shows stay what they were, and one answer in fifty may be a slip.

Measured with 200 pairs of ``golden evaluate sample`` answered by the truth, the mean of three
draws. Pairwise F1 of historical_50k 0.937 → 0.952; of febrl 3 by given name, street and state
alone 0.941 → 0.958; of fake_1000 0.976 → 0.988, without e-mail and city 0.844 → 0.867; of
rldata10000 0.970 → 0.974; of company aliases, whose weights are beliefs, 0.345 → 0.315, with
precision 0.63 → 0.69.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Mask
from matching.comparison import MISSING
from matching.model.parameters import Model, Weights
from matching.model.score import Scorer

# How far from the truth a learnt weight is believed to be (natural log), and how often a slip is.
_SPREAD, _SLIP = 1.0, 0.02
_ROUNDS, _LARGEST_STEP, _STILL = 200, 1.0, 1e-7
_DIGITS = 3


@dataclass(frozen=True, slots=True)
class Grades:
    """Pairs of records and whether a person called them one party."""

    left: Codes
    right: Codes
    same: Mask


def graded(scorer: Scorer, grades: Grades, least: float) -> Model:
    """Return the scorer's model with the bits that ``grades`` add to each level.

    Pairs below ``least`` bits are left out.
    """
    bits = scorer.bits(grades.left, grades.right)
    used = bits >= least
    levels = scorer.levels(grades.left[used], grades.right[used])
    shown = [
        levels[:, [at]] == np.arange(len(item.levels)) for at, item in enumerate(scorer.comparisons)
    ]
    for columns in shown:
        columns[:, MISSING] = False
    moved = _fitted(np.hstack(shown), bits[used] * np.log(2.0), grades.same[used]) / np.log(2.0)
    ends = np.cumsum([columns.shape[1] for columns in shown])[:-1]
    weights = [
        item.model_copy(update={"graded": _added(item, part)})
        for item, part in zip(scorer.model.weights, np.split(moved, ends), strict=True)
    ]
    return scorer.model.model_copy(update={"weights": weights})


def _added(weights: Weights, moved: NDArray[np.float64]) -> list[float]:
    """Return the bits by level, on top of those of pairs that were graded before."""
    before = weights.graded or [0.0] * len(moved)
    return [round(old + float(new), _DIGITS) + 0.0 for old, new in zip(before, moved, strict=True)]


def _fitted(shown: Mask, odds: NDArray[np.float64], same: Mask) -> NDArray[np.float64]:
    """Return what to add to the log odds of each column of ``shown``, by Fisher scoring."""
    columns = shown.astype(np.float64)
    moved = np.zeros(columns.shape[1])
    belief = np.eye(len(moved)) / _SPREAD**2
    for _ in range(_ROUNDS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(odds + columns @ moved, -500.0, 500.0)))
        said = _SLIP + (1.0 - 2.0 * _SLIP) * chance
        slope = (1.0 - 2.0 * _SLIP) * chance * (1.0 - chance)
        pull = slope * np.where(same, 1.0 / said, -1.0 / (1.0 - said))
        sure = slope**2 / (said * (1.0 - said))
        step = np.linalg.solve(
            (columns * sure[:, None]).T @ columns + belief, columns.T @ pull - belief @ moved
        )
        moved += np.clip(step, -_LARGEST_STEP, _LARGEST_STEP)
        if np.abs(step).max(initial=0.0) < _STILL:
            break
    return moved
