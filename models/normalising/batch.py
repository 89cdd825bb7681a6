"""A batch of landed rows seen through its mapping."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from models.errors import SchemaDrift
from models.fields.columns import Mask, Texts, mask, nulls, pc, texts
from models.mapping import Mapping, PartyType
from models.source import SourceConfig
from models.tables import LANDED

# Of a child's row: party type of the record it belongs to. The store adds it when it joins them.
PARENT_PARTY = "_party"
BOOKKEEPING = (LANDED.key, LANDED.hash, PARENT_PARTY)


@dataclass(frozen=True, slots=True)
class Batch:
    """Landed rows of one object; ``found`` gives the landed name of each mapped column."""

    source: SourceConfig
    object: str
    rows: pa.Table
    found: dict[str, str]

    @classmethod
    def of(cls, source: SourceConfig, object_name: str, rows: pa.Table) -> Batch:
        """Match the mapping with the landed columns."""
        wanted = (column for column, _ in source.objects[object_name].mapping.uses())
        return cls(source, object_name, rows, find_columns(wanted, source_columns(rows)))

    def refuse_drift(self) -> None:
        """Raise SchemaDrift when a column is missing without which no row can be understood.

        Those are keys, the party type, names and identity numbers; other missing columns are
        only noted as ``missing``.
        """
        lost = sorted(set(_essential(self.mapping)) - set(self.found))
        if lost:
            raise SchemaDrift(
                self.source.name,
                f"object {self.object!r} has no column {', '.join(lost)}, which its mapping needs "
                f"for keys, names or identity numbers; correct objects.{self.object}.mapping "
                f"in sources/{self.source.name}.yml, or ask the source's owner.",
            )

    @property
    def mapping(self) -> Mapping:
        """The object's mapping."""
        return self.source.objects[self.object].mapping

    @property
    def length(self) -> int:
        """Number of landed rows."""
        return int(self.rows.num_rows)

    @property
    def from_spreadsheet(self) -> bool:
        """Whether a number in a date column is a day count."""
        return self.source.connector == "excel"

    def has(self, column: str | None) -> bool:
        """Whether the mapping names this column and it landed."""
        return column in self.found

    def text(self, column: str | None) -> Texts:
        """Return a source column as text; all NULL when it is not mapped or not landed."""
        if column is None or column not in self.found:
            return nulls(self.length)
        return texts(self.rows[self.found[column]])

    def own(self, column: str) -> Texts:
        """Return a bookkeeping column; all NULL when it is not there."""
        return texts(self.rows[column]) if column in self.rows.column_names else nulls(self.length)

    @property
    def owner(self) -> str:
        """Object whose records these rows describe: this one, or the one it belongs to."""
        parent = self.mapping.belongs_to
        return parent.object if parent else self.object

    @property
    def owner_key(self) -> Texts:
        """Key in the source of the record each row describes."""
        parent = self.mapping.belongs_to
        return self.text(parent.key) if parent else self.own(LANDED.key)

    def record_key(self, object_name: str, keys: Texts) -> Texts:
        """Return ``source.object:key`` for each key, as ``models.tables.record_key`` does."""
        prefix = f"{self.source.name}.{object_name}:"
        return texts(pc.binary_join_element_wise(prefix, keys, ""))


def source_columns(rows: pa.Table) -> list[str]:
    """Return the landed columns that are the source's own."""
    return [name for name in rows.column_names if name not in BOOKKEEPING]


def find_columns(wanted: Iterable[str], landed: Sequence[str]) -> dict[str, str]:
    """Return the landed name of each wanted column: the same, or the only one but for case."""
    folded: dict[str, list[str]] = {}
    for name in landed:
        folded.setdefault(name.casefold(), []).append(name)
    found = {}
    for name in wanted:
        alike = [name] if name in landed else folded.get(name.casefold(), [])
        if len(alike) == 1:
            found[name] = alike[0]
    return found


def is_blank(keys: Texts) -> Mask:
    """Return which keys are missing or only spaces."""
    return ~mask(pc.not_equal(pc.utf8_trim_whitespace(keys), ""))


def _essential(mapping: Mapping) -> Iterator[str]:
    if isinstance(mapping.party, PartyType):
        yield mapping.party.field
    if mapping.belongs_to:
        yield mapping.belongs_to.key
    for name in mapping.names:
        yield from (column for column in (name.full, name.family, name.given) if column)
    for identifier in mapping.identifiers:
        yield identifier.number
        if identifier.type:
            yield identifier.type
