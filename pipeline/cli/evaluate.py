"""``golden evaluate``: how good clusters are, by the truth or by a sample that a person grades."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.screen import console, show_table

if TYPE_CHECKING:
    import pyarrow as pa

    from matching.evaluate import ClusterScores, Estimate

evaluate = typer.Typer(
    name="evaluate",
    help="How good the clusters are · 评估匹配质量",
    no_args_is_help=True,
)
Clusters = Annotated[Path, typer.Argument(help="Output of golden match · 匹配输出文件")]
AsJson = Annotated[bool, typer.Option("--json", help="Answer as JSON · 以 JSON 输出")]
_SCORES = (
    ("pairs of records · 记录对", "precision", "recall", "f1"),
    ("records (B³) · 按记录", "b3_precision", "b3_recall", "b3_f1"),
    ("whole clusters · 完整的簇", "cluster_precision", "cluster_recall", "cluster_f1"),
)
_COUNTS = {
    "records": "records whose truth is known · 有真值的记录",
    "unlabelled": "records without truth, left out · 无真值的记录",
    "elsewhere": "truth without a record, left out · 无对应记录的真值",
    "clusters": "clusters · 簇",
    "entities": "true parties · 真实主体",
    "found": "parties that are one cluster exactly · 完全正确的簇",
    "over_merged": "clusters of several parties · 误合的簇",
    "split": "parties in several clusters · 被拆开的主体",
    "joined_pairs": "pairs joined · 合并的记录对",
    "right_pairs": "of them right · 其中正确",
    "true_pairs": "pairs there are · 真实记录对",
    "largest": "records in the largest cluster · 最大簇的记录数",
}


@evaluate.command()
def scores(
    clusters: Clusters,
    truth: Annotated[Path, typer.Option(help="CSV or Parquet with the truth · 真值文件")],
    id_column: Annotated[str, typer.Option(help="Column of ids in both files · 记录编号所在列")],
    truth_column: Annotated[str, typer.Option(help="Column of the true party · 真值所在列")],
    source_column: Annotated[
        str | None, typer.Option(help="Column of sources in both files · 来源列")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score clusters against the truth: pairs of records, records (B³), whole clusters."""
    from matching.evaluate import score_clusters
    from matching.evaluate.truth import TruthColumns, beside_truth
    from matching.table.files import read_file

    columns = TruthColumns(id_column, truth_column, source_column)
    labelled = beside_truth((clusters, read_file(clusters)), (truth, read_file(truth)), columns)
    found = score_clusters(labelled.clusters, labelled.truth)
    facts = {**_facts(found), "elsewhere": labelled.elsewhere}
    if as_json:
        _say({"evaluates": "scores", **facts})
        return
    headers = ("share · 占比", "precision · 精确率", "recall · 召回率", "F1")
    rows = [(what, *(f"{facts[name]:.4f}" for name in names)) for what, *names in _SCORES]
    show_table("scores · 评分", headers, rows)
    show_table("", ("", ""), [(words, facts[name]) for name, words in _COUNTS.items()])


@evaluate.command()
def sample(
    clusters: Clusters,
    output: Annotated[Path, typer.Option(help="CSV to be graded · 待评分文件")] = Path(
        "sample.csv"
    ),
    size: Annotated[int, typer.Option(min=1, help="Links to grade · 抽样数量")] = 200,
    seed: Annotated[int, typer.Option(help="Another one draws others · 随机种子")] = 1,
    show_values: Annotated[
        bool,
        typer.Option(help="Add the compared values: personal data · 附上取值，含个人信息"),
    ] = False,
) -> None:
    """Draw links for a person to grade, more where mistakes are likelier: fill in ``same``."""
    from matching.evaluate.grading import sheet, with_values
    from matching.table.files import read_file
    from models.errors import ConfigError

    links = clusters.with_name(f"{clusters.name.removesuffix(clusters.suffix)}-links.parquet")
    if output.suffix.lower() != ".csv":
        raise ConfigError("the sample is a .csv file.", file=output, hint="Name it so.")
    if output.exists():
        raise ConfigError(
            "this file exists; grades in it would be lost.", file=output, hint="Name another."
        )
    drawn = sheet(read_file(links), size, seed)
    if show_values:
        from pipeline.cli.explain import reopened

        drawn = with_values(drawn, reopened(clusters).case)
    _write(drawn, output)
    console.print(
        f"{drawn.num_rows} links; write yes or no into the column same, then: "
        f"golden evaluate precision {output} · 请在 same 列填写 yes 或 no",
        markup=False,
    )


@evaluate.command()
def precision(
    graded: Annotated[Path, typer.Argument(help="A graded sample · 已评分的样本")],
    confidence: Annotated[
        float, typer.Option(min=0.5, max=0.9999, help="Of the interval · 置信度")
    ] = 0.95,
    as_json: AsJson = False,
) -> None:
    """Estimate from a graded sample how many of the joined links are right, with its interval."""
    from matching.evaluate import estimate_precision, estimate_recall
    from matching.evaluate.grading import read_grades
    from matching.table.files import read_file

    table = read_grades(graded, read_file(graded))
    found = {"precision": estimate_precision(table, "match", confidence)}
    if "review" in table["band"].to_pylist():
        found["recall"] = estimate_recall(table, "match", confidence)
    if as_json:
        _say({"evaluates": "precision", **{name: asdict(item) for name, item in found.items()}})
        return
    _show_estimates(found, table)


def _facts(found: ClusterScores) -> dict[str, Any]:
    names = ("precision", "recall", "f1", "b3_f1", "cluster_precision", "cluster_recall")
    facts = {**asdict(found), **{name: getattr(found, name) for name in names}}
    p, r = found.cluster_precision, found.cluster_recall
    return {**facts, "cluster_f1": 2 * p * r / (p + r) if p + r else 0.0}


def _show_estimates(found: dict[str, Estimate], table: pa.Table) -> None:
    words = {
        "precision": "links joined that are right · 合并的关联中正确的",
        "recall": "right links that were joined · 正确的关联中已合并的",
    }
    first = found["precision"]
    rows = [
        (words[name], f"{item.value:.4f}", f"{item.low:.4f} – {item.high:.4f}")
        for name, item in found.items()
    ]
    interval = f"{100 * first.confidence:g} % interval · 置信区间"
    show_table("estimates · 估计", ("share · 占比", "value · 估计值", interval), rows)
    strata = found.get("recall", first).strata
    show_table(
        "strata · 分层",
        ("stratum · 层", "links · 关联", "graded · 已评", "wrong · 错误"),
        [(item.name, round(item.links), item.graded, item.wrong) for item in strata],
    )
    silent = table.num_rows - sum(item.graded for item in strata)
    if silent:
        console.print(f"{silent} links without an answer are left out · 未评分的不计入")


def _write(drawn: pa.Table, output: Path) -> None:
    import io

    from pyarrow import csv

    from models.errors import ConfigError

    text = io.BytesIO()
    csv.write_csv(drawn, text, csv.WriteOptions(quoting_style="needed"))
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        # the mark in front is for spreadsheets, which else take Chinese for something else
        output.write_bytes(b"\xef\xbb\xbf" + text.getvalue())
    except OSError as error:
        raise ConfigError(
            f"the file cannot be written ({type(error).__name__}).",
            file=output,
            hint="Name a place you may write to.",
        ) from None


def _say(facts: dict[str, Any]) -> None:
    import json

    sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")
