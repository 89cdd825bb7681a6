"""What Great Expectations does not say: how much there was to look at, and the measures.

An expectation that looked at nothing reports success. So the rows, the populations and the
filled columns are counted here first, in DuckDB, and the runner compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from models.errors import StoreLocked
from quality.checks import Check, Declared, Suite
from warehouse.sql import literal, quote
from warehouse.store import count

_COLUMN_KEYS = ("column", "column_A", "column_B")
_COLUMN_LIST_KEYS = ("column_list", "column_set", "columns")


@dataclass(frozen=True, slots=True)
class Probe:
    """Counts by check id. ``faults`` holds the checks that could not even be counted.

    ``rows``: rows the check looks at. ``values``: its measure, or None where it is NULL.
    ``empty_columns``: checks of a column that has no value at all.
    """

    rows: dict[str, int] = field(default_factory=dict)
    values: dict[str, float | None] = field(default_factory=dict)
    empty_columns: set[str] = field(default_factory=set)
    faults: dict[str, str] = field(default_factory=dict)


def probe(work_file: Path, suites: Sequence[Suite], config: dict[str, Any]) -> Probe:
    """Count for every declared check; raises StoreLocked while another process writes."""
    try:
        connection = duckdb.connect(str(work_file), read_only=True, config=config)
    except duckdb.IOException as error:
        raise StoreLocked(
            f"{work_file} is being written by another run; wait for it, and run 'check' again."
        ) from error
    found = Probe()
    try:
        sizes: dict[tuple[str, str], dict[str, int]] = {}
        declared = [item for suite in suites for item in suite.checks]
        for item in declared:
            place = (item.schema, item.table)
            if place not in sizes:
                sizes[place] = _filled(connection, *place)
            _count(connection, item, sizes[place], found)
    finally:
        connection.close()
    return found


def source_of(item: Declared) -> str:
    """Return the FROM … WHERE of the rows a check looks at."""
    table = f"{quote(item.schema)}.{quote(item.table)} AS t"
    return f"{table} WHERE ({item.check.among})" if item.check.among else f"{table} WHERE true"


def fault_of(error: duckdb.Error) -> str:
    """Return the kind of a database error; its text may quote a value, so it is not kept."""
    return type(error).__name__


def _filled(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> dict[str, int]:
    """Return rows (under ``""``) and values per column; nothing when there is no such table."""
    names = connection.execute(
        "SELECT column_name FROM duckdb_columns() "
        f"WHERE schema_name = {literal(schema)} AND table_name = {literal(table)}"
    ).fetchall()
    if not names:
        return {}
    counts = ", ".join(["count(*)", *(f"count({quote(name)})" for (name,) in names)])
    row = connection.execute(f"SELECT {counts} FROM {quote(schema)}.{quote(table)}").fetchone()
    return dict(zip(["", *(name for (name,) in names)], row or (), strict=True))


def _count(
    connection: duckdb.DuckDBPyConnection, item: Declared, filled: dict[str, int], found: Probe
) -> None:
    if not filled:
        found.faults[item.check_id] = "there is no such table"
        return
    found.rows[item.check_id] = filled[""]
    if filled[""] and any(filled.get(column) == 0 for column in _columns(item.check)):
        found.empty_columns.add(item.check_id)
    try:
        if item.check.among:
            found.rows[item.check_id] = count(connection, f"SELECT count(*) FROM {source_of(item)}")
        if item.check.measure:
            found.values[item.check_id] = _value(connection, item.check.measure)
    except duckdb.Error as error:
        found.faults[item.check_id] = fault_of(error)
    except ValueError as error:
        found.faults[item.check_id] = str(error)


def _value(connection: duckdb.DuckDBPyConnection, sql: str) -> float | None:
    rows = connection.execute(sql).fetchmany(2)
    if len(rows) > 1 or (rows and len(rows[0]) != 1):
        raise ValueError("the measure is not one number")
    if not rows or rows[0][0] is None:
        return None
    try:
        return float(rows[0][0])
    except (TypeError, ValueError):
        # the value itself stays out of the message
        raise ValueError("the measure is not one number") from None


def _columns(check: Check) -> Iterable[str]:
    """Yield the columns an expectation names."""
    kwargs = check.expect or {}
    for key in _COLUMN_KEYS:
        if key in kwargs:
            yield str(kwargs[key])
    for key in _COLUMN_LIST_KEYS:
        yield from map(str, kwargs.get(key, ()))
