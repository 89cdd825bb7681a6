"""Each check as a Great Expectations expectation, with its id in ``meta``.

Row checks become an ``UnexpectedRowsExpectation`` that selects the constant 1 per failing row:
Great Expectations keeps the rows it is given, and rows of customers do not belong there.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import Any

from quality.checks import Check, Declared

# What SQLAlchemy's text() would take for a bind parameter, see sqlalchemy.sql.elements.
_BIND = re.compile(r"(?<![:\w\\]):(\w+)(?!:)")
_SEVERITY = {"critical": "critical", "warn": "warning", "info": "info"}


class CannotBuild(Exception):
    """The check names no known expectation, or gives it wrong arguments."""


def build(item: Declared) -> Any:
    """Return the expectation for one check; raises CannotBuild."""
    check = item.check
    common: dict[str, Any] = {
        "meta": {"check_id": item.check_id},
        "severity": _SEVERITY[check.severity],
    }
    if check.rows:
        return _rows_expectation()(unexpected_rows_query=rows_query(check), **common)
    gxe: Any = importlib.import_module("great_expectations.expectations")
    if check.measure:
        return gxe.ExpectColumnValuesToBeBetween(
            column=item.check_id, min_value=check.min, max_value=check.max, **common
        )
    kwargs = dict(check.expect or {})
    name = str(kwargs.pop("type"))
    kind = getattr(gxe, name, None)
    if kind is None:
        raise CannotBuild(f"Great Expectations has no {name}")
    try:
        return kind(**kwargs, **common)
    except Exception as error:  # pydantic v1 errors and whatever validators raise
        raise CannotBuild(f"{name} does not take these arguments") from error


@cache
def _rows_expectation() -> Any:
    """Return ``UnexpectedRowsExpectation`` without its second query, which fetches the rows.

    Only the count decides; the rows would be read for nothing, and kept.
    """
    gxe: Any = importlib.import_module("great_expectations.expectations")

    class UnexpectedRowsCounted(gxe.UnexpectedRowsExpectation):  # type: ignore[misc]
        metric_dependencies = ("unexpected_rows_query.row_count",)

        def _validate(self, metrics: dict[str, Any], *_: Any, **__: Any) -> dict[str, Any]:
            failed = metrics["unexpected_rows_query.row_count"]
            return {"success": failed == 0, "result": {"observed_value": failed}}

    return UnexpectedRowsCounted


def rows_query(check: Check) -> str:
    """Return the query that gives one row per failing row, for ``UnexpectedRowsExpectation``."""
    among = f"({check.among}) AND " if check.among else ""
    condition = f"{among}({check.rows}) IS NOT FALSE"
    escaped = condition.replace("{", "{{").replace("}", "}}")
    bindless = _BIND.sub(r"\\:\1", escaped)
    return f"SELECT 1 AS failed FROM (SELECT * FROM {{batch}}) AS t WHERE {bindless}"


def demanded(check: Check) -> str:
    """Return what the check demands, for people: the same in every language."""
    if check.rows:
        return "0"
    if check.measure:
        low, high = (written(limit, check.unit) for limit in (check.min, check.max))
        if check.min == check.max:
            return f"= {low}"
        return " … ".join(part for part in (f"≥ {low}", f"≤ {high}") if not part.endswith("None"))
    return _expectation_text(check.expect or {})


def written(value: float | None, unit: str) -> str:
    """Return a measure as people read it: shares in percent."""
    if value is None:
        return "None"
    if unit == "share":
        return f"{value * 100:.4g} %"
    return f"{value:,.0f}" if value == int(value) else f"{value:.4g}"


def _expectation_text(expect: dict[str, Any]) -> str:
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", str(expect["type"]).removeprefix("Expect")).lower()
    kwargs = ", ".join(f"{key}={value}" for key, value in expect.items() if key != "type")
    return f"{words} ({kwargs})"
