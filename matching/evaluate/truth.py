"""Clusters and the truth, record beside record, from two tables that know records by their id."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from matching.columns import Texts, flat, pc
from models.errors import ConfigError

CLUSTER = "cluster_id"


@dataclass(frozen=True, slots=True)
class TruthColumns:
    """How records are known in both tables, and the column of the truth.

    ``source`` is None where an id stands in one row only.
    """

    id: str
    truth: str
    source: str | None = None

    @property
    def keys(self) -> list[str]:
        """The columns that tell records apart."""
        return [self.source, self.id] if self.source else [self.id]


@dataclass(frozen=True, slots=True)
class Labelled:
    """One entry per record of the clusters: its cluster and its true entity, NULL if unknown.

    ``elsewhere`` counts records of the truth that stand in no cluster.
    """

    clusters: Texts
    truth: Texts
    elsewhere: int


def beside_truth(
    clusters: tuple[Path, pa.Table], truth: tuple[Path, pa.Table], columns: TruthColumns
) -> Labelled:
    """Put every record's true entity beside its cluster; the files are named in errors.

    Ids are compared as texts. Raises ConfigError for a missing column, an id that stands in two
    rows of a table, and tables that have no record in common.
    """
    ours = _keys(*clusters, [*columns.keys, CLUSTER], columns)
    theirs = _keys(*truth, [*columns.keys, columns.truth], columns)
    at = pc.index_in(ours, value_set=theirs)
    common = len(at) - at.null_count
    if common == 0:
        raise ConfigError(
            "no id of the clusters stands in it.",
            file=truth[0],
            hint="Name the column that holds the same ids with --id-column.",
        )
    labels = pc.utf8_trim_whitespace(flat(truth[1].column(columns.truth)).cast(pa.string()))
    labels = pc.if_else(pc.equal(labels, ""), pa.scalar(None, pa.string()), labels)
    return Labelled(flat(clusters[1].column(CLUSTER)), labels.take(at), len(theirs) - common)


def _keys(file: Path, table: pa.Table, needed: Sequence[str], columns: TruthColumns) -> Texts:
    """Return what each row of a table is known by, as one text; no two rows by the same."""
    for name in needed:
        if name not in table.column_names:
            raise ConfigError(
                f"there is no column {name!r}.",
                file=file,
                hint=f"Its columns are: {', '.join(table.column_names)}.",
            )
    parts = [flat(table.column(name)).cast(pa.string()) for name in columns.keys]
    parts = [pc.utf8_trim_whitespace(pc.fill_null(part, "")) for part in parts]
    keys = parts[0] if len(parts) == 1 else pc.binary_join_element_wise(*parts, "\x1f")
    codes = np.asarray(keys.dictionary_encode().indices)
    repeated = len(codes) - len(np.unique(codes))
    if repeated:
        raise ConfigError(
            f"{repeated} rows repeat an id of another row.",
            file=file,
            hint="Name the column of sources with --source-column."
            if not columns.source
            else "Keep one row for each record.",
        )
    return keys
