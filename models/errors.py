"""Every error this project raises on purpose, grouped by what the caller should do.

```
GoldenError
├── ConfigError         fix the project folder; says file, line and what to write instead
├── SourceError         one source failed, the others go on; the last good data serves as stale
│   ├── AuthError           renew the credentials; a retry cannot help
│   ├── ForbiddenError      ask the source's owner for the right; a retry cannot help
│   ├── SchemaDrift         the source changed its columns; adapt its mapping
│   ├── IncompleteData      the body was cut or the counts disagree; the whole window is read again
│   └── RetryableError      try again later
│       ├── TransientError      connection lost, server error
│       ├── RateLimited         wait ``retry_after`` seconds
│       └── QuotaExhausted      reschedule after ``reset_at``
├── StoreError          the data folder cannot be used as it is
│   ├── StoreLocked         another run is writing; wait for it
│   └── DigestMismatch      a stored file is not what its manifest says
├── GateHeld            quality says no: nothing is published, the last good version serves
└── PublishConflict     somebody else published in between; run again
```

Messages are full sentences that name the file, the field and the next step. They never
contain a value that came from a customer.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path


class GoldenError(Exception):
    """Root of all errors raised on purpose."""


class ConfigError(GoldenError):
    """The user's project folder says something that cannot be done.

    ``file`` and ``line`` point at the place; ``hint`` says what to write instead.
    """

    def __init__(
        self, what: str, *, file: Path | str | None = None, line: int | None = None, hint: str = ""
    ) -> None:
        self.what, self.file, self.line, self.hint = what, file, line, hint
        place = f"{file}:{line}: " if file and line else f"{file}: " if file else ""
        super().__init__(f"{place}{what}{' ' + hint if hint else ''}")


class SourceError(GoldenError):
    """One source cannot be read; the other sources go on without it."""

    def __init__(self, source: str, what: str) -> None:
        self.source = source
        super().__init__(f"Source {source!r}: {what}")


class AuthError(SourceError):
    """The source refused the credentials."""


class ForbiddenError(SourceError):
    """The credentials are good but do not allow this object or field."""


class SchemaDrift(SourceError):
    """The source's columns are not those its mapping was written for."""


class IncompleteData(SourceError):
    """Less arrived than the source declared; nothing of this window may land."""


class RetryableError(SourceError):
    """A later attempt may succeed."""


class TransientError(RetryableError):
    """Connection lost, time-out or server error."""


class RateLimited(RetryableError):
    """The source asks to wait ``retry_after`` seconds."""

    def __init__(self, source: str, what: str, retry_after: float) -> None:
        self.retry_after = retry_after
        super().__init__(source, what)


class QuotaExhausted(RetryableError):
    """The source's quota is used up until ``reset_at``."""

    def __init__(self, source: str, what: str, reset_at: datetime) -> None:
        self.reset_at = reset_at
        super().__init__(source, what)


class StoreError(GoldenError):
    """The data folder cannot be used as it is."""


class StoreLocked(StoreError):
    """Another process is writing the working store."""


class DigestMismatch(StoreError):
    """A stored file is not what its manifest says it is."""


class GateHeld(GoldenError):
    """The quality gate holds this candidate; the last good version goes on serving."""


class PublishConflict(GoldenError):
    """Another publish finished first; this candidate was built on an older version."""
