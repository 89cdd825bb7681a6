"""Random draws that belong to somebody: the same seed, question and record give the same answer.

A record can therefore be written again years later (``advance``) with the very mistakes it had,
and neither chunk sizes nor the number of processes can change a byte.
"""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from examples.bank.frame import Array, Mask

Bits = npt.NDArray[np.uint64]


class Dice:
    """Draws named by a seed and a place, such as ``Dice(7, "core")``."""

    def __init__(self, seed: int, *place: str) -> None:
        self._place = "/".join((str(seed), *place))

    def bits(self, question: str, who: Array) -> Bits:
        """Return 64 random bits for each of ``who`` (integers that name records)."""
        digest = blake2b(f"{self._place}?{question}".encode(), digest_size=8).digest()
        return _mix(_mix(who.astype(np.uint64)) + np.uint64(int.from_bytes(digest, "little")))

    def uniform(self, question: str, who: Array) -> npt.NDArray[np.float64]:
        """Return numbers in [0, 1)."""
        return np.ldexp((self.bits(question, who) >> np.uint64(11)).astype(np.float64), -53)

    def hit(self, question: str, who: Array, rate: float) -> Mask:
        """Return True with probability ``rate``."""
        limit = np.uint64(min(int(rate * 2.0**64), 2**64 - 1))
        return self.bits(question, who) < limit

    def below(self, question: str, who: Array, limit: int) -> npt.NDArray[np.int64]:
        """Return integers in [0, limit)."""
        return (self.bits(question, who) % np.uint64(limit)).astype(np.int64)

    def days(self, question: str, who: Array, mean: float) -> npt.NDArray[np.int64]:
        """Return whole numbers of days, exponentially distributed around ``mean``."""
        return np.floor(-np.log1p(-self.uniform(question, who)) * mean).astype(np.int64)


def _mix(x: Bits) -> Bits:
    """Return the finaliser of splitmix64 (Steele, Lea and Flood 2014), a bijection on 64 bits."""
    with np.errstate(over="ignore"):
        x = x + np.uint64(0x9E3779B97F4A7C15)
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return x ^ (x >> np.uint64(31))
