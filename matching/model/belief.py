"""What is believed where nothing can be learnt: a table with one column that tells parties apart.

A match is learnt from fields that agree with each other. One field alone has no witness: EM could
call anything a match. So what each answer is worth is taken from this table, which leans to the
careful side, and the report says that the evidence is thin.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from matching.comparison import Comparison
from matching.model.chance import equality
from matching.model.parameters import Model, Weights

# A comparison tells parties apart if two random records seldom agree on it; in a small table, if
# there are nearly as many values as records.
_TELLING, _MANY = 0.02, 0.3
# How likely one party is behind two records that gave this answer and nothing else. Company names
# measured on aliases of 15,538 companies among names that share a word; the rest is judgement.
_ONE_PARTY = {
    "registered": 0.95,
    "exact": 0.9,
    "form": 0.85,
    "core": 0.8,
    "acronym": 0.8,
    "near": 0.55,
    "sound": 0.5,
    "close": 0.5,
    "one_edit": 0.4,
    "words": 0.3,
    "nickname": 0.2,
    "short": 0.1,
}
_ANY_OTHER = 0.001


def alone(comparisons: Sequence[Comparison]) -> bool:
    """Tell whether at most one of the comparisons tells parties apart."""
    return sum(_telling(item) for item in comparisons) <= 1


def believed(comparisons: Sequence[Comparison], size: int, candidates: int) -> Model:
    """Return a model whose weights are what is believed of each answer."""
    prior = 0.5 / max(size, 2)
    return Model(
        records=size,
        candidates=candidates,
        rounds=0,
        prior=prior,
        weights=[_weights(item, prior) for item in comparisons],
    )


def _telling(comparison: Comparison) -> bool:
    share = equality(comparison.values)
    known = comparison.values[comparison.values >= 0]
    return share is not None and (share < _TELLING or len(np.unique(known)) > _MANY * len(known))


def _weights(comparison: Comparison, prior: float) -> Weights:
    """Choose chances for which the posterior of each level is what is believed of it."""
    names = [level.name for level in comparison.levels]
    match = np.full(len(names), 1.0 / (len(names) - 1))
    if not _telling(comparison):
        chance = match.copy()
    else:
        one_party = np.array([_ONE_PARTY.get(name, _ANY_OTHER) for name in names])
        chance = match * prior / (1.0 - prior) * (1.0 - one_party) / one_party
    return Weights(
        comparison=comparison.name,
        levels=names,
        match=[0.0, *match[1:].tolist()],
        chance=[0.0, *chance[1:].tolist()],
        strangers=1.0,
    )
