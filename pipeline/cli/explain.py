"""``golden explain``: why two records are one party or not, and what holds a cluster together."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.screen import errors, progress_bar

if TYPE_CHECKING:
    from matching.explain.reopen import Reopened

explain = typer.Typer(
    name="explain",
    help="Why records were matched, or not · 解释匹配结果",
    no_args_is_help=True,
)
Clusters = Annotated[Path, typer.Argument(help="Output of golden match · 匹配输出文件")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON · 以 JSON 输出")]
Svg = Annotated[Path | None, typer.Option(help="Draw it into this file too · 同时绘图到此文件")]
Tongue = Annotated[Literal["en", "zh"], typer.Option(help="Language of the answer · 语言")]


@explain.command()
def pair(
    clusters: Clusters,
    left: Annotated[str, typer.Argument(help="Id of a record, or source:id · 记录编号")],
    right: Annotated[str, typer.Argument(help="Id of another · 另一条记录编号")],
    as_json: AsJson = False,
    svg: Svg = None,
    language: Tongue = "en",
) -> None:
    """Show a pair's evidence part by part; of two that did not match, what kept them apart."""
    from matching.explain import explain_pair, why_not
    from matching.explain.plain import to_json
    from matching.explain.telling import tell_pair, tell_why_not
    from matching.explain.waterfall import draw_pair, draw_why_not
    from models.errors import ConfigError

    opened = reopened(clusters)
    one, other = opened.record(left), opened.record(right)
    if one == other:
        raise ConfigError("both ids are of one record.", hint="Name two records.")
    if opened.cluster_ids[one] == opened.cluster_ids[other]:
        found = explain_pair(opened.case, one, other)
        _say(to_json(found) if as_json else tell_pair(found, language))
        _draw(svg, draw_pair(found, language))
    else:
        answer = why_not(opened.case, opened.clustering, one, other)
        _say(to_json(answer) if as_json else tell_why_not(answer, language))
        _draw(svg, draw_why_not(answer, language))


@explain.command()
def cluster(
    clusters: Clusters,
    cluster_id: Annotated[int, typer.Argument(help="Its cluster_id · 簇编号")],
    as_json: AsJson = False,
    svg: Svg = None,
    language: Tongue = "en",
) -> None:
    """Show what holds a cluster together, and what would split it."""
    from matching.explain import explain_cluster
    from matching.explain.heatmap import draw_cluster
    from matching.explain.plain import to_json
    from matching.explain.telling import tell_cluster

    opened = reopened(clusters)
    found = explain_cluster(opened.case, str(cluster_id), opened.members(cluster_id))
    _say(to_json(found) if as_json else tell_cluster(found, language))
    _draw(svg, draw_cluster(found, language))


def reopened(clusters: Path) -> Reopened:
    """Return the run behind a file of clusters, if none of its files changed since."""
    from matching.explain.reopen import reopen
    from matching.explain.run_file import located, read_run
    from matching.model.parameters import read_model
    from matching.table.spec import MatchSpec
    from pipeline.located import read_yaml
    from pipeline.problems import validate

    run = read_run(clusters)
    files = located(run, clusters)
    spec = validate(MatchSpec, read_yaml(files.config))
    model = read_model(files.model.read_text(encoding="utf-8"), files.model)
    with progress_bar("read · 读取"):
        return reopen(run, files, spec, model)


def _say(text: str) -> None:
    # neither wrapped nor coloured: columns stay aligned, JSON stays JSON
    sys.stdout.write(text)


def _draw(file: Path | None, picture: str) -> None:
    if file is None:
        return
    from models.errors import ConfigError

    try:
        file.write_text(picture, encoding="utf-8")
    except OSError as error:
        raise ConfigError(
            f"the picture cannot be written ({type(error).__name__}).",
            file=file,
            hint="Name a place you may write to.",
        ) from None
    errors.print(f"picture · 图  {file}", markup=False)
