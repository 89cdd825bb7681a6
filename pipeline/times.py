"""The clock, read in one place. Times are UTC without a zone, as the tables keep them."""

from __future__ import annotations

from datetime import UTC, datetime


def utc_now() -> datetime:
    """Return the time now."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_run_id() -> str:
    """Return a run id: a UTC stamp, so that ids sort by time."""
    return utc_now().strftime("%Y%m%dT%H%M%S.%fZ")
