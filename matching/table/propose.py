"""From recognised columns to a ``MatchSpec``: which fields are compared, which are left out.

Columns of one fact become one field: year, month and day; the same fact under two headers in two
files; several phones. Columns that only repeat others are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyarrow as pa

from matching.table import reasons
from matching.table.recognise import Recognised
from matching.table.relations import Sample, copies, repeats_words, year_of
from matching.table.spec import FieldSpec, Kind, MatchSpec
from models.errors import ConfigError

# Kinds of which a record may have several values in several columns, alike for all purposes.
_SEVERAL: Sequence[Kind] = ("phone", "email")
_NAMED_BY_HEADER: Sequence[Kind] = ("identifier", "category", "number", "words", "text")
# A column of a whole, and what it may be made of.
_WHOLES: tuple[tuple[Kind, Sequence[Kind]], ...] = (
    ("person_name", ("given_name", "family_name", "other_names")),
    ("address", ("street", "house_number", "unit", "city", "district", "region", "postcode",
                 "country")),
)  # fmt: skip
_PARTS = ("year", "month", "day")


def propose_spec(rows: pa.Table, recognised: Sequence[Recognised]) -> MatchSpec:
    """Return the fields to compare and the columns to ignore, each with its reason.

    Raises ConfigError when nothing in the table says who a record is.
    """
    draft = _Draft(rows, recognised)
    draft.drop_copies()
    draft.join_dates()
    draft.relate_wholes()
    fields = list(draft.fields())
    if not fields:
        raise ConfigError(
            "no column says who a record is.",
            hint="Write the fields yourself and give the file with --config.",
        )
    return MatchSpec(fields=fields, ignore=draft.ignored)


class _Draft:
    """The columns that are left, while fields are made of them."""

    def __init__(self, rows: pa.Table, recognised: Sequence[Recognised]) -> None:
        self._sample = Sample(rows)
        self._kept = {item.column: item for item in recognised if item.kind}
        self.ignored = {
            item.column: _both(item.because_en, item.because_zh)
            for item in recognised
            if not item.kind
        }
        self._groups: list[tuple[Kind, str, list[str], str]] = []

    def _ignore(self, column: str, because: tuple[str, str]) -> None:
        del self._kept[column]
        self.ignored[column] = _both(*because)

    def _of(self, *kinds: Kind, about: str | None = None) -> list[Recognised]:
        return [
            item
            for item in self._kept.values()
            if item.kind in kinds and about in (None, item.about)
        ]

    def drop_copies(self) -> None:
        """Leave out columns that are nearly always equal to one before them."""
        columns = list(self._kept)
        for place, column in enumerate(columns):
            kind = self._kept[column].kind
            for other in columns[:place]:
                same = other in self._kept and self._kept[other].kind == kind
                if same and copies(self._sample, column, other):
                    self._ignore(column, reasons.copy_of(other))
                    break

    def join_dates(self) -> None:
        """Make one date of a year, a month and a day; leave out a year that a date holds."""
        parts = {
            part: next((item for item in self._kept.values() if item.part == part), None)
            for part in _PARTS
        }
        whole = [item.column for item in self._of("date") if not item.part]
        found = [item for item in parts.values() if item is not None]
        for item in found:
            held = [date for date in whole if year_of(self._sample, item.column, date)]
            if item.part != "year" or held:
                if held:
                    self._ignore(item.column, reasons.copy_of(held[0]))
                elif parts["year"] is None or len(found) < len(_PARTS):
                    self._ignore(item.column, reasons.IGNORED["number"])
        rest = [item.column for item in found if item.column in self._kept]
        if len(rest) == len(_PARTS):
            self._group("date", "", rest, reasons.DATE_IN_PARTS)

    def relate_wholes(self) -> None:
        """Read a whole name or address beside its parts: nothing new, or only its other words."""
        for whole, kinds in _WHOLES:
            for item in self._of(whole):
                parts = [part.column for part in self._of(*kinds, about=item.about)]
                if len(parts) < 2:
                    continue
                said = repeats_words(self._sample, item.column, parts)
                if said == "same":
                    self._ignore(item.column, reasons.words_of(parts))
                elif said == "more" and whole == "person_name":
                    self._group("other_names", item.about, [item.column], reasons.OTHER_WORDS)

    def _group(self, kind: Kind, about: str, columns: list[str], why: tuple[str, str]) -> None:
        """Make one field of ``columns``, at the place of the first."""
        self._groups.append((kind, about, columns, _both(*why)))

    def fields(self) -> Iterator[FieldSpec]:
        """Yield the fields, in the order of their first columns, each with a name of its own."""
        taken: set[str] = set()
        grouped = {columns[0]: group for group in self._groups for columns in [group[2]]}
        inside = {column for group in self._groups for column in group[2]}
        used: set[str] = set()
        for column, item in self._kept.items():
            if column in used or (column in inside and column not in grouped) or not item.kind:
                continue
            kind, about, columns, because = grouped.get(column) or (
                item.kind, item.about, self._alike(item, used | inside),
                _both(item.because_en, item.because_zh),
            )  # fmt: skip
            used.update(columns)
            name = _name(kind, about, columns[0], taken)
            yield FieldSpec(name=name, kind=kind, columns=columns, about=about, because=because)

    def _alike(self, item: Recognised, used: set[str]) -> list[str]:
        """Return the column with those that hold the same fact: in other files, or once more."""
        columns = [item.column]
        for other in self._kept.values():
            if other.column in used or other.column in columns:
                continue
            if (other.kind, other.about) != (item.kind, item.about):
                continue
            if item.kind in _SEVERAL or self._apart_from_all(columns, other.column):
                columns.append(other.column)
        return columns

    def _apart_from_all(self, columns: Sequence[str], other: str) -> bool:
        return all(self._sample.apart(column, other) for column in columns)


def _name(kind: Kind, about: str, column: str, taken: set[str]) -> str:
    """Return a name for the field: its kind, or its header where many things are of that kind."""
    plain = re.sub(r"[^a-z0-9]+", "_", column.lower()).strip("_")
    header = plain if re.fullmatch("[a-z][a-z0-9_]{1,30}", plain) else ""
    about = re.sub(r"[^a-z0-9]+", "_", about.lower()).strip("_")[:15]
    if kind in _NAMED_BY_HEADER and header:
        base = header
    else:
        base = kind if not about or about == kind else f"{about}_{kind}"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    taken.add(name)
    return name


def _both(en: str, zh: str) -> str:
    return f"{en} · {zh}"
