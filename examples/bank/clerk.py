"""Who writes a record down, and how often which mistake slips in."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from examples.bank.dice import Dice
from examples.bank.frame import Array, Mask, Rows
from examples.bank.rates import Rates


@dataclass
class Clerk:
    """A system's dice and rates, the record numbers to draw for, and the mistakes made so far.

    Draws belong to the record number, so a record written again has the same mistakes. ``slips``
    holds ``(field, mistake, positions of the records)``.
    """

    dice: Dice
    rates: Rates
    who: Array
    slips: list[tuple[str, str, Rows]] = field(default_factory=list)

    def slip(
        self, about: str, mistake: str, where: Mask | None = None, about_value: Array | None = None
    ) -> Mask:
        """Return and note where ``mistake`` (a field of Rates) happens to field ``about``.

        ``about_value``: draw anew when this value of the record changes.
        """
        who = self.who if about_value is None else self.who * 2**34 + about_value % 2**34
        made = self.dice.hit(mistake, who, getattr(self.rates, mistake))
        made = made if where is None else made & where
        if made.any():
            self.slips.append((about, mistake, np.flatnonzero(made)))
        return made

    def pick(self, question: str, of: int) -> Array:
        """Return a number below ``of`` for each record."""
        return self.dice.below(question, self.who, of)
