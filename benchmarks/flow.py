"""Time and peak memory of every step of the flow, at several sizes of the example bank.

``python -m benchmarks.flow 10000 100000`` makes each bank, pulls every source, runs every step in
a process of its own, runs the flow once more unchanged, and writes the table of
docs/reference/benchmarks.md. Start-up of Python and imports are inside the figures, as they are
inside an Airflow task.
"""

from __future__ import annotations

import pickle
import platform
import shutil
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import duckdb
import psutil

from benchmarks.measure import Cost, run
from examples.bank.score import Scores, score
from examples.bank.servers import serving
from pipeline.project import load_project
from pipeline.run import begin_run
from pipeline.steps import STEPS
from pipeline.times import new_run_id

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / "build" / "benchmarks"
TARGET = ROOT / "docs" / "reference" / "benchmarks.md"
SIZES = (10_000, 100_000, 1_000_000)


@dataclass
class Walk:
    """One bank taken through the flow."""

    people: int
    costs: dict[str, Cost] = field(default_factory=dict)
    records: int = 0
    customers: int = 0
    scores: Scores | None = None


def walk(people: int) -> Walk:
    """Make a bank of ``people`` and measure everything that happens to it."""
    folder, log = WORK / f"bank-{people}", WORK / f"bank-{people}.log"
    shutil.rmtree(folder, ignore_errors=True)
    WORK.mkdir(parents=True, exist_ok=True)
    log.write_bytes(b"")
    result = Walk(people)
    bank = ["examples.bank", "create", str(folder), "--people", str(people)]
    _measure(result, "make the bank", bank, log)
    with serving(folder) as urls:
        project = load_project(folder)
        run_id = new_run_id()
        for source in project.sources:
            pull = ["benchmarks.one", str(folder), "pull", run_id, source.name]
            _measure(result, f"pull {source.name}", pull, log, urls)
        begin_run(project, run_id)
        for step in STEPS:
            command = ["benchmarks.one", str(folder), "step", run_id, step.name]
            _measure(result, step.name, command, log)
    current = project.versions.current()
    assert current is not None
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        result.records, result.customers = connection.execute(
            "SELECT sum(record_count), count(*) FROM customer"
        ).fetchall()[0]
    result.scores = score(current.golden_file, folder / "truth")
    shutil.rmtree(folder)
    return result


def _measure(
    result: Walk, name: str, command: list[str], log: Path, urls: dict[str, str] | None = None
) -> None:
    cost = run(command, log, urls)
    result.costs[name] = cost
    print(
        f"{result.people:>9,}  {name:<18} {cost.wall:7.1f} s  {cost.peak_mb:7,.0f} MB", flush=True
    )


def document(walks: list[Walk]) -> str:
    """Return the page with one row per step and two columns per size."""
    names = list(walks[0].costs)
    head = "| step |" + "".join(f" {w.people:,} people: s | CPU s | MB |" for w in walks)
    rows = [f"| {name} |" + "".join(_cells(w.costs[name]) for w in walks) for name in names]
    flow = [name for name in names if name != "make the bank"]
    total = "| **the flow, all steps** |" + "".join(
        f" **{sum(w.costs[n].wall for n in flow):.0f}** "
        f"| {sum(w.costs[n].cpu for n in flow):.0f} "
        f"| {max(w.costs[n].peak_mb for n in flow):,.0f} |"
        for w in walks
    )
    facts = [
        f"- {w.people:,} people: {w.records:,} records became {w.customers:,} customers; "
        f"precision {w.scores.precision:.4%}, recall {w.scores.recall:.2%}, "
        f"{w.scores.veto_breaches} merges across two ids."
        for w in walks
        if w.scores
    ]
    return "\n".join(
        [
            "# Speed and memory",
            "",
            "Written by `make bench`. Each step ran in a process of its own, so the figures hold",
            "Python's start and the imports (Great Expectations alone: 3 s). MB is the greatest",
            "resident memory of the process tree.",
            "",
            _machine(),
            "",
            head,
            "|---|" + "---:|" * 3 * len(walks),
            *rows,
            total,
            "",
            *facts,
            "",
        ]
    )


def _machine() -> str:
    return (
        f"Machine: {psutil.cpu_count()} cores, {psutil.virtual_memory().total / 2**30:.0f} GB, "
        f"Python {platform.python_version()}, DuckDB {version('duckdb')}, "
        f"Great Expectations {version('great-expectations')}."
    )


def _cells(cost: Cost) -> str:
    return f" {cost.wall:.1f} | {cost.cpu:.1f} | {cost.peak_mb:,.0f} |"


def _measured() -> list[Walk]:
    """Return what was measured on this machine so far, small banks first."""
    walks = [pickle.loads(file.read_bytes()) for file in WORK.glob("walk-*.pickle")]
    return sorted(walks, key=lambda walk: walk.people)


def main() -> None:
    """Measure the sizes named on the command line, or the default ones."""
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    for size in sizes:
        (WORK / f"walk-{size}.pickle").write_bytes(pickle.dumps(walk(size)))
        TARGET.write_text(document(_measured()), encoding="utf-8")
        print(f"written: {TARGET}", flush=True)


if __name__ == "__main__":
    main()
