"""``golden init``: a new project folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.cli.screen import console, done
from pipeline.scaffold import create_project


def init(
    folder: Annotated[Path, typer.Argument(help="New project folder · 新项目目录")],
    files: Annotated[
        list[Path] | None, typer.Argument(help="Data files to begin with · 起始数据文件")
    ] = None,
    country: Annotated[
        str, typer.Option(help="Where phones and addresses are from, ISO 3166 · 国家代码")
    ] = "CN",
) -> None:
    """Make a project folder; each data file becomes a source with a proposed mapping to correct."""
    for file in create_project(folder, files or [], country=country):
        done(str(file))
    console.print(f"Next: read {folder}/sources/*.yml, then  golden run --project {folder}")
