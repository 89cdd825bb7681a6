"""How good are these clusters? With labels exactly, without them from a sample a person grades.

- ``truth`` and ``scores``: clusters against the truth: pairs, B³, and whole clusters.
- ``sample``: links drawn for grading, by band and score, more where mistakes are likelier;
  ``grading``: the sheet that a person fills in.
- ``estimate``: precision, and recall among what was proposed, from the graded sample, each with
  an interval that holds for small counts and for no mistake at all.

Pure: arrays and tables in, numbers out.
"""

from matching.evaluate.estimate import (
    Estimate,
    StratumCount,
    estimate_precision,
    estimate_recall,
)
from matching.evaluate.sample import draw_sample
from matching.evaluate.scores import ClusterScores, score_clusters

__all__ = [
    "ClusterScores",
    "Estimate",
    "StratumCount",
    "draw_sample",
    "estimate_precision",
    "estimate_recall",
    "score_clusters",
]
