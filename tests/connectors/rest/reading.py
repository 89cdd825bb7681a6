"""A source over the local server, and what comes of reading it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from connectors.base import Window
from connectors.registry import open_connector
from models.source import SourceConfig
from tests.connectors.rest.api_server import Api, Fault, Record

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PATH = "/v1/customers"
MAPPING = {"party": "person", "names": [{"full": "name"}]}


def customer(number: int, minute: int = 0, **more: Any) -> Record:
    return {
        "id": f"003{number:05d}",
        "name": f"王{number}",
        "updated_at": f"2026-11-23T17:{minute:02d}:00+08:00",
        "status": "ACTIVE",
        **more,
    }


def source(api: Api, read: dict[str, Any] | None = None, **connection: Any) -> SourceConfig:
    errors = {"code_path": "code", "ok_codes": ["0"], "auth": {"codes": ["40101"]}}
    return SourceConfig.model_validate(
        {
            "name": "crm",
            "connector": "rest",
            "connection": {
                "base_url": api.url,
                "errors": errors,
                "retry": {"attempts": 3, "budget": "5s"},
                **connection,
            },
            "objects": {
                "contact": {
                    "read": {
                        "request": {
                            "path": PATH,
                            "params": {"updated_from": "{lo}", "updated_to": "{hi}"},
                        },
                        "records": "data.items",
                        "paging": {"type": "token", "param": "page_token", "path": "data.next"},
                        "total": "data.total",
                        "primary_key": ["id"],
                        "cursor": {"field": "updated_at", "lookback": "10m"},
                        **(read or {}),
                    },
                    "mapping": MAPPING,
                }
            },
        }
    )


def rows_of(config: SourceConfig) -> list[Record]:
    with closing(open_connector(config, Path())) as connector:
        chunks = connector.extract("contact", Window(None, NOW)).chunks
        assert chunks is not None
        tables = [chunk.rows for chunk in chunks]
    return list(pa.concat_tables(tables, promote_options="default").to_pylist())


def ids(rows: list[Record]) -> list[int]:
    return [int(row["id"][3:]) for row in rows]


def spoiled(**change: Any) -> Fault:
    return lambda reply: replace(reply, **change)
