"""Which landed column feeds what: every one is mapped, ignored by name, or reported."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa

from models.fields.columns import mask, pc
from models.normalising.batch import Batch, find_columns, source_columns
from models.normalising.pieces import typed
from models.reading import reading_of


def column_use(batch: Batch) -> pa.Table:
    """Return ``normalised.column_use`` for this batch: one row per landed or missing column."""
    landed = source_columns(batch.rows)
    targets = _targets(batch, landed)
    ignored = set(find_columns(batch.mapping.ignore, landed).values())
    rows = [
        (name, _use(name, targets, ignored), ", ".join(targets.get(name, ())), _filled(batch, name))
        for name in landed
    ]
    for column, target in batch.mapping.uses():
        if column not in batch.found:
            rows.append((column, "missing", target, 0))
    names, uses, feeds, filled = (list(cells) for cells in zip(*rows, strict=True))
    return typed(
        "column_use",
        len(rows),
        {
            "source": batch.source.name,
            "object": batch.object,
            "column_name": pa.array(names, pa.string()),
            "use": pa.array(uses, pa.string()),
            "target": pa.array([feed or None for feed in feeds], pa.string()),
            "filled": pa.array(filled, pa.int64()),
        },
    )


def _targets(batch: Batch, landed: list[str]) -> dict[str, list[str]]:
    """Return what each landed column feeds, in the mapping's order."""
    targets: dict[str, list[str]] = {}
    for column, target in (*_read(batch, landed), *batch.mapping.uses()):
        name = batch.found.get(column, column)
        if target not in targets.setdefault(name, []):
            targets[name].append(target)
    return targets


def _read(batch: Batch, landed: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the columns that tell rows apart: they are used by the load."""
    read = batch.source.objects[batch.object].read
    if "primary_key" not in read:
        return
    reading = reading_of(batch.source.name, batch.object, read)
    flag, cursor = reading.deletes.flag, reading.cursor
    wanted = [(column, "record.source_pk") for column in reading.primary_key]
    wanted += [(cursor.field, "cursor")] if cursor else []
    wanted += [(flag.field, "deletes")] if flag else []
    yield from ((column, target) for column, target in wanted if column in landed)


def _use(name: str, targets: dict[str, list[str]], ignored: set[str]) -> str:
    if name in targets:
        return "mapped"
    return "ignored" if name in ignored else "unmapped"


def _filled(batch: Batch, name: str) -> int:
    return int(mask(pc.not_equal(batch.rows[name], "")).sum())
