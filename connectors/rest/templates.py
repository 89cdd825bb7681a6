"""The window ``[lo, hi)`` in the words of an API: ``{lo}`` and ``{hi}`` in parameters and bodies.

Times stay times until they are written: an API that compares times must get the offset with them,
or it reads another moment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from models.reading import Cursor
from warehouse.run_manifest import CursorValue

_MARK = re.compile(r"\{(lo|hi)(?::([^{}]+))?\}")
_EPOCHS = {"epoch": 1, "epoch_seconds": 1, "epoch_millis": 1000}
_NAMED = frozenset({"iso", "date", "integer", "text", *_EPOCHS})

# A cursor's value while it is compared; what it is depends on the format.
Bound = datetime | int | str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The window, and how it is written: ``style`` where the template names no format."""

    lo: Bound
    hi: datetime
    style: str
    zone: tzinfo


def check_format(style: str) -> None:
    """Raise ValueError for a format that is not known."""
    if style not in _NAMED and "%" not in style:
        raise ValueError(
            f"the format {style!r} is not known; write one of {', '.join(sorted(_NAMED))}, or a "
            "pattern such as '%Y-%m-%d %H:%M:%S'"
        )


def marks(template: Any) -> set[tuple[str, str | None]]:
    """Return every mark in a template as ``(lo or hi, its own format if it has one)``."""
    return {(mark[1], mark[2]) for text in _texts(template) for mark in _MARK.finditer(text)}


def fill(template: Any, bounds: Bounds | None) -> Any:
    """Return a template with the window written in; without one, what names it is left out."""
    if isinstance(template, Mapping):
        filled = {
            name: fill(value, bounds)
            for name, value in template.items()
            if bounds or not _is_mark(value)
        }
        # a condition that held nothing but the window goes with it
        return {name: value for name, value in filled.items() if value != {} or not template[name]}
    if isinstance(template, list | tuple):
        kept = (item for item in template if bounds or not marks(item))
        return [fill(item, bounds) for item in kept]
    return _written(template, bounds) if bounds and isinstance(template, str) else template


def moment(text: str | None, style: str, zone: tzinfo) -> Bound | None:
    """Return a value of the cursor's field as what it means; None if it is not of this format."""
    if not text or style == "text":
        return text or None
    try:
        if style in _EPOCHS or style == "integer":
            number = Decimal(text)
            if style == "integer":
                return int(number)
            return datetime.fromtimestamp(float(number / _EPOCHS[style]), UTC)
        read = _parsed(text, style)
    except (ValueError, InvalidOperation, OverflowError, OSError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=zone)


def lower_bound(value: CursorValue, config: Cursor) -> Bound | None:
    """Return the smallest value to read; None when the cursor was kept in another format."""
    if config.format == "text":
        return value.value if value.kind == "text" else None
    if config.format == "integer":
        return int(value.value) - config.step if value.kind == "integer" else None
    if value.kind != "timestamp":
        return None
    return datetime.fromisoformat(value.value) - config.lookback


def zone_of(config: Cursor, default: str) -> tzinfo:
    """Return the zone of times written without an offset."""
    return ZoneInfo(config.timezone or default)


def _parsed(text: str, style: str) -> datetime:
    if "%" in style:
        return datetime.strptime(text, style)  # noqa: DTZ007  # the caller knows the zone
    return datetime.fromisoformat(text)


def _written(template: str, bounds: Bounds) -> Any:
    found = _MARK.fullmatch(template)
    if found:
        return _bound(found, bounds)
    return _MARK.sub(lambda mark: str(_bound(mark, bounds)), template)


def _bound(mark: re.Match[str], bounds: Bounds) -> str | int:
    value = bounds.lo if mark[1] == "lo" else bounds.hi
    style = mark[2] or bounds.style
    if not isinstance(value, datetime):
        return value
    if style in _EPOCHS:
        return int(value.timestamp() * _EPOCHS[style])
    local = value.astimezone(bounds.zone)
    if style == "date":
        return local.date().isoformat()
    return local.strftime(style) if "%" in style else local.isoformat(timespec="seconds")


def _is_mark(value: Any) -> bool:
    return isinstance(value, str) and _MARK.search(value) is not None


def _texts(template: Any) -> Iterator[str]:
    if isinstance(template, str):
        yield template
    elif isinstance(template, Mapping):
        yield from _texts(list(template.values()))
    elif isinstance(template, list | tuple):
        for item in template:
            yield from _texts(item)
