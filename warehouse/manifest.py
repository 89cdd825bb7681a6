"""What a published version says about itself: ``manifest.json`` in its folder."""

from __future__ import annotations

import hashlib
import os
from datetime import date, datetime
from pathlib import Path

from pydantic import Field, ValidationError

from models.errors import DigestMismatch, StoreError
from models.mapping import Strict

MANIFEST = "manifest.json"
GOLDEN_FILE = "golden.duckdb"
PARQUET = "parquet"
REPORT = "report.html"
MODEL = "matching-model.yml"
_BLOCK = 1 << 20


class TableEntry(Strict):
    """One published table: its rows and the digest of its content."""

    rows: int
    digest: str


class FileEntry(Strict):
    """One file of the folder."""

    bytes: int
    sha256: str


class Manifest(Strict):
    """One published version. ``golden_digest`` is over content, ``files`` over bytes.

    ``last_id_number`` is the highest customer number given up to and with this version: none
    below it is ever given again, whatever version is rolled back to. ``as_of`` is the day that
    what depends on the day was reckoned for, ``code_digest`` stands for the code that made it;
    versions from before these were kept have neither.
    """

    format: int = 1
    number: int = Field(ge=1)
    version: str
    previous_version: str | None
    published_at: datetime
    run_id: str
    verdict: str
    golden_digest: str
    config_digest: str
    code_digest: str | None = None
    as_of: date | None = None
    last_id_number: int
    tables: dict[str, TableEntry]
    files: dict[str, FileEntry]


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest in ``folder``; raises StoreError when there is none to understand."""
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except (OSError, ValidationError) as error:
        raise StoreError(
            f"{folder / MANIFEST} is missing or damaged, so this version cannot be trusted. Roll "
            "back to another one with 'golden rollback', or publish again."
        ) from error


def describe_files(folder: Path) -> dict[str, FileEntry]:
    """Return every file under ``folder`` but its manifest, by its relative path."""
    return {
        path.relative_to(folder).as_posix(): FileEntry(
            bytes=path.stat().st_size, sha256=_sha256(path)
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path != folder / MANIFEST
    }


def check_files(folder: Path, manifest: Manifest) -> None:
    """Raise DigestMismatch unless the folder holds exactly the files its manifest lists."""
    found = describe_files(folder)
    wrong = sorted(
        name
        for name in found.keys() | manifest.files.keys()
        if found.get(name) != manifest.files.get(name)
    )
    if wrong:
        raise DigestMismatch(
            f"{folder}: {', '.join(wrong)} missing, added or not as published. Roll back to "
            "another version with 'golden rollback', or publish again."
        )


def sync_folder(folder: Path) -> None:
    """Force every file under ``folder``, and the folders themselves, to disk."""
    for path in [folder, *sorted(folder.rglob("*"))]:
        sync(path)


def sync(path: Path) -> None:
    """Force one file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sha256(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total.update(block)
    return total.hexdigest()
