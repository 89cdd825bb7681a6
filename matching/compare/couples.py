"""Judging a couple of values once, however many pairs of records have it.

Fifty thousand records have some six thousand surnames, and half a million candidate pairs but nine
thousand distinct couples of them. What was found for a couple is remembered in a table of fixed
size, found by a hash of the couple: a couple that displaced another one is simply judged again, so
the table never changes an answer. Pairs are taken in chunks, so that a couple is judged twice only
within its first chunk; sorting them to find the distinct ones would cost more than judging.
"""

from __future__ import annotations

import numpy as np

from matching.columns import Codes, Ints, Judge, Levels

# Entries of the table, of 8 bytes each: 2 MiB stay in a processor's cache.
_SLOTS_BITS = 18
_CHUNK = 1 << 15
# An entry is left code (27 bits), right code (27 bits), level (8 bits).
_CODE_BITS, _LEVEL_BITS = 27, 8
_MIXER = np.uint64(0x9E3779B97F4A7C15)


class RememberedCouples:
    """A judge of couples of value codes that remembers the levels ``judge`` gave.

    ``judge`` gets every couple with the smaller code first, never two equal codes and never -1;
    so the answer is symmetric whatever it does. Equal codes get ``top``, unknown ones 0.
    """

    def __init__(self, judge: Judge, top: int) -> None:
        self._judge, self._top = judge, np.uint8(top)
        self._table = np.full(1 << _SLOTS_BITS, -1, dtype=np.int64)

    def __call__(self, left: Codes, right: Codes) -> Levels:
        """Return the level of each couple of codes."""
        result = np.empty(len(left), dtype=np.uint8)
        for start in range(0, len(left), _CHUNK):
            chunk = slice(start, start + _CHUNK)
            result[chunk] = self._levels(left[chunk], right[chunk])
        return result

    def _levels(self, left: Codes, right: Codes) -> Levels:
        result = np.where(left == right, self._top, np.uint8(0))
        small, large = np.minimum(left, right), np.maximum(left, right)
        result[small < 0] = 0
        some = np.flatnonzero((small >= 0) & (small != large))
        if len(some):
            result[some] = self._different(small[some], large[some])
        return result

    def _different(self, small: Codes, large: Codes) -> Levels:
        couple = (small.astype(np.int64) << _CODE_BITS) | large
        slot = self._slots(couple)
        entry = self._table[slot]
        result = (entry & ((1 << _LEVEL_BITS) - 1)).astype(np.uint8)
        new = np.flatnonzero(entry >> _LEVEL_BITS != couple)
        if len(new):
            result[new] = self._judge(small[new], large[new])
            # couple and level in one number: another thread sees both or neither
            self._table[slot[new]] = (couple[new] << _LEVEL_BITS) | result[new]
        return result

    def _slots(self, couple: Ints) -> Ints:
        mixed = (couple.astype(np.uint64) * _MIXER) >> np.uint64(64 - _SLOTS_BITS)
        return mixed.astype(np.int64)
