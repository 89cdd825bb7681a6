"""A new project folder: ``golden init``."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from connectors.registry import open_connector
from models.errors import ConfigError
from models.source import SourceConfig
from pipeline.propose import likely_key, propose

_CONNECTORS = {
    ".csv": "csv", ".txt": "csv", ".tsv": "csv", ".gz": "csv", ".parquet": "parquet",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".xlsx": "excel", ".xls": "excel",
}  # fmt: skip
_SAMPLE_ROWS = 20_000

_GOLDEN = """\
# One project: what it is called, and where its data lives (relative to this folder).
name: {name}
title: {{en: {name}, zh: {name}}}
owner: unassigned
data: data
"""

_SOURCE = """\
# {file}: proposed from the column names. Read it, correct it, then run 'golden run'.
name: {name}
title: {{en: {name}, zh: {name}}}
connector: {connector}
connection: {{path: {path}}}
trust: 0.5
objects:
  record:
    read: {{glob: {glob}, primary_key: [{key}], mode: snapshot}}
    mapping:
{mapping}
"""

_UNKNOWN = """\
      # Columns nobody recognised. Map each, or ignore it here with a reason: {columns}
      ignore: {{}}"""

_README = """\
# {name}

    golden source check      can the sources be read?
    golden run               pull, match, merge, check, publish
    golden status            what is published, and how old is each source
    golden sql "SELECT * FROM customer LIMIT 10"
"""


def create_project(folder: Path, files: Sequence[Path], *, country: str = "CN") -> list[Path]:
    """Write a new project into ``folder``, with one source per data file; return what was written.

    Raises ConfigError when there is a project already, or a file cannot be read.
    """
    if (folder / "golden.yml").exists():
        raise ConfigError(
            f"{folder} holds a project already.", hint="Choose another folder, or edit that one."
        )
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    name = _plain_name(folder.resolve().name)
    written = [
        _write(folder / "golden.yml", _GOLDEN.format(name=name)),
        _write(folder / ".gitignore", "data/\n"),
        _write(folder / "README.md", _README.format(name=name)),
    ]
    for file in files:
        source = _plain_name(file.name.split(".")[0])
        text = describe_file(file, source, folder, country)
        written.append(_write(folder / "sources" / f"{source}.yml", text))
    return written


def describe_file(file: Path, name: str, folder: Path, country: str) -> str:
    """Return the YAML of a source that reads ``file``, with a proposed mapping."""
    connector = _CONNECTORS.get(file.suffix.lower())
    if connector is None or not file.is_file():
        raise ConfigError(
            f"{file} is not a data file this can read.",
            hint=f"It reads files that exist and end in {', '.join(sorted(_CONNECTORS))}.",
        )
    table = _sample(file, name, connector, folder)
    columns = [column for column in table.column_names if not column.startswith("_")]
    key = likely_key(columns, [column for column in columns if _is_unique(table[column])])
    proposal = propose(columns, key, country=country)
    mapping = "\n".join(f"      {line}" for line in proposal.mapping.splitlines())
    if proposal.unknown:
        mapping += "\n" + _UNKNOWN.format(columns=", ".join(proposal.unknown))
    return _SOURCE.format(
        file=file.name, name=name, connector=connector, glob=_quoted(file.name),
        path=_quoted(_relative(file.parent, folder)), key=_quoted(key), mapping=mapping,
    )  # fmt: skip


def _sample(file: Path, name: str, connector: str, folder: Path) -> pa.Table:
    provisional = SourceConfig.model_validate(
        {
            "name": name,
            "connector": connector,
            "connection": {"path": str(file.parent.resolve())},
            "objects": {
                "record": {
                    "read": {"glob": file.name, "primary_key": ["?"], "mode": "snapshot"},
                    "mapping": {"party": "person", "names": [{"full": "?"}]},
                }
            },
        }
    )
    with closing(open_connector(provisional, folder)) as opened:
        return opened.sample("record", _SAMPLE_ROWS)


def _is_unique(values: pa.ChunkedArray) -> bool:
    return values.null_count == 0 and bool(pc.count_distinct(values).as_py() == len(values))


def _relative(target: Path, folder: Path) -> str:
    return Path(os.path.relpath(target.resolve(), folder.resolve())).as_posix()


def _plain_name(text: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
    return plain if re.match("[a-z]", plain) else f"source_{plain}".rstrip("_")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file
