"""Makes the passed candidate a version that readers see: ``golden.*`` → a folder, ``current``.

Everything is written under a temporary name, read back and compared with the digest the quality
gate passed, forced to disk, renamed into place, and only then is ``current`` swapped. Killed
anywhere, readers stay on a complete version and the next publish begins anew.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from models.errors import DigestMismatch, PublishConflict, StoreError
from models.progress import Progress, silent
from models.verdict import Passed
from warehouse.digest import TableDigest, combine, layer_digest, table_digests
from warehouse.golden_file import build_file, resources, write_parquet
from warehouse.manifest import (
    GOLDEN_FILE,
    MANIFEST,
    PARQUET,
    REPORT,
    Manifest,
    TableEntry,
    describe_files,
    sync,
    sync_folder,
)
from warehouse.store import Connection, count
from warehouse.versions import TEMPORARY, Version, VersionFolder, version_name

_POINTS = (
    "Parquet written",
    "golden file built",
    "digest verified",
    "manifest written",
    "version in place",
    "current swapped",
    "old versions removed",
)


@dataclass(frozen=True, slots=True)
class PublishRun:
    """The run that publishes. ``published_at`` is UTC without a zone.

    ``keep_versions`` versions stay on disk besides the current one.
    """

    run_id: str
    published_at: datetime
    config_digest: str
    keep_versions: int = 10


@dataclass(frozen=True, slots=True)
class Published:
    """The version readers see now; ``unchanged`` when it already held the same content."""

    version: Version
    unchanged: bool


@dataclass(frozen=True, slots=True)
class _Basis:
    """What the candidate was built on, from ``matched.basis``."""

    version: str | None
    last_id_number: int


def publish(
    con: Connection,
    passed: Passed,
    versions: VersionFolder,
    run: PublishRun,
    report_html: Path | None = None,
    progress: Progress = silent,
) -> Published:
    """Publish the golden tables of ``con`` as the next version, if they differ from the current.

    Raises DigestMismatch when they are not those the gate passed, PublishConflict when another
    version was published since this candidate was begun. Nothing is published then.
    """
    basis = _basis(con)
    with versions.locked():
        versions.clean()
        current = versions.current()
        if current and current.manifest.golden_digest == passed.golden_digest:
            _require_passed(con, passed)
            return Published(current, unchanged=True)
        _require_latest(basis, current)
        version = _written_before(con, passed, versions, current) or _write(
            con, passed, versions, run, basis, report_html, progress
        )
        _reached(progress, "version in place")
        versions.point_at(version.name)
        _reached(progress, "current swapped")
        versions.retain(run.keep_versions)
        _reached(progress, "old versions removed")
    return Published(version, unchanged=False)


def _require_passed(con: Connection, passed: Passed) -> None:
    if layer_digest(con, "golden") != passed.golden_digest:
        raise DigestMismatch(
            "The golden tables have changed since the quality gate passed them. Run the steps "
            "from 'check' again."
        )


def _basis(con: Connection) -> _Basis:
    row = con.execute("SELECT version, last_id_number FROM matched.basis").fetchone()
    if row is None:
        raise StoreError("The candidate has no ids yet. Run the step 'identify' first.")
    return _Basis(*row)


def _require_latest(basis: _Basis, current: Version | None) -> None:
    latest = current.name if current else None
    if basis.version != latest:
        raise PublishConflict(
            f"This candidate continues {basis.version or 'no version'}, but {latest or 'none'} is "
            "published now. Run the flow again to build on it."
        )


def _written_before(
    con: Connection, passed: Passed, versions: VersionFolder, current: Version | None
) -> Version | None:
    """Return the version of this very content that a killed publish left without readers."""
    before = current.name if current else None
    for version in reversed(versions.list()):
        made = version.manifest
        if made.golden_digest == passed.golden_digest and made.previous_version == before:
            _require_passed(con, passed)
            return versions.verify(version.number)
    return None


def _write(
    con: Connection,
    passed: Passed,
    versions: VersionFolder,
    run: PublishRun,
    basis: _Basis,
    report_html: Path | None,
    progress: Progress,
) -> Version:
    number = versions.next_number()
    folder = versions.versions / f"{TEMPORARY}{version_name(number)}_{run.run_id}"
    (folder / PARQUET).mkdir(parents=True)
    write_parquet(con, folder / PARQUET)
    _reached(progress, "Parquet written")
    info = _info_row(con, passed, run, basis, number)
    build_file(folder / GOLDEN_FILE, folder / PARQUET, info, resources(con))
    _reached(progress, "golden file built")
    digests = _read_back(con, folder / GOLDEN_FILE, passed)
    _reached(progress, "digest verified")
    if report_html:
        shutil.copyfile(report_html, folder / REPORT)
    manifest = Manifest(
        number=number,
        version=version_name(number),
        previous_version=basis.version,
        published_at=run.published_at,
        run_id=run.run_id,
        verdict="pass",
        golden_digest=passed.golden_digest,
        config_digest=run.config_digest,
        last_id_number=basis.last_id_number,
        tables={name: TableEntry(rows=d.rows, digest=d.digest) for name, d in digests.items()},
        files=describe_files(folder),
    )
    _seal(folder, manifest)
    _reached(progress, "manifest written")
    final = folder.rename(versions.versions / manifest.version)
    sync(versions.versions)
    return Version(final, manifest)


def _info_row(
    con: Connection, passed: Passed, run: PublishRun, basis: _Basis, number: int
) -> Sequence[object]:
    """Return the row of ``version_info``, in the order of its columns."""
    return (
        version_name(number),
        basis.version,
        run.published_at,
        run.run_id,
        passed.golden_digest,
        count(con, "SELECT count(*) FROM golden.customer"),
        count(con, "SELECT count(*) FROM golden.customer_xref"),
        basis.last_id_number,
    )


def _read_back(con: Connection, golden_file: Path, passed: Passed) -> dict[str, TableDigest]:
    """Return the digests of the tables in the written file; they must be what was passed."""
    with duckdb.connect(str(golden_file), read_only=True) as written:
        digests = table_digests(written, "golden", "main")
    if combine(digests) != passed.golden_digest:
        _require_passed(con, passed)
        raise DigestMismatch(
            f"What was written to {golden_file} is not what the gate passed; nothing was "
            "published. Check the disk, then run the step 'publish' again."
        )
    return digests


def _seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest last, take away write permission, and force everything to disk."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    sync_folder(folder)


def _reached(progress: Progress, point: str) -> None:
    progress(point, _POINTS.index(point) + 1, len(_POINTS))
