"""Does what a document tells its reader to do, and keeps what came of it.

Commands are the ``sh`` blocks, and a ``text`` block after one is what it shows. What a reader does
by hand stands in comments that a browser hides:

- ``<!-- file: NAME -->``: the next block is saved under that name
- ``<!-- proposed: NAME -->``: the next block is what that file holds by now
- ``<!-- edit: NAME: OLD => NEW -->``
- ``<!-- exit: 3 -->``: the next commands end with this code

In a ``text`` block ``…`` stands for anything, and white space is not compared.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

_TOKEN = re.compile(
    r"^<!-- (?P<order>file|proposed|edit|exit): (?P<what>.*?) -->$"
    r"|^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ENVIRONMENT = {"COLUMNS": "100", "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1", "NO_COLOR": "1"}
_ANYTHING = "…"


@dataclass(frozen=True)
class Shown:
    """Something the document shows, and what is really there."""

    line: int
    what: str
    document: str
    real: str
    exit_code: int = 0
    expected_code: int = 0

    @property
    def agrees(self) -> bool:
        """Whether the document tells the truth."""
        parts = [re.escape(squeezed(part)) for part in self.document.split("…")]
        pattern = r"\s?.*?\s?".join(parts)
        return (
            self.exit_code == self.expected_code
            and re.fullmatch(pattern, squeezed(self.real), re.DOTALL) is not None
        )


def squeezed(text: str) -> str:
    """Return ``text`` with single spaces between its words."""
    return " ".join(text.split())


def walk(document: Path, folder: Path) -> Iterator[Shown]:
    """Follow the document inside ``folder``; yield what it shows beside what is there."""
    text = document.read_text(encoding="utf-8")
    orders: dict[str, str] = {}
    ran: Shown | None = None
    for token in _TOKEN.finditer(text):
        order, block = token["order"], token["text"]
        line = text.count("\n", 0, token.start()) + 1
        if ran is not None:
            yield replace(ran, document=block if token["language"] == "text" else _ANYTHING)
            ran = None
        if order == "edit":
            _edit(folder, token["what"])
        elif order:
            orders[order] = token["what"]
        elif name := orders.pop("file", None):
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(block, encoding="utf-8")
        elif name := orders.pop("proposed", None):
            yield Shown(line, name, block, (folder / name).read_text(encoding="utf-8"))
        elif token["language"] == "sh":
            folder, ran = _run(block, folder, line, int(orders.pop("exit", 0)))
    if ran is not None:
        yield ran


def _edit(folder: Path, what: str) -> None:
    name, change = what.split(": ", 1)
    old, new = change.split(" => ")
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} does not stand once in {name}"
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def _run(commands: str, folder: Path, line: int, expected_code: int) -> tuple[Path, Shown]:
    """Run the commands with this environment's programs first; return where they end, too."""
    where = folder / ".where"
    programs = Path(sys.executable).parent
    done = subprocess.run(
        ["bash", "-c", f"set -e; trap 'pwd > \"{where}\"' EXIT\n{commands}"],
        cwd=folder,
        env={**os.environ, **_ENVIRONMENT, "PATH": f"{programs}:{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    here = Path(where.read_text(encoding="utf-8").strip())
    where.unlink()
    return here, Shown(line, commands, _ANYTHING, done.stdout, done.returncode, expected_code)
