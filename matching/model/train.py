"""From blocks to scored pairs: every candidate is asked once, in bounded memory.

Up to ``_AT_ONCE`` candidates are kept with their levels, learnt from and scored. Beyond that, the
model learns from an even part of the chunks and a second pass scores them all, so memory depends
on the chunk and on what is worth keeping, not on how many pairs there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.block import Blocks, Candidates, candidate_chunks
from matching.columns import Codes, Ints, Levels
from matching.comparison import Comparison
from matching.model.belief import alone, believed
from matching.model.chance import measure_chance
from matching.model.em import learn
from matching.model.parameters import Model, written
from matching.model.patterns import Patterns, judged
from matching.model.score import Bits, Scorer
from models.progress import Progress, silent

_AT_ONCE = 16_000_000
_CHUNK = 500_000
# Random pairs asked to learn what chance looks like: so many for each record, within these.
_SAMPLED, _LEAST_SAMPLE, _MOST_SAMPLE = 5, 200_000, 1_000_000


@dataclass(frozen=True, slots=True)
class Scored:
    """Candidate pairs at or above the floor, ``left`` before ``right`` and in that order.

    ``candidates`` counts all that were compared, ``new_by_rule`` those each rule was the first to
    propose.
    """

    left: Codes
    right: Codes
    bits: Bits
    candidates: int
    new_by_rule: Ints


@dataclass(frozen=True, slots=True)
class _Chunk:
    candidates: Candidates
    levels: Levels


def train(
    comparisons: Sequence[Comparison],
    blocks: Sequence[Blocks],
    size: int,
    progress: Progress = silent,
) -> Model:
    """Learn a model from the candidates of ``blocks`` over ``size`` records."""
    return _learn(comparisons, _chunks(comparisons, blocks, size, progress), size, _every(blocks))


def train_and_score(
    comparisons: Sequence[Comparison],
    blocks: Sequence[Blocks],
    size: int,
    floor: float,
    progress: Progress = silent,
) -> tuple[Scorer, Scored]:
    """Learn a model from the candidates and score them; keep pairs of ``floor`` bits and more."""
    every = _every(blocks)
    if every > 1:
        scorer = Scorer(comparisons, train(comparisons, blocks, size, progress))
        return scorer, score(scorer, blocks, size, floor, progress)
    chunks = list(_chunks(comparisons, blocks, size, progress))
    scorer = Scorer(comparisons, _learn(comparisons, chunks, size, every))
    return scorer, _scored(scorer, chunks, len(blocks), floor)


def score(
    scorer: Scorer,
    blocks: Sequence[Blocks],
    size: int,
    floor: float,
    progress: Progress = silent,
) -> Scored:
    """Score all candidates of ``blocks``; keep pairs of ``floor`` bits and more."""
    chunks = _chunks(scorer.comparisons, blocks, size, progress, every=1)
    return _scored(scorer, chunks, len(blocks), floor)


def _every(blocks: Sequence[Blocks]) -> int:
    """Return which part of the chunks the model learns from: one in so many."""
    return max(1, -(-sum(item.pairs for item in blocks) // _AT_ONCE))


def _chunks(
    comparisons: Sequence[Comparison],
    blocks: Sequence[Blocks],
    size: int,
    progress: Progress,
    every: int | None = None,
) -> Iterator[_Chunk]:
    step = _every(blocks) if every is None else every
    for number, candidates in enumerate(candidate_chunks(blocks, size, _CHUNK)):
        if number % step == 0:
            levels = judged(comparisons, candidates.left, candidates.right)
            progress("comparing records", int(candidates.left[-1]), size)
            yield _Chunk(candidates, levels)


def _learn(
    comparisons: Sequence[Comparison],
    chunks: Iterator[_Chunk] | list[_Chunk],
    size: int,
    every: int,
) -> Model:
    parts, candidates = [], 0
    for chunk in chunks:
        parts.append(Patterns.of(chunk.levels))
        candidates += len(chunk.levels)
    empty = np.empty((0, len(comparisons)), dtype=np.uint8)
    patterns = Patterns.merged(parts or [Patterns.of(empty)])
    if alone(comparisons):
        return believed(comparisons, size, candidates * every)
    if every > 1:
        patterns = Patterns(patterns.levels, patterns.counts * every)
    sample = min(max(_SAMPLED * size, _LEAST_SAMPLE), _MOST_SAMPLE)
    chance = measure_chance(comparisons, size, sample)
    learnt = learn(comparisons, chance, patterns, size)
    return written(comparisons, learnt, size, candidates * every)


def _scored(
    scorer: Scorer, chunks: Iterator[_Chunk] | list[_Chunk], rules: int, floor: float
) -> Scored:
    lefts, rights, scores = [], [], []
    candidates, new_by_rule = 0, np.zeros(rules, dtype=np.int64)
    for chunk in chunks:
        left, right = chunk.candidates.left, chunk.candidates.right
        bits = scorer.bits(left, right, chunk.levels)
        kept = np.flatnonzero(bits >= floor)
        lefts.append(left[kept])
        rights.append(right[kept])
        scores.append(bits[kept])
        candidates += len(left)
        new_by_rule += chunk.candidates.new_by_rule
    return Scored(
        left=np.concatenate(lefts) if lefts else np.empty(0, dtype=np.int32),
        right=np.concatenate(rights) if rights else np.empty(0, dtype=np.int32),
        bits=np.concatenate(scores) if scores else np.empty(0, dtype=np.float32),
        candidates=candidates,
        new_by_rule=new_by_rule,
    )
