"""What a caller may set about clusters."""

from __future__ import annotations

from dataclasses import dataclass

from matching.linkage.average import Rule


@dataclass(frozen=True, slots=True)
class LinkOptions:
    """Thresholds in bits (log2 odds of one party) and limits in records or pairs.

    ``cut``: two clusters become one while the average bits of all pairs between them reach it.
    ``pooling``: how much more many pairs between two clusters say than one (``average.Rule``;
    0: nothing more), ``prior`` being the bits before any evidence.
    ``start``: pairs from here on connect records into components. ``review``: a pair from here
    on that stays apart is reported. ``margin``: a cluster whose last merge is less than this
    above the cut is doubtful; so is one in which less than ``density`` of the pairs have positive
    bits. ``largest``: no merge makes a cluster of more records (``None``: no limit); a must-link
    still does. ``piece``: the most records looked at as a whole. ``pairs``: about how many pairs
    may be scored in all; pieces are made smaller where more would be needed. ``cells``: pairs
    held in memory at a time, about 100 bytes each.
    """

    cut: float = 0.0
    pooling: float = 0.0
    prior: float = 0.0
    start: float = 0.0
    review: float = 0.0
    margin: float = 3.0
    density: float = 0.5
    largest: int | None = None
    piece: int = 1_500
    pairs: int = 50_000_000
    cells: int = 2_500_000

    @property
    def rule(self) -> Rule:
        """When two clusters become one."""
        return Rule(self.cut, self.largest, self.prior, self.pooling)
