"""A driver's exception → one of ours, without the statement, its values, or the password.

Codes are SQLSTATE (PostgreSQL, https://www.postgresql.org/docs/current/errcodes-appendix.html),
MySQL and MariaDB numbers (https://mariadb.com/kb/en/mariadb-error-codes/), Oracle's ``ORA-``
numbers and SQLite's result codes. What no table knows is told by its class.
"""

from __future__ import annotations

import re
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, InterfaceError, OperationalError

from models.errors import (
    AuthError,
    ConfigError,
    ForbiddenError,
    GoldenError,
    SchemaDrift,
    SourceError,
    TransientError,
)

Cause = Literal[
    "auth", "forbidden", "no_database", "drift", "transient", "encoding", "value", "other"
]

_CODES: dict[str, Cause] = {
    **dict.fromkeys(("28P01", "28000", "1045", "1698", "ORA-01017", "ORA-28000", "18456"), "auth"),
    **dict.fromkeys(("42501", "1142", "1143", "1044", "1227", "ORA-01031"), "forbidden"),
    **dict.fromkeys(("3D000", "1049"), "no_database"),
    **dict.fromkeys(
        ("42P01", "42703", "1146", "1054", "ORA-00942", "ORA-00904", "SQLITE_ERROR"), "drift"
    ),
    **dict.fromkeys(("SQLITE_BUSY", "SQLITE_LOCKED", "1205", "1213", "2006", "2013"), "transient"),
}
# Where a driver gives no code, its words; PostgreSQL tells of a failed login only in text.
_WORDS: tuple[tuple[str, Cause], ...] = (
    (r"password authentication failed|no password supplied|authentication failed", "auth"),
    (r"database \"[^\"]*\" does not exist", "no_database"),
    (r"no such (table|column)", "drift"),
    (r"could not decode to utf-8", "encoding"),
)


def failure(source: str, place: str, error: DBAPIError, url: sa.URL) -> GoldenError:
    """Return the error to raise for what the driver said while reading ``place``."""
    where = f"{url.get_backend_name()} at {url.host or 'its file'}"
    code = _code(error)
    shown = f" (code {code})" if code else ""
    match _cause(error, code):
        case "auth":
            return AuthError(
                source,
                f"{where} refused the user {url.username!r}{shown}; renew the password that "
                f"connection.url in sources/{source}.yml takes.",
            )
        case "forbidden":
            return ForbiddenError(
                source,
                f"the user {url.username!r} may not read {place}{shown}; ask the owner of the "
                "database for SELECT on it.",
            )
        case "no_database":
            return ConfigError(
                f"{where} has no database {url.database!r}{shown}.",
                file=f"sources/{source}.yml",
                hint="Correct the end of connection.url.",
            )
        case "drift":
            return SchemaDrift(
                source,
                f"{place} cannot be read: a table or column is not there{shown}; compare "
                f"sources/{source}.yml with the database.",
            )
        case "encoding":
            return SourceError(
                source,
                f"{place} holds text that is not UTF-8; convert it in the database, or read it "
                "with a query that returns the column as hex.",
            )
        case "value":
            return SourceError(
                source,
                f"{place} holds a value that the driver cannot hand over, such as a date beyond "
                "the year 9999; read it with a query that casts the column to text.",
            )
        case "transient":
            return TransientError(
                source, f"{where} cannot be reached, or the connection broke{shown}; try again."
            )
        case _:
            return SourceError(
                source, f"{where} refused to read {place}{shown}: {type(error.orig).__name__}."
            )


def _cause(error: DBAPIError, code: str) -> Cause:
    if code in _CODES and code != "SQLITE_ERROR":
        return _CODES[code]
    said = str(error.orig).lower()
    for pattern, cause in _WORDS:
        if re.search(pattern, said):
            return cause
    if code in _CODES:
        return _CODES[code]
    connection_classes = ("08", "53", "57", "40")
    if code.startswith(connection_classes) or error.connection_invalidated:
        return "transient"
    if isinstance(error, DataError):
        return "value"
    return "transient" if isinstance(error, OperationalError | InterfaceError) else "other"


def _code(error: DBAPIError) -> str:
    original = error.orig
    first = original.args[0] if original is not None and original.args else None
    if isinstance(first, int):  # MySQL's own number says more than its SQLSTATE
        return str(first)
    for name in ("sqlstate", "sqlite_errorname"):
        if getattr(original, name, None):
            return str(getattr(original, name))
    found = re.search(r"ORA-\d{5}", str(original))
    return found.group() if found else ""
