"""The digest of the program: the same for the same files, another for any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.edition import code_digest, digest_of


def rooms(root: Path) -> list[Path]:
    for name, text in (("a/one.py", "1"), ("a/b/two.sql", "2"), ("c/three.yml", "3")):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return [root / "a", root / "c"]


def test_it_is_the_same_wherever_it_is_installed(tmp_path: Path) -> None:
    here, there = rooms(tmp_path / "here"), rooms(tmp_path / "there")
    (tmp_path / "there" / "a" / "one.pyc").write_text("compiled", encoding="utf-8")
    assert digest_of(here) == digest_of(there)


@pytest.mark.parametrize("name", ["a/one.py", "a/b/two.sql", "c/three.yml", "a/new.py"])
def test_any_other_file_gives_another(tmp_path: Path, name: str) -> None:
    folders = rooms(tmp_path)
    before = digest_of(folders)
    (tmp_path / name).write_text("other", encoding="utf-8")
    assert digest_of(folders) != before


def test_a_file_of_another_name_gives_another(tmp_path: Path) -> None:
    folders = rooms(tmp_path)
    before = digest_of(folders)
    (tmp_path / "a" / "one.py").rename(tmp_path / "a" / "uno.py")
    assert digest_of(folders) != before


def test_the_installed_rooms_have_one() -> None:
    assert len(code_digest()) == 64
    assert code_digest() != digest_of([])
