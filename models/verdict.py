"""What quality says: one result per check, one verdict per candidate, and leave to publish.

A ``Passed`` can only be made with ``GATE_KEY``, which ``quality.gate`` alone uses (a test reads
the source files to keep it so): publishing without the gate's yes cannot be written by accident.
"""

from __future__ import annotations

from dataclasses import InitVar, dataclass
from typing import Final, Literal

Layer = Literal["landed", "normalised", "matched", "golden"]
Severity = Literal["info", "warn", "critical"]
Outcome = Literal["pass", "fail", "errored", "not_evaluated"]

LAYER_ORDER: Final[tuple[Layer, ...]] = ("landed", "normalised", "matched", "golden")
GATE_KEY: Final = object()


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One row of ``quality.check_result``; no field ever holds a personal value.

    ``errored``: the check itself could not be run. ``not_evaluated``: it ran, but on nothing
    (empty table, all-NULL column) or was never answered. Neither is a pass.
    """

    check_id: str
    layer: Layer
    table_name: str
    title_en: str
    title_zh: str
    dimension: str
    severity: Severity
    owner: str
    outcome: Outcome
    observed: str | None
    expected: str
    rows_checked: int | None
    rows_failed: int | None
    because: str
    because_zh: str
    next_step: str
    next_step_zh: str

    @property
    def blocks(self) -> bool:
        """Whether this result alone holds the candidate."""
        return self.severity == "critical" and self.outcome != "pass"


@dataclass(frozen=True, slots=True)
class Verdict:
    """One row of ``quality.verdict``: may the candidate with this content digest be published?

    ``blocking`` lists, sorted, the ids of the checks that hold it, and ``<layer>.*`` for a layer
    whose suite is missing or empty.
    """

    verdict: Literal["pass", "hold"]
    golden_digest: str
    checks: int
    blocking: tuple[str, ...]
    run_id: str

    @property
    def held(self) -> bool:
        """Whether nothing may be published."""
        return self.verdict != "pass"


@dataclass(frozen=True, slots=True)
class Passed:
    """Leave to publish exactly the candidate with ``golden_digest``; only the gate makes one."""

    run_id: str
    golden_digest: str
    key: InitVar[object]

    def __post_init__(self, key: object) -> None:
        if key is not GATE_KEY:
            raise TypeError("Only quality.gate makes a Passed; call quality.gate.passed(con).")
