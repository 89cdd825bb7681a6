"""Lines → batches of records that fit the header, and the lines that do not."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from connectors.csv.dialect import Dialect
from connectors.files import SourceFile
from models.errors import IncompleteData

BATCH_ROWS = 20_000


@dataclass(slots=True)
class Batch:
    """Records that fit, and rejected lines as ``(line number, reason, text)``."""

    records: list[list[str]] = field(default_factory=list)
    rejects: list[tuple[int, str, str]] = field(default_factory=list)


class Lines:
    """Lines that can be taken back; remembers those given since the last ``forget``."""

    def __init__(self, lines: Iterable[str], number: int) -> None:
        self._lines = iter(lines)
        self._returned: deque[str] = deque()
        self.given: list[str] = []
        self.number = number  # of the last line before ``given``

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else next(self._lines)
        self.given.append(line)
        return line

    def settle(self, count: int) -> None:
        """Keep the first ``count`` given lines as read, take back the others."""
        self._returned.extendleft(reversed(self.given[count:]))
        self.number += count
        self.given.clear()


def batches(file: SourceFile, lines: Lines, dialect: Dialect, width: int) -> Iterator[Batch]:
    """Yield the file's records in batches; raises IncompleteData when its last line is cut."""
    while True:
        batch, more = _next_batch(file, lines, dialect, width)
        if batch.records or batch.rejects:
            yield batch
        if not more:
            return


def _next_batch(file: SourceFile, lines: Lines, dialect: Dialect, width: int) -> tuple[Batch, bool]:
    reader, batch = dialect.reader(lines), Batch()
    read: list[list[str]] = []
    fault = ""
    try:
        read.extend(islice(reader, BATCH_ROWS))  # what was read before an error stays in the list
    except csv.Error:
        fault = "its quotes are not closed, or stand inside a field"
    if not read and not fault:
        return batch, False
    unfinished = bool(lines.given) and not lines.given[-1].endswith("\n")
    good = read if set(map(len, read)) == {width} else _fitting(read, width)
    batch.records = good if good is read else [record for record in good if record]
    if len(good) < len(read):
        fault = f"{len(read[len(good)])} fields where the header has {width}"
    used = len(good) if good is read and not fault else sum(map(_height, read[: len(good)]))
    if not fault:
        lines.settle(len(lines.given))
        return batch, True
    bad = lines.given[used]
    if unfinished and _reaches_end(lines, used, read, len(good)):
        raise IncompleteData(
            file.source,
            f"{file.name} is cut in line {lines.number + used + 1}, the last one; nothing was "
            "landed. Ask for the file again.",
        )
    number = lines.number + used + 1
    reason = f"{file.name}, line {number}: {fault}."
    batch.rejects.append((number, reason, dialect.original(bad.rstrip("\r\n"))))
    lines.settle(used + 1)
    return batch, True


def _fitting(read: list[list[str]], width: int) -> list[list[str]]:
    """Return the records up to the first that does not fit; blank lines count as fitting."""
    good: list[list[str]] = []
    for record in read:
        if len(record) == width + 1 and record[-1] == "":
            record = record[:-1]  # noqa: PLW2901  # a delimiter at the end of every line
        if len(record) not in (0, width):
            break
        good.append(record)
    return good


def _height(record: list[str]) -> int:
    """Return how many lines a record takes."""
    return 1 + sum(value.count("\n") for value in record)


def _reaches_end(lines: Lines, used: int, read: list[list[str]], good: int) -> bool:
    """Say whether the faulty record is the last of an unfinished file."""
    if good < len(read):
        return used + _height(read[good]) >= len(lines.given)
    return True
