"""One local server per test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.rest.api_server import Api, serving


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as running:
        yield running
