"""Which Chinese characters sound alike and which look alike: by code point, on whole arrays.

Readings are toneless and come as sets: a character is every one of its readings, a surname's own
reading among them (单 is dan and shan). Rough readings leave out what many speakers do: zh is z,
sh is s, ch is c, a final ng is n, an initial n is l. Looks are a table of pairs; see
``models/fields/tables/README.md``.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.columns import Ints, Mask
from models.fields import han
from models.fields.names_han import surnames

Points = NDArray[np.uint32]
Sounds = NDArray[np.int16]

_MOST_READINGS = 5


@cache
def syllables() -> list[str]:
    """Return all toneless syllables; their places in this list are their numbers."""
    return sorted(han.syllables())


@cache
def rough_numbers() -> Sounds:
    """Return for every syllable the number of the syllables it is mixed up with."""
    rough = [_rough(syllable) for syllable in syllables()]
    places = {text: place for place, text in enumerate(sorted(set(rough)))}
    return np.array([places[text] for text in rough], dtype=np.int16)


def readings_of(points: Points) -> Sounds:
    """Return the readings of characters, ``(n, 5)``; -1 where there is none (more)."""
    return _readings()[np.minimum(points, len(_readings()) - 1)]


def meet(left: Sounds, right: Sounds) -> Mask:
    """Tell which rows of two arrays of readings have one in common."""
    result = np.zeros(len(left), dtype=np.bool_)
    for one in range(left.shape[1]):
        for other in range(right.shape[1]):
            result |= (left[:, one] == right[:, other]) & (left[:, one] >= 0)
    return result


def roughly(readings: Sounds) -> Sounds:
    """Return readings as numbers of rough ones."""
    found: Sounds = np.where(readings >= 0, rough_numbers()[readings], -1)
    return found


def look_alike(left: Points, right: Points) -> Mask:
    """Tell which couples of characters look alike; a character does not resemble itself here."""
    table = _shapes()
    smaller = np.minimum(left, right).astype(np.int64)
    couples = (smaller << 32) | np.maximum(left, right)
    place = np.minimum(np.searchsorted(table, couples), len(table) - 1)
    found: Mask = table[place] == couples
    return found


def _rough(syllable: str) -> str:
    text = re.sub("^([zcs])h", r"\1", syllable)
    return re.sub("^n", "l", re.sub("ng$", "n", text))


@cache
def _readings() -> Sounds:
    """Return the readings by code point; the last row, of no character, has none."""
    numbers = {text: place for place, text in enumerate(syllables())}
    readings = {char: list(found) for char, found in han.readings().items()}
    for name, (reading, _) in surnames().items():
        if len(name) == 1 and reading not in readings.get(name, ()):
            readings.setdefault(name, []).insert(1, reading)
    table = np.full((max(map(ord, readings)) + 2, _MOST_READINGS), -1, dtype=np.int16)
    for char, found in readings.items():
        row = [numbers[text] for text in found[:_MOST_READINGS] if text in numbers]
        table[ord(char), : len(row)] = row
    return table


@cache
def _shapes() -> Ints:
    """Return the pairs that look alike, each packed in one integer, ascending.

    The file has the first character and how far the second is from the second before it.
    """
    import pyarrow.parquet as pq

    parquet: Any = pq
    table = parquet.read_table(str(files("models.fields") / "tables" / "han_shapes.parquet"))
    one = table["one"].to_numpy().astype(np.int64)
    gap = table["gap"].to_numpy().astype(np.int64)
    starts = np.flatnonzero(np.diff(one, prepend=0) != 0)
    total = np.cumsum(gap)
    before = np.repeat(total[starts] - gap[starts], np.diff(starts, append=len(one)))
    pairs: Ints = (one << 32) | (one + total - before)
    return pairs
