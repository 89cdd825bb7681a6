"""What blocking did not see, by capture and recapture.

Two ways of counting, and the greater count is told, for each is a lower bound:

- A pair that rules without the family name have found tells, without having been chosen for it,
  how often matches agree on the family name. So each field is judged on the pairs that were caught
  without it, as fish are counted by how many of those caught in one net carry the mark of another.
  Matches are then put together anew, each field's agreement drawn by itself, and the rules asked
  which of them they would have missed. Where bad records are bad throughout, it is more.
- Two records joined through a third were brought together by no rule of their own. How many of
  these pairs the rules proposed all the same tells how many they miss. Records that no third one
  reaches are not counted, so again it is more.

After Sekar and Deming, "On a method of estimating birth and death rates" (JASA 44, 1949).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.block import Blocks
from matching.columns import Column, Mask
from matching.explain.report.nets import Likely, Nets, Table, hits

_COMBINATIONS = 8
# Fewer matches than this say nothing.
_LEAST = 30


@dataclass(frozen=True, slots=True)
class FieldRisk:
    """A field that rules rest on.

    ``agrees``: how often matches caught without it agree on one of its keys (None where every
    rule needs it); ``alone``: the share of matches found only by rules that need it, which more
    damage to this one field would hide.
    """

    field: str
    agrees: float | None
    alone: float


@dataclass(frozen=True, slots=True)
class Damage:
    """Matches that no rule sees because just these ``fields`` disagree; ``share`` of all."""

    fields: tuple[str, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Missed:
    """The estimate: ``found`` matches by blocking (expected number), ``share`` of all missed.

    ``share`` is None where there are too few matches, or every rule needs one field.
    """

    found: float
    share: float | None
    fields: Sequence[FieldRisk]
    damages: Sequence[Damage]

    @property
    def recall(self) -> float | None:
        """The estimated share of matches that blocking proposed."""
        return None if self.share is None else 1.0 - self.share


def estimate_missed(
    blocks: Sequence[Blocks],
    keys: Mapping[str, Column],
    likely: Likely,
    hit: Table,
    through: Likely,
) -> Missed:
    """Estimate what the rules of ``blocks`` missed.

    ``hit`` is what ``hits`` says of ``likely``; ``through`` are pairs joined through a third
    record.
    """
    nets = Nets.of(blocks, keys, likely, hit)
    risks = [FieldRisk(name, *nets.rest_on(name)) for name in nets.fields]
    counts: list[tuple[float, list[Damage]]] = []
    if len(likely.left) >= _LEAST and all(item.agrees is not None for item in risks):
        counts.append(_counted(*nets.unseen_anew()))
    if len(through.left) >= _LEAST:
        others = Nets.of(blocks, keys, through, hits(blocks, through))
        counts.append(_counted(others.unseen(), len(through.left)))
    share, damages = max(counts, key=lambda item: item[0], default=(None, []))
    return Missed(float(likely.weights.sum()), share, risks, damages)


def _counted(apart: Mapping[str, Mask], looked_at: int) -> tuple[float, list[Damage]]:
    """Return the share of missed ones, and the commonest sets of fields that disagree."""
    names = list(apart)
    rows = np.stack(list(apart.values()), axis=1)
    counts = Counter(
        tuple(name for name, yes in zip(names, row, strict=True) if yes) for row in rows.tolist()
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_COMBINATIONS]
    return len(rows) / looked_at, [Damage(names, count / looked_at) for names, count in ranked]
