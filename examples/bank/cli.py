"""``golden-bank``: make the example bank, serve it, let days pass, score what came of it."""

from __future__ import annotations

import signal
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from examples.bank.create import create, read_bank
from examples.bank.desk import Luck
from examples.bank.score import Scores, score
from examples.bank.servers import PORTS, serving
from examples.bank.systems import Place
from models.errors import GoldenError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
console = Console(highlight=False, soft_wrap=True)

Folder = Annotated[Path, typer.Argument(help="the bank's folder")]
People = Annotated[int, typer.Option(help="people to invent; about 3.1 records each")]
Seed = Annotated[int, typer.Option(help="another seed, another bank")]


@app.command("create")
def create_command(
    folder: Folder,
    people: People = 10_000,
    seed: Seed = 7,
    errors: Annotated[float, typer.Option(help="times as many mistakes: 0.5 easy, 2 hard")] = 1.0,
    core_url: Annotated[str | None, typer.Option(help="another database for core banking")] = None,
    loan_url: Annotated[str | None, typer.Option(help="another database for loans")] = None,
    callcentre_url: Annotated[str | None, typer.Option(help="… for the call centre")] = None,
) -> None:
    """Make the bank: its eight systems, the truth, and a project folder that reads them."""
    urls = {"core": core_url, "loan": loan_url, "callcentre": callcentre_url}
    place = Place(folder, {name: url for name, url in urls.items() if url})
    with _progress() as bar:
        task = bar.add_task("", total=people)
        made = create(
            place,
            people,
            Luck(seed, errors),
            lambda what, done, total: bar.update(task, description=what, completed=done),
        )
    console.print(
        f"{folder}: {'made' if made else 'stands already'}, {people:,} people, seed {seed}. "
        f"Next: golden-bank serve {folder}"
    )


@app.command()
def serve(
    folder: Folder,
    port: Annotated[
        int | None, typer.Option(help="first port; 0 takes free ones; 8801 and 8802 by default")
    ] = None,
) -> None:
    """Run the CRM and the marketing platform on 127.0.0.1 until interrupted."""
    ports = PORTS if port is None else {n: port + i if port else 0 for i, n in enumerate(PORTS)}
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with serving(folder, ports) as urls:
        for name, url in urls.items():
            console.print(f"export {name}={url}")
        stop.wait()


@app.command()
def advance(
    folder: Folder,
    days: Annotated[int, typer.Option(min=1, help="days to let pass")] = 1,
    seed: Annotated[int, typer.Option(help="another seed, other things happen")] = 0,
    core_url: Annotated[str | None, typer.Option(help="where core banking is")] = None,
    loan_url: Annotated[str | None, typer.Option(help="where loans are")] = None,
    callcentre_url: Annotated[str | None, typer.Option(help="where the call centre is")] = None,
) -> None:
    """Let days pass: people move, marry, change phones, come and go; the systems learn of it."""
    from examples.bank.advance import advance as let_pass

    urls = {"core": core_url, "loan": loan_url, "callcentre": callcentre_url}
    place = Place(folder, {name: url for name, url in urls.items() if url})
    for day in let_pass(place, days, seed):
        happened = ", ".join(f"{count:,} {what}" for what, count in day.happened.items())
        console.print(f"{day.date}: {happened}")
    if read_bank(folder).day > datetime.now(UTC).date():
        console.print(
            "The bank's clock is now ahead of this machine's: changes dated later than today are "
            "read when their time has come, as those of any source with a wrong clock."
        )


@app.command()
def demo(folder: Folder, people: People = 10_000, seed: Seed = 7) -> None:
    """Make the bank where it is missing, serve it, and walk the whole flow through Airflow."""
    from examples.bank.demo import demo as walk

    create_command(folder, people, seed)
    if not walk(folder):
        raise typer.Exit(1)


@app.command()
def airflow(
    folder: Folder,
    people: People = 10_000,
    seed: Seed = 7,
    port: Annotated[int, typer.Option(help="port of Airflow's pages")] = 8080,
) -> None:
    """Start Airflow on the bank, its systems listening, until interrupted."""
    from examples.bank.airflow_server import serve_airflow

    create_command(folder, people, seed)
    raise typer.Exit(serve_airflow(folder, port))


@app.command("score")
def score_command(
    folder: Folder,
    golden: Annotated[
        Path | None, typer.Option(help="a published golden.duckdb; by default the current one")
    ] = None,
) -> None:
    """Compare the published customers with the truth."""
    file = golden or folder / "data" / "published" / "current" / "golden.duckdb"
    scores = score(file, folder / "truth")
    console.print(_links(scores))
    console.print(_cases(scores))
    console.print(_attributes(scores))


def _links(scores: Scores) -> Table:
    table = Table(title="records brought together · 关联", show_header=False, title_justify="left")
    for label, value in (
        ("source records · 源记录", f"{scores.records:,}"),
        ("of them linked · 已关联", f"{scores.linked:,}"),
        ("customers · 客户", f"{scores.customers:,}"),
        ("true parties · 真实主体", f"{scores.entities:,}"),
        ("pairwise precision · 精确率", f"{scores.precision:.4%}"),
        ("pairwise recall · 召回率", f"{scores.recall:.2%}"),
        ("pairwise F1", f"{scores.f1:.2%}"),
        (
            "B³ precision, recall, F1",
            f"{scores.b3_precision:.4%}  {scores.b3_recall:.2%}  {scores.b3_f1:.2%}",
        ),
        ("over-merged customers · 误合并客户", f"{scores.over_merged:,}"),
        ("split parties · 未合并主体", f"{scores.split:,}"),
        ("merges across two ids · 证件冲突合并", f"{scores.veto_breaches:,}"),
    ):
        table.add_row(label, value)
    return table


def _cases(scores: Scores) -> Table:
    table = Table(
        "kind", "must end", "cases", "right", title="look-alikes · 易混情形", title_justify="left"
    )
    for case in scores.cases:
        table.add_row(case.kind, case.expected, f"{case.cases:,}", f"{case.accuracy:.2%}")
    return table


def _attributes(scores: Scores) -> Table:
    table = Table(
        "attribute",
        "filled",
        "true",
        "true where a source says it",
        title="golden values · 黄金值",
        title_justify="left",
    )
    for item in scores.attributes:
        table.add_row(
            item.attribute, f"{item.coverage:.1%}", f"{item.accuracy:.2%}", f"{item.choice:.2%}"
        )
    return table


def _progress() -> Progress:
    columns = (TextColumn("{task.description:<10}"), BarColumn(), TimeElapsedColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)


def main() -> None:
    """Run the command line; mistakes become one sentence and exit code 1."""
    try:
        app()
    except GoldenError as error:
        console.print(f"[red]{error}[/]")
        raise SystemExit(1) from None
