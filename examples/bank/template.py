"""The project folder that reads the bank: ``golden.yml`` and one YAML per source."""

from __future__ import annotations

import shutil
from pathlib import Path

TEMPLATE = Path(__file__).parent / "project"


def copy_project(root: Path) -> None:
    """Copy the template's files into ``root``; files that stand there already stay as they are."""
    for path in sorted(TEMPLATE.rglob("*.yml")):
        target = root / path.relative_to(TEMPLATE)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
