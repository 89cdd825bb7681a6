"""The folder of versions: finding the current one, verifying, going back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from filelock import FileLock

from models.errors import DigestMismatch, StoreError, StoreLocked
from models.tables import LAYERS, Column
from tests.plugins.small_bank import SmallBank, person
from warehouse.versions import Version, VersionFolder, check_content


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder with two versions; tests that change it take a copy."""
    bank = SmallBank(tmp_path_factory.mktemp("bank"))
    bank.publish([person("core.c:1", "王一")])
    bank.publish([person("core.c:1", "王二"), person("core.c:2")])
    return bank.root


@pytest.fixture
def bank(two: Path, tmp_path: Path) -> SmallBank:
    shutil.copytree(two, tmp_path / "copy", symlinks=True)
    return SmallBank(tmp_path / "copy")


def test_before_the_first_publish_there_is_nothing(tmp_path: Path) -> None:
    versions = VersionFolder(tmp_path / "published")
    assert (versions.current(), versions.list(), versions.next_number()) == (None, [], 1)


def test_versions_are_listed_oldest_first_and_point_to_their_files(bank: SmallBank) -> None:
    current = bank.versions.current()
    assert current is not None
    assert [version.number for version in bank.versions.list()] == [1, 2]
    assert current == bank.versions.list()[-1]
    assert current.golden_file.is_file()
    assert current.manifest.previous_version == "v000001"
    assert (current.parquet / "customer.parquet").is_file()


def test_rolling_back_serves_the_earlier_version_and_forward_again(bank: SmallBank) -> None:
    bank.versions.rollback(1)
    assert bank.ask("SELECT full_name FROM customer") == [("王一",)]
    assert bank.versions.next_number() == 3
    bank.versions.rollback(2)
    assert bank.ask("SELECT count(*) FROM customer") == [(2,)]


def test_after_a_rollback_the_next_version_continues_the_one_that_serves(bank: SmallBank) -> None:
    bank.versions.rollback(1)
    published = bank.publish([person("core.c:1", "王三")])
    assert published.version.number == 3
    assert published.version.manifest.previous_version == "v000001"


def test_rolling_back_to_nowhere_says_what_is_there(bank: SmallBank) -> None:
    with pytest.raises(StoreError, match=r"no version 9 .* there: 1, 2"):
        bank.versions.rollback(9)


def _change_a_byte(version: Version) -> None:
    file = version.parquet / "customer.parquet"
    content = bytearray(file.read_bytes())
    content[40] ^= 1
    file.chmod(0o644)
    file.write_bytes(content)


def _change_a_value(version: Version) -> None:
    version.golden_file.chmod(0o644)
    with duckdb.connect(str(version.golden_file)) as con:
        con.execute("UPDATE customer SET full_name = '李四'")


def _remove_a_file(version: Version) -> None:
    (version.parquet / "customer_name.parquet").unlink()


def _add_a_log(version: Version) -> None:
    version.golden_file.with_name("golden.duckdb.wal").write_bytes(b"")


@pytest.mark.parametrize("damage", [_change_a_byte, _change_a_value, _remove_a_file, _add_a_log])
def test_damage_is_found_and_not_rolled_back_to(
    bank: SmallBank, damage: Callable[[Version], None]
) -> None:
    damage(bank.versions.get(1))
    with pytest.raises(DigestMismatch):
        bank.versions.verify(1)
    with pytest.raises(DigestMismatch):
        bank.versions.rollback(1)
    current = bank.versions.current()
    assert current is not None
    assert current.number == 2
    assert bank.versions.verify(2).number == 2


def test_a_content_that_differs_from_its_manifest_is_found_though_the_files_agree(
    bank: SmallBank,
) -> None:
    version = bank.versions.get(1)
    file = version.folder / "manifest.json"
    digest = version.manifest.golden_digest
    file.chmod(0o644)
    file.write_text(file.read_text().replace(digest, "0" * 64))
    with pytest.raises(DigestMismatch, match="content"):
        bank.versions.verify(1)


def test_a_version_made_with_other_columns_is_still_verified(
    bank: SmallBank, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tables get new columns with a release; the versions of the one before stay what they are."""
    more = tuple(
        replace(table, columns=(*table.columns, Column("new", "VARCHAR", "", "")))
        for table in LAYERS["golden"]
    )
    monkeypatch.setitem(LAYERS, "golden", more)
    assert bank.versions.verify(2).number == 2


def test_a_table_outside_the_content_digest_is_verified_too(bank: SmallBank) -> None:
    version = bank.versions.get(2)
    version.golden_file.chmod(0o644)
    with duckdb.connect(str(version.golden_file)) as con:
        con.execute("INSERT INTO customer_change (cause) VALUES ('time')")
    with pytest.raises(DigestMismatch, match="content of customer_change is not"):
        check_content(version.golden_file, version.manifest)


def test_the_line_of_the_current_version_leaves_out_what_was_rolled_back(bank: SmallBank) -> None:
    assert bank.versions.line() == [2, 1]
    bank.versions.rollback(1)
    assert bank.versions.line() == [1]
    bank.publish([person("core.c:1", "王三")])
    assert bank.versions.line() == [3, 1]


def test_a_version_without_its_manifest_is_not_trusted(bank: SmallBank) -> None:
    (bank.versions.versions / "v000002" / "manifest.json").unlink()
    with pytest.raises(StoreError, match=r"manifest\.json is missing or damaged"):
        bank.versions.current()


def test_leftovers_are_no_versions_and_go_with_the_next_publish(bank: SmallBank) -> None:
    leftover = bank.versions.versions / "_tmp_v000003_r9"
    leftover.mkdir()
    (leftover / "golden.duckdb").write_bytes(b"half")
    assert bank.versions.next_number() == 3
    bank.publish([person("core.c:1", "王三")])
    assert not leftover.exists()


def test_two_publishes_wait_for_each_other(bank: SmallBank) -> None:
    impatient = VersionFolder(bank.versions.root, wait=0.1)
    with FileLock(bank.versions.root / ".lock"), pytest.raises(StoreLocked, match="publishing"):
        impatient.rollback(1)
