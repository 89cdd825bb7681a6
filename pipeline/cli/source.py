"""``golden source``: look at one source before, or without, running the flow."""

from __future__ import annotations

from contextlib import closing
from typing import Annotated

import typer

from connectors.base import Connector, Health
from connectors.registry import open_connector
from models.errors import GoldenError
from models.source import SourceConfig
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, done, failed, show_rows, show_table
from pipeline.project import Project
from pipeline.settings import with_environment

source = typer.Typer(help="Look at a source · 查看来源", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="Source · 来源")]


@source.command()
def check(
    name: Annotated[str | None, typer.Argument(help="Source; all when left out · 来源")] = None,
    project: ProjectOption = None,
) -> None:
    """Connect to one source, or to all, and say whether each can be read."""
    opened = open_project(project)
    names = [name] if name else [item.name for item in opened.sources]
    broken = False
    for each in names:
        try:
            with _opened(opened, each) as connector:
                health = connector.check()
        except GoldenError as error:  # its YAML is wrong; a source that is down is a Health
            health = Health(ok=False, detail=str(error))
        if health.ok:
            done(each, health.detail)
        else:
            failed(each, health.detail)
            broken = True
    if broken:
        raise typer.Exit(1)


@source.command()
def discover(name: NameArgument, project: ProjectOption = None) -> None:
    """List what the source offers, and what its mapping does with every column."""
    opened = open_project(project)
    config = opened.source(name)
    with _opened(opened, name) as connector:
        streams = connector.discover()
    for stream in streams:
        object_name = _object_of(config, stream.name)
        used = {}
        if object_name:
            mapping = config.objects[object_name].mapping
            used = dict.fromkeys(mapping.ignore, "ignored") | dict(mapping.uses())
        show_table(
            f"{stream.name} → {name}.{object_name or '—'}",
            ("column", "type", "mapped to · 映射"),
            [(c.name, c.type, used.get(c.name, "—")) for c in stream.columns],
        )


@source.command()
def sample(
    name: NameArgument,
    object_name: Annotated[str, typer.Argument(metavar="OBJECT", help="Object · 对象")],
    project: ProjectOption = None,
    rows: Annotated[int, typer.Option(help="Rows · 行数")] = 5,
) -> None:
    """Show a few rows as the source has them. This prints customers' data on your screen."""
    with _opened(open_project(project), name) as connector:
        table = connector.sample(object_name, rows)
    show_rows(
        f"{name}.{object_name}",
        table.column_names,
        [tuple(row.values()) for row in table.to_pylist()],
    )
    console.print(f"{table.num_rows} rows")


def _object_of(config: SourceConfig, stream: str) -> str | None:
    """Return the configured object that reads a stream: by its own name, or by its table's."""
    for name, item in config.objects.items():
        if stream in {name, item.read.get("table")}:
            return name
    return None


def _opened(project: Project, name: str) -> closing[Connector]:
    return closing(open_connector(with_environment(project.source(name)), project.folder))
