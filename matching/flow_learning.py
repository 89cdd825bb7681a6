"""Learning the bank's weights from the run's own candidates, in bounded memory.

Vetoed pairs are left out: that they are two parties is known, and families whose twins have
everything in common but the number would teach that a number does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from matching.block import Blocks, candidate_chunks
from matching.columns import Ints
from matching.comparison import MISSING, Comparison
from matching.model.chance import Chance, measure_chance, pair_count
from matching.model.em import learn
from matching.model.parameters import Model, written
from matching.model.patterns import Patterns
from matching.rules import Decider
from models.progress import Progress, silent

# Candidates that are learnt from, about: an even part of all ranges of records.
_LEARN_FROM = 1_000_000
# Proposals in a range; not the chunk of the configuration, which must not change what is learnt.
_RANGE = 100_000
_LEAST_SAMPLE, _MOST_SAMPLE = 100_000, 500_000


def learn_model(
    decider: Decider,
    modelled: Sequence[int],
    blocks: Sequence[Blocks],
    size: int,
    progress: Progress = silent,
) -> Model:
    """Learn a model of ``modelled`` comparisons of ``decider`` from the candidates of ``blocks``.

    ``decider`` also tells the vetoes; ``size`` is the number of records. The same data gives
    the same model, in whatever order.
    """
    patterns = _patterns(modelled, decider, blocks, size, progress)
    comparisons = [decider.comparisons[at] for at in modelled]
    sample = min(max(10 * size, _LEAST_SAMPLE), _MOST_SAMPLE, 10 * int(pair_count(size)))
    chance = measure_chance(comparisons, size, sample)
    chance = _at_least_seen(chance, patterns, size)
    learnt = learn([_alone(item) for item in comparisons], chance, patterns, size)
    return written(comparisons, learnt, size, int(patterns.counts.sum()))


def _patterns(
    modelled: Sequence[int],
    decider: Decider,
    blocks: Sequence[Blocks],
    size: int,
    progress: Progress,
) -> Patterns:
    """Count the patterns of one in so many ranges of candidates, scaled up to all."""
    every = max(1, -(-sum(item.pairs for item in blocks) // _LEARN_FROM))
    counts: Ints = np.zeros(0, dtype=np.int64)
    for number, candidates in enumerate(candidate_chunks(blocks, size, _RANGE)):
        if number % every:
            continue
        found = np.bincount(decider.patterns(candidates.left, candidates.right))
        counts = _added(counts, found)
        progress("learning weights", int(candidates.left[-1]), size)
    kept = np.flatnonzero((counts > 0) & ~decider.vetoed[: len(counts)])
    levels = decider.levels[kept][:, list(modelled)]
    return Patterns.merged([Patterns(levels, counts[kept] * every)])


def _added(one: Ints, other: Ints) -> Ints:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    result = longer.astype(np.int64)
    result[: len(shorter)] += shorter
    return result


def _alone(comparison: Comparison) -> Comparison:
    """Return a comparison without values unless it is one that a household has in common.

    Dependence is looked for among values that agree together. Strangers of one home share its
    address and its landline; of all else that agrees in a bank, nearly all is one customer, and
    there are too few strangers to learn from.
    """
    if comparison.role == "household":
        return comparison
    return replace(comparison, values=np.full(len(comparison.values), -1, dtype=np.int32))


def _at_least_seen(chance: Chance, patterns: Patterns, size: int) -> Chance:
    """Raise each level's chance to what the candidates alone show.

    A million random pairs never meet two people of one phone; the candidates hold all of them.
    """
    all_pairs = pair_count(size)
    levels = []
    for at, shares in enumerate(chance.levels):
        counts = np.bincount(patterns.levels[:, at], weights=patterns.counts, minlength=len(shares))
        known = max(chance.known[at] * all_pairs, 1.0)
        # equality is counted exactly already; a candidate pair may reach it by a second value
        seen = np.minimum(counts / known, 1.0)
        raised = np.maximum(shares, seen)
        raised[MISSING] = 0.0
        levels.append(raised / raised.sum())
    return replace(chance, levels=levels)
