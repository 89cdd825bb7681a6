"""Columns of equal length, held as NumPy arrays: how people and records are passed around here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Frame:
    """A set of named columns; a column may have a second dimension."""

    def __init__(self, **columns: Array) -> None:
        self._columns = columns

    def __getitem__(self, name: str) -> Array:
        return self._columns[name]

    def __setitem__(self, name: str, values: Array) -> None:
        self._columns[name] = values

    def __contains__(self, name: str) -> bool:
        return name in self._columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    def take(self, rows: Rows | Mask) -> Frame:
        """Return a new frame of the chosen rows (copies, so that changes stay apart)."""
        return Frame(**{name: values[rows] for name, values in self._columns.items()})

    @staticmethod
    def stack(frames: list[Frame]) -> Frame:
        """Return the rows of all ``frames`` under each other."""
        return Frame(**{name: np.concatenate([f[name] for f in frames]) for name in frames[0]})
