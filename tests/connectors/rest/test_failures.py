"""What an answer means, by its code and status."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from connectors.rest.config import Errors
from connectors.rest.failures import Answered, failure, retry_after
from models.errors import (
    AuthError,
    ForbiddenError,
    GoldenError,
    RateLimited,
    SourceError,
    TransientError,
)

ERRORS = Errors.model_validate(
    {
        "code_path": "meta.code",
        "ok_codes": ["0", "true"],
        "auth": {"codes": ["40101"]},
        "forbidden": {"codes": ["E-RIGHT"], "status": [451]},
        "rate_limited": {"codes": ["429001"], "status": [420]},
        "transient": {"codes": ["busy"]},
    }
)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (200, "0", None),
        (200, 0, None),
        (200, True, None),
        (200, None, None),
        (200, False, SourceError),
        (200, "17", SourceError),
        (200, 40101, AuthError),
        (400, "40101", AuthError),
        (200, "E-RIGHT", ForbiddenError),
        (200, "429001", RateLimited),
        (500, "429001", RateLimited),
        (200, "busy", TransientError),
        (401, None, AuthError),
        (403, "17", ForbiddenError),
        (451, None, ForbiddenError),
        (420, None, RateLimited),
        (429, "0", RateLimited),
        (404, None, SourceError),
        (400, None, SourceError),
        (304, None, SourceError),
        (503, None, TransientError),
    ],
)
def test_the_code_decides_before_the_status(
    status: int, code: Any, error: type[GoldenError] | None
) -> None:
    body = {"meta": {} if code is None else {"code": code}}
    found = failure("crm", "contact (GET /c)", Answered(status, {}, body), ERRORS)
    assert (type(found) if found else None) is error


def test_a_code_that_could_be_a_value_is_not_repeated() -> None:
    body = {"meta": {"code": "王小明 13800138000"}}
    found = failure("crm", "contact (GET /c)", Answered(200, {}, body), ERRORS)
    assert "王" not in str(found)


@pytest.mark.parametrize("text", ["soon", "", "-3", "nan", "inf"])
def test_a_wait_that_says_nothing_is_none(text: str) -> None:
    assert retry_after({"retry-after": text}) == 0.0


def test_a_wait_may_be_a_date() -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert 80 < retry_after({"retry-after": until}) <= 90
