"""Every command that a document tells its reader to type exists, with the options it is given."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from typer import Context
from typer.main import get_command

from examples.bank.cli import app as bank_app
from pipeline.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
PROGRAMS = {"golden": get_command(app), "golden-bank": get_command(bank_app)}
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def commands() -> list[tuple[str, str]]:
    """Return page and line of every ``golden``, ``golden-bank`` and ``make`` in a block."""
    return [
        (page.relative_to(ROOT).as_posix(), line)
        for page in PAGES
        for block in _BLOCK.findall(page.read_text(encoding="utf-8"))
        for line in block.splitlines()
        if re.match(r"(\.venv/bin/)?(golden|golden-bank|make) ", line)
    ]


def unknown(line: str) -> list[str]:
    """Return the words of a command line that its program does not know."""
    program, *words = shlex.split(line, comments=True)
    program = program.removeprefix(".venv/bin/")
    if program == "make":
        return [word for word in words if "=" not in word and word not in TARGETS]
    command: Any = PROGRAMS[program]
    while words and hasattr(command, "get_command"):
        name = words.pop(0)
        command = command.get_command(Context(command), name)
        if command is None:
            return [name]
    options = {name for item in command.params for name in [*item.opts, *item.secondary_opts]} | {
        "--help"
    }
    return [word for word in words if re.match(r"--?[a-z]", word) and word not in options]


@pytest.mark.parametrize(("page", "line"), commands())
def test_a_command_exists(page: str, line: str) -> None:
    assert unknown(line) == []


def test_unknown_commands_and_options_are_noticed() -> None:
    assert unknown("golden pull core") == ["pull"]
    assert unknown("golden run --fast  # comment") == ["--fast"]
    assert unknown("make nothing") == ["nothing"]
    assert unknown("golden source sample core customer --rows 3 -p x") == []
