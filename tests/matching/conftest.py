"""Small normalised tables, written the way the normaliser writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import duckdb
import numpy as np
import pytest

from matching.compare import prepare
from matching.compare.levels import LEVELS
from tests.plugins.parties import Bank, Party


@pytest.fixture
def bank() -> Iterator[Bank]:
    with duckdb.connect() as connection:
        yield Bank(connection)


@pytest.fixture
def level_of(bank: Bank) -> Callable[[Any, str, Party, Party], str]:
    """Return a function that tells the level a comparison gives two parties."""

    def tell(comparison: str, one: Party, other: Party, *more: Party) -> str:
        frame = bank.fill(one, other, *more).frame()
        at = {key: place for place, key in enumerate(frame.keys.to_pylist())}
        left, right = (np.array([at[party.key]], dtype=np.int32) for party in (one, other))
        forth = int(prepare(frame)[comparison](left, right)[0])
        back = int(prepare(frame)[comparison](right, left)[0])
        assert forth == back, "a comparison must not depend on which record stands left"
        return LEVELS[comparison][forth]

    return tell
