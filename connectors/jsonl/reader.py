"""The JSON Lines connector: how one file becomes chunks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.base import REJECTS, Chunk
from connectors.files import FileConnector, FileRead, Format, SourceFile
from connectors.lines import Encoding, open_text
from connectors.records import as_rows, parse
from models.errors import IncompleteData
from models.source import SourceConfig

BATCH_LINES = 20_000


class JsonlRead(FileRead):
    """One set of JSON Lines files."""

    encoding: Encoding = "auto"


def open_jsonl(source: SourceConfig, base: Path) -> FileConnector[JsonlRead]:
    """Return a connector for JSON Lines files."""
    return FileConnector(source, base, Format(JsonlRead, _chunks, fixed=False))


def _chunks(file: SourceFile, read: JsonlRead) -> Iterator[Chunk]:
    always = list(read.primary_key)
    with open_text(file, read.encoding) as text:
        number = 0
        while lines := list(islice(text, BATCH_LINES)):
            records, faults = _parse(file, lines, number)
            number += len(lines)
            rejects = pa.Table.from_pylist(faults, schema=REJECTS)
            yield Chunk(as_rows(records, always), file.sequence, rejects)


def _parse(
    file: SourceFile, lines: Sequence[str], before: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the records of ``lines``, and the lines that hold none."""
    records, faults = [], []
    for number, line in enumerate(lines, start=before + 1):
        if line.isspace():
            continue
        try:
            record = parse(line)
        except ValueError:
            record = None
        if isinstance(record, dict):
            records.append(record)
        elif line.endswith("\n"):
            faults.append(_fault(file, number, line))
        else:
            raise IncompleteData(
                file.source,
                f"{file.name} is cut in line {number}, the last one; nothing was landed. Ask for "
                "the file again.",
            )
    return records, faults


def _fault(file: SourceFile, number: int, line: str) -> dict[str, Any]:
    return {
        "file": file.name,
        "line": number,
        "rule": "bad_line",
        "reason": f"{file.name}, line {number}: not a JSON object.",
        "text": line.rstrip("\r\n"),
    }
