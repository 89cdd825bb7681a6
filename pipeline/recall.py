"""The recall notice for a wrong merge: which versions, files and rows carried it.

Whoever read one of them may have used it. The notice holds ids and counts, no values.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import duckdb

from pipeline.project import Project
from warehouse.sql import quote
from warehouse.store import Connection
from warehouse.versions import Version

_KEYS = ("customer_id", "other_customer_id")


@dataclass(frozen=True, slots=True)
class Carrier:
    """One version on disk in which the two sides were one customer.

    ``rows`` counts by table the rows of the merged customer; ``files`` are under the folder of
    versions. ``rows`` is empty when the file cannot be read: then nobody knows.
    """

    version: str
    published_at: str
    run_id: str
    serving: bool
    customer_ids: tuple[str, ...]
    files: tuple[str, ...]
    rows: dict[str, int]


@dataclass(frozen=True, slots=True)
class Recall:
    """The notice. ``unreadable`` and ``removed`` versions may have carried the merge too."""

    decision: int
    customer_id: str
    records_out: int
    records_rest: int
    carriers: tuple[Carrier, ...]
    unreadable: tuple[str, ...]
    removed: tuple[int, ...]


def recall(
    project: Project, decision: int, customer_id: str, sides: tuple[Sequence[str], Sequence[str]]
) -> Recall:
    """Look through every version on disk, each opened read-only."""
    current = project.versions.current()
    versions = project.versions.list()
    carriers, unreadable = [], []
    for version in versions:
        try:
            found = _look(version, sides, serving=current is not None and current == version)
        except duckdb.Error:
            unreadable.append(version.name)
            continue
        if found:
            carriers.append(found)
    there = {version.number for version in versions}
    return Recall(
        decision=decision,
        customer_id=customer_id,
        records_out=len(sides[0]),
        records_rest=len(sides[1]),
        carriers=tuple(carriers),
        unreadable=tuple(unreadable),
        removed=tuple(n for n in range(1, max(there, default=0)) if n not in there),
    )


def write_recall(project: Project, notice: Recall) -> Path:
    """Write the notice as JSON beside the run reports and return the file."""
    file = project.reports / f"recall-{notice.decision}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(notice), ensure_ascii=False, indent=2)
    file.write_text(f"{text}\n", encoding="utf-8")
    return file


def _look(
    version: Version, sides: tuple[Sequence[str], Sequence[str]], *, serving: bool
) -> Carrier | None:
    with duckdb.connect(str(version.golden_file), read_only=True) as con:
        ids = _merged(con, sides)
        if not ids:
            return None
        rows = dict(_rows(con, ids))
    parquet = [
        file.relative_to(version.folder.parent).as_posix()
        for file in sorted(version.parquet.glob("*.parquet"))
        if rows.get(file.stem)
    ]
    return Carrier(
        version=version.name,
        published_at=version.manifest.published_at.isoformat(),
        run_id=version.manifest.run_id,
        serving=serving,
        customer_ids=tuple(ids),
        files=(version.golden_file.relative_to(version.folder.parent).as_posix(), *parquet),
        rows=rows,
    )


def _merged(con: Connection, sides: tuple[Sequence[str], Sequence[str]]) -> list[str]:
    """Return the customers that have records of both sides."""
    out, rest = (
        "SELECT customer_id FROM customer_xref "
        f"WHERE record_key IN (SELECT unnest(${name}::VARCHAR[]))"
        for name in ("out", "rest")
    )
    rows = con.execute(
        f"{out} INTERSECT {rest} ORDER BY customer_id",
        {"out": list(sides[0]), "rest": list(sides[1])},
    ).fetchall()
    return [row[0] for row in rows]


def _rows(con: Connection, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Yield every table that says something of these customers, with the rows that do."""
    tables = con.execute(
        "SELECT t.table_name, list(c.column_name ORDER BY c.column_name) FROM duckdb_tables() t "
        "JOIN duckdb_columns() c USING (database_name, schema_name, table_name) "
        "WHERE NOT t.internal AND c.column_name IN (SELECT unnest($keys::VARCHAR[])) "
        "AND t.schema_name = 'main' GROUP BY t.table_name ORDER BY t.table_name",
        {"keys": list(_KEYS)},
    ).fetchall()
    for name, columns in tables:
        named = " OR ".join(
            f"{quote(column)} IN (SELECT unnest($ids::VARCHAR[]))" for column in columns
        )
        ((rows,),) = con.execute(
            f"SELECT count(*) FROM {quote(name)} WHERE {named}", {"ids": list(ids)}
        ).fetchall()
        if rows:
            yield name, rows
