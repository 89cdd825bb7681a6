"""From a finished run, or from its files, to what explanations are drawn from.

Reopening reads the input again and prepares fields, comparisons and blocks as the run did, but
compares nothing: only the pairs that are asked about are scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from matching.columns import Codes, Column, Ints, Texts, arrow, encode, flat, pc
from matching.explain.case import Case
from matching.explain.run_file import Files, Run
from matching.explain.why_not import Clustering
from models.errors import ConfigError

if TYPE_CHECKING:
    from matching.model.parameters import Model
    from matching.model.score import Scorer
    from matching.table.fields import TableField
    from matching.table.reading import InputTable
    from matching.table.run import TableMatches
    from matching.table.spec import MatchSpec

_CLUSTER = "cluster_id"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reopened:
    """A run to ask about: ``cluster_ids[record]`` is the ``cluster_id`` of the output."""

    case: Case
    clustering: Clustering
    cluster_ids: Ints

    def record(self, name: str) -> int:
        """Return the record called ``name``: its id, or ``source:id`` where several have it.

        Raises ConfigError where there is none, or more than one.
        """
        ids = flat(self.case.ids.cast("string"))
        found = np.flatnonzero(np.asarray(pc.equal(ids, name)))
        if not len(found) and ":" in name and self.case.sources is not None:
            source, _, own = name.partition(":")
            both = pc.and_(pc.equal(ids, own), pc.equal(self.case.sources, source))
            found = np.flatnonzero(np.asarray(both))
        if len(found) > 1:
            names = [self.case.name(int(record)) for record in found[:_SHOWN]]
            raise ConfigError(
                "several records have this id.", hint=f"Write one of {', '.join(names)}."
            )
        if not len(found):
            raise ConfigError("no record has this id.", hint="Look it up in the clusters' file.")
        return int(found[0])

    def members(self, cluster: int) -> list[int]:
        """Return the records of a cluster; raises ConfigError where there is no such cluster."""
        found = np.flatnonzero(self.cluster_ids == cluster)
        if not len(found):
            raise ConfigError(f"there is no cluster {cluster}.")
        return [int(record) for record in found]


def of_matches(matches: TableMatches) -> Reopened:
    """Return a run that has just been made."""
    from matching.table.facts import table_constraints

    labels = matches.linked.labels
    firsts = np.unique(labels)
    return _opened(
        matches.table,
        matches.spec,
        matches.fields,
        (matches.scorer, matches.cut.bits),
        Clustering(
            labels,
            matches.blocks,
            matches.keys,
            table_constraints(matches.table, matches.spec.clusters, matches.fields),
            matches.spec.clusters.largest,
        ),
        np.searchsorted(firsts, labels).astype(np.int64) + 1,
    )


def reopen(run: Run, files: Files, spec: MatchSpec, model: Model) -> Reopened:
    """Return a run from its files, which must be what they were (``run_file.located``)."""
    from matching.block import build_blocks
    from matching.model.score import Scorer
    from matching.table.comparisons import comparisons
    from matching.table.facts import table_constraints
    from matching.table.fields import prepare_fields
    from matching.table.keys import key_columns
    from matching.table.reading import read_files
    from matching.table.sources import source_codes, source_comparison

    table = read_files(files.inputs, run.id_column, run.source_column)
    fields = prepare_fields(table.rows, spec)
    keys = key_columns(fields)
    asked = [*comparisons(fields), *source_comparison(source_codes(table.sources))]
    cluster_ids = _cluster_ids(files, table)
    blocks = build_blocks(keys, run.blocking, len(table.ids))
    constraints = table_constraints(table, spec.clusters, fields)
    labels = _labels(cluster_ids)
    clustering = Clustering(labels, blocks, keys, constraints, spec.clusters.largest)
    return _opened(table, spec, fields, (Scorer(asked, model), run.cut), clustering, cluster_ids)


def _opened(
    table: InputTable,
    spec: MatchSpec,
    fields: Sequence[TableField],
    judged: tuple[Scorer, float],
    clustering: Clustering,
    cluster_ids: Ints,
) -> Reopened:
    scorer, cut = judged
    review = float(np.log2(spec.clusters.review / (1.0 - spec.clusters.review)))
    several = table.source_name is not None
    case = Case(
        scorer=scorer,
        ids=table.ids,
        sources=table.sources if several else None,
        cut=cut,
        review=review,
        pooling=spec.clusters.pooling,
        values=_values(fields, table.sources if several else None),
    )
    return Reopened(case, clustering, cluster_ids)


def _values(
    fields: Sequence[TableField], sources: Texts | None
) -> Mapping[str, tuple[Column, Texts]]:
    values = {field.name: (field.values, field.texts) for field in fields if field.several}
    if sources is None:
        return values
    encoded = flat(sources).dictionary_encode()
    codes = np.asarray(encoded.indices).astype(np.int32)
    column = Column.build(np.arange(len(codes), dtype=np.int32), codes, len(codes))
    return {"source": (column, encoded.dictionary), **values}


def _cluster_ids(files: Files, table: InputTable) -> Ints:
    """Return the cluster of each record of ``table``, whatever the order of the output."""
    from matching.table.files import read_file

    written = read_file(files.clusters)
    columns = [written.column(table.id_name)]
    ours = [table.ids]
    if table.source_name:
        columns.append(written.column(table.source_name))
        ours.append(table.sources)
    at = pc.index_in(_joined(ours), value_set=_joined(columns))
    if at.null_count:
        raise ConfigError(
            f"{at.null_count} records of the input stand in no cluster.",
            file=files.clusters,
            hint="Match again.",
        )
    numbers = written.column(_CLUSTER).cast("int64").take(at)
    return np.asarray(flat(numbers).to_numpy(zero_copy_only=False)).astype(np.int64)


def _joined(columns: Sequence[Texts]) -> Texts:
    texts = [flat(column).cast("string") for column in columns]
    texts = [pc.fill_null(text, "") for text in texts]
    return texts[0] if len(texts) == 1 else pc.binary_join_element_wise(*texts, "\x1f")


def _labels(cluster_ids: Ints) -> Codes:
    """Return the smallest record of each record's cluster."""
    codes = encode(arrow(cluster_ids))
    first = np.full(int(codes.max(initial=-1)) + 1, len(codes), dtype=np.int32)
    np.minimum.at(first, codes, np.arange(len(codes), dtype=np.int32))
    return first[codes]
