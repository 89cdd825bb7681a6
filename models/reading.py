"""How the rows of an object are told apart, ordered and deleted: the shared part of ``read``.

Every connector's own configuration extends ``Reading``; the load needs nothing else. These rules
are applied when raw runs are loaded, so changing them needs no new pull.

```yaml
read:
  primary_key: [CUST_NO]
  cursor: {field: UPD_TS, lookback: 10m}
  deletes: {flag: {field: DEL_FLG, values: ["1"]}}      # or {sweep: true}
```
"""

from __future__ import annotations

import re
from collections.abc import Mapping as Dictionary
from datetime import timedelta
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from models.errors import ConfigError
from models.mapping import ColumnName, Strict

M = TypeVar("M", bound=Strict)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: object) -> object:
    """Return ``10m``, ``90s``, ``2h``, ``1d`` or a number of seconds as a timedelta."""
    if isinstance(value, timedelta):
        return value
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([smhd]?)", str(value).strip())
    if not found:
        raise ValueError("write a duration such as 90s, 10m, 2h or 1d")
    return timedelta(**{_UNITS[found[2] or "s"]: float(found[1])})


Duration = Annotated[timedelta, BeforeValidator(duration)]


class Cursor(Strict):
    """The column that grows with every change.

    ``lookback`` is read again before the last value seen (late commits); ``step`` is the same for
    a counting column. ``safety`` keeps the cursor that far behind the clock. ``timezone`` is that
    of values written without an offset; by default the mapping's.
    """

    field: ColumnName
    lookback: Duration = timedelta(minutes=10)
    step: int = Field(default=0, ge=0)
    safety: Duration = timedelta(0)
    timezone: str | None = None
    format: str = "iso"

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, value: str | None) -> str | None:
        try:
            if value:
                ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("write an IANA time zone such as Asia/Shanghai or UTC") from error
        return value


class Flag(Strict):
    """A column whose listed values say that the row was deleted in the source."""

    field: ColumnName
    values: list[str] = Field(min_length=1)


class Deletes(Strict):
    """How deletions show: a ``flag`` column, or a ``sweep`` of all keys at every pull."""

    flag: Flag | None = None
    sweep: bool = False


class Reading(Strict):
    """What every object says about its rows; connectors add how to get them.

    ``allow_empty``: the object may rightly become empty; without it, a pull that finds nothing
    where there were rows before is refused.
    """

    primary_key: list[ColumnName] = Field(min_length=1)
    cursor: Cursor | None = None
    deletes: Deletes = Deletes()
    allow_empty: bool = False


class _OnlyReading(Reading):
    """``Reading`` out of a whole ``read`` section, whatever else stands in it."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def reading_of(source: str, object_name: str, read: Dictionary[str, Any]) -> Reading:
    """Return the shared part of a ``read`` section; raises ConfigError."""
    return validated(_OnlyReading, source, f"objects.{object_name}.read", read)


def validated(model: type[M], source: str, place: str, value: object) -> M:
    """Return ``value`` as ``model``; raises one ConfigError that lists every mistake in it."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        mistakes = "; ".join(
            f"{'.'.join([place, *(str(part) for part in item['loc'])])}: "
            f"{item['msg'].removeprefix('Value error, ')}"
            for item in error.errors(include_input=False, include_url=False)
        )
        raise ConfigError(mistakes, file=f"sources/{source}.yml") from None
