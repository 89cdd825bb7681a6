"""Which edition of the program made a version: a digest over what decides its rows.

Two versions made from the same data and rules can differ only when the program did. The files that
count are those of the rooms that compute: how a source is read or a page is drawn changes no row.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_ROOMS = ("matching", "models", "warehouse")
_KINDS = frozenset({".py", ".sql", ".yml", ".tsv", ".parquet"})


@cache
def code_digest() -> str:
    """Return the SHA-256 over names and contents of the installed files that compute the rows.

    The same wherever it is installed; read once in a process.
    """
    return digest_of([folder for room in _ROOMS for folder in _folders(room)])


def digest_of(folders: list[Path]) -> str:
    """Return the SHA-256 over the program files in ``folders``, whatever order disks list them."""
    total = hashlib.sha256()
    for folder in folders:
        files = {
            file.relative_to(folder.parent).as_posix(): file
            for file in folder.rglob("*")
            if file.suffix in _KINDS
        }
        for name in sorted(files):
            total.update(f"{name}\0".encode())
            total.update(hashlib.sha256(files[name].read_bytes()).digest())
    return total.hexdigest()


def _folders(room: str) -> list[Path]:
    spec = find_spec(room)
    places = spec.submodule_search_locations if spec else None
    return [Path(place) for place in places or ()]
