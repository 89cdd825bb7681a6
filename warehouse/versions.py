"""The published versions: immutable folders, and ``current``, the one readers are sent to.

```
published/
├── current -> versions/v000002      swapped atomically; readers resolve it once, then stay there
└── versions/
    ├── v000001/
    └── v000002/  golden.duckdb  parquet/*.parquet  manifest.json  report.html
```

A folder under its final name is complete: it was made under a ``_tmp_`` name and renamed. Open
``golden.duckdb`` read-only; its files carry no write permission.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from filelock import FileLock, Timeout

from models.errors import DigestMismatch, StoreError, StoreLocked
from warehouse.digest import TableDigest, combine, stored_digests
from warehouse.manifest import GOLDEN_FILE, PARQUET, Manifest, check_files, read_manifest, sync

TEMPORARY = "_tmp_"
_NAME = re.compile(r"v(\d{6,})")


def version_name(number: int) -> str:
    """Return the folder name of version ``number``."""
    return f"v{number:06d}"


@dataclass(frozen=True, slots=True)
class Version:
    """One complete published version."""

    folder: Path
    manifest: Manifest

    @property
    def number(self) -> int:
        """Its number; never used twice in one VersionFolder."""
        return self.manifest.number

    @property
    def name(self) -> str:
        """Its folder's name."""
        return self.manifest.version

    @property
    def golden_file(self) -> Path:
        """The DuckDB file; open it read-only."""
        return self.folder / GOLDEN_FILE

    @property
    def parquet(self) -> Path:
        """The folder of its Parquet files, one per table."""
        return self.folder / PARQUET


@dataclass(frozen=True, slots=True)
class VersionFolder:
    """The folder of published versions. ``wait``: seconds for another publish to finish."""

    root: Path
    wait: float = 60.0

    @property
    def versions(self) -> Path:
        """Where the version folders stand."""
        return self.root / "versions"

    def current(self) -> Version | None:
        """Return the version readers are sent to, or None before the first publish.

        Raises StoreError when it is damaged.
        """
        name = self.current_name()
        return Version(self.versions / name, read_manifest(self.versions / name)) if name else None

    def current_name(self) -> str | None:
        """Return the name of the version readers are sent to, even of a damaged one."""
        try:
            return (self.root / "current").readlink().name
        except FileNotFoundError:
            return None

    def list(self) -> list[Version]:
        """Return all complete versions, oldest first. Not all of them need ever have served."""
        return [Version(folder, read_manifest(folder)) for folder in _folders(self.versions)]

    def numbers(self) -> Sequence[int]:
        """Return the number of every version on disk, oldest first, the damaged ones too."""
        return [_number(folder) for folder in _folders(self.versions)]

    def get(self, number: int) -> Version:
        """Return one version; raises StoreError when it is not there (any more)."""
        folder = self.versions / version_name(number)
        if not folder.is_dir():
            there = ", ".join(map(str, self.numbers())) or "none"
            raise StoreError(f"There is no version {number} in {self.root}; there: {there}.")
        return Version(folder, read_manifest(folder))

    def verify(self, number: int) -> Version:
        """Check every file and the content digest of a version, and return it.

        Raises DigestMismatch when anything is not as it was published.
        """
        version = self.get(number)
        check_files(version.folder, version.manifest)
        check_content(version.golden_file, version.manifest)
        return version

    def rollback(self, number: int) -> Version:
        """Send readers to an earlier (or later) version, after verifying it."""
        with self.locked():
            version = self.verify(number)
            self.point_at(version.name)
        return version

    def next_number(self) -> int:
        """Return the number of the version to come: above every one that is or was here."""
        current = self.current()
        return max([*self.numbers(), current.number if current else 0], default=0) + 1

    def point_at(self, name: str) -> None:
        """Swap ``current`` to the version ``name``, in one step that readers cannot see half of."""
        temporary = self.root / f"{TEMPORARY}current"
        temporary.unlink(missing_ok=True)
        temporary.symlink_to(Path("versions") / name)
        temporary.replace(self.root / "current")
        sync(self.root)

    def clean(self) -> None:
        """Remove what killed publishes left behind; call it inside ``locked()``."""
        for leftover in self.versions.glob(f"{TEMPORARY}*"):
            shutil.rmtree(leftover)

    def retain(self, keep: int) -> None:
        """Remove the oldest versions but the current one and ``keep`` others.

        The version that the current one continues is kept first: its changes are told against it,
        and it is what a rollback goes back to.
        """
        current = self.current()
        name, basis = (current.name, current.manifest.previous_version) if current else (None, None)
        others = [folder for folder in _folders(self.versions) if folder.name != name]
        others.sort(key=lambda folder: (folder.name == basis, _number(folder)))
        for folder in others[: max(len(others) - keep, 0)]:
            # Renamed first: a half-removed folder must not look like a version.
            doomed = folder.rename(folder.with_name(f"{TEMPORARY}old_{folder.name}"))
            shutil.rmtree(doomed)

    def line(self) -> Sequence[int]:
        """Return the numbers of the versions on disk that the current one continues, newest first.

        The current one is the first. A version that is not in it was rolled back, or never served.
        """
        numbers: list[int] = []
        name = self.current_name()
        while name and (folder := self.versions / name).is_dir():
            numbers.append(_number(folder))
            try:
                name = read_manifest(folder).previous_version
            except StoreError:
                break  # damaged: what it continued is not known
        return numbers

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the right to change this folder; raises StoreLocked after ``wait`` seconds."""
        self.versions.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.root / ".lock", timeout=self.wait):
                yield
        except Timeout as error:
            raise StoreLocked(
                f"Another run is publishing to {self.root}; wait for it and start again."
            ) from error


def check_content(golden_file: Path, manifest: Manifest) -> None:
    """Raise DigestMismatch unless every table in the file has the content its manifest states."""
    try:
        with duckdb.connect(str(golden_file), read_only=True) as con:
            found = stored_digests(con, manifest.tables)
    except duckdb.Error as error:
        raise DigestMismatch(
            f"{golden_file} cannot be read ({type(error).__name__}). Go back to another version "
            "with 'golden rollback', or publish again."
        ) from error
    stated = {name: TableDigest(t.rows, t.digest) for name, t in manifest.tables.items()}
    wrong = sorted(name for name in stated if found.get(name) != stated[name])
    if wrong:
        raise DigestMismatch(
            f"{golden_file}: the content of {', '.join(wrong)} is not what was published. Go back "
            "to another version with 'golden rollback', or publish again."
        )
    digest = combine(found)
    if digest != manifest.golden_digest:
        raise DigestMismatch(
            f"The tables in {golden_file} are not those the quality gate passed: their content "
            f"digest is {digest[:12]}…, not {manifest.golden_digest[:12]}…. Go back to another "
            "version with 'golden rollback', or publish again."
        )


def last_id_number(previous: Path | None) -> int:
    """Return the highest customer number given in any version beside the ``previous`` file.

    Also in versions that were rolled back: readers may have kept their ids. 0 when there is none.
    """
    if previous is None:
        return 0
    return max(
        (read_manifest(folder).last_id_number for folder in _folders(previous.parent.parent)),
        default=0,
    )


def _folders(versions: Path) -> list[Path]:
    if not versions.is_dir():
        return []
    found = [path for path in versions.iterdir() if _NAME.fullmatch(path.name) and path.is_dir()]
    return sorted(found, key=_number)


def _number(folder: Path) -> int:
    match = _NAME.fullmatch(folder.name)
    return int(match[1]) if match else 0
