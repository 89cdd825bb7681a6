"""What decides how the rows of a source are normalised, as one digest."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import pyarrow as pa

from warehouse.landed_object import LandedObject

_HERE = (
    "fingerprint.py",
    "landed_object.py",
    "normalise_landed.py",
    "normalise_rules.py",
    "normalised_from.py",
    "normalising.py",
)


def rules_of(items: Sequence[LandedObject]) -> str:
    """Return the digest of a source's mappings, its landed columns and this program's edition.

    Trust, titles and schedules are left out: they change nothing here.
    """
    source = items[0].source
    facts = {
        "edition": edition(),
        "connector": source.connector,
        "objects": {
            name: [config.mapping.model_dump(mode="json"), config.read]
            for name, config in source.objects.items()
        },
        "columns": {item.name: sorted(item.columns) for item in items},
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def edition() -> str:
    """Return the digest of the code and the tables of values by which rows are normalised."""
    files = dict(_files_of("models"))
    files |= {f"warehouse/{name}": Path(__file__).with_name(name) for name in _HERE}
    total = hashlib.sha256(f"{pa.__version__} {unicodedata.unidata_version}".encode())
    for name in sorted(files):
        total.update(f"{name}\0".encode())
        total.update(hashlib.sha256(files[name].read_bytes()).digest())
    return total.hexdigest()


def _files_of(room: str) -> list[tuple[str, Path]]:
    spec = find_spec(room)
    places = spec.submodule_search_locations if spec else None
    return [
        (file.relative_to(Path(place).parent).as_posix(), file)
        for place in places or ()
        for file in Path(place).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    ]
