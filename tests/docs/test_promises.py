"""The page of promises names tests that exist, and at least three for each of the ten."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "concepts" / "promises.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", PAGE)
FILES = sorted({path for path in re.findall(r"`([a-z]+/[\w/.-]+?)`", PAGE) if "::" not in path})


def functions(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize(("file", "name"), sorted(set(NAMED)), ids=lambda part: part)
def test_a_named_test_exists(file: str, name: str) -> None:
    assert name in functions(ROOT / file)


@pytest.mark.parametrize("path", FILES)
def test_a_named_file_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_each_of_the_ten_promises_has_tests_of_its_own() -> None:
    sections = re.split(r"^## (\d+)\. ", PAGE, flags=re.MULTILINE)[1:]
    tests = {
        number: re.findall(r"^- `tests/", text, re.MULTILINE)
        for number, text in zip(sections[::2], sections[1::2], strict=True)
    }
    assert list(tests) == [str(number) for number in range(1, 11)]
    assert all(len(named) >= 3 for named in tests.values())
    assert len(NAMED) == sum(len(named) for named in tests.values())
