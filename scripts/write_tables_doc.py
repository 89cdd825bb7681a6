"""Write docs/reference/tables.md from models.tables, so that the document cannot drift."""

from __future__ import annotations

import sys
from pathlib import Path

from models.tables import LAYERS, NOT_IN_DIGEST, Table

TARGET = Path(__file__).resolve().parents[1] / "docs" / "reference" / "tables.md"
HEAD = """\
# The tables between the rooms

Written by `scripts/write_tables_doc.py` from `models/tables`; change the definitions there.

Layers are schemas of the working DuckDB file. The tables of `golden` are what is published, in
the schema `main` of each version's `golden.duckdb`. Times are UTC without a zone. `landed` holds,
besides the tables below, one table per source object, named `source__object`: the latest live row
of every key, each source column as text.
"""
ABOUT = {
    "landed": "What the sources said, row by row.",
    "normalised": "The shared schema, one source record at a time (after GB/T 31186-2014).",
    "matched": "Which records belong together, and the ids they are given.",
    "golden": "The contract with analysts: all values kept, the surviving one marked.",
    "quality": "What was checked, and the verdict.",
}


def document() -> str:
    """Return the whole document."""
    parts = [HEAD]
    for layer, tables in LAYERS.items():
        parts.append(f"## {layer}\n\n{ABOUT.get(layer, '')}\n")
        parts.extend(_section(table) for table in tables)
    return "\n".join(parts)


def _section(table: Table) -> str:
    lines = [f"### {table.layer}.{table.name}", "", f"{table.en} · {table.zh}"]
    if table.name in NOT_IN_DIGEST:
        lines[-1] += " (relative to the version before: not part of the content digest)"
    lines += ["", "| column | type | meaning | 含义 |", "|---|---|---|---|"]
    lines += [f"| {c.name} | {c.type} | {c.en} | {c.zh} |" for c in table.columns]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the document; with ``--check`` only say whether it is up to date."""
    text = document()
    if "--check" in sys.argv:
        return int(TARGET.read_text(encoding="utf-8") != text)
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
