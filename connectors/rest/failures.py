"""An answer that is not what was asked for → one of our errors, without a word of the body.

The code in the body decides before the HTTP status: systems send 200 or 400 with their own codes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from connectors.rest.answers import at, text_at
from connectors.rest.config import Errors, Signs
from models.errors import (
    AuthError,
    ForbiddenError,
    RateLimited,
    SourceError,
    TransientError,
)

Cause = Literal["rate_limited", "auth", "forbidden", "transient", "missing", "other"]
_STATUSES: dict[int, Cause] = {
    401: "auth",
    403: "forbidden",
    404: "missing",
    408: "transient",
    425: "transient",
    429: "rate_limited",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came back: ``body`` is None where it was not JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any


def failure(source: str, place: str, answered: Answered, errors: Errors) -> SourceError | None:
    """Return the error that an answer to ``place`` means, None when all is well."""
    code = _code(answered.body, errors)
    cause = _cause(answered.status, code, errors)
    if cause is None:
        return None
    shown = f"HTTP {answered.status}" + (f", code {code}" if code and _CODE.match(code) else "")
    file = f"sources/{source}.yml"
    match cause:
        case "auth":
            return AuthError(
                source,
                f"{place} refused the credentials ({shown}); renew those that connection.auth in "
                f"{file} takes.",
            )
        case "forbidden":
            return ForbiddenError(
                source,
                f"the credentials do not allow {place} ({shown}); ask the owner of the API for "
                "the right to read it.",
            )
        case "rate_limited":
            wait = retry_after(answered.headers)
            asked = f"asks to wait {wait:.0f} seconds" if wait else "asks to slow down"
            return RateLimited(
                source,
                f"{place} {asked} ({shown}); try again later, or lower connection.rate in {file}.",
                wait,
            )
        case "transient":
            return TransientError(source, f"{place} failed ({shown}); try again.")
        case "missing":
            return SourceError(
                source,
                f"there is no {place} ({shown}); correct request.path or base_url in {file}.",
            )
        case _:
            return SourceError(
                source,
                f"{place} refused the request ({shown}); compare the request in {file} with the "
                "API's documentation.",
            )


def retry_after(headers: Mapping[str, str]) -> float:
    """Return the seconds of ``Retry-After`` (a number or a date), 0 where there is none."""
    text = headers.get("retry-after", "").strip()
    try:
        seconds = float(text)
        return seconds if math.isfinite(seconds) and seconds > 0 else 0.0
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())


_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,40}$")


def _code(body: Any, errors: Errors) -> str | None:
    if not errors.code_path or body is None:
        return None
    value = at(body, errors.code_path)
    return str(value).lower() if isinstance(value, bool) else text_at(body, errors.code_path)


def _cause(status: int, code: str | None, errors: Errors) -> Cause | None:
    named: tuple[tuple[Cause, Signs], ...] = (
        ("rate_limited", errors.rate_limited),
        ("auth", errors.auth),
        ("forbidden", errors.forbidden),
        ("transient", errors.transient),
    )
    for cause, signs in named:
        if code in signs.codes:
            return cause
    for cause, signs in named:
        if status in signs.status:
            return cause
    if status in _STATUSES:
        return _STATUSES[status]
    if status >= 500:
        return "transient"
    if status >= 300:
        return "other"
    return "other" if code is not None and code not in errors.ok_codes else None
