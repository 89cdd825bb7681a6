"""What issue 3 asks for, and whether it is so: each goal judged on the results kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from benchmarks.matching.bank import STEP
from benchmarks.matching.results import Result
from benchmarks.matching.systems import CONFIGURED, ZERO_CONFIG

Results = Mapping[tuple[str, str], Result]
BANK, BIG_BANK = "bank_1000000", "bank_10000000"
SPLINK = ("Splink, demo", "Splink, tuned")
RIVALS = (
    *SPLINK,
    "goldenmatch, zero-config",
    "goldenmatch, probabilistic",
    "goldenmatch, chosen columns",
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was measured, in words, and whether the goal is met; None where it is unknown."""

    measured: str
    met: bool | None


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the issue's table: what is wanted on which data, and how it is judged."""

    data: str
    wanted: str
    judge: Callable[[Results], Verdict]


def figure(result: Result | None, name: str) -> float | None:
    """Return one figure of a result by name, None where it was not measured."""
    if result is None or result.scores is None or result.cost is None:
        return None
    source = result.cost if name in ("wall", "peak_mb") else result.scores
    return float(getattr(source, name))


def best(results: Results, data: str, systems: tuple[str, ...]) -> Result | None:
    """Return the result with the best pairwise F1 among ``systems``, the quickest of equals."""
    found = [results[data, name] for name in systems if (data, name) in results]
    ranked = [
        (result.scores.f1, -result.cost.wall, -at)
        for at, result in enumerate(found)
        if result.scores is not None and result.cost is not None
    ]
    return found[-max(ranked)[2]] if ranked else None


def _at_least(
    data: str, name: str, floor: float, system: str = ZERO_CONFIG
) -> Callable[[Results], Verdict]:
    def judge(results: Results) -> Verdict:
        value = figure(results.get((data, system)), name)
        if value is None:
            return Verdict("not measured", None)
        return Verdict(f"{value:.5f}", value >= floor)

    return judge


def _better_than(data: str, rivals: tuple[str, ...]) -> Callable[[Results], Verdict]:
    def judge(results: Results) -> Verdict:
        ours = figure(results.get((data, ZERO_CONFIG)), "f1")
        rival = best(results, data, rivals)
        theirs = figure(rival, "f1")
        if ours is None or theirs is None or rival is None:
            return Verdict("not measured", None)
        return Verdict(f"{ours:.4f}; {rival.system} {theirs:.4f}", ours > theirs)

    return judge


def _within(
    data: str, name: str, share: float, system: str = ZERO_CONFIG
) -> Callable[[Results], Verdict]:
    """Judge a cost against Splink's: all its settings are shown, the cheapest counts."""
    unit = "s" if name == "wall" else "MB"

    def judge(results: Results) -> Verdict:
        ours = figure(results.get((data, system)), name)
        costs = {rival: figure(results.get((data, rival)), name) for rival in SPLINK}
        known = {rival: cost for rival, cost in costs.items() if cost is not None}
        if ours is None or not known:
            return Verdict("not measured", None)
        shares = [f"{ours / cost:.2f} × {rival}" for rival, cost in known.items()]
        said = f"{ours:,.1f} {unit}: {', '.join(shares)}"
        return Verdict(said, ours <= share * min(known.values()))

    return judge


def _no_breach(results: Results) -> Verdict:
    result = results.get((BANK, STEP))
    if result is None or result.breaches is None:
        return Verdict("not measured", None)
    return Verdict(f"{result.breaches} clusters", result.breaches == 0)


def _growth(results: Results) -> Verdict:
    small, big = (figure(results.get((data, STEP)), "wall") for data in (BANK, BIG_BANK))
    peak = figure(results.get((BIG_BANK, STEP)), "peak_mb")
    if small is None or big is None or peak is None:
        return Verdict("not measured", None)
    said = f"{big:,.0f} s, {big / small:.1f} ×, {peak / 1024:.1f} GB"
    return Verdict(said, big <= 12 * small and peak <= 16 * 1024)


def _holds_unconfigured(results: Results) -> Verdict:
    pairs = [
        (data, figure(results.get((data, ZERO_CONFIG)), "f1"), figure(result, "f1"))
        for (data, system), result in sorted(results.items())
        if system == CONFIGURED
    ]
    shares = [(zero / told, data) for data, zero, told in pairs if zero is not None and told]
    if not shares:
        return Verdict("no configured run", None)
    worst, data = min(shares)
    return Verdict(f"worst {worst:.3f} ({data})", worst >= 0.9)


GOALS: tuple[Goal, ...] = (
    Goal("historical_50k", "pairwise F1 ≥ 0.92", _at_least("historical_50k", "f1", 0.92)),
    Goal("historical_50k", "B³ F1 ≥ 0.92", _at_least("historical_50k", "b3_f1", 0.92)),
    Goal("historical_50k", "wall ≤ 0.2 × Splink", _within("historical_50k", "wall", 0.2)),
    Goal("ncvr", "pairwise F1 ≥ 0.95, zero-config", _at_least("ncvr", "f1", 0.95)),
    Goal("pseudopeople_w2", "pairwise F1 ≥ 0.985", _at_least("pseudopeople_w2", "f1", 0.985)),
    *(
        Goal(name, "pairwise F1 ≥ 0.999", _at_least(name, "f1", 0.999))
        for name in ("febrl1", "febrl2", "febrl3")
    ),
    Goal("fake_1000", "better than Splink", _better_than("fake_1000", SPLINK)),
    *(
        Goal(name, "pairwise F1 ≥ 0.97", _at_least(name, "f1", 0.97))
        for name in ("rldata500", "rldata10000")
    ),
    Goal("wikidata_companies", "best of the three", _better_than("wikidata_companies", RIVALS)),
    Goal(BANK, "precision ≥ 0.9995", _at_least(BANK, "precision", 0.9995, STEP)),
    Goal(BANK, "recall ≥ 0.97", _at_least(BANK, "recall", 0.97, STEP)),
    Goal(BANK, "no cluster across the id veto", _no_breach),
    Goal(BANK, "wall ≤ 0.5 × Splink", _within(BANK, "wall", 0.5, STEP)),
    Goal(BANK, "peak memory ≤ 0.5 × Splink", _within(BANK, "peak_mb", 0.5, STEP)),
    Goal(BIG_BANK, "wall ≤ 12 × that of 1 M, within 16 GB", _growth),
    Goal("all sets", "zero-config ≥ 0.9 × configured", _holds_unconfigured),
)
