"""Choosing blocking rules for a table nobody has blocked before, within a budget of pairs.

A rule is a key or two keys of different fields. Its cost is known from block sizes before any pair
is made; for large tables from a share of the blocks, whole ones, drawn by a hash of the block. What
a rule is good for is found on imagined duplicates (``matching.table.damage``). Rules are taken
greedily, the most newly found imagined duplicates for their pairs first, until the budget is spent;
so every damaged field, and almost every two of them, leave a rule that still finds the pair.
Before a rule is taken its new pairs are counted with a sample of records, so that what other rules
propose already costs nothing.

Measured on labelled data, the labels used for nothing else (two cores; seconds of proposing alone):

=================  ========  =====  ================  ======  =======
data               records   rules  pairs per record  recall  seconds
=================  ========  =====  ================  ======  =======
historical figures   50,578     15              13.6   0.854     0.25
voters               25,000     18              14.1   0.998     0.1
tax forms            75,430     17              13.6   0.997     0.5
febrl 3               5,000     24              21.5   1.000     0.2
rldata               10,000     28              35.9   1.000     0.1
company aliases      32,619      7              29.1   0.629     0.05
made-up people    1,000,000     20              13.6   0.999     2.6
=================  ========  =====  ================  ======  =======

Three of ten pairs of company aliases have neither a word, nor initials, nor four letters in common.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from matching.columns import Column
from matching.table.damage import Damage, Shares, imagine
from matching.table.fields import TableField
from matching.table.key_costs import BlockSizes, CountedPairs, KeyCodes
from matching.table.keys import ALL
from matching.table.spec import KeySpec

# All pairs of a table of at most this many records are compared.
_TINY = 1000
# Pairs for each record; small tables can afford more of them.
_PAIRS_PER_RECORD, _PAIRS_ANYWAY = 13.5, 400_000
_USUAL_FIELDS, _MOST_NARROW = 5, 2.5
_CAPS = (80, 40, 20, 10)
# One rule may have this share of the budget; a common word joins only its smaller blocks.
_LARGEST_SHARE = 0.25
_MOST_RULES = 28
# In a larger table a rule almost all of whose pairs are known already is not worth its time.
_SMALL, _LEAST_NEW = 20_000, 0.05
# Pairs for each record that one rule costs beside those it proposes: its blocks must be built.
_RULE_COST = 0.2
# A rule must find this share of the imagined duplicates that no other one finds.
_LEAST_GAIN = 0.0003
# So many rules in a row that are too dear for what is left: the budget is spent.
_MOST_REFUSED = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A rule that could be taken, its pairs for each record and what it finds."""

    rule: KeySpec
    pairs: float
    found: Shares


def propose_blocking(
    keys: Mapping[str, Column], fields: Sequence[TableField], size: int
) -> list[KeySpec]:
    """Return blocking rules for ``size`` records, within the budget of pairs of the module.

    ``keys`` are those of ``matching.table.keys.key_columns`` over ``fields``.
    """
    if size <= _TINY:
        return [KeySpec(id=ALL, keys=[ALL], cap=max(size, 2))]
    codes = {name: KeyCodes.of(name, keys[name]) for name in keys if name != ALL}
    codes = {name: key for name, key in codes.items() if key.having > 0}
    damage = imagine({name: key.having / size for name, key in codes.items()}, fields)
    # where few fields are compared a pair costs less, and rules have fewer keys to choose from
    narrow = min(max(_USUAL_FIELDS / max(len(fields), 1), 1.0), _MOST_NARROW)
    budget = max(_PAIRS_PER_RECORD * narrow, _PAIRS_ANYWAY / size)
    largest = budget * max(_LARGEST_SHARE, 1 / (len(fields) + 1))
    return _chosen(_candidates(codes, damage, largest, size), codes, budget, size)


def _candidates(
    keys: Mapping[str, KeyCodes], damage: Damage, largest: float, size: int
) -> list[_Candidate]:
    """Return single keys and couples of keys of different fields, with what they cost."""
    dividers = [name for name in damage.dividers if not keys[name].several]
    result = []
    for names in _combinations(keys, damage, largest, size):
        sizes = BlockSizes.of([keys[name] for name in names], size)
        for cap in _CAPS:
            rule = _rule(names, cap, dividers, damage)
            pairs, beyond, share = sizes.within(cap)
            # what the first division leaves of the pairs in big blocks, by chance
            pairs += beyond * keys[rule.split[0]].chance if rule.split else 0
            if pairs <= largest:
                result.append(_Candidate(rule, pairs, damage.served(rule, share)))
                break
    return result


def _combinations(
    keys: Mapping[str, KeyCodes], damage: Damage, largest: float, size: int
) -> list[tuple[str, ...]]:
    """Return what may be a rule: not far too many pairs by chance, not more keys than needed."""
    result: list[tuple[str, ...]] = [(name,) for name in keys]
    selective = {name for name, key in keys.items() if key.chance * size / 2 < 0.05 * largest}
    for one, other in combinations(keys, 2):
        if damage.share_a_field(one, other) or {one, other} & selective:
            continue
        by_chance = keys[one].chance * keys[other].chance * size / 2
        if by_chance <= 10 * largest and not (keys[one].several and keys[other].several):
            result.append((one, other))
    return result


def _rule(names: tuple[str, ...], cap: int, dividers: Sequence[str], damage: Damage) -> KeySpec:
    """Return a rule, with keys of other fields that divide its blocks when they are too big."""
    split: list[str] = []
    for name in dividers:
        if not any(damage.share_a_field(name, taken) for taken in (*names, *split)):
            split.append(name)
        if len(split) == 2:
            break
    return KeySpec(id="+".join(names), keys=list(names), split=split, cap=cap)


def _chosen(
    candidates: Sequence[_Candidate], keys: Mapping[str, KeyCodes], budget: float, size: int
) -> list[KeySpec]:
    """Take rules greedily, by imagined duplicates newly found for each pair."""
    if not candidates:
        return []
    found = np.stack([candidate.found for candidate in candidates])
    price = np.array([candidate.pairs for candidate in candidates]) + _RULE_COST
    still_open = np.full(found.shape[1], 1 / found.shape[1])
    gain = (found * still_open).sum(axis=1)
    counted = CountedPairs(size)
    result: list[KeySpec] = []
    refused = 0
    while len(result) < _MOST_RULES and refused < _MOST_REFUSED:
        best = int(np.argmax(np.where(gain >= _LEAST_GAIN, gain / price, 0.0)))
        if gain[best] < _LEAST_GAIN:
            break
        rule = candidates[best].rule
        new, pairs = counted.new(rule, keys)
        refused = 0 if new <= budget else refused + 1
        worth = size <= _SMALL or new > _LEAST_NEW * candidates[best].pairs
        if worth and new <= budget:
            budget -= new
            counted.take(pairs)
            still_open = still_open * (1 - found[best])
            gain = np.where(gain > 0, (found * still_open).sum(axis=1), 0.0)
            result.append(rule)
        gain[best] = 0.0
    return result
