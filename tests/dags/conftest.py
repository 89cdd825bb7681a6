"""A bank of this room's own: Airflow runs it in place."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.banks import Bank, served


@pytest.fixture(scope="module")
def bank(bank_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bank]:
    """A copy of the bank, listening."""
    folder = shutil.copytree(bank_folder, tmp_path_factory.mktemp("served") / "bank")
    with served(Path(folder)) as bank:
        yield bank
