"""A raw zone and a working file of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.raw_runs import Raw
from warehouse.store import Store


@pytest.fixture
def raw(tmp_path: Path) -> Raw:
    return Raw(tmp_path / "raw")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "next.duckdb")
