"""What a finished run was made from: ``<stem>-run.json`` beside its clusters.

Explanations read the files again. Only if every one of them is still what it was do they describe
the run, so each is named with its digest. Paths are relative to the folder of the run.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field, ValidationError

from matching.table.spec import KeySpec
from models.errors import ConfigError
from models.mapping import Strict

if TYPE_CHECKING:
    from matching.table.run import TableMatches


class RunFile(Strict):
    """One file of a run: where it is, from the folder of the run, and the SHA-256 of its bytes."""

    path: str = Field(min_length=1)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Run(Strict):
    """A run of ``golden match``: its files, and what it decided that stands in none of them.

    ``config`` holds the fields and limits as YAML, ``model`` the weights. ``blocking`` are the
    rules in use, proposed ones too; ``cut`` is the cut in use, in bits.
    """

    version: Literal[1] = 1
    inputs: list[RunFile] = Field(min_length=1)
    id_column: str
    source_column: str | None = None
    config: RunFile
    model: RunFile
    clusters: RunFile
    blocking: list[KeySpec]
    cut: float
    records: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a run, before they are described."""

    inputs: Sequence[Path]
    config: Path
    model: Path
    clusters: Path


def write_run(files: Files, matches: TableMatches, source_column: str | None) -> Path:
    """Describe a run whose files are all written, beside its clusters; return where."""
    run = describe_run(files, matches, source_column)
    path = run_path(files.clusters)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(run_text(run), encoding="utf-8", newline="\n")
        part.replace(path)
    except OSError as error:
        raise ConfigError(
            f"the file cannot be written ({type(error).__name__}).",
            file=path,
            hint="Name a place you may write to.",
        ) from None
    finally:
        part.unlink(missing_ok=True)
    return path


def describe_run(files: Files, matches: TableMatches, source_column: str | None) -> Run:
    """Return what ``write_run`` writes, digests included."""
    folder = files.clusters.parent
    return Run(
        inputs=[_described(file, folder) for file in sorted(files.inputs)],
        id_column=matches.table.id_name,
        source_column=source_column,
        config=_described(files.config, folder),
        model=_described(files.model, folder),
        clusters=_described(files.clusters, folder),
        blocking=list(matches.rules),
        cut=matches.cut.bits,
        records=len(matches.table.ids),
    )


def run_path(clusters: Path) -> Path:
    """Return where the run of a file of clusters is described."""
    return clusters.with_name(f"{clusters.name.removesuffix(clusters.suffix)}-run.json")


def run_text(run: Run) -> str:
    """Return the run as JSON, the same text for the same run."""
    return json.dumps(run.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def read_run(clusters: Path) -> Run:
    """Return the run that made ``clusters``; raises ConfigError where it is not described."""
    if not clusters.is_file():
        raise ConfigError("there is no such file.", file=clusters, hint="Run golden match first.")
    file = run_path(clusters)
    try:
        return Run.model_validate_json(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(
            "this file, which golden match writes beside the clusters, is missing.",
            file=file,
            hint="Match again.",
        ) from None
    except (ValidationError, UnicodeDecodeError):
        raise ConfigError("this does not describe a run.", file=file, hint="Match again.") from None


def located(run: Run, clusters: Path) -> Files:
    """Return the files of a run after making sure that none changed.

    Raises ConfigError that names those that are missing or not what they were.
    """
    folder = clusters.parent
    named = [*run.inputs, run.config, run.model, run.clusters]
    changed = [item.path for item in named if not _unchanged(folder / item.path, item)]
    if changed:
        raise ConfigError(
            f"changed or gone since the run: {', '.join(changed)}.",
            file=run_path(clusters),
            hint="Explanations would be of another run; match again.",
        )
    inputs = [folder / item.path for item in run.inputs]
    config, model = (folder / item.path for item in (run.config, run.model))
    return Files(inputs, config, model, clusters)


def _described(file: Path, folder: Path) -> RunFile:
    # both made absolute first: the way from one to the other may lead upwards
    path = os.path.relpath(file.resolve(), folder.resolve())
    return RunFile(path=Path(path).as_posix(), sha256=_digest(file))


def _unchanged(file: Path, item: RunFile) -> bool:
    return file.is_file() and _digest(file) == item.sha256


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
