"""The card centre's nightly files: the whole customer list in GB18030, and its row count."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv

from examples.bank.text import arrow, pc

_KEY = "KHH"


class DropSink:
    """One CSV file per day. ``change`` starts from the newest file there is."""

    def __init__(self, folder: Path, day: date) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._path = folder / f"CARD_CUST_{day:%Y%m%d}.csv"
        self._path.unlink(missing_ok=True)
        self._rows = 0

    def append(self, tables: dict[str, pa.Table]) -> None:
        """Add rows to today's file."""
        (rows,) = tables.values()
        text = io.BytesIO()
        pacsv.write_csv(rows, text, pacsv.WriteOptions(include_header=False, quoting_style="none"))
        with self._path.open("ab") as file:
            if not self._rows:
                file.write(f"{','.join(rows.column_names)}\n".encode())
            file.write(text.getvalue().decode().encode("gb18030"))
        self._rows += len(rows)

    def change(self, tables: dict[str, pa.Table], gone: dict[str, list[str]]) -> None:
        """Write today's file: the newest one with its rows exchanged, then the new ones."""
        (rows,) = tables.values()
        newest = max(p for p in self._folder.glob("CARD_CUST_*.csv") if p != self._path)
        before = read_drop(newest)
        left = [*rows.column(_KEY).to_pylist(), *(key for keys in gone.values() for key in keys)]
        kept = pc.invert(pc.is_in(before.column(_KEY), arrow(left, pa.string())))
        self.append({"CARD_CUST": pa.concat_tables([before.filter(kept), rows])})

    def finish(self) -> None:
        """Write the control file."""
        self._path.with_suffix(".ctl").write_text(f"{self._rows}\n", "ascii")


def read_drop(path: Path) -> pa.Table:
    """Return a nightly file's rows, all columns as text, empty fields as NULL."""
    text = path.read_bytes().decode("gb18030")
    names = text[: text.index("\n")].split(",")
    options = pacsv.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=True, null_values=[""]
    )
    return pacsv.read_csv(io.BytesIO(text.encode()), convert_options=options)
