"""The name of a kind in YAML → its connector. The only place that knows them all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from connectors.base import Connector
from models.source import SourceConfig


def open_connector(source: SourceConfig, base: Path) -> Connector:
    """Return the source's connector, its configuration validated; nothing is read yet.

    Relative paths are relative to ``base``, the project folder. Raises ConfigError.
    """
    return _OPENERS[source.connector](source, base)


def _sql(source: SourceConfig, base: Path) -> Connector:
    from connectors.sql.connector import SqlConnector

    return SqlConnector(source, base)


def _csv(source: SourceConfig, base: Path) -> Connector:
    from connectors.csv.reader import open_csv

    return open_csv(source, base)


def _excel(source: SourceConfig, base: Path) -> Connector:
    from connectors.excel.reader import open_excel

    return open_excel(source, base)


def _parquet(source: SourceConfig, base: Path) -> Connector:
    from connectors.parquet.reader import open_parquet

    return open_parquet(source, base)


def _jsonl(source: SourceConfig, base: Path) -> Connector:
    from connectors.jsonl.reader import open_jsonl

    return open_jsonl(source, base)


def _rest(source: SourceConfig, base: Path) -> Connector:
    from connectors.rest.connector import RestConnector

    return RestConnector(source, base)


_OPENERS: dict[str, Callable[[SourceConfig, Path], Connector]] = {
    "sql": _sql,
    "csv": _csv,
    "excel": _excel,
    "parquet": _parquet,
    "jsonl": _jsonl,
    "rest": _rest,
}
