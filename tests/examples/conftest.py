"""Banks made once per session; tests that change one copy it first."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from examples.bank.create import create
from examples.bank.desk import Luck
from examples.bank.systems import Place


@pytest.fixture(scope="session")
def small_bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """300 people, seed 7."""
    root = tmp_path_factory.mktemp("bank") / "small"
    assert create(Place(root, {}), 300, Luck(7))
    return root


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """5,000 people, seed 7: big enough for rates."""
    root = tmp_path_factory.mktemp("bank") / "five"
    assert create(Place(root, {}), 5_000, Luck(7))
    return root


@pytest.fixture
def own_bank(bank: Path, tmp_path: Path) -> Path:
    """A copy of ``bank`` to change."""
    return Path(shutil.copytree(bank, tmp_path / "bank"))
