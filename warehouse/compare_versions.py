"""What differs between two published versions: customers, cells with their causes, rows of tables.

The versions need not follow each other. The cause of a cell that differs is that of its newest
change in the versions between them, as far as these are still on disk and one led to the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb

from models.errors import StoreError
from models.tables import table
from warehouse.sql import literal, quote
from warehouse.store import Connection
from warehouse.versions import Version, VersionFolder

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class CellValue:
    """One cell that differs, with its values as text."""

    customer_id: str
    attribute: str
    before: str | None
    after: str | None
    cause: str


@dataclass(frozen=True, slots=True)
class VersionDiff:
    """What differs from version ``before`` to version ``after``.

    ``customers``: change (created, merged, split, retired, updated), cause, customers. ``cells``:
    attribute, cause, customers. ``tables``: rows before and after, by name; None where it is not.
    """

    before: str
    after: str
    customers: tuple[tuple[str, str, int], ...]
    cells: tuple[tuple[str, str, int], ...]
    tables: dict[str, tuple[int | None, int | None]]

    @property
    def same(self) -> bool:
        """Whether no customer came, went or changed."""
        return not self.customers


def compare(versions: VersionFolder, before: Version, after: Version) -> VersionDiff:
    """Count what differs between two versions."""
    with _compared(versions, before, after) as con:
        customers = con.execute("""
            SELECT change, cause, count(*) FROM (
                SELECT change, cause FROM diff_customer
                UNION ALL SELECT 'updated', min(cause) FROM diff_cell GROUP BY customer_id
            ) GROUP BY ALL ORDER BY 1, 3 DESC, 2
        """).fetchall()
        cells = con.execute("""
            SELECT attribute, cause, count(*) FROM diff_cell GROUP BY ALL ORDER BY 3 DESC, 1, 2
        """).fetchall()
    tables = {
        name: (_rows(before, name), _rows(after, name))
        for name in sorted(before.manifest.tables.keys() | after.manifest.tables.keys())
    }
    return VersionDiff(before.name, after.name, tuple(customers), tuple(cells), tables)


def values(
    versions: VersionFolder, before: Version, after: Version, limit: int
) -> tuple[CellValue, ...]:
    """Return the first ``limit`` cells that differ, by customer and attribute."""
    with _compared(versions, before, after) as con:
        rows = con.execute(
            "SELECT customer_id, attribute, was, now, cause FROM diff_cell ORDER BY 1, 2 LIMIT ?",
            [limit],
        ).fetchall()
    return tuple(CellValue(*row) for row in rows)


@contextmanager
def _compared(versions: VersionFolder, before: Version, after: Version) -> Iterator[Connection]:
    """Yield a connection with ``diff_customer`` and ``diff_cell``."""
    with duckdb.connect() as con:
        for name, version in (("was", before), ("now", after)):
            _attach(con, version, name)
        _causes(con, _between(versions, before, after))
        _customers(con)
        _cells(con)
        yield con


def _attach(con: Connection, version: Version, name: str) -> None:
    try:
        con.execute(f"ATTACH {literal(str(version.golden_file))} AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise StoreError(
            f"The published file {version.golden_file} cannot be opened ({type(error).__name__}). "
            f"Check it with 'golden verify {version.number}'."
        ) from error


def _between(versions: VersionFolder, one: Version, other: Version) -> Sequence[Version]:
    """Return the versions after the earlier one up to the later, the newest first.

    Empty when the earlier did not lead to the later, or one between them is not there any more.
    """
    first, last = sorted((one, other), key=lambda version: version.number)
    line: list[Version] = []
    there = set(versions.numbers())
    while last.number > first.number:
        line.append(last)
        previous = last.manifest.previous_version
        number = int(previous.removeprefix("v")) if previous else 0
        if number not in there:
            return ()
        last = versions.get(number)
    return line if last.number == first.number else ()


def _causes(con: Connection, line: Sequence[Version]) -> None:
    """Write ``diff_cause``: the newest cause of every customer's change and every cell's."""
    con.execute(
        "CREATE TABLE every_cause (age INTEGER, customer_id VARCHAR, change VARCHAR, "
        "attribute VARCHAR, cause VARCHAR)"
    )
    for age, version in enumerate(line):
        name = f"step_{age}"
        _attach(con, version, name)
        if _has_column(con, name, "customer_change", "attribute"):
            con.execute(
                f"INSERT INTO every_cause SELECT {age}, customer_id, change, attribute, cause "
                f"FROM {name}.customer_change"
            )
        con.execute(f"DETACH {name}")
    con.execute("""
        CREATE TABLE diff_cause AS
        SELECT customer_id, change, attribute, arg_min(cause, age) AS cause
        FROM every_cause GROUP BY ALL
    """)


def _customers(con: Connection) -> None:
    """Write ``diff_customer``: ids that came or went, by where their records were or are."""
    con.execute(f"""
        CREATE TABLE diff_customer AS
        WITH came AS (
            SELECT customer_id FROM now.customer ANTI JOIN was.customer USING (customer_id)
        ),
        went AS (
            SELECT customer_id FROM was.customer ANTI JOIN now.customer USING (customer_id)
        ),
        moved AS (
            SELECT customer_id, CASE WHEN customer_id IN (
                SELECT n.customer_id FROM now.customer_xref n
                JOIN was.customer_xref w USING (record_key)) THEN 'split' ELSE 'created' END
                AS change FROM came
            UNION ALL
            SELECT customer_id, CASE WHEN customer_id IN (
                SELECT w.customer_id FROM was.customer_xref w
                JOIN now.customer_xref n USING (record_key)) THEN 'merged' ELSE 'retired' END
            FROM went
        ),
        known AS (
            SELECT customer_id, min(cause) AS cause FROM diff_cause
            WHERE change <> 'updated' GROUP BY customer_id
        )
        SELECT customer_id, change, coalesce(cause, '{UNKNOWN}') AS cause
        FROM moved LEFT JOIN known USING (customer_id)
    """)


def _cells(con: Connection) -> None:
    columns = [
        column.name
        for column in table("golden", "customer").columns
        if column.name != "customer_id"
        and all(_has_column(con, side, "customer", column.name) for side in ("was", "now"))
    ]
    differs = ", ".join(
        f"CASE WHEN n.{name} IS DISTINCT FROM w.{name} THEN {{'attribute': {literal(column)}, "
        f"'was': w.{name}::VARCHAR, 'now': n.{name}::VARCHAR}} END"
        for column, name in ((column, quote(column)) for column in columns)
    )
    con.execute(f"""
        CREATE TABLE diff_cell AS
        WITH cell AS (
            SELECT customer_id, unnest([{differs}]) AS cell
            FROM was.customer w JOIN now.customer n USING (customer_id)
        )
        SELECT c.customer_id, c.cell.attribute, c.cell.was, c.cell.now,
            coalesce(d.cause, '{UNKNOWN}') AS cause
        FROM cell c LEFT JOIN diff_cause d
            ON d.customer_id = c.customer_id AND d.attribute = c.cell.attribute
        WHERE c.cell IS NOT NULL
    """)


def _has_column(con: Connection, database: str, name: str, column: str) -> bool:
    row = con.execute(
        "SELECT count(*) FROM duckdb_columns() "
        "WHERE database_name = $1 AND table_name = $2 AND column_name = $3",
        [database, name, column],
    ).fetchone()
    return bool(row and row[0])


def _rows(version: Version, name: str) -> int | None:
    entry = version.manifest.tables.get(name)
    return entry.rows if entry else None
