"""Every table that passes between two rooms: its grain, its columns, and what they mean.

One definition serves the DDL, the comments in the published file and the data dictionary.
Layers are DuckDB schemas of the working file; ``golden`` is what is published. Types are
DuckDB's. All timestamps are UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.tables.golden import GOLDEN, NOT_IN_DIGEST
from models.tables.landed import OBJECT_LOAD, REJECTED
from models.tables.matched import MATCHED
from models.tables.normalised import NORMALISED
from models.tables.published import BESIDE_GOLDEN, DATA_DICTIONARY, VERSION, VERSION_INFO
from models.tables.quality import QUALITY
from models.tables.types import Column, Table

__all__ = [
    "BESIDE_GOLDEN",
    "DATA_DICTIONARY",
    "GOLDEN",
    "LANDED",
    "LAYERS",
    "NOT_IN_DIGEST",
    "VERSION",
    "VERSION_INFO",
    "Column",
    "Table",
    "all_tables",
    "landed_table",
    "record_key",
    "table",
]

LAYERS: dict[str, tuple[Table, ...]] = {
    "landed": (OBJECT_LOAD, REJECTED),
    "normalised": NORMALISED,
    "matched": MATCHED,
    "golden": GOLDEN,
    "quality": QUALITY,
}


def table(layer: str, name: str) -> Table:
    """Return the definition of ``layer.name``; KeyError if there is none."""
    for candidate in LAYERS[layer]:
        if candidate.name == name:
            return candidate
    raise KeyError(f"{layer}.{name}")


def all_tables() -> Iterator[Table]:
    """Yield every table, layer by layer, in the order rows flow through them."""
    for layer in LAYERS.values():
        yield from layer


@dataclass(frozen=True, slots=True)
class LandedColumns:
    """Names of the bookkeeping columns that stand beside a source's own in ``landed.*``.

    A landed table is named ``source__object`` (see ``landed_table``), holds one row per live key
    in its latest state, every source column as VARCHAR, and these.
    """

    key: str = "_pk"
    hash: str = "_hash"


LANDED = LandedColumns()


def landed_table(source: str, object_name: str) -> str:
    """Return the landed table's name for one object of one source."""
    return f"{source}__{object_name}"


def record_key(source: str, object_name: str, source_pk: str) -> str:
    """Return the key that names one source record everywhere downstream."""
    return f"{source}.{object_name}:{source_pk}"
