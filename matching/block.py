"""Blocking: which pairs of records are compared at all.

Each rule puts records that agree on all its keys into blocks; the pairs inside a block are
candidates. What a rule will cost is known from its block sizes before a single pair is made.
Pairs are made in chunks of left records, so all proposals of one pair meet in one chunk: sorting
the chunk leaves each pair once, under the earliest rule that proposed it, in bounded memory.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Column, Ints, distinct

_LOG = logging.getLogger(__name__)
# A pair and the rule that proposed it sort as one 64-bit integer: the rule takes ten bits of it,
# which leaves room for a hundred million records.
_RULE_BITS = 10
_WIDEST = 2**62
# Arrays that last hold 32 bits where that is enough: there are several for each rule and record.
Counts: TypeAlias = NDArray[np.signedinteger[Any]]


class BlockRule(Protocol):
    """Records that agree on all of ``keys`` make a block; above ``cap``, ``split`` divides it."""

    @property
    def id(self) -> str:
        """Its name in reports."""

    @property
    def keys(self) -> list[str]:
        """Names of key columns, all of which must agree."""

    @property
    def split(self) -> list[str]:
        """Names of key columns that divide a block above the cap."""

    @property
    def cap(self) -> int:
        """The largest block, in records, whose pairs are all compared."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """One rule's blocks: members of a block stand together, ascending.

    Row ``p`` is paired with rows ``p + 1`` to ``ends[p] - 1``. ``by_record`` sorts the rows by
    record. ``divided`` and ``set_aside`` count blocks above the rule's cap.
    """

    rule: BlockRule
    records: Codes
    ends: Counts
    by_record: Counts
    count: int
    biggest: int
    divided: int
    set_aside: int

    @property
    def partners(self) -> Counts:
        """How many pairs each row starts."""
        return self.ends - np.arange(1, len(self.ends) + 1, dtype=self.ends.dtype)

    @property
    def pairs(self) -> int:
        """How many pairs the rule proposes."""
        return int(self.partners.sum(dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Candidates:
    """A chunk of candidate pairs, each once, and how many were new under each rule."""

    left: Codes
    right: Codes
    new_by_rule: Ints


def build_blocks(keys: Mapping[str, Column], rules: Sequence[BlockRule], size: int) -> list[Blocks]:
    """Return the blocks of every rule over ``size`` records, in the order of the rules.

    ``keys`` are the key columns by name; KeyError for a rule that names another.
    """
    return [_blocks(rule, keys, size) for rule in rules]


def candidate_chunks(blocks: Sequence[Blocks], size: int, chunk: int) -> Iterator[Candidates]:
    """Yield all pairs of ``blocks`` over ``size`` records, about ``chunk`` proposals at a time."""
    rows = [_Rows.of(item, size) for item in blocks]
    cost = np.zeros(size + 1, dtype=np.int64)
    for row in rows:
        cost[1:] += row.costs(size)
    np.cumsum(cost, out=cost)
    begin = 0
    while begin < size:
        end = int(np.searchsorted(cost, cost[begin] + chunk, side="right")) - 1
        end = min(max(end, begin + 1), size)
        if cost[end] > cost[begin]:
            yield _unique_pairs([row.proposals(begin, end) for row in rows], size)
        begin = end


def _blocks(rule: BlockRule, keys: Mapping[str, Column], size: int) -> Blocks:
    records, block = _combined([keys[name] for name in rule.keys], size)
    records, block = _grouped(records, block, size)
    sizes = _sizes(block)
    biggest, count = int(sizes.max(initial=0)), _multiple(sizes)
    too_big = sizes > rule.cap
    divided = len(distinct(block[too_big]))
    for name in rule.split:
        if not too_big.any():
            break
        parts = _divide(records[too_big], block[too_big], keys[name])
        records, block = _joined((records[~too_big], block[~too_big]), parts, size)
        sizes = _sizes(block)
        too_big = sizes > rule.cap
    set_aside = len(distinct(block[too_big]))
    if divided:
        _LOG.info(
            "Blocking rule %s: %d blocks above %d records divided by %s; %d still above set aside.",
            rule.id,
            divided,
            rule.cap,
            rule.split or "nothing",
            set_aside,
        )
    kept = ~too_big & (sizes > 1)
    records, block = records[kept], block[kept]
    begins = np.flatnonzero(np.diff(block, prepend=-1))
    lengths = np.diff(begins, append=len(block))
    return Blocks(
        rule=rule,
        records=records,
        ends=np.repeat(_small(begins + lengths), lengths),
        by_record=_order(records),
        count=count,
        biggest=biggest,
        divided=divided,
        set_aside=set_aside,
    )


def _combined(columns: Sequence[Column], size: int) -> tuple[Codes, Ints]:
    """Return one row per record and combination of its keys: record, block number."""
    records, block = columns[0].records, columns[0].codes.astype(np.int64)
    for column in columns[1:]:
        records, block = _divide(records, block, column)
    return records, block


def _divide(records: Codes, block: Ints, column: Column) -> tuple[Codes, Ints]:
    """Split every block by one more key; rows without that key fall out."""
    counts = np.diff(column.starts)[records]
    rows = np.repeat(np.arange(len(records)), counts)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    codes = column.codes[column.starts[records[rows]] + within]
    width = int(codes.max(initial=0)) + 1
    if (int(block.max(initial=0)) + 1) * width > _WIDEST:
        block = np.searchsorted(distinct(block), block)
    return records[rows], block[rows] * width + codes


def _grouped(records: Codes, block: Ints, size: int) -> tuple[Codes, Ints]:
    """Sort by block, then record; a record stands once in a block.

    Both travel as one integer where they fit: NumPy sorts those several times faster than rows.
    """
    if (int(block.max(initial=0)) + 1) * size > _WIDEST:
        block = np.searchsorted(distinct(block), block)
    packed = distinct(block * size + records)
    block = packed // size
    return (packed - block * size).astype(np.int32), block


def _order(records: Codes) -> Counts:
    """Return the rows in the order of their records, equal ones as they stand."""
    packed = (records.astype(np.int64) << 32) | np.arange(len(records), dtype=np.int64)
    packed.sort()
    return _small(packed & 0xFFFFFFFF)


def _small(counts: Ints) -> Counts:
    """Return counts that are never negative in 32 bits, if the largest fits."""
    fits = int(counts.max(initial=0)) < 2**31
    return counts.astype(np.int32) if fits else counts


def _joined(kept: tuple[Codes, Ints], parts: tuple[Codes, Ints], size: int) -> tuple[Codes, Ints]:
    """Put kept blocks and new parts together under different numbers."""
    offset = int(kept[1].max(initial=-1)) + 1
    return _grouped(
        np.concatenate([kept[0], parts[0]]), np.concatenate([kept[1], parts[1] + offset]), size
    )


def _sizes(block: Ints) -> Ints:
    """Return for every row the size of its block; ``block`` must be sorted."""
    begins = np.flatnonzero(np.diff(block, prepend=-1))
    lengths = np.diff(begins, append=len(block))
    return np.repeat(lengths, lengths)


def _multiple(sizes: Ints) -> int:
    """Count the blocks of two or more records from the rows' block sizes."""
    shared = sizes[sizes > 1]
    return round(float((1.0 / shared).sum())) if len(shared) else 0


@dataclass(frozen=True, slots=True)
class _Rows:
    """A rule's rows in the order of their records, for cutting out a range of records."""

    blocks: Blocks
    starts: Counts

    @classmethod
    def of(cls, blocks: Blocks, size: int) -> _Rows:
        starts = np.zeros(size + 1, dtype=np.int64)
        np.cumsum(np.bincount(blocks.records, minlength=size), out=starts[1:])
        return cls(blocks, _small(starts))

    def costs(self, size: int) -> Ints:
        """Return how many pairs each record starts."""
        costs = np.bincount(self.blocks.records, weights=self.blocks.partners, minlength=size)
        return costs.astype(np.int64)

    def proposals(self, begin: int, end: int) -> tuple[Ints, Ints]:
        """Return all pairs whose left record is in ``[begin, end)``."""
        rows = self.blocks.by_record[self.starts[begin] : self.starts[end]]
        counts = self.blocks.ends[rows] - rows - 1
        left = np.repeat(self.blocks.records[rows].astype(np.int64), counts)
        within = np.arange(len(left)) - np.repeat(np.cumsum(counts) - counts, counts)
        return left, self.blocks.records[np.repeat(rows + 1, counts) + within].astype(np.int64)


def _unique_pairs(proposals: Sequence[tuple[Ints, Ints]], size: int) -> Candidates:
    """Keep each pair once, under its earliest rule: pair and rule sort as one integer."""
    packed = np.concatenate(
        [
            ((left * size + right) << _RULE_BITS) | rule
            for rule, (left, right) in enumerate(proposals)
        ]
    )
    packed.sort()
    pair = packed >> _RULE_BITS
    first = np.diff(pair, prepend=-1) != 0
    pair = pair[first]
    return Candidates(
        left=(pair // size).astype(np.int32),
        right=(pair % size).astype(np.int32),
        new_by_rule=np.bincount(packed[first] & ((1 << _RULE_BITS) - 1), minlength=len(proposals)),
    )
