"""docs/reference/matching-benchmarks.md and its picture, from every result kept."""

from __future__ import annotations

import platform
from importlib.metadata import version
from pathlib import Path

import psutil

from benchmarks.matching.goals import GOALS, Goal, Results
from benchmarks.matching.picture import picture
from benchmarks.matching.results import Result, kept, place
from benchmarks.matching.sets import ROOT
from benchmarks.rivals.install import rival_versions

PAGE = ROOT / "docs" / "reference" / "matching-benchmarks.md"
PICTURE = PAGE.with_suffix(".svg")

_INTRODUCTION = """\
# Matching beside Splink and goldenmatch

Written by `python -m benchmarks.matching`. Every system ran on the same input, as a process of its
own, one at a time; seconds and MB are those of the whole job with its start, measured from outside.
The input has no truth and no column that embeds it; its rows are shuffled and numbered anew. The
labelled data are no part of this project; `benchmarks/matching/sets.py` says what is taken of them.

**What favours the rivals.** Splink's threshold is picked with the truth, from cuts half a bit
apart; where it can keep one record a source, the better way of clustering is picked too. "Splink,
demo" has the settings its own documentation gives for these data; "Splink, tuned" has the best of
several written by hand while looking at the scores (`benchmarks/rivals`). Finding the threshold and
the settings is not in its seconds. goldenmatch configures itself, in both of its ways; "chosen
columns" are those it does best with. Ours never sees a label: "zero-config" gets the file, and the
names of the id column and of the source column where there is one.
"""

_METRICS = """\
P, R and F1 are over pairs of records, B³ F1 over records (Bagga and Baldwin 1998). A threshold
that is "its own" was chosen by the system without labels.
"""


def write_page() -> Path:
    """Write the page and the picture, and return the page's path."""
    results = {(result.data, result.system): result for result in kept()}
    PICTURE.write_text(picture(results), encoding="utf-8")
    PAGE.write_text(page(results), encoding="utf-8")
    return PAGE


def page(results: Results) -> str:
    """Return the page for people to read."""
    return "\n".join(
        [
            _INTRODUCTION,
            _machine(),
            "",
            f"![pairwise F1 and seconds for each data set]({PICTURE.name})",
            "",
            "Each system's bars are its settings with the best F1.",
            "",
            "## Goals",
            "",
            "| data | wanted | measured | |",
            "|---|---|---|---|",
            *(_goal_row(goal, results) for goal in GOALS),
            "",
            "## All runs",
            "",
            _METRICS,
            "| data | system | settings | threshold | P | R | F1 | B³ F1 | s | MB |",
            "|---|---|---|---|---:|---:|---:|---:|---:|---:|",
            *(_row(results[key]) for key in sorted(results, key=place)),
            "",
        ]
    )


def _goal_row(goal: Goal, results: Results) -> str:
    verdict = goal.judge(results)
    said = {True: "met", False: "**missed**", None: "–"}[verdict.met]
    return f"| {goal.data} | {goal.wanted} | {verdict.measured} | {said} |"


def _row(result: Result) -> str:
    start = f"| {result.data} | {result.system} | {result.settings} |"
    scores, cost = result.scores, result.cost
    if scores is None or cost is None:
        return f"{start} did not run | | | | | | |"
    return (
        f"{start} {result.rule} | {scores.precision:.4f} | {scores.recall:.4f} | "
        f"**{scores.f1:.4f}** | {scores.b3_f1:.4f} | {cost.wall:,.1f} | {cost.peak_mb:,.0f} |"
    )


def _machine() -> str:
    rivals = rival_versions()
    return (
        f"Machine: {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB. "
        f"Ours: Python {platform.python_version()}, DuckDB {version('duckdb')}. "
        f"Rivals: Splink {rivals['splink']} on DuckDB {rivals['duckdb']}, "
        f"goldenmatch {rivals['goldenmatch']} with its native part "
        f"{rivals['goldenmatch-native']}. Other work ran on the machine at times: single runs, "
        "seconds are upper bounds."
    )
