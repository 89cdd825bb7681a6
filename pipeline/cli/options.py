"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.project import Project, load_project
from pipeline.settings import project_folder

ProjectOption = Annotated[
    Path | None,
    typer.Option(
        "--project",
        "-p",
        help="Project folder; default: $GOLDEN_PROJECT, or the current folder · 项目目录",
    ),
]


def open_project(folder: Path | None) -> Project:
    """Load the project named on the command line, by the environment, or here."""
    return load_project(folder or project_folder())
