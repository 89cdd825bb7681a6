"""JSON records as rows of text columns.

Nested objects become columns with dots, one level per dot (``contact.mobile``); lists stay JSON
text. Integers keep all their digits and floats the digits that were sent, so nothing is rounded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from connectors.text import as_column


class Number(str):
    """The text of a JSON number that is not an integer, as it was sent."""

    __slots__ = ()


def parse(text: str | bytes) -> Any:
    """Return a JSON document, its numbers exact; raises ValueError when it is not one."""
    return json.loads(text, parse_float=Number, parse_constant=Number)


def as_rows(records: Sequence[dict[str, Any]], always: Sequence[str]) -> pa.Table:
    """Return one row per record, columns sorted; ``always`` are there even without a value."""
    flat = [dict(_flat("", record)) for record in records]
    names = sorted(set().union(always, *flat))
    return pa.table({name: as_column([row.get(name) for row in flat]) for name in names})


def _flat(prefix: str, value: dict[str, Any]) -> Iterator[tuple[str, str | None]]:
    for name, item in value.items():
        if isinstance(item, dict) and item:
            yield from _flat(f"{prefix}{name}.", item)
        elif item is None or type(item) is str:
            yield f"{prefix}{name}", item
        else:
            yield f"{prefix}{name}", compact(item)


def compact(value: Any) -> str:
    """Return a JSON value as compact text, its numbers as they were sent."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, dict):
        inner = (f"{compact(str(name))}:{compact(item)}" for name, item in value.items())
        return "{" + ",".join(inner) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
