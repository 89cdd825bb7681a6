"""One kind of party, persons or organisations, from its frame to its clusters."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.block import Blocks, build_blocks, candidate_chunks
from matching.columns import Ints, Mask
from matching.config import MatchingConfig
from matching.evidence import BlockingCosts, Kept
from matching.flow_comparisons import comparisons, modelled
from matching.flow_decisions import Settled
from matching.flow_joining import Joined, join_linked
from matching.flow_learning import learn_model
from matching.flow_linking import Judgement, Linking
from matching.flow_models import KeptModel
from matching.flow_rarity import KeptRarity
from matching.flow_weighing import Weigher, bits_to_decide
from matching.keys import key_columns
from matching.linkage import Linked, Refused
from matching.rules import NOTHING, Decider
from matching.values import Frame
from models.progress import Progress


@dataclass(slots=True)
class Clock:
    """Seconds of wall time by phase."""

    laps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """End the phase ``name`` now; what it took before is added."""
        now = time.perf_counter()
        self.laps[name] = round(self.laps.get(name, 0.0) + now - self.last, 2)
        self.last = now


@dataclass(frozen=True, slots=True)
class Compared:
    """What comparing found among records of one kind.

    ``kept`` are the pairs worth keeping, ``used`` the model that weighed them, given or learnt.
    """

    kept: Kept
    decider: Decider
    weigher: Weigher
    judgement: Judgement
    used: KeptModel
    costs: BlockingCosts


@dataclass(frozen=True, slots=True)
class PartyMatches:
    """Pairs, what stewards decided, and clusters. Records are numbered within their kind.

    ``refused`` are pairs that look alike, and that clusters kept apart.
    """

    compared: Compared
    settled: Settled
    refused: Refused
    joined: Joined


@dataclass(frozen=True)
class PartyMatcher:
    """Matches the records of ``frame``, all of kind ``party``."""

    frame: Frame
    settled: Settled
    party: int
    config: MatchingConfig
    duplicate_free: Sequence[str]
    progress: Progress
    clock: Clock

    def match(self, kept: KeptModel) -> PartyMatches:
        """Walk from blocks to clusters; what is not kept is learnt, where records are enough."""
        found = self._compared(kept)
        linking = Linking(
            frame=self.frame,
            asked=found.decider.comparisons,
            decider=found.decider,
            weigher=found.weigher,
            config=self.config,
            judgement=found.judgement,
            settled=self.settled,
            duplicate_free=self.duplicate_free,
        )
        self.progress("joining records", len(self.frame), len(self.frame))
        linked, joined = _linked(linking, found.kept)
        self.clock.lap("cluster")
        return PartyMatches(found, self.settled, linked.refused, joined)

    def learn(self) -> KeptModel:
        """Learn a model and from how many bits on it decides; none where records are too few."""
        if len(self.frame) < self.config.model.least_records:
            return KeptModel()
        return self._compared(KeptModel()).used

    def _compared(self, kept: KeptModel) -> Compared:
        blocks = self._blocks()
        asked = comparisons(self.frame, self.party, self.config)
        weighed = modelled(self.party, asked)
        decider = Decider(self.config, asked)
        self.clock.lap("prepare")
        model = kept.model
        if model is None and len(self.frame) >= self.config.model.least_records:
            model = learn_model(decider, weighed, blocks, len(self.frame), self.progress)
            self.clock.lap("learn")
        scorer = KeptRarity([asked[at] for at in weighed], model, kept.common) if model else None
        weigher = Weigher(decider, weighed, scorer)
        floor = self.config.model.review_bits if model else np.inf
        pairs, new_pairs = self._compare(blocks, decider, weigher, floor)
        limit = kept.match_bits
        if limit is None:
            limit = self._match_bits(pairs, decider, floor)
        judgement = Judgement(max(limit, self.config.model.least_bits), floor)
        used = KeptModel(model, judgement.match, scorer.common if scorer else {})
        costs = BlockingCosts.of(blocks, new_pairs)
        self.clock.lap("compare")
        return Compared(pairs, decider, weigher, judgement, used, costs)

    def _blocks(self) -> list[Blocks]:
        rules = self.config.blocking
        blocks = build_blocks(key_columns(self.frame, rules), rules, len(self.frame))
        self.clock.lap("block")
        return blocks

    def _match_bits(self, kept: Kept, decider: Decider, floor: float) -> float:
        if floor == np.inf:
            return np.inf
        limits = self.config.model
        free = (decider.decisions[kept.pattern] == NOTHING) & ~decider.vetoed[kept.pattern]
        free &= kept.bits >= decider.needed[kept.pattern]
        return bits_to_decide(kept.bits[free], limits.false_matches, limits.least_bits)

    def _compare(
        self, blocks: Sequence[Blocks], decider: Decider, weigher: Weigher, floor: float
    ) -> tuple[Kept, Ints]:
        """Compare all candidates, chunk by chunk; keep what a rule decides or the model likes."""
        new_pairs = np.zeros(len(blocks), dtype=np.int64)
        found = [Kept.none()]
        for candidates in candidate_chunks(blocks, len(self.frame), self.config.limits.chunk):
            new_pairs += candidates.new_by_rule
            left, right = candidates.left, candidates.right
            pattern = decider.patterns(left, right)
            hopeful = _worth_weighing(decider, weigher, floor)[pattern]
            left, right, pattern = left[hopeful], right[hopeful], pattern[hopeful]
            bits = weigher.bits(left, right, pattern)
            pairs = Kept(left, right, pattern, bits)
            found.append(pairs.where(self._worth_keeping(decider, pairs, floor)))
            self.progress("comparing records", int(candidates.left[-1]), len(self.frame))
        return Kept.joined(found), new_pairs

    def _worth_keeping(self, decider: Decider, pairs: Kept, floor: float) -> Mask:
        least = np.where(
            decider.vetoed[pairs.pattern], max(floor, self.config.model.least_bits), floor
        )
        kept: Mask = (decider.decisions[pairs.pattern] != NOTHING) | (pairs.bits >= least)
        return kept


def _worth_weighing(decider: Decider, weigher: Weigher, floor: float) -> Mask:
    """Tell which patterns a rule decides, or may reach so many bits."""
    hopeful: Mask = (decider.decisions != NOTHING) | (weigher.most() >= floor)
    return hopeful


def _linked(linking: Linking, kept: Kept) -> tuple[Linked, Joined]:
    """Return the clusters without stewards' links, and with them."""
    pairs = kept.where(~linking.decider.vetoed[kept.pattern])
    linked = linking.link(pairs.left, pairs.right, linking.strength(pairs.pattern, pairs.bits))
    return linked, join_linked(linking, pairs, linked.labels)
