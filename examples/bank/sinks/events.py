"""The mobile bank's events: one JSON object a line, nested where the column name has a dot."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from examples.bank.text import Text


class EventSink:
    """One file per day; a change is one more event, and so is a farewell."""

    def __init__(self, folder: Path, day: date) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"USER_{day:%Y%m%d}.jsonl"
        self._path.unlink(missing_ok=True)

    def append(self, tables: dict[str, pa.Table]) -> None:
        """Add events to today's file."""
        (rows,) = tables.values()
        lines = json_lines(rows).to_pylist()
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            file.writelines(f"{line}\n" for line in lines)

    def change(self, tables: dict[str, pa.Table], gone: dict[str, list[str]]) -> None:
        """Add events; nothing is ever removed."""
        self.append(tables)

    def finish(self) -> None:
        """Nothing is open."""


def json_lines(rows: pa.Table) -> Text:
    """Return each row as a JSON object; columns ``a.b`` become ``{"a": {"b": …}}``."""
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("rows_in", rows)
        found = connection.execute(
            f"SELECT to_json({_struct(rows.column_names)}) AS line FROM rows_in"
        )
        return found.to_arrow_table().column("line").combine_chunks()


def _struct(names: list[str]) -> str:
    """Return SQL for a struct of the columns, nested by the dots in their names."""
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(name.split(".")[0], []).append(name)
    fields = []
    for top, members in groups.items():
        if members == [top]:
            fields.append(f'"{top}" := "{top}"')
        else:
            inner = ", ".join(f'"{name.split(".")[1]}" := "{name}"' for name in members)
            fields.append(f'"{top}" := struct_pack({inner})')
    return f"struct_pack({', '.join(fields)})"
