"""Texts as matrices of code points, so that character comparisons are array operations."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Mask, Texts

# What stands for a character that was masked or lost on the way.
WILDCARDS = "*?□■○●＊？\ufffd"


@dataclass(frozen=True, slots=True)
class Characters:
    """Row ``c`` holds the first ``width`` code points of text ``c``, padded with 0.

    ``wild`` marks the wildcards among them. ``lengths`` are the texts' true lengths; a text longer
    than ``width`` is not compared.
    """

    points: NDArray[np.uint32] | NDArray[np.uint8]
    wild: Mask
    lengths: Codes

    @classmethod
    def of(cls, texts: Texts, width: int) -> Characters:
        """Build from texts; NULL becomes an empty row."""
        words = [text or "" for text in texts.to_pylist()]
        fixed = np.array(words, dtype=f"U{width}")
        points = fixed.view(np.uint32).reshape(len(words), width)
        wild = np.isin(points, [ord(character) for character in WILDCARDS])
        lengths = np.fromiter(map(len, words), dtype=np.int32, count=len(words))
        # numbers and phones need a quarter of the memory
        narrow = points.astype(np.uint8) if points.max(initial=0) < 256 else points
        return cls(narrow, wild, lengths)

    @property
    def masked(self) -> Mask:
        """Which texts hold a wildcard."""
        return np.asarray(self.wild.any(axis=1))

    @property
    def width(self) -> int:
        """How many code points are compared."""
        return int(self.points.shape[1])


@dataclass(frozen=True, slots=True)
class Alignment:
    """Two texts laid side by side, for each couple: counts of places, and whether they compare.

    ``comparable`` needs equal lengths within the width. ``agreeing`` and ``differing`` count
    places where both sides are readable; ``hidden`` those where a side is a wildcard.
    """

    comparable: Mask
    agreeing: Codes
    differing: Codes
    hidden: Codes


def align(texts: Characters, left: Codes, right: Codes) -> Alignment:
    """Lay texts ``left`` and ``right`` side by side, place by place."""
    comparable = (texts.lengths[left] == texts.lengths[right]) & (
        texts.lengths[left] <= texts.width
    )
    agreeing, differing, hidden = (np.zeros(len(left), dtype=np.int32) for _ in range(3))
    for place in range(int(texts.lengths.max(initial=0)) if len(left) else 0):
        if place >= texts.width:
            break
        a, b = texts.points[left, place], texts.points[right, place]
        masked = texts.wild[left, place] | texts.wild[right, place]
        agreeing += (a == b) & (a != 0) & ~masked
        differing += (a != b) & ~masked
        hidden += masked
    return Alignment(comparable, agreeing, differing, hidden)
