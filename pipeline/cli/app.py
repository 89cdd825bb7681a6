"""The commands, gathered; each is loaded when it is called for, so that none waits for another."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

# Where each command lives: its module, and the name of its function or group there.
_COMMANDS = {
    "init": ("pipeline.cli.init", "init"),
    "source": ("pipeline.cli.source", "source"),
    "run": ("pipeline.cli.run", "run"),
    "step": ("pipeline.cli.run", "step"),
    "status": ("pipeline.cli.status", "status"),
    "show": ("pipeline.cli.show", "show"),
    "why": ("pipeline.cli.why", "why"),
    "history": ("pipeline.cli.history", "history"),
    "diff": ("pipeline.cli.diff", "diff"),
    "versions": ("pipeline.cli.versions", "versions"),
    "rollback": ("pipeline.cli.versions", "rollback"),
    "verify": ("pipeline.cli.versions", "verify"),
    "sql": ("pipeline.cli.status", "sql"),
    "what-if": ("pipeline.cli.what_if", "what_if"),
    "decide": ("pipeline.cli.decide", "decide"),
    "unmerge": ("pipeline.cli.unmerge", "unmerge"),
    "learn": ("pipeline.cli.learn", "learn"),
    "match": ("pipeline.cli.match", "match"),
    "explain": ("pipeline.cli.explain", "explain"),
    "evaluate": ("pipeline.cli.evaluate", "evaluate"),
}


class _Commands(TyperGroup):
    """A group that imports a command when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order people need them."""
        return list(_COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return the command, or None for an unknown name."""
        if cmd_name not in _COMMANDS:
            return None
        module, name = _COMMANDS[cmd_name]
        found = getattr(import_module(module), name)
        if isinstance(found, typer.Typer):
            command: Any = get_group(found)
        else:
            alone = typer.Typer(pretty_exceptions_show_locals=False, add_completion=False)
            alone.command(name=cmd_name)(found)
            command = get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(
    name="golden",
    cls=_Commands,
    help="One golden customer from scattered systems · 从分散的系统到一份黄金客户数据",
    no_args_is_help=True,
    # local variables hold customers' data: they must never be printed with a traceback
    pretty_exceptions_show_locals=False,
    add_completion=False,
)


@app.callback()
def _golden() -> None:
    """Show the commands."""
