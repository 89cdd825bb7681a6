"""The raw zone: what every pull brought, exactly as the source said it, append-only.

``root/<source>/<object>/run=<run_id>/`` holds Parquet parts and a manifest. A run is written
beside its place and shown by one rename, so a run is there completely or not at all; whatever a
killed run left is removed by the next writer. The cursor to go on from stands in the last
manifest: landed data and cursor cannot disagree.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import ValidationError

from models.errors import DigestMismatch, StoreError, StoreLocked
from warehouse.parts import RunWriter
from warehouse.run_manifest import MANIFEST, Manifest, file_digest

_RUN, _TMP = "run=", "_tmp_"


@dataclass(frozen=True, slots=True)
class RawZone:
    """The raw zone below ``root``. ``wait``: seconds to wait for another writer of an object."""

    root: Path
    wait: float = 60.0

    def runs(self, source: str, object_name: str) -> list[Manifest]:
        """Return the manifests of all complete runs, oldest first."""
        folders = sorted(self._folder(source, object_name).glob(f"{_RUN}*"))
        return [_read(folder) for folder in folders if (folder / MANIFEST).is_file()]

    def latest(self, source: str, object_name: str) -> Manifest | None:
        """Return the manifest of the last complete run, if there is one."""
        runs = self.runs(source, object_name)
        return runs[-1] if runs else None

    def find(self, source: str, object_name: str, run_id: str) -> Manifest | None:
        """Return the manifest of one run if it is complete."""
        folder = self._folder(source, object_name) / f"{_RUN}{run_id}"
        return _read(folder) if (folder / MANIFEST).is_file() else None

    def path(self, manifest: Manifest) -> Path:
        """Return the folder of a complete run."""
        return self._folder(manifest.source, manifest.object) / f"{_RUN}{manifest.run_id}"

    def verify(self, manifest: Manifest) -> None:
        """Raise DigestMismatch if a file of the run is missing or not what was written."""
        for part in manifest.files:
            path = self.path(manifest) / part.name
            if not path.is_file() or file_digest(path) != part.sha256:
                raise DigestMismatch(
                    f"{path} is not what its manifest says; restore the folder from a backup, or "
                    "delete it and pull the object again from the beginning."
                )

    @contextmanager
    def locked(self, source: str, object_name: str) -> Iterator[None]:
        """Hold the object: its cursor is read and its next run written by one process only."""
        folder = self._folder(source, object_name)
        private_folder(self.root)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(folder / ".lock", timeout=self.wait):
                yield
        except Timeout as error:
            raise StoreLocked(
                f"{folder} is being written by another pull; wait for it, or stop it, "
                "and start this one again."
            ) from error

    @contextmanager
    def writer(self, source: str, object_name: str, run_id: str) -> Iterator[RunWriter]:
        """Yield a writer for one run; without its ``commit`` nothing stays.

        Hold ``locked`` around it: what is half written here belongs to a killed run.
        """
        folder = self._folder(source, object_name)
        for leftover in folder.glob(f"{_TMP}*"):
            shutil.rmtree(leftover)
        private_folder(self.root)
        temporary = folder / f"{_TMP}{run_id}"
        temporary.mkdir(parents=True)
        try:
            yield RunWriter(temporary, folder / f"{_RUN}{run_id}")
        finally:
            shutil.rmtree(temporary, ignore_errors=True)

    def _folder(self, source: str, object_name: str) -> Path:
        if "/" in object_name or object_name.startswith((".", "_")):
            raise StoreError(f"{object_name!r} cannot be the name of a folder; rename the object.")
        return self.root / source / object_name


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can look into."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def _read(folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except ValidationError as error:
        raise StoreError(
            f"{folder / MANIFEST} is not a manifest of this version ({error.error_count()} faults);"
            " restore it from a backup, or delete the folder and pull the object again."
        ) from None
