"""What the command line shows: progress, tables and complaints, through one console each way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from models.progress import Progress as Reporter

_WIDE = 8
console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    """Show an error's sentences."""
    errors.print("✗ ", style="bold red", end="")
    errors.print(message, markup=False)


def done(what: str, detail: str = "", seconds: float | None = None) -> None:
    """Show one finished piece of work as a line."""
    time = f"{seconds:6.1f} s" if seconds is not None else ""
    console.print(f"[green]✓[/] {what:<32}[dim]{time}[/]  {detail}")


def failed(what: str, why: str) -> None:
    """Show one piece of work that failed while the rest goes on."""
    console.print(f"[red]✗[/] {what:<32}", end="")
    console.print(why, markup=False)


def show_table(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Show rows as a table; numbers to the right."""
    table = Table(title=title or None, title_justify="left", header_style="bold", box=None)
    for index, header in enumerate(headers):
        numeric = bool(rows) and all(isinstance(row[index], int | float) for row in rows)
        table.add_column(header, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell(value) for value in row))
    console.print(table)


def show_rows(title: str, headers: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Show rows as a table; with many columns each row stands upright, one column a line."""
    if len(headers) <= _WIDE or not rows:
        show_table(title, headers, rows)
        return
    for number, row in enumerate(rows, start=1):
        show_table(
            f"{title} {number}".strip(), ("column", "value"), list(zip(headers, row, strict=True))
        )


def cell(value: object) -> str:
    """Return a value as people read it."""
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:,.1f}"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return f"{value:,}" if isinstance(value, int) else str(value).replace("[", r"\[")


@contextmanager
def progress_bar(title: str) -> Iterator[Reporter]:
    """Show how far ``title`` is while the block runs; on a dumb terminal nothing moves."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(title, total=None)

        def report(what: str, done: int, total: int | None = None) -> None:
            bar.update(task, description=f"{title}: {what}", completed=done, total=total)

        yield report
