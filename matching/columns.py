"""Columns of records as integers: the only shapes the hot path of matching works on.

A ``Column`` holds, for every record, the codes of its values (a record may have none or many).
Pairs are two equally long arrays of record indices. Everything here is NumPy on whole arrays.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute
from numpy.typing import NDArray

# Arrow's type hints do not know all of its functions.
pc: Any = pyarrow.compute
Texts: TypeAlias = Any  # an Arrow string array
Ints: TypeAlias = NDArray[np.int64]
Codes: TypeAlias = NDArray[np.int32]
Levels: TypeAlias = NDArray[np.uint8]
Mask: TypeAlias = NDArray[np.bool_]
# Two arrays of value codes in, one level for each couple out.
Judge: TypeAlias = Callable[[Codes, Codes], Levels]


@dataclass(frozen=True, slots=True)
class Column:
    """Record ``i`` has the values ``codes[starts[i]:starts[i + 1]]``; codes count from 0."""

    starts: Ints
    codes: Codes

    @classmethod
    def build(cls, records: Codes, codes: Codes, record_count: int) -> Column:
        """Build from one row per value; ``records`` must be ascending."""
        starts = np.zeros(record_count + 1, dtype=np.int64)
        np.cumsum(np.bincount(records, minlength=record_count), out=starts[1:])
        return cls(starts, codes)

    @property
    def records(self) -> Codes:
        """The record of each value."""
        counts = np.diff(self.starts)
        return np.repeat(np.arange(len(counts), dtype=np.int32), counts)

    def keep(self, wanted: Mask) -> Column:
        """Return the column with only those values whose position is ``wanted``."""
        return Column.build(self.records[wanted], self.codes[wanted], len(self.starts) - 1)

    def first(self) -> Codes:
        """Return each record's first code, -1 where it has none."""
        result = np.full(len(self.starts) - 1, -1, dtype=np.int32)
        filled = np.diff(self.starts) > 0
        result[filled] = self.codes[self.starts[:-1][filled]]
        return result


@dataclass(frozen=True, slots=True)
class Values:
    """A column and what its codes stand for: row ``c`` of ``table`` describes code ``c``."""

    column: Column
    table: pa.Table

    def texts(self, name: str) -> Texts:
        """Return one attribute of the distinct values as an Arrow array, by code."""
        return flat(self.table.column(name))

    def without(self, codes: Mask) -> Values:
        """Return the same values after taking the marked codes away from every record."""
        return Values(self.column.keep(~codes[self.column.codes]), self.table)


def flat(texts: Texts) -> Texts:
    """Return ``texts`` as one array."""
    if isinstance(texts, pa.Array):
        return texts
    return pa.concat_arrays(texts.chunks) if texts.num_chunks else pa.array([], texts.type)


def arrow(array: NDArray[Any]) -> Texts:
    """Return a NumPy array as an Arrow one."""
    return pa.array(array)


def encode(texts: Texts) -> Codes:
    """Return one integer per text, equal for equal texts, -1 for NULL."""
    indices = flat(texts).dictionary_encode().indices
    return np.asarray(indices.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int32)


def text_lengths(texts: Texts) -> Codes:
    """Return the length of each text in code points, 0 for NULL."""
    lengths = pc.fill_null(pc.utf8_length(texts), 0)
    return np.asarray(lengths.to_numpy(zero_copy_only=False), dtype=np.int32)


def marked(texts: Texts, word: str) -> Mask:
    """Tell which texts are ``word``; NULL is not."""
    equal = pc.equal(texts, pa.scalar(word, pa.string()))
    return np.asarray(pc.fill_null(equal, False).to_numpy(zero_copy_only=False))


def first_rows(codes: Codes) -> Ints:
    """Return for every code, from 0, the first row that carries it; -1 is no code."""
    rows = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    coded = np.flatnonzero(codes >= 0)[::-1]
    rows[codes[coded]] = coded
    return rows


def looked_up(codes: Codes, at: Codes) -> Codes:
    """Return ``codes[at]``, -1 where ``at`` is -1."""
    result = np.full(len(at), -1, dtype=np.int32)
    found = at >= 0
    result[found] = codes[at[found]]
    return result


def same(codes: Codes, left: Codes, right: Codes) -> Mask:
    """Tell which couples have the same code; an unknown one (-1) is the same as nothing."""
    equal: Mask = (codes[left] == codes[right]) & (codes[left] >= 0)
    return equal


def known(codes: Codes, left: Codes, right: Codes) -> Mask:
    """Tell which couples have a code on both sides."""
    both: Mask = (codes[left] >= 0) & (codes[right] >= 0)
    return both


def distinct(values: Ints) -> Ints:
    """Return the distinct values, ascending: by sorting, five times faster than ``np.unique``."""
    ordered = np.sort(values)
    first: Mask = np.diff(ordered, prepend=ordered[:1] - 1) != 0
    return np.asarray(ordered[first])


def distinct_pairs(left: Codes, right: Codes) -> tuple[Codes, Codes, Ints]:
    """Return the distinct couples and, for each input couple, its place among them."""
    packed = (left.astype(np.int64) << 32) | right.astype(np.int64)
    unique, inverse = np.unique(packed, return_inverse=True)
    return (unique >> 32).astype(np.int32), (unique & 0xFFFFFFFF).astype(np.int32), inverse


def couples(column: Column, left: Codes, right: Codes) -> tuple[Ints, Codes, Codes]:
    """Return every couple of values of each pair: pair number, left code, right code."""
    left_start, right_start = column.starts[left], column.starts[right]
    left_count = column.starts[left + 1] - left_start
    right_count = column.starts[right + 1] - right_start
    sizes = left_count * right_count
    if int(sizes.max(initial=0)) <= 1:
        pair = np.flatnonzero(sizes)
        return pair, column.codes[left_start[pair]], column.codes[right_start[pair]]
    pair = np.repeat(np.arange(len(left), dtype=np.int64), sizes)
    within = np.arange(len(pair), dtype=np.int64) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    across = right_count[pair]
    return (
        pair,
        column.codes[left_start[pair] + within // across],
        column.codes[right_start[pair] + within % across],
    )


def best_level(column: Column, left: Codes, right: Codes, judge: Judge) -> Levels:
    """Return the highest level any couple of values of each pair reaches, 0 where none exists."""
    pair, left_code, right_code = couples(column, left, right)
    result = np.zeros(len(left), dtype=np.uint8)
    if len(pair) == 0:
        return result
    levels = judge(left_code, right_code)
    begins = np.flatnonzero(np.diff(pair, prepend=-1))
    result[pair[begins]] = np.maximum.reduceat(levels, begins)
    return result
