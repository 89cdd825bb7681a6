"""The page on the Python API: its code is run, and prints what the page shows."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.docs.walk import Shown

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "python-api.md"
TEXT = DOCUMENT.read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```python\n(.*?)^```$(?:\s+^```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


def test_every_block_runs_and_prints_what_is_shown() -> None:
    names: dict[str, Any] = {}
    blocks = list(_BLOCK.finditer(TEXT))
    assert len(blocks) == TEXT.count("```python") > 5
    for block in blocks:
        line = TEXT.count("\n", 0, block.start()) + 2
        printed = io.StringIO()
        with redirect_stdout(printed):
            exec(compile("\n" * (line - 1) + block[1], DOCUMENT.name, "exec"), names)
        shown = Shown(line, block[1], block[2] or "", printed.getvalue())
        assert shown.agrees, f"{DOCUMENT.name}:{line} prints\n{shown.real}"


def test_every_name_of_the_table_stands_in_its_module() -> None:
    rows = re.findall(r"^\| (`\w+`.*?) \| (`matching\.[\w.]+`.*?) \|", TEXT, re.MULTILINE)
    assert len(rows) > 5
    for names, modules in rows:
        paths = re.findall(r"`([\w.]+)`", modules)
        inside = [path if path[0] != "." else paths[0].rpartition(".")[0] + path for path in paths]
        held = {name for path in inside for name in dir(import_module(path))}
        assert set(re.findall(r"`(\w+)`", names)) <= held, names
