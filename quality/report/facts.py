"""Everything the report shows: counts, shares, and names of columns and rules, never a value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from models.source import Title
from models.verdict import CheckResult, Verdict

PullStatus = Literal["ok", "stale", "failed", "never"]
RunStatus = Literal["published", "unchanged", "held"]


@dataclass(frozen=True, slots=True)
class SourcePulled:
    """What the run ledger knows of one source. ``last_good`` is UTC without a zone.

    ``stale``: the data is older than ``stale_after_hours``. ``failed``: the last pull failed, the
    data of ``last_good`` serves. ``never``: no data has ever come. ``reason`` says why.
    """

    source: str
    title: Title
    owner: str
    last_good: datetime | None
    age_hours: float | None
    stale_after_hours: float
    status: PullStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the caller knows of the run. Times are UTC without a zone.

    ``version`` is the one readers see after this run: the new one, or the one that goes on
    serving when the candidate is held; ``previous_version`` is the one the candidate continues.
    """

    run_id: str
    project: Title
    status: RunStatus
    version: str | None
    previous_version: str | None
    generated_at: datetime
    code_version: str
    config_digest: str
    sources: tuple[SourcePulled, ...]


@dataclass(frozen=True, slots=True)
class SourceRows:
    """Rows of one source; ``reasons`` are quarantine rules with their rows, most first."""

    live: int
    records: int
    quarantined: int
    rejected: int
    defects: int
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Where the rows went. ``read`` = ``older`` + ``rejected`` + live; live party rows are
    ``quarantined`` or ``records``; the rest are ``details`` of parties, such as accounts.
    """

    read: int
    older: int
    rejected: int
    details: int
    quarantined: int
    records: int
    customers: int

    @property
    def live(self) -> int:
        """Rows in their latest state, over all objects."""
        return self.read - self.older - self.rejected

    @property
    def unaccounted(self) -> int:
        """Live rows that are neither details nor quarantined nor records; must be 0."""
        return self.live - self.details - self.quarantined - self.records


@dataclass(frozen=True, slots=True)
class MatchRule:
    """Compared pairs that one rule decided."""

    rule: str
    decision: str
    pairs: int


@dataclass(frozen=True, slots=True)
class BlockingRule:
    """How much work one blocking rule made."""

    rule: str
    blocks: int
    biggest: int
    pairs: int
    new_pairs: int
    set_aside: int


@dataclass(frozen=True, slots=True)
class Matching:
    """``sizes``: customers by number of records (1 to 5, and 6 for more)."""

    rules: tuple[MatchRule, ...]
    review: tuple[tuple[str, int], ...]
    blocking: tuple[BlockingRule, ...]
    stop_values: tuple[tuple[str, int], ...]
    sizes: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Fill:
    """Share of customers with a value in one column, by party type; None where there are none.

    ``change`` compares all customers with the previous version, in percentage points.
    """

    column: str
    label: Title
    person: float | None
    organisation: float | None
    change: float | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Customers changed since the previous version, by kind and by attribute, most first."""

    by_kind: tuple[tuple[str, int], ...]
    by_attribute: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class ReportData:
    """All of the page."""

    run: RunFacts
    verdict: Verdict
    results: tuple[CheckResult, ...]
    data_as_of: datetime | None
    persons: int
    organisations: int
    previous_customers: int | None
    rows: dict[str, SourceRows]
    flow: Flow
    matching: Matching
    fill: tuple[Fill, ...]
    changes: Changes
