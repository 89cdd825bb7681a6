"""Blocking rules as nets, and what they catch of matches that are put together anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.block import Blocks
from matching.columns import Codes, Column, Levels, Mask, best_level
from matching.explain.blocked import proposed

Floats = NDArray[np.float64]
Table = NDArray[np.bool_]
# Likely matches looked at, evenly spaced, and matches put together anew.
_LOOKED_AT, _DRAWN, _SEED = 100_000, 40_000, 20


@dataclass(frozen=True, slots=True)
class Likely:
    """Likely matches among the candidates: pairs of ``size`` records, and their probability."""

    left: Codes
    right: Codes
    weights: Floats
    size: int

    def thinned(self) -> Likely:
        """Return an even choice of at most so many pairs as are looked at."""
        step = -(-len(self.left) // _LOOKED_AT)
        if step <= 1:
            return self
        return Likely(self.left[::step], self.right[::step], self.weights[::step] * step, self.size)


def hits(blocks: Sequence[Blocks], likely: Likely) -> Table:
    """Return which rules proposed which pairs: pairs × rules."""
    columns = [proposed(item, likely.left, likely.right, likely.size) for item in blocks]
    return np.stack(columns, axis=1) if columns else np.zeros((len(likely.left), 0), bool)


@dataclass(frozen=True, slots=True)
class Nets:
    """Rules as nets: which fields' keys each needs, and what each caught.

    ``agree[name]`` tells of each pair which keys of a field it shares: pairs × keys.
    """

    blocks: Sequence[Blocks]
    keys_of: Mapping[str, list[str]]
    agree: Mapping[str, Table]
    hit: Table
    weights: Floats

    @classmethod
    def of(
        cls, blocks: Sequence[Blocks], keys: Mapping[str, Column], likely: Likely, hit: Table
    ) -> Nets:
        """Ask which keys each of the likely matches shares; ``hit`` is what ``hits`` says."""
        used = sorted({key for item in blocks for key in item.rule.keys})
        keys_of: dict[str, list[str]] = {}
        for key in used:
            keys_of.setdefault(_field(key), []).append(key)
        agree = {
            name: np.stack(
                [
                    np.asarray(best_level(keys[key], likely.left, likely.right, _equal) > 0)
                    for key in own
                ],
                axis=1,
            )
            for name, own in keys_of.items()
        }
        return cls(blocks, keys_of, agree, hit, likely.weights)

    @property
    def fields(self) -> list[str]:
        """The fields that rules need, by name."""
        return list(self.keys_of)

    def rest_on(self, name: str) -> tuple[float | None, float]:
        """Return how much rests on a field.

        First how often matches caught without it agree on one of its keys, None where every rule
        needs it; then the share of matches caught only by rules that need it.
        """
        pool, total = self._without(name), max(float(self.weights.sum()), 1e-9)
        weight = float(self.weights[pool].sum())
        some = self.agree[name].any(axis=1)
        agrees = float(self.weights[pool & some].sum()) / weight if weight else None
        caught = self.hit.any(axis=1)
        return agrees, float(self.weights[caught & ~pool].sum()) / total

    def unseen(self) -> dict[str, Mask]:
        """Return, for matches that no rule caught, which fields disagree: by field."""
        missed = np.asarray(~self.hit.any(axis=1))
        return _disagree(self.agree, missed)

    def unseen_anew(self) -> tuple[dict[str, Mask], int]:
        """Return the same of matches put together anew, and how many there were of those."""
        drawn = {name: self._drawn(name, number) for number, name in enumerate(self.keys_of)}
        missed = ~self._caught(drawn)
        return _disagree(drawn, missed), _DRAWN

    def _drawn(self, name: str, number: int) -> Table:
        """Draw what a field says of matches put together anew: matches × its keys."""
        pool = np.flatnonzero(self._without(name))
        cumulated = np.cumsum(self.weights[pool])
        draws = np.random.default_rng([_SEED, number]).random(_DRAWN) * cumulated[-1]
        return np.asarray(self.agree[name][pool[np.searchsorted(cumulated, draws, side="right")]])

    def _caught(self, agreeing: Mapping[str, Table]) -> Mask:
        """Tell which of the matches put together some rule would have proposed."""
        result = np.zeros(_DRAWN, dtype=np.bool_)
        for number, item in enumerate(self.blocks):
            alike = self._alike(agreeing, item.rule.keys)
            # keys that agree do not help where the block was too big
            shared = self._alike(self.agree, item.rule.keys)
            kept = float(self.weights[shared & self.hit[:, number]].sum())
            share = kept / max(float(self.weights[shared].sum()), 1e-9)
            chance = np.random.default_rng([_SEED, len(self.agree), number]).random(_DRAWN)
            result |= alike & (chance < share)
        return result

    def _alike(self, agreeing: Mapping[str, Table], keys: Sequence[str]) -> Mask:
        columns = [agreeing[_field(key)][:, self.keys_of[_field(key)].index(key)] for key in keys]
        return np.asarray(np.logical_and.reduce(columns))

    def _without(self, name: str) -> Mask:
        """Tell which pairs a rule that does not need the field has proposed."""
        others = [
            number
            for number, item in enumerate(self.blocks)
            if name not in map(_field, item.rule.keys)
        ]
        return np.asarray(self.hit[:, others].any(axis=1))


def _disagree(agree: Mapping[str, Table], chosen: Mask) -> dict[str, Mask]:
    """Return for each field which of the chosen matches share none of its keys."""
    return {name: np.asarray(~table[chosen].any(axis=1)) for name, table in agree.items()}


def _field(key: str) -> str:
    return key.partition(".")[0]


def _equal(left: Codes, right: Codes) -> Levels:
    return np.asarray(left == right, dtype=np.uint8)
