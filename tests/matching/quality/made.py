"""What a maker makes: tables for files, and who each record is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pyarrow as pa
from pyarrow import csv

from matching.evaluate import ClusterScores, score_clusters
from matching.table.reading import InputTable, read_files
from matching.table.run import TableMatches

Row = dict[str, str]


@dataclass(frozen=True)
class Made:
    """Records to match: ``tables`` by file name, and the entity of every id.

    ``configuration`` is what a careful person would write for them, as YAML.
    """

    tables: Mapping[str, pa.Table]
    truth: Mapping[int, int]
    configuration: str
    source_column: str | None = None

    def read(self, folder: Path) -> InputTable:
        """Write the tables as CSV files and read them as the command line does."""
        files = []
        for name, table in self.tables.items():
            files.append(folder / f"{name}.csv")
            csv.write_csv(table, files[-1])
        return read_files(files, "id", self.source_column)

    def score(self, matches: TableMatches) -> ClusterScores:
        """Hold clusters against the truth."""
        truth = [self.truth[number] for number in matches.table.ids.to_pylist()]
        return score_clusters(pa.array(matches.linked.labels), pa.array(truth))


def made(
    r: Random,
    rows: Mapping[str, Sequence[tuple[int, Row]]],
    configuration: str,
    source_column: str | None = None,
) -> Made:
    """Number and shuffle the rows of every file: pairs of entity and record."""
    tables, truth = {}, {}
    order = [(name, entity, row) for name, part in rows.items() for entity, row in part]
    r.shuffle(order)
    numbered = [(name, number, entity, row) for number, (name, entity, row) in enumerate(order, 1)]
    for name in rows:
        own = [(number, row) for file, number, _, row in numbered if file == name]
        columns = {key: [row[key] or None for _, row in own] for key in own[0][1]}
        tables[name] = pa.table({"id": [number for number, _ in own]} | columns)
    for _, number, entity, _ in numbered:
        truth[number] = entity
    return Made(tables, truth, configuration, source_column)
