"""Gather the rows of the normalised tables by landed row, and let only understood rows through."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from models.fields.columns import Mask, Texts, mask, pc, texts
from models.normalising.batch import Batch
from models.tables import table as table_definition

_ARROW: dict[str, Any] = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
}
_DEFECT = "defect"


def schema_of(name: str) -> pa.Schema:
    """Return the Arrow schema of ``normalised.<name>``."""
    columns = table_definition("normalised", name).columns
    return pa.schema([(column.name, _ARROW[column.type]) for column in columns])


def typed(name: str, rows: int, columns: dict[str, Any]) -> pa.Table:
    """Return ``columns`` (arrays or constants) as a ``normalised.<name>`` table."""
    schema = schema_of(name)
    return pa.table([_column(columns.get(f.name), rows, f.type) for f in schema], schema=schema)


class Pieces:
    """What the rows of one batch say, each piece with the numbers of the landed rows it is from."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._keys = batch.record_key(batch.owner, batch.owner_key)
        self._tables: dict[str, list[pa.Table]] = {}
        self._rows: dict[str, list[npt.NDArray[np.int64]]] = {}

    def add(self, name: str, where: Mask, **columns: Any) -> None:
        """Add a row to table ``name`` for each landed row in ``where``.

        ``columns`` are whole columns of the batch, or constants.
        """
        if not where.any():
            return
        columns["record_key"], rows = self._keys, np.flatnonzero(where)
        chosen = None if where.all() else pa.array(where)
        short = {
            key: value if chosen is None or not _is_column(value) else value.filter(chosen)
            for key, value in columns.items()
        }
        self._tables.setdefault(name, []).append(typed(name, len(rows), short))
        self._rows.setdefault(name, []).append(rows)

    def defects(self, column: str, rule: Any) -> None:
        """Note a defect for each landed row whose ``rule`` is not NULL."""
        where = mask(pc.is_valid(texts(rule)))
        self.add(
            _DEFECT,
            where,
            source=self._batch.source.name,
            object=self._batch.object,
            field=column,
            rule=texts(rule),
        )

    def said(self) -> Mask:
        """Return which landed rows have said anything that is used."""
        said = np.zeros(self._batch.length, np.bool_)
        for name, pieces in self._rows.items():
            if name != _DEFECT:
                for rows in pieces:
                    said[rows] = True
        return said

    def table(self, name: str, kept: Mask) -> pa.Table:
        """Return table ``name`` with the pieces of the landed rows that are kept."""
        if name not in self._tables:
            return schema_of(name).empty_table()
        whole = pa.concat_tables(self._tables[name])
        if kept.all():
            return whole
        return whole.filter(pa.array(kept[np.concatenate(self._rows[name])]))


def _is_column(value: Any) -> bool:
    return isinstance(value, pa.Array | pa.ChunkedArray)


def _column(value: Any, rows: int, kind: Any) -> Any:
    if value is None:
        return pa.nulls(rows, kind)
    if isinstance(value, pa.ChunkedArray):
        value = pa.concat_arrays(value.chunks) if value.num_chunks != 1 else value.chunk(0)
    if isinstance(value, pa.Array):
        return value if value.type == kind else value.cast(kind)
    return pa.repeat(pa.scalar(value, kind), rows)


def first_of(*columns: Texts) -> Texts:
    """Return the first value that is not NULL, row by row."""
    return texts(pc.coalesce(*columns))
