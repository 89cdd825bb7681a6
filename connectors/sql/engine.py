"""Open a database for reading, whatever its dialect; never for writing."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from connectors.sql.config import Connection
from models.errors import ConfigError, SourceError

# Names people write → the drivers this project is tested with.
_DRIVERS = {"mysql": "mysql+pymysql", "mariadb": "mariadb+pymysql", "postgres": "postgresql"}
_EXTRAS = {"postgresql": "postgres", "mysql": "mysql", "mariadb": "mysql"}
_SNAPSHOT = frozenset({"postgresql", "mysql", "mariadb"})


def open_engine(source: str, connection: Connection, base: Path) -> sa.Engine:
    """Return an engine that reads; raises ConfigError for a bad URL or a missing driver."""
    url = _url(source, connection.url)
    if url.get_backend_name() == "sqlite":
        url = _read_only_sqlite(source, url, base)
    try:
        return sa.create_engine(
            url,
            connect_args={**_time_outs(url, connection), **connection.options},
            pool_pre_ping=True,
            hide_parameters=True,
            **_snapshot(url),
        )
    except NoSuchModuleError:
        raise ConfigError(
            f"no driver is known for {url.drivername!r} databases.",
            file=f"sources/{source}.yml",
            hint="Install its SQLAlchemy dialect, or correct connection.url.",
        ) from None
    except ImportError as error:
        raise _missing_driver(source, url, error) from None


def column_name(dialect: Dialect, name: str) -> str:
    """Return a column's name as the database itself shows it."""
    shown = dialect.denormalize_name(name) if dialect.requires_name_normalize else name
    return str(shown)


def _url(source: str, text: str) -> sa.URL:
    try:
        url = sa.make_url(text)
    except ArgumentError:
        raise ConfigError(
            "connection.url is not a database URL.",
            file=f"sources/{source}.yml",
            hint="Write dialect://user:password@host:port/database, for example "
            "postgresql://reader:${CORE_PASSWORD}@db.bank:5432/core; characters such as @ or / "
            "in a password are written %40 and %2F.",
        ) from None
    return url.set(drivername=_DRIVERS.get(url.drivername, url.drivername))


def _read_only_sqlite(source: str, url: sa.URL, base: Path) -> sa.URL:
    path = base / (url.database or "")
    if not path.is_file():
        raise SourceError(
            source, f"there is no SQLite file {path}; correct connection.url, or bring the file."
        )
    return url.set(
        database=f"file:{quote(str(path.resolve()))}", query={"mode": "ro", "uri": "true"}
    )


def _time_outs(url: sa.URL, connection: Connection) -> dict[str, Any]:
    wait, limit = connection.connect_seconds, connection.timeout_seconds
    match url.get_backend_name(), url.get_driver_name():
        case "postgresql", "psycopg":
            options = f"-c statement_timeout={limit * 1000} -c lock_timeout={limit * 1000}"
            return {"connect_timeout": wait, "options": options}
        case (("mysql" | "mariadb"), "pymysql"):
            return {"connect_timeout": wait, "read_timeout": limit, "write_timeout": limit}
        case "sqlite", _:
            return {"timeout": wait}
        case _:
            return {}


def _snapshot(url: sa.URL) -> dict[str, str]:
    """Rows and keys of one object come from one moment where the dialect can promise it."""
    if url.get_backend_name() in _SNAPSHOT:
        return {"isolation_level": "REPEATABLE READ"}
    return {}


def _missing_driver(source: str, url: sa.URL, error: ImportError) -> ConfigError:
    extra = _EXTRAS.get(url.get_backend_name())
    install = f"pip install 'golden-customer[{extra}]'" if extra else f"pip install {error.name}"
    return ConfigError(
        f"the driver {error.name or url.drivername} for {url.get_backend_name()} is not installed.",
        file=f"sources/{source}.yml",
        hint=f"Run: {install}",
    )
