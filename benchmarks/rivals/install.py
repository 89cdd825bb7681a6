"""The rivals' own virtual environment, made when it is missing or its list has changed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HOME = ROOT / "build" / "rivals"
LIST = Path(__file__).with_name("requirements.txt")


def rivals_python() -> Path:
    """Return the Python that has Splink and goldenmatch; installs them where needed."""
    python, mark = HOME / ".venv" / "bin" / "python", HOME / "installed.txt"
    if not (python.exists() and mark.exists() and mark.read_text() == LIST.read_text()):
        print(f"installing the rivals into {HOME} …", flush=True)
        HOME.mkdir(parents=True, exist_ok=True)
        _do(sys.executable, "-m", "venv", "--clear", HOME / ".venv")
        # pip compiles what it installs, so no system pays for that while it is measured.
        _do(python, "-m", "pip", "install", "--quiet", "--no-input", "-r", LIST)
        mark.write_text(LIST.read_text())
    return python


def _do(*command: str | Path) -> None:
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The rivals could not be installed:\n{done.stderr[-2000:]}")


def rival_versions() -> dict[str, str]:
    """Return name and version of every pinned rival package."""
    return dict(line.split("==") for line in LIST.read_text().split())
