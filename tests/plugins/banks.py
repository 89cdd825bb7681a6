"""Small example banks for tests that need a whole project: real files, databases and servers.

``bank`` is one bank per test process, its HTTP systems listening. ``project_copy`` gives a test a
copy of its own that it may run, break and kill.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from examples.bank.create import create
from examples.bank.desk import Luck
from examples.bank.servers import serving
from examples.bank.systems import Place

SOURCES = ("callcentre", "card", "core", "crm", "loan", "marketing", "mobile", "wealth")
PEOPLE = 250


@dataclass(frozen=True)
class Bank:
    """A bank's folder, which is a project too, and the addresses of its HTTP systems."""

    folder: Path
    urls: dict[str, str]
    sources: tuple[str, ...] = field(default=SOURCES)


def make_bank(folder: Path, people: int = PEOPLE, seed: int = 7) -> Path:
    """Make a bank and return its folder."""
    create(Place(folder, {}), people, Luck(seed, 1.0))
    return folder


@pytest.fixture(scope="session")
def bank_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bank nobody has run yet; copy it before changing anything."""
    return make_bank(tmp_path_factory.mktemp("bank") / "bank")


@contextmanager
def served(folder: Path) -> Iterator[Bank]:
    """Serve the bank in ``folder``, its addresses and its project in the environment."""
    with serving(folder) as urls, pytest.MonkeyPatch.context() as patch:
        for name, url in urls.items():
            patch.setenv(name, url)
        patch.setenv("GOLDEN_PROJECT", os.fspath(folder))
        yield Bank(folder, urls)


@pytest.fixture(scope="session")
def bank(bank_folder: Path) -> Iterator[Bank]:
    """The bank, listening. Nobody runs it in place: ``project_copy`` gives copies."""
    with served(bank_folder) as bank:
        yield bank


@pytest.fixture
def project_copy(bank: Bank, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies the bank's project for one test."""

    def copy(name: str = "project", origin: Path = bank.folder) -> Path:
        return Path(shutil.copytree(origin, tmp_path / name, symlinks=True))

    return copy
