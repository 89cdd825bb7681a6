"""Makes the passed candidate a version that readers see: ``golden.*`` → a folder, ``current``.

Everything is written under a temporary name, read back and compared with the digest the quality
gate passed, forced to disk, renamed into place, and only then is ``current`` swapped. Killed
anywhere, readers stay on a complete version and the next publish begins anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from models.errors import PublishConflict, StoreError
from models.progress import Progress, silent
from models.verdict import Passed
from warehouse.compose import Draft, PublishRun, compose, reached, require_passed
from warehouse.manifest import sync
from warehouse.store import Connection
from warehouse.versions import Version, VersionFolder

__all__ = ["PublishRun", "Published", "publish"]


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
    version was published since this candidate was begun. Nothing is published then, and nothing
    is left behind.
    """
    basis = _basis(con)
    with versions.locked():
        versions.clean()
        current = versions.current()
        if current and current.manifest.golden_digest == passed.golden_digest:
            require_passed(con, passed)
            return Published(current, unchanged=True)
        _require_latest(basis, current)
        draft = Draft(passed, run, current, basis.last_id_number, report_html)
        version = _written_before(con, draft, versions) or _write(con, draft, versions, progress)
        reached(progress, "version in place")
        versions.point_at(version.name)
        reached(progress, "current swapped")
        versions.retain(run.keep_versions)
        reached(progress, "old versions removed")
    return Published(version, unchanged=False)


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


def _written_before(con: Connection, draft: Draft, versions: VersionFolder) -> Version | None:
    """Return the version of this very content that a killed publish left without readers."""
    for version in reversed(versions.list()):
        made = version.manifest
        same = made.golden_digest == draft.passed.golden_digest
        if same and made.previous_version == draft.previous_name:
            require_passed(con, draft.passed)
            return versions.verify(version.number)
    return None


def _write(con: Connection, draft: Draft, versions: VersionFolder, progress: Progress) -> Version:
    """Compose the version and rename its folder into place; remove it when that fails."""
    try:
        made = compose(con, draft, versions, progress)
    except BaseException:
        versions.clean()
        raise
    final = made.folder.rename(versions.versions / made.name)
    sync(versions.versions)
    return Version(final, made.manifest)
