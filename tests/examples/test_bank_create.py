"""The same seed makes the same bank, and nothing that is already there is overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from examples.bank.create import create, read_bank
from examples.bank.desk import Luck
from examples.bank.systems import Place
from models.errors import ConfigError
from models.reading import reading_of
from tests.examples.bank_contents import NAMES, OBJECTS, digests, rows, source


def test_same_seed_same_bytes(small_bank: Path, tmp_path: Path) -> None:
    create(Place(tmp_path / "again", {}), 300, Luck(7))
    assert digests(tmp_path / "again") == digests(small_bank)


def test_another_seed_another_bank(small_bank: Path, tmp_path: Path) -> None:
    create(Place(tmp_path / "other", {}), 300, Luck(8))
    mine, other = digests(small_bank), digests(tmp_path / "other")
    same = {name for name in mine if mine[name] == other.get(name)}
    assert same <= {
        "golden.yml",
        "systems/clock.json",
        *(f"sources/{name}.yml" for name in NAMES),
    }


def test_create_again_changes_nothing(small_bank: Path) -> None:
    before = digests(small_bank)
    assert not create(Place(small_bank, {}), 300, Luck(7))
    assert digests(small_bank) == before


@pytest.mark.parametrize(("people", "seed"), [(301, 7), (300, 8)], ids=["size", "seed"])
def test_create_refuses_to_overwrite_another_bank(small_bank: Path, people: int, seed: int) -> None:
    with pytest.raises(ConfigError, match="holds another bank"):
        create(Place(small_bank, {}), people, Luck(seed))


def test_create_refuses_a_folder_that_is_something_else(tmp_path: Path) -> None:
    (tmp_path / "systems").mkdir()
    with pytest.raises(ConfigError, match="not an example bank's"):
        create(Place(tmp_path, {}), 300, Luck(7))
    assert list((tmp_path / "systems").iterdir()) == []


def test_a_bank_of_another_version_is_refused(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    mark = (small_bank / "truth" / "bank.json").read_text()
    (tmp_path / "truth" / "bank.json").write_text(mark.replace('"form": ', '"form": 1'))
    with pytest.raises(ConfigError, match="another version"):
        read_bank(tmp_path)


def test_a_killed_create_is_made_anew(small_bank: Path, tmp_path: Path) -> None:
    (tmp_path / "truth").mkdir()
    (tmp_path / "truth" / ".unfinished").touch()
    (tmp_path / "systems").mkdir()
    (tmp_path / "systems" / "core.db").write_bytes(b"half a file")
    assert create(Place(tmp_path, {}), 300, Luck(7))
    assert digests(tmp_path) == digests(small_bank)


def test_edited_project_files_are_kept(tmp_path: Path) -> None:
    create(Place(tmp_path, {}), 100, Luck(1))
    (tmp_path / "golden.yml").write_text("name: mine\n")
    create(Place(tmp_path, {}), 100, Luck(1))
    assert (tmp_path / "golden.yml").read_text() == "name: mine\n"


@pytest.mark.parametrize("name", OBJECTS)
def test_every_column_is_mapped_or_ignored(small_bank: Path, name: str) -> None:
    system, item = name.split(".")
    config = source(system).objects[item]
    reading = reading_of(system, item, config.read)
    used = {column for column, _ in config.mapping.uses()} | set(config.mapping.ignore)
    used |= set(reading.primary_key)
    used |= {reading.deletes.flag.field} if reading.deletes.flag else set()
    used |= {reading.cursor.field} if reading.cursor else set()
    seen = {column for row in rows(small_bank, name) for column in row}
    assert seen == used


def test_the_control_file_counts_the_rows(bank: Path) -> None:
    (control,) = (bank / "systems" / "card").glob("*.ctl")
    assert int(control.read_text()) == len(rows(bank, "card.holder"))
