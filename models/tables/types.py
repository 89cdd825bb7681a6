"""What a table definition is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: DuckDB type and its meaning in English and Chinese."""

    name: str
    type: str
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its layer (a DuckDB schema), its grain in two languages, its columns."""

    layer: str
    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]

    @property
    def column_names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)


def columns(*items: Column | tuple[str, str, str, str]) -> tuple[Column, ...]:
    """Build columns from ``(name, type, en, zh)`` rows."""
    return tuple(item if isinstance(item, Column) else Column(*item) for item in items)
