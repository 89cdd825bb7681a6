"""What blocking rules cost: sizes of blocks without making pairs, and new pairs in a sample."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Column, Ints, distinct
from matching.table.spec import KeySpec

Hashes: TypeAlias = NDArray[np.uint32]

# Rows of a rule that are sorted to know its block sizes, at about 15 ns each.
_ROWS_SORTED = 8_000
# Records whose pairs are counted one by one.
_RECORDS_COUNTED = 400
_MIXER = np.uint64(0x9E3779B97F4A7C15)
_MIXER_32 = np.uint32(0x85EBCA77)
_SLOT_BITS = 18


@dataclass(frozen=True, slots=True)
class KeyCodes:
    """One key: rows of record and code, and where it is single the code by record, -1 for none.

    ``row_hash`` and ``record_hash`` are hashes of the codes, ``having`` counts records with the
    key, ``chance`` is how likely two records agree on it by chance.
    """

    name: str
    records: Codes
    codes: Codes
    by_record: Codes
    row_hash: Hashes
    record_hash: Hashes
    several: bool
    width: int
    having: int
    chance: float

    @classmethod
    def of(cls, name: str, column: Column) -> KeyCodes:
        """Prepare a key column."""
        counts = np.diff(column.starts)
        agreeing = np.bincount(column.codes).astype(np.float64)
        by_record = column.first()
        return cls(
            name,
            column.records,
            column.codes,
            by_record,
            _hashed(column.codes, name),
            _hashed(by_record, name),
            int(counts.max(initial=0)) > 1,
            int(column.codes.max(initial=0)) + 1,
            int((counts > 0).sum()),
            float((agreeing * agreeing).sum()) / max(len(counts), 1) ** 2,
        )


@dataclass(frozen=True, slots=True)
class BlockSizes:
    """The sizes of a share of a rule's blocks; ``weight`` turns them into those of all blocks."""

    sizes: Ints
    weight: float

    @classmethod
    def of(cls, keys: Sequence[KeyCodes], size: int) -> BlockSizes:
        """Measure the blocks of records that agree on all ``keys``, among ``size`` records."""
        if len(keys) == 1:
            return cls(np.bincount(keys[0].codes), 1 / size)
        keys = sorted(keys, key=lambda key: not key.several)
        one_in = max(1, len(keys[0].records) // _ROWS_SORTED)
        _, block = _blocks(keys, one_in)
        ordered = np.sort(block)
        begins = np.flatnonzero(np.diff(ordered, prepend=-1))
        return cls(np.diff(begins, append=len(ordered)), one_in / size)

    def within(self, cap: int) -> tuple[float, float, float]:
        """Return pairs for each record in blocks up to ``cap``, in larger ones, and the share of
        rows in blocks up to ``cap``.
        """
        pairs = self.sizes * (self.sizes - 1) / 2 * self.weight
        fits = self.sizes <= cap
        inside, every = float(self.sizes[fits].sum()), float(self.sizes.sum())
        return float(pairs[fits].sum()), float(pairs[~fits].sum()), inside / max(every, 1.0)


class CountedPairs:
    """The pairs that a sample of records has under the rules taken so far."""

    def __init__(self, size: int) -> None:
        self._size = size
        order = np.argsort(_mixed(np.arange(1, size + 1), 62), kind="stable")
        self._sampled = np.zeros(size, dtype=np.bool_)
        self._sampled[order[:_RECORDS_COUNTED]] = True
        self._seen: Ints = np.empty(0, dtype=np.int64)

    def new(self, rule: KeySpec, keys: Mapping[str, KeyCodes]) -> tuple[float, Ints]:
        """Return how many pairs for each record a rule adds, and all its pairs in the sample."""
        pairs = distinct(np.concatenate(list(self._pairs(rule, keys))))
        new = len(pairs) - int(np.isin(pairs, self._seen, assume_unique=True).sum())
        # every pair is met from both of its records
        return new / 2 / int(self._sampled.sum()), pairs

    def take(self, pairs: Ints) -> None:
        """Remember the pairs of a rule that is taken."""
        self._seen = np.union1d(self._seen, pairs)

    def _pairs(self, rule: KeySpec, keys: Mapping[str, KeyCodes]) -> Iterator[Ints]:
        """Yield the pairs of blocks within the cap, then of those that were divided."""
        own = sorted((keys[name] for name in rule.keys), key=lambda key: not key.several)
        records, block = _blocks(own)
        for name in (None, *rule.split):
            if name is not None:
                records, block = _divided(records, block, keys[name])
            records, block, sizes = self._met(records, block)
            fits = sizes <= rule.cap
            yield self._couples(records[fits], block[fits], sizes[fits])
            records, block = records[~fits], block[~fits]

    def _met(self, records: Codes, block: Ints) -> tuple[Codes, Ints, Ints]:
        """Return the rows in blocks that may have a record of the sample, and the block sizes."""
        slots = _mixed(block, _SLOT_BITS)
        marked = np.zeros(1 << _SLOT_BITS, dtype=np.bool_)
        marked[slots[self._sampled[records]]] = True
        met = marked[slots]
        records, block = records[met], block[met]
        order = np.argsort(block, kind="stable")
        records, block = records[order], block[order]
        begins = np.flatnonzero(np.diff(block, prepend=-1))
        lengths = np.diff(begins, append=len(block))
        return records, block, np.repeat(lengths, lengths)

    def _couples(self, records: Codes, block: Ints, sizes: Ints) -> Ints:
        """Return each sampled record with every other one of its block, as one number a pair."""
        rows = np.flatnonzero(self._sampled[records])
        begins = np.searchsorted(block, block[rows])
        lengths = sizes[rows]
        left = np.repeat(records[rows].astype(np.int64), lengths)
        within = np.arange(len(left)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        right = records[np.repeat(begins, lengths) + within]
        other = left != right
        pairs: Ints = left[other] * self._size + right[other]
        return pairs


def _blocks(keys: Sequence[KeyCodes], one_in: int = 1) -> tuple[Codes, Ints]:
    """Return rows of record and block, of one in so many blocks; several values come first."""
    first, *others = keys
    if one_in == 1 or first.several:
        records, codes, hashes = first.records, first.codes, first.row_hash
        others_hashes = [key.record_hash[records] for key in others] if one_in > 1 else []
    else:
        records = np.arange(len(first.by_record), dtype=np.int32)
        codes, hashes = first.by_record, first.record_hash
        others_hashes = [key.record_hash for key in others]
    if one_in > 1:
        for more in others_hashes:
            hashes = hashes ^ more
        drawn = np.flatnonzero(hashes * _MIXER_32 < np.uint32(2**32 // one_in))
        drawn = drawn[codes[drawn] >= 0]
        records, codes = records[drawn], codes[drawn]
    block = codes.astype(np.int64)
    for key in others:
        records, block = _divided(records, block, key)
    return records, block


def _divided(records: Codes, block: Ints, key: KeyCodes) -> tuple[Codes, Ints]:
    """Split every block by one more key; rows without that key fall out."""
    codes = key.by_record[records]
    known = codes >= 0
    return records[known], block[known] * key.width + codes[known]


def _hashed(codes: Codes, name: str) -> Hashes:
    """Return hashes of codes, other ones for each key."""
    hashes = (codes.astype(np.uint32) + np.uint32(crc32(name.encode()))) * np.uint32(0x2C1B3C6D)
    return hashes ^ (hashes >> np.uint32(15))


def _mixed(values: Ints, bits: int) -> Ints:
    return ((values.astype(np.uint64) * _MIXER) >> np.uint64(64 - bits)).astype(np.int64)
