"""The same bank on PostgreSQL and MariaDB gives the same golden customers as on SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from examples.bank.create import create
from examples.bank.desk import Luck
from examples.bank.servers import serving
from examples.bank.systems import Place
from tests.pipeline.conftest import digest_of, run_flow
from tests.plugins.banks import PEOPLE

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.mariadb,
    pytest.mark.timeout(300),
]


def test_the_database_makes_no_difference(
    bank_folder: Path,
    tmp_path: Path,
    postgres_url: str,
    mariadb_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    urls = {"core": postgres_url, "loan": mariadb_url, "callcentre": mariadb_url}
    elsewhere = tmp_path / "elsewhere"
    create(Place(elsewhere, urls), PEOPLE, Luck(7, 1.0))
    here = Path(shutil.copytree(bank_folder, tmp_path / "here"))
    digests = []
    for folder, places in ((here, {}), (elsewhere, urls)):
        with serving(folder) as addresses, monkeypatch.context() as patch:
            for name, url in addresses.items():
                patch.setenv(name, url)
            for source, url in places.items():
                patch.setenv(f"{source.upper()}_URL", url)
            digests.append(digest_of(run_flow(folder)))
    assert digests[0] == digests[1]
