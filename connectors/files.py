"""Sources that are files: which files are read, in which order, and none of them twice.

``mode: snapshot``: the last file is the whole state. ``mode: changes``: every file not read yet
adds changes, a later file wins. *Later* is by name, numbers counting as numbers
(``part-2`` < ``part-10``), or by ``order: modified``. A file is known by its digest: the same
content under another name is not read again.

Files that are still on their way are left alone: names such as ``x.csv.part``, ``.x``, ``~$x``;
files without their control file where one is configured; and a file that changes while it is read
makes the pull fail, to be tried again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Generic, Literal, TypeVar

import pyarrow as pa
from pydantic import Field

from connectors.base import Chunk, ColumnInfo, Extraction, Health, StreamInfo, Window
from models.errors import ConfigError, GoldenError, SourceError, TransientError
from models.mapping import Strict
from models.reading import Reading, validated
from models.source import SourceConfig
from warehouse.run_manifest import ConsumedFile, file_digest

_UNFINISHED = (".part", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")


class Connection(Strict):
    """Where the files are."""

    path: str


class FileRead(Reading):
    """One set of files."""

    glob: str = Field(min_length=1)
    mode: Literal["snapshot", "changes"] = "snapshot"
    order: Literal["name", "modified"] = "name"


R = TypeVar("R", bound=FileRead)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: its place, its name for people, its number in this pull."""

    source: str
    path: Path
    name: str
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Format(Generic[R]):
    """How files of one kind are read.

    ``ready``: whether the file has arrived completely. ``fixed``: a column that is missing was
    taken away, rather than being empty in all rows.
    """

    model: type[R]
    chunks: Callable[[SourceFile, R], Iterator[Chunk]]
    ready: Callable[[Path, R], bool] = lambda path, read: True
    fixed: bool = True


class FileConnector(Generic[R]):
    """Reads one folder of files in one format."""

    def __init__(self, source: SourceConfig, base: Path, form: Format[R]) -> None:
        self._source, self._form = source, form
        connection = validated(Connection, source.name, "connection", source.connection)
        self._root = base / connection.path
        self._reads = {
            name: validated(form.model, source.name, f"objects.{name}.read", item.read)
            for name, item in source.objects.items()
        }

    def check(self) -> Health:
        """Look for the files of every object."""
        try:
            counts = {name: len(self._files(name)) for name in self._reads}
        except GoldenError as error:
            return Health(False, str(error))
        empty = [name for name, number in counts.items() if not number]
        if empty:
            globs = ", ".join(self._reads[name].glob for name in empty)
            return Health(False, f"No file in {self._root} is called like {globs}.")
        return Health(True, f"{sum(counts.values())} files can be read.")

    def discover(self) -> list[StreamInfo]:
        """Return the configured objects with the columns of their last file."""
        return [
            StreamInfo(name, tuple(ColumnInfo(column, "text") for column in self._columns(name)))
            for name in self._reads
        ]

    def sample(self, object_name: str, rows: int) -> pa.Table:
        """Return the first rows of the last file."""
        tables: list[pa.Table] = []
        for chunk in self._last_chunks(object_name):
            tables.append(chunk.rows)
            if sum(table.num_rows for table in tables) >= rows:
                break
        found = pa.concat_tables(tables, promote_options="default") if tables else pa.table({})
        return found.slice(0, rows)

    def extract(self, object_name: str, window: Window) -> Extraction:
        """Read the last file, or all that were not read yet."""
        read = self._reads[object_name]
        paths = self._files(object_name)
        if not paths and not window.seen:
            raise SourceError(
                self._source.name,
                f"no file in {self._root} is called like {read.glob!r}; bring one, or correct "
                f"objects.{object_name}.read.glob in sources/{self._source.name}.yml.",
            )
        if read.mode == "snapshot":
            paths = paths[-1:]
        seen = window.seen_last if read.mode == "snapshot" else window.seen
        states = {path: _state(path) for path in paths}
        fresh = _fresh(paths, seen)
        if not fresh:
            return Extraction("delta", None)
        files = [self._file(path, number) for number, path in enumerate(fresh)]
        consumed = tuple(
            ConsumedFile(name=file.name, sha256=fresh[file.path], bytes=states[file.path][0])
            for file in files
        )
        changes = read.mode == "changes" and bool(window.seen)
        chunks = chain.from_iterable(self._settled(file, read, states[file.path]) for file in files)
        return Extraction("delta" if changes else "full", chunks, consumed, self._form.fixed)

    def keys(self, object_name: str) -> Iterator[pa.Table]:
        """Files cannot be swept."""
        raise ConfigError(
            f"objects.{object_name}.read.deletes.sweep: files hold no list of all keys.",
            file=f"sources/{self._source.name}.yml",
            hint="With 'mode: snapshot' what is not in the last file is deleted; with "
            "'mode: changes' name a flag column.",
        )

    def close(self) -> None:
        """Nothing stays open."""

    def _files(self, object_name: str) -> list[Path]:
        """Return the files that have arrived, in order."""
        read = self._reads[object_name]
        if not self._root.is_dir():
            raise SourceError(
                self._source.name,
                f"there is no folder {self._root}; correct connection.path in "
                f"sources/{self._source.name}.yml, or mount it.",
            )
        found = [
            path
            for path in self._root.glob(read.glob)
            if path.is_file() and _finished(path) and self._form.ready(path, read)
        ]
        names = {path: natural(path.relative_to(self._root).as_posix()) for path in found}
        if read.order == "modified":
            return sorted(found, key=lambda path: (path.stat().st_mtime_ns, names[path]))
        return sorted(found, key=names.__getitem__)

    def _file(self, path: Path, sequence: int) -> SourceFile:
        name = path.relative_to(self._root).as_posix()
        return SourceFile(self._source.name, path, name, sequence)

    def _settled(self, file: SourceFile, read: R, before: tuple[int, int]) -> Iterator[Chunk]:
        """Yield the chunks, and at the end make sure that nobody wrote the file meanwhile."""
        yield from self._form.chunks(file, read)
        if _state(file.path) != before:
            raise TransientError(
                self._source.name,
                f"{file.name} changed while it was read; pull again when it is complete. Writers "
                "should write under another name, such as x.part, and rename at the end.",
            )

    def _last_chunks(self, object_name: str) -> Iterator[Chunk]:
        for path in self._files(object_name)[-1:]:
            yield from self._form.chunks(self._file(path, 0), self._reads[object_name])

    def _columns(self, object_name: str) -> list[str]:
        for chunk in self._last_chunks(object_name):
            return list(chunk.rows.column_names)
        return []


def natural(name: str) -> tuple[tuple[int, str | int], ...]:
    """Return a sort key under which numbers in a name count as numbers."""
    parts = re.split(r"(\d+)", name)
    return tuple((1, int(part)) if part.isdigit() else (0, part) for part in parts if part)


def _finished(path: Path) -> bool:
    return not path.name.startswith((".", "~$")) and not path.name.lower().endswith(_UNFINISHED)


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _fresh(paths: Iterable[Path], seen: frozenset[str]) -> dict[Path, str]:
    """Return the files whose content was not read before, with their digests."""
    fresh: dict[Path, str] = {}
    for path in paths:
        digest = file_digest(path)
        if digest not in seen and digest not in fresh.values():
            fresh[path] = digest
    return fresh
