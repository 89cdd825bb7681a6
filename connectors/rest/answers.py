"""The JSON of an answer: parsed whole or not at all, and what stands where in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.records import Number, parse

_ABSENT = object()
_KINDS: dict[type, str] = {
    str: "string",
    int: "number",
    Number: "number",
    bool: "boolean",
    list: "list",
}


def whole(body: bytes, encoding: str) -> Any:
    """Return the one JSON object or list that ``body`` is; raises ValueError for anything less.

    A cut body can never pass: an object or a list has an end of its own.
    """
    codec = "utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding
    value = parse(body.decode(codec))
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


def text_at(body: Any, path: str) -> str | None:
    """Return the text or number at a path as text; None for anything else."""
    value = at(body, path)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def kinds(records: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Return the columns of records, sorted, with the JSON type of their first value."""
    found: dict[str, str] = {}
    for record in records:
        _kinds_into(found, "", record)
    return dict(sorted(found.items()))


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


def _kinds_into(found: dict[str, str], prefix: str, record: Mapping[str, Any]) -> None:
    for field, value in record.items():
        name = prefix + field
        if isinstance(value, dict) and value:
            _kinds_into(found, name + ".", value)
        elif found.get(name, "null") == "null":
            found[name] = _KINDS.get(type(value), "null")
