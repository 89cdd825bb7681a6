"""A run of the stand-alone matcher on disk, with all its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from matching.explain.run_file import Files, write_run
from matching.table.reading import read_files
from matching.table.run import TableMatches, match_table
from matching.table.writing import write_matches
from tests.matching.explain.conftest import SPEC, people_rows


@dataclass(frozen=True)
class Finished:
    """What was made, and where."""

    matches: TableMatches
    files: Files
    source_column: str | None


def finish(folder: Path, *, sources: bool = False) -> Finished:
    """Match some people, whose ids repeat over two sources if asked, and write everything."""
    rows, _, ids = people_rows(90)
    if sources:
        half = len(ids) // 2
        ids = pa.concat_arrays([ids[:half], ids[: len(ids) - half]])
        rows = rows.append_column("system", pa.array(["crm"] * half + ["web"] * (len(ids) - half)))
    people = folder / "people.csv"
    csv.write_csv(rows.append_column("nr", ids), people)
    source_column = "system" if sources else None
    matches = match_table(read_files([people], "nr", source_column), SPEC)
    (folder / "out").mkdir()
    written = write_matches(matches, folder / "out" / "clusters.parquet")
    files = Files([people], written.config, written.model, written.clusters)
    write_run(files, matches, source_column)
    return Finished(matches, files, source_column)
