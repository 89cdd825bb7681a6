"""``python -m benchmarks.matching [set…] [--system NAME]`` and ``… bank --records N``."""

from __future__ import annotations

import argparse

from benchmarks.matching.page import write_page
from benchmarks.matching.results import Result
from benchmarks.matching.sets import SETS, DataSet, prepare
from benchmarks.matching.systems import SYSTEMS


def main() -> None:
    """Run what the command line asks for, then write the page from everything kept."""
    given = _arguments()
    for data in SETS:
        if data.name in given.sets or not given.sets:
            _walk(data, given.system)
    if "bank" in given.sets:
        from benchmarks.matching.bank import measure_bank

        for result in measure_bank(given.records, given.system):
            print(line(result), flush=True)
    print(f"written: {write_page()}", flush=True)


def line(result: Result) -> str:
    """Return one result for people to read while the others run."""
    start = f"{result.data:<19} {result.system:<27}"
    if result.cost is None or result.scores is None:
        return f"{start} did not run: {result.failed}"
    scores = result.scores
    return (
        f"{start} P {scores.precision:.4f}  R {scores.recall:.4f}  F1 {scores.f1:.4f}  "
        f"B3 {scores.b3_f1:.4f}  {result.cost.wall:7.1f} s  {result.cost.peak_mb:7,.0f} MB"
    )


def _walk(data: DataSet, only: str | None) -> None:
    if not data.origin.exists():
        print(f"{data.name:<19} skipped: {data.origin} is missing", flush=True)
        return
    prepare(data)
    for system in SYSTEMS:
        if system.applies(data) and (only is None or only in system.name):
            print(line(system.run(data)), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks.matching", description=__doc__)
    names = [data.name for data in SETS]
    parser.add_argument(
        "sets", nargs="*", choices=[*names, "bank", []], help="all labelled sets by default"
    )
    parser.add_argument("--system", help="only systems whose name has this in it")
    parser.add_argument("--records", type=int, default=1_000_000, help="size of the bank")
    return parser.parse_args()


if __name__ == "__main__":
    main()
