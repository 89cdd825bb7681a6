"""The commands, gathered."""

from __future__ import annotations

import typer

from pipeline.cli.explain import explain
from pipeline.cli.golden import show, sql, status
from pipeline.cli.init import init
from pipeline.cli.match import match
from pipeline.cli.run import run, step
from pipeline.cli.source import source

app = typer.Typer(
    name="golden",
    help="One golden customer from scattered systems · 从分散的系统到一份黄金客户数据",
    no_args_is_help=True,
    # local variables hold customers' data: they must never be printed with a traceback
    pretty_exceptions_show_locals=False,
    add_completion=False,
)
app.command()(init)
app.add_typer(source, name="source")
app.command()(run)
app.command()(step)
app.command()(status)
app.command()(show)
app.command()(sql)
app.command()(match)
app.add_typer(explain, name="explain")
