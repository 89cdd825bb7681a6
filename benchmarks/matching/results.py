"""What was measured, one JSON file for each set and system, so that one can be run alone."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.matching.sets import SETS, WORK
from benchmarks.measure import Cost
from matching.evaluate import ClusterScores


@dataclass(frozen=True, slots=True)
class Result:
    """One system on one set; where it ``failed``, cost and scores are missing and it says why.

    ``breaches`` are clusters that hold two lifelong numbers, where the truth knows numbers.
    """

    data: str
    system: str
    settings: str
    rule: str
    cost: Cost | None
    scores: ClusterScores | None
    failed: str | None = None
    breaches: int | None = None


def keep(result: Result) -> None:
    """Write a result over the earlier one of the same set and system."""
    folder = WORK / "results"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{result.data}--{result.system.replace(' ', '-').replace(',', '')}.json"
    file.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")


def kept() -> list[Result]:
    """Return every result of this machine."""
    return [_read(file) for file in sorted((WORK / "results").glob("*.json"))]


def place(key: tuple[str, str]) -> tuple[int, int, str, str]:
    """Return where (set, system) stands: sets in their order, banks by size, ours first."""
    data, system = key
    names = [each.name for each in SETS]
    at = names.index(data) if data in names else len(names)
    return at, len(data), data, f"{not system.startswith('golden,')}{system}"


def _read(file: Path) -> Result:
    said = json.loads(file.read_text(encoding="utf-8"))
    cost = Cost(**said.pop("cost")) if said["cost"] else said.pop("cost")
    scores = ClusterScores(**said.pop("scores")) if said["scores"] else said.pop("scores")
    return Result(**said, cost=cost, scores=scores)
