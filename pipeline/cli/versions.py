"""``golden versions``, ``rollback`` and ``verify``: what is published, and going back."""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from typing import Annotated

import typer

from models.errors import ConfigError, DigestMismatch, StoreError
from pipeline.cli.options import ProjectOption, open_project
from pipeline.cli.screen import console, done, failed, show_table
from pipeline.publishing import roll_back
from warehouse.versions import Version, VersionFolder, version_name

DAMAGED = 5
_NUMBER = re.compile(r"v?0*(\d{1,9})")
_MEGABYTE = 1_000_000


def versions(project: ProjectOption = None) -> None:
    """List the published versions on disk, and when readers were sent back to an earlier one."""
    opened = open_project(project)
    folder = opened.versions
    line = folder.line()
    show_table(
        "versions · 版本",
        ("version", "published · 发布", "customers", "records", "verdict", "MB", "continues", ""),
        [_row(folder, number, line) for number in reversed(folder.numbers())],
    )
    if not line:
        console.print("nothing is published yet; run 'golden run' · 尚未发布")
    for run in opened.state.runs(limit=100):
        if run.status == "rolled_back":
            console.print(f"{run.started_at:%Y-%m-%d %H:%M}  {run.message}", markup=False)


def _row(folder: VersionFolder, number: int, line: Sequence[int]) -> tuple[object, ...]:
    standing = _standing(number, line)
    try:
        version = folder.get(number)
    except StoreError:
        return (version_name(number), *[None] * 6, f"{standing} damaged · 已损坏".strip())
    made = version.manifest
    return (
        version.name,
        made.published_at,
        _rows(version, "customer"),
        _rows(version, "customer_xref"),
        made.verdict,
        sum(file.bytes for file in made.files.values()) / _MEGABYTE,
        made.previous_version,
        standing,
    )


def _rows(version: Version, table: str) -> int | None:
    entry = version.manifest.tables.get(table)
    return entry.rows if entry else None


def _standing(number: int, line: Sequence[int]) -> str:
    """Return what became of a version: it serves, it led to the one that does, or neither."""
    if number not in line:
        return "rolled back · 已回退"
    return "current · 当前" if number == line[0] else ""


def rollback(
    number: Annotated[str, typer.Argument(help="Version to go back to, such as 3 · 版本号")],
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why, for the ledger · 原因")],
    project: ProjectOption = None,
) -> None:
    """Send readers to an earlier (or later) version, after checking it to the last byte."""
    opened = open_project(project)
    before = opened.versions.current()
    version = roll_back(opened, _number(number), reason)
    done("rollback", f"{before.name if before else '—'} → {version.name}")
    console.print(
        f"readers see {version.name} now; the next 'golden run' continues it, with numbers of its "
        f"own · 已回退到 {version.name}，下一次运行从它继续"
    )


def verify(
    number: Annotated[
        str | None, typer.Argument(help="Version; default: the current one · 版本号")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every version on disk · 全部版本")] = False,
    project: ProjectOption = None,
) -> None:
    """Check that a version is what was published: its files, its tables, its content digest."""
    folder = open_project(project).versions
    wrong = [item for item in _chosen(folder, number, every=every) if not _verified(folder, item)]
    if wrong:
        raise typer.Exit(DAMAGED)


def _chosen(folder: VersionFolder, number: str | None, *, every: bool) -> list[int]:
    if number is not None and every:
        raise ConfigError("a version and --all cannot go together.", hint="Leave one of them out.")
    if number is not None:
        return [_number(number)]
    if every:
        return list(folder.numbers())
    current = folder.current()
    if current is None:
        raise StoreError(f"Nothing is published in {folder.root} yet. Run 'golden run' first.")
    return [current.number]


def _verified(folder: VersionFolder, number: int) -> bool:
    started = time.monotonic()
    try:
        version = folder.verify(number)
    except (DigestMismatch, StoreError) as error:
        failed(f"version {number}", str(error))
        return False
    made = version.manifest
    done(
        version.name,
        f"{len(made.files)} files, {len(made.tables)} tables, digest {made.golden_digest[:12]}… "
        "are as published · 与发布时一致",
        time.monotonic() - started,
    )
    return True


def _number(text: str) -> int:
    found = _NUMBER.fullmatch(text)
    if found is None:
        raise ConfigError(
            "that is not the number of a version.",
            hint="Write 3 or v000003; see 'golden versions'.",
        )
    return int(found[1])
