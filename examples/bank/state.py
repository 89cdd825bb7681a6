"""The drawn world on disk, so that ``advance`` can go on with it.

Parquet under ``truth/state/DAY``. The day in ``truth/bank.json`` says which one counts, so a day
that was cut short leaves nothing behind but a folder that is written again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from examples.bank.families import Ties
from examples.bank.frame import Array, Frame
from examples.bank.people import Chunk
from examples.bank.world import World

_SIDES = ("people", "companies")


def folder_of(root: Path, today: str) -> Path:
    """Return where the world of one day stands."""
    return root / "truth" / "state" / today


def save_world(folder: Path, world: World) -> None:
    """Write one chunk: its people, companies and ties."""
    chunk = world.chunk
    place = _chunk(folder, chunk.number)
    place.mkdir(parents=True, exist_ok=True)
    numbers = [chunk.number, chunk.first, chunk.size, chunk.today, chunk.key]
    _write(place / "chunk.parquet", Frame(numbers=np.array(numbers)))
    _write(place / "people.parquet", world.people)
    _write(place / "companies.parquet", world.companies)
    for name, ties in (("person", world.person_ties), ("company", world.company_ties)):
        for kind, pairs in ties.pairs.items():
            _write(place / f"{name}-tie-{kind}.parquet", Frame(pairs=pairs))


def load_world(folder: Path, number: int) -> World:
    """Return one chunk as it was saved."""
    place = _chunk(folder, number)
    ties = {}
    for name in ("person", "company"):
        found = sorted(place.glob(f"{name}-tie-*.parquet"))
        kinds = {path.stem.removeprefix(f"{name}-tie-"): _read(path)["pairs"] for path in found}
        ties[name] = Ties(kinds)
    return World(
        Chunk(*(int(n) for n in _read(place / "chunk.parquet")["numbers"])),
        _read(place / "people.parquet"),
        _read(place / "companies.parquet"),
        ties["person"],
        ties["company"],
    )


def save_records(folder: Path, chunk: int, system: str, people: Frame, companies: Frame) -> None:
    """Write who has which record in one system."""
    for side, records in zip(_SIDES, (people, companies), strict=True):
        _write(_chunk(folder, chunk) / f"{system}-{side}.parquet", records)


def load_records(folder: Path, chunk: int, system: str) -> tuple[Frame, Frame]:
    """Return the records of persons and of organisations in one system."""
    place = _chunk(folder, chunk)
    people, companies = (_read(place / f"{system}-{side}.parquet") for side in _SIDES)
    return people, companies


def _chunk(folder: Path, chunk: int) -> Path:
    return folder / f"chunk-{chunk:03d}"


def _write(path: Path, frame: Frame) -> None:
    columns: dict[str, Any] = {name: _column(frame[name]) for name in frame}
    pq.write_table(pa.table(columns), path, compression="zstd")


def _column(values: Array) -> Any:
    if values.ndim == 2:
        flat: Any = pa.array(np.ascontiguousarray(values).ravel())
        return pa.FixedSizeListArray.from_arrays(flat, values.shape[1])
    return pa.array(values)


def _read(path: Path) -> Frame:
    rows = pq.read_table(path)
    return Frame(
        **{name: _values(rows.column(name).combine_chunks()) for name in rows.column_names}
    )


def _values(column: Any) -> Array:
    if pa.types.is_fixed_size_list(column.type):
        width = column.type.list_size
        return np.array(column.flatten().to_numpy().reshape(-1, width))
    if pa.types.is_binary(column.type):
        return np.array(column.to_pylist(), dtype="S")
    return np.array(column.to_numpy(zero_copy_only=False))
