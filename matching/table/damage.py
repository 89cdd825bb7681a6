"""Imagined duplicates: which keys of two records still agree when fields are damaged.

Nothing is known yet about the errors of a table, so likely ones are drawn: some duplicates are
damaged little and some badly, and each field of them, independently, is unharmed, damaged at its
head, in its middle, at its tail, or another value altogether. Two names may be crossed, and all of
an address or of an employer may have changed. A value is missing as often as it is in the table.
The draws are the same in every run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.table.fields import TableField
from matching.table.spec import KeySpec

Shares: TypeAlias = NDArray[np.float32]
_States: TypeAlias = NDArray[np.int8]

_DRAWS = 3000
_SEED = 1969  # the year of Fellegi and Sunter's paper; any number would do
_INTACT, _HEAD, _MIDDLE, _TAIL, _OTHER, _CROSSED = range(6)
# Of the damaged values; slips are rarer at the head.
_SHARES = {_HEAD: 0.12, _MIDDLE: 0.30, _TAIL: 0.28, _OTHER: 0.30}
# How many of its values a duplicate may have damaged.
_LEAST_DAMAGED, _MOST_DAMAGED = 0.05, 0.9
_CROSSED_SHARE = 0.05
# People move and change their employers: all fields of an address are others then.
_MOVING = ("household", "place", "employer")
_MOVED_SHARE = 0.15
_SURVIVED: dict[str, tuple[int, ...]] = {
    "start": (_MIDDLE, _TAIL),
    "end": (_HEAD, _MIDDLE),
    "sound": (_MIDDLE,),
    "any": (_CROSSED,),
    "any_start": (_MIDDLE, _TAIL, _CROSSED),
    "both": (_MIDDLE, _TAIL, _CROSSED),
    "year": (_MIDDLE, _TAIL),
    "month_day": (_HEAD,),
    "year_month": (_TAIL,),
    "area": (_MIDDLE, _TAIL),
    "outward": (_TAIL,),
    "local": (_TAIL,),
    "family": (_HEAD,),
    "number": (_HEAD, _MIDDLE, _TAIL),
    "core": (_TAIL,),
    "initials": (_MIDDLE, _TAIL),
}
# One word of several is damaged: these keys have the others.
_BY_WORDS = ("words", "word_starts", "grams", "pairs")
_EITHER = ("any", "any_start")
# Parts that divide a block without losing many of its true pairs.
_DIVIDERS = ("start", "year", "outward", "area", "")
_LEAST_DIVIDED = 50


@dataclass(frozen=True, slots=True)
class Damage:
    """``survives[name]`` is how likely each imagined duplicate agrees on that key.

    ``fields_of`` are the fields whose values a key is made of; ``dividers`` are keys that divide
    too big blocks, the best first.
    """

    survives: Mapping[str, Shares]
    fields_of: Mapping[str, frozenset[str]]
    dividers: Sequence[str]

    def served(self, rule: KeySpec, share: float) -> Shares:
        """Return how likely a rule finds each duplicate, with ``share`` of its rows within the cap.

        A block above the cap is divided by the first key of ``split``.
        """
        result = self.survives[rule.keys[0]]
        for key in rule.keys[1:]:
            result = result * self.survives[key]
        divided = self.survives[rule.split[0]] if rule.split else np.float32(0)
        return np.asarray(result * (share + (1 - share) * divided), dtype=np.float32)

    def share_a_field(self, one: str, other: str) -> bool:
        """Tell whether two keys are made of one field."""
        return bool(self.fields_of[one] & self.fields_of[other])


def imagine(having: Mapping[str, float], fields: Sequence[TableField]) -> Damage:
    """Imagine duplicates and see which keys they keep; ``having`` is each key's share of records.

    Two records both have a key as often as if its gaps were spread by chance.
    """
    states = _drawn(fields)
    by_name = {field.name: field for field in fields}
    family = {field.about: field.name for field in fields if field.kind == "family_name"}
    survives: dict[str, Shares] = {}
    fields_of: dict[str, frozenset[str]] = {}
    chance = np.random.default_rng(_SEED + 1)
    gaps = {field.name: chance.random(_DRAWS) for field in fields}
    for name, share in having.items():
        own, _, part = name.partition(".")
        kept = _kept(states[own], part, by_name[own])
        fields_of[name] = frozenset([own])
        partner = family.get(by_name[own].about)
        if part in (*_EITHER, "both") and partner is not None:
            other = _kept(states[partner], part, by_name[partner])
            kept = kept + other - kept * other if part in _EITHER else kept * other
            fields_of[name] = frozenset([own, partner])
        survives[name] = np.where(gaps[own] < share * share, kept, 0).astype(np.float32)
    return Damage(survives, fields_of, _dividers(having, by_name))


def _drawn(fields: Sequence[TableField]) -> dict[str, _States]:
    """Return for every field what happened to it in each imagined duplicate."""
    chance = np.random.default_rng(_SEED)
    damaged = chance.uniform(_LEAST_DAMAGED, _MOST_DAMAGED, _DRAWS)
    crossed = chance.random(_DRAWS) < _CROSSED_SHARE
    moved: dict[tuple[bool, str], NDArray[np.bool_]] = {}
    result = {}
    for field in fields:
        draw = chance.random(_DRAWS) / damaged
        state = np.full(_DRAWS, _INTACT, dtype=np.int8)
        reached = 0.0
        for kind, share in _SHARES.items():
            state[(draw >= reached) & (draw < reached + share)] = kind
            reached += share
        if field.kind in ("given_name", "family_name"):
            state[crossed & (state == _INTACT)] = _CROSSED
        if field.role in _MOVING:
            group = (field.role == "employer", field.about)
            if group not in moved:
                moved[group] = chance.random(_DRAWS) < _MOVED_SHARE
            state[moved[group]] = _OTHER
        result[field.name] = state
    return result


def _kept(state: _States, part: str, field: TableField) -> Shares:
    result: Shares = (state == _INTACT).astype(np.float32)
    if part in _BY_WORDS:
        # two names of one party have about half of their words in common when one is damaged
        left = 1 - 1 / _words_of(field)
        left = left * left if part == "pairs" else min(1.0, 2 * left)
        result[(state == _HEAD) | (state == _MIDDLE) | (state == _TAIL)] = left
    for kind in _SURVIVED.get(part, ()):
        result[state == kind] = 1.0
    return result


def _words_of(field: TableField) -> float:
    """Return how many words the values of a field have on average."""
    keys = field.part("key").slice(0, 1000).to_pylist()
    return max(1.0, sum(len((key or "").split()) for key in keys) / max(len(keys), 1))


def _dividers(having: Mapping[str, float], fields: Mapping[str, TableField]) -> list[str]:
    """Return keys that divide blocks: well filled ones first, parts before whole values."""

    def rank(name: str) -> tuple[float, int]:
        return (-round(having[name], 1), _DIVIDERS.index(name.partition(".")[2]))

    def fit(name: str) -> bool:
        own, _, part = name.partition(".")
        return part in _DIVIDERS and len(fields[own].table) > _LEAST_DIVIDED

    return sorted(filter(fit, having), key=rank)
