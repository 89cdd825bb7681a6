"""What a data steward decided, as every room understands it.

A decision names source records, never customer ids: ids come and go with merges, records stay. Its
evidence is what those records said when it was made (``normalised.fingerprint.evidence_hash``).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

Kind = Literal["link", "split", "pin"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that was not withdrawn.

    ``link``: all records of ``left`` and ``right`` are one customer. ``split``: no record of
    ``left`` is of the same customer as any of ``right``. ``pin``: the customer of ``left[0]`` has
    ``value`` (as text; None: no value) for ``attribute``, a column of golden.customer; ``right``
    is empty. ``decided_at`` is UTC without a zone; from ``expires_on`` on it is not in force.
    ``evidence`` holds the evidence hash of each record it names.
    """

    decision_id: int
    kind: Kind
    left: tuple[str, ...]
    right: tuple[str, ...]
    author: str
    reason: str
    decided_at: datetime
    expires_on: date | None = None
    attribute: str | None = None
    value: str | None = None
    evidence: dict[str, str] = field(default_factory=dict)

    @property
    def records(self) -> tuple[str, ...]:
        """Every record it names."""
        return self.left + self.right
