"""Mistakes in the YAML are told before anything is asked, without the secrets in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connectors.registry import open_connector
from models.errors import ConfigError
from models.source import SourceConfig

READ: dict[str, Any] = {"request": {"path": "/v1/a"}, "primary_key": ["id"]}
LOW = {"request": {"path": "/v1/a", "params": {"since": "{lo}"}}}


def opened(connection: dict[str, Any], read: dict[str, Any]) -> None:
    config = {
        "name": "crm",
        "connector": "rest",
        "connection": {"base_url": "http://127.0.0.1:1", **connection},
        "objects": {
            "contact": {
                "read": {**READ, **read},
                "mapping": {"party": "person", "names": [{"full": "name"}]},
            }
        },
    }
    open_connector(SourceConfig.model_validate(config), Path()).close()


@pytest.mark.parametrize(
    ("connection", "read", "said"),
    [
        ({"base_url": "ftp://x"}, {}, "connection.base_url: write http"),
        ({"base_url": "https://user:hush@x"}, {}, "without user"),
        ({"auth": {"type": "magic"}}, {}, "connection.auth"),
        ({"auth": {"type": "bearer", "token": "hush\n"}}, {}, "printable ASCII"),
        ({"auth": {"type": "header", "header": "X Y", "value": "hush"}}, {}, "auth.header.header"),
        (
            {
                "auth": {
                    "type": "oauth2_client_credentials",
                    "client_id": "a",
                    "client_secret": "hush",
                }
            },
            {},
            "token_path: /oauth/token",
        ),
        ({"errors": {"ok_codes": ["0"]}}, {}, "code_path"),
        ({"errors": {"code_path": "code"}}, {}, "needs 'ok_codes'"),
        ({"rate": {"per_second": 0}}, {}, "connection.rate.per_second"),
        ({"ca_file": "nowhere.pem"}, {}, "ca_file"),
        ({"timeout": "soon"}, {}, "write a duration"),
        ({}, {"request": {"path": "v1"}}, "read.request.path"),
        ({}, {"request": {"path": "/v1?a=1"}}, "read.request.path"),
        ({}, {"request": {"path": "/v1", "json": {"a": 1}}}, "method: POST"),
        ({}, {"paging": {"type": "token", "param": "t"}}, "read.paging.token.path"),
        ({}, {"paging": {"type": "page", "param": "p", "size": 5}}, "needs 'size_param'"),
        ({}, LOW, "need a 'cursor'"),
        ({}, {**LOW, "cursor": {"field": "ts", "format": "isoo"}}, "'isoo' is not known"),
        (
            {},
            {
                "request": {"path": "/v1", "params": {"to": "{hi}"}},
                "cursor": {"field": "n", "format": "integer"},
            },
            "{hi} is a time",
        ),
    ],
)
def test_mistakes_name_their_place(
    connection: dict[str, Any], read: dict[str, Any], said: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        opened(connection, read)
    assert said in str(caught.value)
    assert "sources/crm.yml" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_right_configuration_opens() -> None:
    opened({"auth": "none"}, {**LOW, "cursor": {"field": "ts", "format": "%Y%m%d"}})
