"""Columns of a table as fields: one or several coded values per record, read by their kind.

Everything is done on distinct values. Codes count in the order of the normalised texts, so they
depend on the values alone and on no order of rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Column, Ints, Mask, Texts, arrow, encode, flat, pc
from matching.comparison import Role
from matching.table.kinds.folding import folded
from matching.table.kinds.readers import READERS
from matching.table.spec import FieldSpec, Kind, MatchSpec
from models.errors import ConfigError
from models.fields.columns import by_value, texts
from models.fields.text import clean

# Kinds of which a record may have several values; other columns are joined into one text.
_PARTS_OF_A_DATE = ("year", "month", "day")
_SEVERAL: tuple[Kind, ...] = ("identifier", "phone", "email")
_ROLES: dict[Kind, Role] = {
    "given_name": "own",
    "family_name": "family",
    "other_names": "own",
    "person_name": "own",
    "company": "own",
    "date": "own",
    "sex": "own",
    "identifier": "lent",
    "phone": "lent",
    "email": "lent",
    "street": "household",
    "house_number": "household",
    "unit": "household",
    "address": "household",
    "postcode": "place",
    "city": "place",
    "district": "place",
    "region": "place",
}
_EMPLOYER = ("employer", "work", "company", "business", "office")
# A number, phone or address of one person is written under few names, slips in them included.
_MOST_NAMES = 25
_NAMES: tuple[Kind, ...] = ("given_name", "family_name", "person_name", "company")


@dataclass(frozen=True, slots=True)
class TableField:
    """One fact about every record.

    ``values`` holds the codes of each record's values; row ``c`` of ``table`` describes code
    ``c``: ``text`` as a person reads it, ``key`` as it is compared, and the parts of its kind.
    """

    name: str
    kind: Kind
    about: str
    role: Role
    values: Column
    table: pa.Table

    @property
    def texts(self) -> Texts:
        """The distinct values as people read them, by code."""
        return flat(self.table["text"])

    @property
    def first(self) -> Codes:
        """The code of each record's (first) value, -1 where it has none."""
        return self.values.first()

    @property
    def several(self) -> bool:
        """Whether some record has more than one value."""
        return int(np.diff(self.values.starts).max(initial=0)) > 1

    def part(self, name: str) -> Texts:
        """Return ``key`` or another part of the distinct values, by code."""
        return flat(self.table[name])

    def without(self, codes: Mask) -> TableField:
        """Return the field without the marked values."""
        return replace(self, values=self.values.keep(~codes[self.values.codes]))


def prepare_fields(rows: pa.Table, spec: MatchSpec) -> list[TableField]:
    """Return the fields of ``spec`` over ``rows``, all of whose columns are text or NULL.

    They stand by kind and column, so that no order of columns changes a blocking rule or a sum.

    Raises ConfigError where ``spec`` names a column that the table has not.
    """
    kinds = get_args(Kind)
    ordered = sorted(spec.fields, key=lambda item: (kinds.index(item.kind), item.columns))
    fields = [_field(rows, field) for field in ordered]
    fields = [_without_known_names(field, fields) for field in fields]
    called = _called(fields, rows.num_rows)
    return [_without_stop_values(field, called) for field in fields]


def _field(rows: pa.Table, spec: FieldSpec) -> TableField:
    for name in spec.columns:
        if name not in rows.column_names:
            raise ConfigError(
                f"Field {spec.name} takes column {name!r}, which the table does not have; "
                f"correct fields in the matching configuration."
            )
    columns = [texts(rows[name]) for name in spec.columns]
    if spec.kind == "date" and len(columns) == len(_PARTS_OF_A_DATE):
        columns = [_joined(columns, "-", whole=True)]
    elif spec.kind == "date":
        columns = [texts(pc.coalesce(*columns))]
    elif spec.kind not in _SEVERAL:
        columns = [_joined(columns, " ")]
    values, table = _coded(columns, spec.kind)
    return TableField(spec.name, spec.kind, spec.about, _role(spec), values, table)


def _joined(columns: Sequence[Texts], separator: str, *, whole: bool = False) -> Texts:
    """Return one text for each row, NULL where there is none; ``whole``: where any is missing."""
    if len(columns) == 1:
        return columns[0]
    # Not null_handling="skip": Arrow 26 leaves out rows in which every value is NULL.
    handling = "emit_null" if whole else "replace"
    together = pc.binary_join_element_wise(*columns, separator, null_handling=handling)
    if not whole:
        together = pc.utf8_trim_whitespace(pc.replace_substring_regex(together, r"\s+", " "))
    return pc.if_else(pc.equal(together, ""), pa.scalar(None, pa.string()), together)


def _role(spec: FieldSpec) -> Role:
    if spec.about.lower().startswith(_EMPLOYER):
        return "employer"
    return _ROLES.get(spec.kind, "other")


def _coded(columns: Sequence[Texts], kind: Kind) -> tuple[Column, pa.Table]:
    """Read the distinct values of some columns and number what they come to."""
    size = len(columns[0])
    encoded = flat(pa.concat_arrays(list(columns))).dictionary_encode()
    raw = np.asarray(encoded.indices.fill_null(-1)).astype(np.int64).reshape(len(columns), size)
    shown = clean(encoded.dictionary)
    table = READERS[kind](shown).append_column("text", [shown])
    code_of, table = _numbered(table)
    codes = np.where(raw >= 0, code_of[raw] if len(code_of) else -1, -1).T
    records, _ = np.nonzero(codes >= 0)
    found = codes[codes >= 0].astype(np.int32)
    return _distinct_column(records.astype(np.int32), found, size), table


def _numbered(table: pa.Table) -> tuple[Codes, pa.Table]:
    """Return the code of each row by the order of its key, -1 without one, and a row per code."""
    order = np.asarray(pc.sort_indices(table, [("key", "ascending"), ("text", "ascending")]))
    ordered = table.take(arrow(order))
    ranked = encode(ordered["key"])
    codes = np.full(len(order), -1, dtype=np.int32)
    codes[order] = ranked
    first = np.flatnonzero(np.diff(ranked[ranked >= 0], prepend=-1))
    return codes, ordered.take(arrow(first)).combine_chunks()


def _distinct_column(records: Codes, codes: Codes, size: int) -> Column:
    """Build a column in which no record has one value twice; the order of values is kept."""
    if len(records) < 2 or (np.diff(records) > 0).all():
        return Column.build(records, codes, size)
    order = np.lexsort((np.arange(len(codes)), codes, records))
    again = np.zeros(len(codes), dtype=np.bool_)
    equal = (np.diff(records[order]) == 0) & (np.diff(codes[order]) == 0)
    again[order[1:]] = equal
    return Column.build(records[~again], codes[~again], size)


def _without_known_names(field: TableField, fields: Sequence[TableField]) -> TableField:
    """Take out of other names the words that the given and family names already have."""
    if field.kind != "other_names":
        return field
    names = [
        other
        for other in fields
        if other.kind in ("given_name", "family_name") and other.about == field.about
    ]
    if not names:
        return field
    rest = _rest_of_words(field, names)
    values, table = _coded([rest], "other_names")
    return replace(field, values=values, table=table)


def _rest_of_words(field: TableField, names: Sequence[TableField]) -> Texts:
    """Return each record's words beside those of its names, on distinct combinations."""
    columns = [folded(field.part("text")).take(_at(field))]
    columns += [name.part("key").take(_at(name)) for name in names]
    together = pc.binary_join_element_wise(
        *columns, "\x1f", null_handling="replace", null_replacement=""
    )
    return by_value(texts(together), _rest)


def _rest(together: str) -> str | None:
    words, *names = together.split("\x1f")
    known = {word for name in names for word in name.split()}
    return " ".join(word for word in words.split() if word not in known) or None


def _at(field: TableField) -> Texts:
    first = field.first
    return pa.array(first, pa.int32(), mask=first < 0)


def _called(fields: Sequence[TableField], size: int) -> Ints:
    """Return a number for how each record is called, -1 where no name is known."""
    called = np.full(size, -1, dtype=np.int64)
    for field in fields:
        if field.kind in _NAMES:
            first = field.first.astype(np.int64)
            width = int(first.max(initial=0)) + 2
            called = np.where(first >= 0, (called + 1) * width + first, called)
            called = np.unique(called, return_inverse=True)[1] - (1 if (called < 0).any() else 0)
    return called


def _without_stop_values(field: TableField, called: Ints) -> TableField:
    """Take out numbers and contacts that go with far too many different names."""
    if field.kind not in _SEVERAL or len(field.table) == 0:
        return field
    names = called[field.values.records]
    known = names >= 0
    packed = np.unique((field.values.codes[known].astype(np.int64) << 32) | names[known])
    counts = np.bincount(packed >> 32, minlength=len(field.table))
    return field.without(counts > _MOST_NAMES)
