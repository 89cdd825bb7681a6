"""Many records that say the same of everything: one stands for all while pairs are made.

A hundred equal records make 4,950 pairs and a million make 500 billion, all with one answer. So of
a group of more than ``_MANY`` only the first record is blocked and clustered; afterwards the others
go to its cluster if the bits of being equal reach the cut, and stay alone if they do not: a million
people called "test" are not one. Small groups stay as they are: their pairs teach the model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Column, Mask
from matching.comparison import Comparison
from matching.linkage import Linked
from matching.model.score import Bits, Scorer
from matching.model.train import Scored
from matching.table.fields import TableField

Hashes: TypeAlias = NDArray[np.uint64]

_MANY = 100
# Records whose pairs with their representative are scored at once.
_AT_ONCE = 500_000
_MIXER = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Identical:
    """``copies`` are records that another one, ``firsts`` at the same place, stands for.

    Both ascend by copy; a first is the smallest record of its group.
    """

    firsts: Codes
    copies: Codes

    def __len__(self) -> int:
        return len(self.copies)

    @classmethod
    def of(cls, fields: Sequence[TableField], sources: Codes) -> Identical:
        """Find the records that agree on every field and on whether each is known at all."""
        told = _told(fields, sources)
        order = np.argsort(told, kind="stable")
        begins = np.flatnonzero(np.diff(told[order], prepend=np.uint64(0)))
        sizes = np.diff(begins, append=len(order))
        many = sizes > _MANY
        places = np.repeat(begins[many], sizes[many])
        within = np.arange(len(places)) - np.repeat(
            np.cumsum(sizes[many]) - sizes[many], sizes[many]
        )
        records, firsts = order[places + within], order[places]
        by_record = np.argsort(records[within > 0], kind="stable")
        firsts, copies = firsts[within > 0][by_record], records[within > 0][by_record]
        return cls(firsts.astype(np.int32), copies.astype(np.int32))

    def left_out(self, keys: Mapping[str, Column]) -> Mapping[str, Column]:
        """Return key columns in which the copies have no key."""
        if not len(self):
            return keys
        return {name: self._without(column) for name, column in keys.items()}

    def learnt_from(self, comparisons: Sequence[Comparison]) -> list[Comparison]:
        """Return comparisons that count the values of the copies nowhere.

        They make most of the pairs that are equal, and none of those that are compared. How common
        their values are is still counted when pairs are scored: that is what keeps many people
        with one name apart.
        """
        if not len(self):
            return list(comparisons)
        return [replace(item, values=self._once(item.values)) for item in comparisons]

    def _once(self, values: Codes) -> Codes:
        result = values.copy()
        result[self.copies] = -1
        return result

    def _without(self, column: Column) -> Column:
        wanted: Mask = np.ones(len(column.starts) - 1, dtype=np.bool_)
        wanted[self.copies] = False
        return column.keep(wanted[column.records])

    def given_back(
        self, scored: Scored, linked: Linked, scorer: Scorer, cut: float, clean: Codes | None
    ) -> tuple[Scored, Linked]:
        """Return pairs and clusters with the copies in them.

        Where ``clean`` (sources free of duplicates, -1 for others) has the two in one source they
        stay apart, however equal.
        """
        if not len(self):
            return scored, linked
        bits = self._bits(scorer)
        joins = bits >= cut
        if clean is not None:
            joins &= (clean[self.copies] != clean[self.firsts]) | (clean[self.copies] < 0)
        return _with_pairs(scored, self.firsts, self.copies, bits), _with_records(
            linked, self.firsts[joins], self.copies[joins], bits[joins], int((~joins).sum())
        )

    def _bits(self, scorer: Scorer) -> Bits:
        parts = [
            scorer.bits(self.firsts[at : at + _AT_ONCE], self.copies[at : at + _AT_ONCE])
            for at in range(0, len(self), _AT_ONCE)
        ]
        return np.concatenate(parts)


def _told(fields: Sequence[TableField], sources: Codes) -> Hashes:
    """Return a hash of all values of each record, its own number where it has none.

    Two million-record groups would meet by chance once in ten million tables.
    """
    told = _mixed(sources.astype(np.uint64) + np.uint64(1))
    nothing = np.ones(len(sources), dtype=np.bool_)
    for field in fields:
        values = _mixed(field.values.codes.astype(np.uint64) + np.uint64(1))
        before = np.concatenate([np.zeros(1, np.uint64), np.cumsum(values, dtype=np.uint64)])
        starts = field.values.starts
        told = _mixed(told * np.uint64(31) + before[starts[1:]] - before[starts[:-1]])
        nothing &= np.diff(starts) == 0
    told[nothing] = np.flatnonzero(nothing).astype(np.uint64)
    return told | np.uint64(1 << 63)


def _mixed(numbers: Hashes) -> Hashes:
    mixed = numbers * _MIXER
    mixed ^= mixed >> np.uint64(29)
    return mixed * _MIXER


def _with_pairs(scored: Scored, firsts: Codes, copies: Codes, bits: Bits) -> Scored:
    left = np.concatenate([scored.left, firsts])
    right = np.concatenate([scored.right, copies])
    order = np.lexsort((right, left))
    return replace(
        scored,
        left=left[order],
        right=right[order],
        bits=np.concatenate([scored.bits, bits])[order],
    )


def _with_records(linked: Linked, firsts: Codes, copies: Codes, bits: Bits, apart: int) -> Linked:
    """Put copies into the clusters of their firsts; ``apart`` others stay alone."""
    labels, second = linked.labels.copy(), linked.second.copy()
    alone = ~np.isin(labels[firsts], linked.firsts)
    labels[copies] = labels[firsts]
    second[copies] = second[firsts] | alone
    sizes = np.bincount(labels, minlength=len(labels))
    heads = np.flatnonzero(sizes > 1).astype(np.int32)
    held = np.full(len(labels), np.inf, dtype=np.float32)
    np.minimum.at(held, labels[copies], bits)
    old = np.searchsorted(heads, linked.firsts)
    weakest, density = held[heads], np.ones(len(heads), dtype=np.float32)
    weakest[old], density[old] = linked.weakest, linked.density
    thin, sparse = np.zeros(len(heads), dtype=np.bool_), np.zeros(len(heads), dtype=np.bool_)
    thin[old], sparse[old] = linked.thin, linked.sparse
    return replace(
        linked,
        labels=labels,
        second=second,
        firsts=heads,
        sizes=sizes[heads].astype(np.int32),
        weakest=weakest,
        density=density,
        thin=thin,
        sparse=sparse,
        counts={**linked.counts, "identical_joined": len(copies), "identical_apart": apart},
    )
