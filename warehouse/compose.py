"""Composes the folder of a version under a temporary name: everything readers will find in it.

Parquet first, the golden file from it, then what describes them; the manifest last. What was
written is read back and compared with the digest the quality gate passed before anything is sealed.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from models.errors import DigestMismatch
from models.progress import Progress
from models.tables import DATA_DICTIONARY
from models.verdict import Passed
from warehouse.data_contract import CONTRACT, contract
from warehouse.dictionary import PAGE, describe, page, write_table
from warehouse.digest import TableDigest, combine, layer_digest, table_digests
from warehouse.golden_file import build_file, resources, write_parquet, write_version_list
from warehouse.manifest import (
    GOLDEN_FILE,
    MANIFEST,
    MODEL,
    PARQUET,
    REPORT,
    Manifest,
    TableEntry,
    describe_files,
    sync_folder,
)
from warehouse.store import Connection, count
from warehouse.versions import TEMPORARY, Version, VersionFolder, version_name

# Where a publish can be watched, and killed.
POINTS = (
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

    ``keep_versions`` versions stay on disk besides the current one. ``as_of`` is the day the run
    reckons with, ``code_digest`` stands for the code that made the candidate.
    """

    run_id: str
    published_at: datetime
    config_digest: str
    keep_versions: int = 10
    as_of: date | None = None
    code_digest: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What becomes a version: the leave for it, its run, what it continues, its report."""

    passed: Passed
    run: PublishRun
    previous: Version | None
    last_id_number: int
    report: Path | None = None

    @property
    def previous_name(self) -> str | None:
        """Name of the version it continues."""
        return self.previous.name if self.previous else None


def compose(con: Connection, draft: Draft, versions: VersionFolder, progress: Progress) -> Version:
    """Write the golden tables of ``con`` as the next version's folder, not yet in its place.

    Raises DigestMismatch when what was written is not what the gate passed.
    """
    number = versions.next_number()
    folder = versions.versions / f"{TEMPORARY}{version_name(number)}_{draft.run.run_id}"
    (folder / PARQUET).mkdir(parents=True)
    write_parquet(con, folder / PARQUET, number)
    this = (number, version_name(number), draft.run.published_at)
    write_version_list(con, folder / PARQUET, draft.previous, this)
    _describe(con, folder, draft.run, number)
    reached(progress, "Parquet written")
    info = _info_row(con, draft, number)
    build_file(folder / GOLDEN_FILE, folder / PARQUET, info, resources(con))
    reached(progress, "golden file built")
    digests = _read_back(con, folder / GOLDEN_FILE, draft.passed)
    reached(progress, "digest verified")
    _write_model(con, folder)
    if draft.report:
        shutil.copyfile(draft.report, folder / REPORT)
    manifest = _manifest(draft, number, digests, folder)
    _seal(folder, manifest)
    reached(progress, "manifest written")
    return Version(folder, manifest)


def require_passed(con: Connection, passed: Passed) -> None:
    """Raise DigestMismatch unless the golden tables of ``con`` are those the gate passed."""
    if layer_digest(con, "golden") != passed.golden_digest:
        raise DigestMismatch(
            "The golden tables have changed since the quality gate passed them. Run the steps "
            "from 'check' again."
        )


def reached(progress: Progress, point: str) -> None:
    """Tell ``progress`` that one of POINTS is behind us."""
    progress(point, POINTS.index(point) + 1, len(POINTS))


def _describe(con: Connection, folder: Path, run: PublishRun, number: int) -> None:
    """Write the dictionary, as a table and as a page, and the data contract."""
    entries = describe(con)
    write_table(con, entries, folder / PARQUET / f"{DATA_DICTIONARY.name}.parquet")
    when = f"{run.published_at:%Y-%m-%d %H:%M}"
    (folder / PAGE).write_text(page(entries, version_name(number), when), encoding="utf-8")
    (folder / CONTRACT).write_text(contract(entries), encoding="utf-8")


def _info_row(con: Connection, draft: Draft, number: int) -> Sequence[object]:
    """Return the row of ``version_info``, in the order of its columns."""
    return (
        version_name(number),
        draft.previous_name,
        draft.run.published_at,
        draft.run.run_id,
        draft.passed.golden_digest,
        count(con, "SELECT count(*) FROM golden.customer"),
        count(con, "SELECT count(*) FROM golden.customer_xref"),
        draft.last_id_number,
    )


def _read_back(con: Connection, golden_file: Path, passed: Passed) -> dict[str, TableDigest]:
    """Return the digests of the tables in the written file; they must be what was passed."""
    with duckdb.connect(str(golden_file), read_only=True) as written:
        digests = table_digests(written, "golden", "main")
    if combine(digests) != passed.golden_digest:
        require_passed(con, passed)
        raise DigestMismatch(
            f"What was written to {golden_file} is not what the gate passed; nothing was "
            "published. Check the disk, then run the step 'publish' again."
        )
    return digests


def _write_model(con: Connection, folder: Path) -> None:
    """Write what agreement was worth in this run, for the next run to go on with."""
    if not count(
        con,
        "SELECT count(*) FROM duckdb_tables() "
        "WHERE schema_name = 'matched' AND table_name = 'model'",
    ):
        return
    row = con.execute("SELECT text FROM matched.model").fetchone()
    if row and row[0]:
        (folder / MODEL).write_text(row[0], encoding="utf-8")


def _manifest(draft: Draft, number: int, digests: dict[str, TableDigest], folder: Path) -> Manifest:
    return Manifest(
        number=number,
        version=version_name(number),
        previous_version=draft.previous_name,
        published_at=draft.run.published_at,
        run_id=draft.run.run_id,
        verdict="pass",
        golden_digest=draft.passed.golden_digest,
        config_digest=draft.run.config_digest,
        code_digest=draft.run.code_digest,
        as_of=draft.run.as_of,
        last_id_number=draft.last_id_number,
        tables={name: TableEntry(rows=d.rows, digest=d.digest) for name, d in digests.items()},
        files=describe_files(folder),
    )


def _seal(folder: Path, manifest: Manifest) -> None:
    """Write the manifest last, take away write permission, and force everything to disk."""
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n", encoding="utf-8")
    for path in folder.rglob("*"):
        if path.is_file():
            path.chmod(0o444)
    sync_folder(folder)
