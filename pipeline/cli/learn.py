"""``golden learn``: keep what agreement is worth, instead of learning it anew in every run."""

from __future__ import annotations

import typer

from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, progress_bar


def learn(project: ProjectOption = None) -> None:
    """Learn how records match from the newest run, and keep it in matching-model.yml."""
    from matching.flow import learn_models
    from matching.flow_models import models_text
    from models.errors import StoreError
    from pipeline.project import MODEL_FILE

    opened = open_project(project)
    if not opened.store.path.is_file():
        raise StoreError("there are no normalised records yet; run 'golden run' first.")
    with progress_bar("learn · 学习") as progress, opened.store.writing() as connection:
        learnt = learn_models(connection, opened.matching, progress)
    if learnt.person is None and learnt.organisation is None:
        raise typer.Exit(_too_few())
    file = opened.folder / MODEL_FILE
    part = file.with_name(f".{file.name}.part")
    part.write_text(models_text(learnt), encoding="utf-8", newline="\n")
    part.replace(file)
    console.print(
        f"{file} · every run weighs by it from now on; take it away to learn anew in each · "
        "此后每次运行均使用该模型；删除该文件即恢复逐次学习"
    )


def _too_few() -> int:
    console.print("too few records to learn from; the rules alone decide · 记录太少，仅由规则判定")
    return 1
