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
from examples.bank.records import SHARES
from examples.bank.world import World

# Per system, the records of persons and of organisations.
Records = dict[str, tuple[Frame, Frame]]
_RECORD = ("row", "who", "opened", "updated")


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
    _write(place / "person_ties.parquet", _tie_rows(world.person_ties))
    _write(place / "company_ties.parquet", _tie_rows(world.company_ties))


def load_world(folder: Path, number: int) -> World:
    """Return one chunk as it was saved."""
    place = _chunk(folder, number)
    return World(
        Chunk(*(int(n) for n in _read(place / "chunk.parquet")["numbers"])),
        _read(place / "people.parquet"),
        _read(place / "companies.parquet"),
        _ties(_read(place / "person_ties.parquet")),
        _ties(_read(place / "company_ties.parquet")),
    )


def save_records(folder: Path, chunk: int, records: Records) -> None:
    """Write who has which record in every system."""
    rows = [
        Frame(
            system=np.full(len(side), name.encode()), side=np.full(len(side), index), **_all(side)
        )
        for name, sides in records.items()
        for index, side in enumerate(sides)
    ]
    _write(_chunk(folder, chunk) / "records.parquet", Frame.stack(rows))


def load_records(folder: Path, chunk: int) -> Records:
    """Return, per system, the records of persons and of organisations."""
    rows = _read(_chunk(folder, chunk) / "records.parquet")
    return {name: (_side(rows, name, 0), _side(rows, name, 1)) for name in SHARES}


def _all(frame: Frame) -> dict[str, Array]:
    return {name: frame[name] for name in _RECORD}


def _side(rows: Frame, name: str, side: int) -> Frame:
    return Frame(**_all(rows.take((rows["system"] == name.encode()) & (rows["side"] == side))))


def _tie_rows(ties: Ties) -> Frame:
    kinds = [np.full(len(pairs), kind.encode()) for kind, pairs in ties.pairs.items()]
    none = np.zeros((0, 2), np.int64)
    return Frame(
        kind=np.concatenate([np.zeros(0, "S1"), *kinds]),
        pairs=np.concatenate([none, *ties.pairs.values()]),
    )


def _ties(rows: Frame) -> Ties:
    kinds = dict.fromkeys(rows["kind"].tolist())
    return Ties({kind.decode(): rows["pairs"][rows["kind"] == kind] for kind in kinds})


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
    rows = pq.ParquetFile(path).read()
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
