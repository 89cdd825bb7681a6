"""Stewards' links: the customers whose records they name become one, as they stand.

A link says that two customers are one, so whole clusters join: what rules and vetoes say between
two of their records was said before somebody looked. Where that would bring two values of an
exclusive fact together, or two records that a split keeps apart, only the named records are held
together, and what stood beside them is clustered anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matching.columns import Codes, Ints
from matching.constraints import exclusives
from matching.evidence import Kept
from matching.flow_decisions import SPLIT, Settled
from matching.flow_linking import Linking
from matching.linkage.constraints import Constraints, Prohibitions
from matching.linkage.pieces import components
from matching.values import Frame


@dataclass(frozen=True, slots=True)
class Joined:
    """The clusters after stewards' links, by record, and as they were without them."""

    labels: Codes
    before: Codes


def join_linked(linking: Linking, kept: Kept, labels: Codes) -> Joined:
    """Join the clusters that stewards linked; ``kept`` are the pairs worth keeping, none vetoed."""
    one, other = linking.settled.musts()
    if not len(one):
        return Joined(labels, labels)
    family = components(len(labels), labels[one], labels[other])[labels]
    records = np.flatnonzero(np.isin(family, family[one])).astype(np.int32)
    joined = labels.copy()
    joined[records] = family[records]
    torn = [members for members in _families(records, family) if not _agree(linking, members)]
    if torn:
        inside = np.isin(kept.left, np.concatenate(torn))
        pairs = kept.where(inside)
        for members in torn:
            own = family[pairs.left] == family[members[0]]
            own &= family[pairs.right] == family[members[0]]
            joined[members] = linking.relink(members, pairs.where(own))
    return Joined(joined, labels)


def _families(records: Codes, family: Codes) -> Iterator[Codes]:
    order = records[np.argsort(family[records], kind="stable")]
    cuts: Ints = np.flatnonzero(np.diff(family[order])) + 1
    yield from np.split(order, cuts)


def _agree(linking: Linking, members: Codes) -> bool:
    """Tell whether nothing that no decision lifts stands between any two records."""
    frame: Frame = linking.frame.only(members)
    settled: Settled = linking.settled.among(members)
    split = settled.where(settled.verdict == SPLIT)
    prohibitions = Prohibitions(
        Constraints(facts=exclusives(frame), apart_left=split.left, apart_right=split.right)
    )
    left, right = np.triu_indices(len(members), 1)
    return not prohibitions.between(left.astype(np.int32), right.astype(np.int32)).any()
