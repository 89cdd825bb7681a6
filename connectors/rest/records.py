"""JSON answers: parsed whole or not at all, records as rows of exact text."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from connectors.text import as_column

Row = dict[str, str | None]
_ABSENT = object()


class Literal(str):
    """A JSON number, as it was written: 1.10 stays 1.10, and no digit of a long one is lost."""

    __slots__ = ()


def parse(body: bytes, encoding: str) -> Any:
    """Return the one JSON object or list that ``body`` is; raises ValueError for anything less.

    A cut body can never pass: an object or a list has an end of its own.
    """
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    value = json.loads(
        body.decode(codec), parse_int=Literal, parse_float=Literal, parse_constant=Literal
    )
    if not isinstance(value, dict | list):
        raise ValueError("neither an object nor a list")
    return value


def at(body: Any, path: str) -> Any:
    """Return what stands at a dotted path (``$`` is everything); None if nothing does."""
    found = _find(body, path)
    return None if found is _ABSENT else found


def has(body: Any, path: str) -> bool:
    """Say whether the path is there, be it null."""
    return _find(body, path) is not _ABSENT


def flatten(record: Mapping[str, Any]) -> Row:
    """Return one record as a row; ValueError when two fields would get the same column."""
    row: Row = {}
    _into(row, "", record)
    return row


def kinds(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the columns of records with the JSON type of their first value."""
    found: dict[str, str] = {}
    for record in records:
        _kinds_into(found, "", record)
    return found


def as_table(rows: Sequence[Row]) -> pa.Table:
    """Return rows as string columns, in the order the columns first appear."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pa.table({name: as_column([row.get(name) for row in rows]) for name in names})


def _find(body: Any, path: str) -> Any:
    value = body
    for name in [] if path in ("", "$") else path.removeprefix("$.").split("."):
        if isinstance(value, list) and name.isdigit() and int(name) < len(value):
            value = value[int(name)]
        elif isinstance(value, dict) and name in value:
            value = value[name]
        else:
            return _ABSENT
    return value


def _into(row: Row, prefix: str, record: Mapping[str, Any]) -> None:
    for field, value in record.items():
        name = prefix + field
        if isinstance(value, dict) and value:
            _into(row, name + ".", value)
            continue
        if name in row:
            raise ValueError(name)
        row[name] = None if value is None or value == {} else _text(value)


def _kinds_into(found: dict[str, str], prefix: str, record: Mapping[str, Any]) -> None:
    for field, value in record.items():
        name = prefix + field
        if isinstance(value, dict) and value:
            _kinds_into(found, name + ".", value)
        elif found.get(name, "null") == "null":
            found[name] = _KINDS.get(type(value), "null")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _json(value)


def _json(value: Any) -> str:
    """Return JSON text in which numbers are still what was sent."""
    if isinstance(value, Literal):
        return str(value)
    if isinstance(value, list):
        return f"[{','.join(map(_json, value))}]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key, ensure_ascii=False)}:{_json(v)}" for key, v in value.items())
        return f"{{{','.join(pairs)}}}"
    return json.dumps(value, ensure_ascii=False)


_KINDS: dict[type, str] = {str: "string", Literal: "number", bool: "boolean", list: "list"}
