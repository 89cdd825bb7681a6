"""``golden match``: match any files, without a project."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from pipeline.cli.screen import console, done, progress_bar, show_table

if TYPE_CHECKING:
    from matching.model.labels import Grades
    from matching.model.parameters import Model
    from matching.table.reading import InputTable
    from matching.table.run import TableMatches
    from matching.table.spec import MatchSpec
    from matching.table.writing import Written

_BIGGEST = 5


def match(
    files: Annotated[list[Path], typer.Argument(help="CSV or Parquet files · 文件")],
    id_column: Annotated[
        str, typer.Option(help="Column that numbers the records · 记录编号所在列")
    ],
    output: Annotated[Path, typer.Option(help="Clusters, .csv or .parquet · 输出文件")] = Path(
        "clusters.parquet"
    ),
    source_column: Annotated[
        str | None,
        typer.Option(help="Column that names each record's source; else the file · 来源列"),
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A matching.yml, proposed and edited · 匹配配置")
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="Pairs graded by a person: golden evaluate sample · 人工评过的记录对"),
    ] = None,
    report: Annotated[
        bool, typer.Option(help="Draw the run as a page to look at · 生成图文报告页面")
    ] = False,
    language: Annotated[
        Literal["en", "zh"], typer.Option(help="Language of the page · 报告语言")
    ] = "en",
) -> None:
    """Find the records of one party in one table or in several: no project is needed."""
    from matching.explain.run_file import Files, write_run
    from matching.table.reading import read_files
    from matching.table.run import match_table
    from matching.table.writing import check_output, write_matches

    check_output(output, id_column)
    spec, model = _given(config)
    started = time.monotonic()
    table = read_files(files, id_column, source_column)
    spec = spec or _proposed(table)
    done("read · 读取", _what_was_read(table, len(files)), time.monotonic() - started)
    grades = _graded(labels, table) if labels else None
    _show_fields(spec, table.rows.column_names)
    started = time.monotonic()
    with progress_bar("match · 匹配") as progress:
        matches = match_table(table, spec, progress, model, grades)
    done("match · 匹配", f"pairs {matches.scored.candidates:,}", time.monotonic() - started)
    _show_comparisons(matches)
    _show_clusters(matches)
    written = write_matches(matches, output, config)
    write_run(Files(files, written.config, written.model, written.clusters), matches, source_column)
    _show_files(written, _report(matches, output, language) if report else None)


def _report(matches: TableMatches, output: Path, language: Literal["en", "zh"]) -> Path:
    from matching.explain.report.of_matches import report_of_matches
    from matching.table.recognise import recognise
    from matching.table.writing import write_text

    stem = output.name.removesuffix(output.suffix)
    page = output.with_name(f"{stem}-report.html")
    recognised = recognise(matches.table.rows)
    write_text(report_of_matches(matches, stem, recognised, language), page)
    return page


def _given(config: Path | None) -> tuple[MatchSpec | None, Model | None]:
    """Return the user's own configuration and the model it names."""
    if config is None:
        return None, None
    from matching.model.parameters import read_model
    from matching.table.spec import MatchSpec
    from models.errors import ConfigError
    from pipeline.located import read_yaml
    from pipeline.problems import validate

    spec = validate(MatchSpec, read_yaml(config))
    if not spec.model:
        return spec, None
    file = config.parent / spec.model
    if not file.is_file():
        raise ConfigError(f"model: there is no file {spec.model!r} beside it.", file=config)
    return spec, read_model(file.read_text(encoding="utf-8"), file)


def _graded(labels: Path, table: InputTable) -> Grades:
    from matching.evaluate.grading import read_pairs
    from matching.table.files import read_file

    grades = read_pairs(labels, read_file(labels), table)
    same = int(grades.same.sum())
    done("labels · 标注", f"the same · 同一方 {same:,}, not · 非同一方 {len(grades.same) - same:,}")
    return grades


def _proposed(table: InputTable) -> MatchSpec:
    from matching.table.propose import propose_spec
    from matching.table.recognise import recognise

    return propose_spec(table.rows, recognise(table.rows))


def _what_was_read(table: InputTable, files: int) -> str:
    sources = len(table.sources.unique())
    counted = {"records · 记录": len(table.ids), "files · 文件": files, "sources · 来源": sources}
    return ", ".join(f"{name} {number:,}" for name, number in counted.items())


def _show_fields(spec: MatchSpec, columns: Sequence[str]) -> None:
    rows: list[tuple[str, str, str, str]] = [
        (", ".join(f.columns), f.kind, f.about, f.because) for f in spec.fields
    ]
    named = {column for field in spec.fields for column in field.columns}
    silent = "the configuration does not name it · 配置中未提及"
    ignored = spec.ignore | {
        column: silent for column in columns if column not in named | set(spec.ignore)
    }
    rows += [(column, "—", "", because) for column, because in ignored.items()]
    show_table("columns · 各列", ("column · 列", "kind · 类型", "about · 归属", "why · 理由"), rows)


def _show_comparisons(matches: TableMatches) -> None:
    """Show what agreement and disagreement on each field are worth, in bits."""
    if matches.model.believed:
        console.print(
            "No two columns tell these records apart well enough to learn from each other: "
            "cautious beliefs stand in for weights. · 没有两列足以相互印证，采用保守的默认权重。"
        )
    rows = [
        (weights.comparison, weights.bits[-1], weights.bits[1], _known(matches, at))
        for at, weights in enumerate(matches.model.weights)
    ]
    show_table(
        "comparisons, in bits of evidence · 比较项（证据，比特）",
        ("field · 字段", "agree · 一致", "differ · 不一致", "known % · 有值"),
        rows,
    )


def _known(matches: TableMatches, at: int) -> float | None:
    comparison = matches.comparisons[at]
    return 100 * comparison.known if comparison.texts is not None else None


def _show_clusters(matches: TableMatches) -> None:
    show_table("result · 结果", ("", ""), list(_result(matches)))
    linked = matches.linked
    order = sorted(
        range(len(linked.firsts)),
        key=lambda at: (-linked.sizes[at], linked.weakest[at], at),
    )[:_BIGGEST]
    if order:
        import numpy as np

        firsts = np.unique(linked.labels)
        numbers = np.searchsorted(firsts, linked.firsts[order]) + 1
        rows = [
            (int(number), int(linked.sizes[at]), float(linked.weakest[at]))
            for number, at in zip(numbers, order, strict=True)
        ]
        show_table(
            "biggest clusters · 最大的簇",
            ("cluster_id", "records · 记录", "weakest link, bits · 最弱处"),
            rows,
        )


def _result(matches: TableMatches) -> Iterator[tuple[str, object]]:
    linked, cut = matches.linked, matches.cut
    single = len(linked.labels) - int(linked.sizes.sum())
    rules, aside = len(matches.rules), sum(block.set_aside for block in matches.blocks)
    yield "blocking rules · 分块规则", rules
    yield "blocks too big, set aside · 过大而搁置的块", aside
    yield "pairs compared · 比较的记录对", matches.scored.candidates
    yield "clusters of two and more · 簇", len(linked.firsts)
    yield "records in them · 其中记录", int(linked.sizes.sum())
    yield "records alone · 单独记录", single
    if apart := linked.counts.get("identical_apart"):
        yield "identical records that say too little to be one · 内容相同但证据不足", apart
    yield "estimated wrong pairs among those joined · 估计误合率", f"{100 * cut.false_share:.2f} %"
    yield "pairs for review · 待复核的记录对", len(linked.refused.left)
    yield "clusters for review · 待复核的簇", len(linked.doubtful)


def _show_files(written: Written, page: Path | None) -> None:
    rows = [
        ("clusters · 簇", written.clusters),
        ("links · 关联", written.links),
        ("model · 模型", written.model),
        ("configuration · 配置", written.config),
    ]
    if page:
        rows.append(("report · 报告", page))
    show_table("files · 文件", ("", ""), [(what, str(path)) for what, path in rows])
    if ".proposed" in written.config.name:
        console.print(
            "The configuration that stood there is kept; the new proposal is beside it. "
            "· 原有配置已保留，新建议另存。"
        )
