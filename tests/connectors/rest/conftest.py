"""One local server per test, and seven customers behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.connectors.rest.api_server import Api, Record, serving, token_pages
from tests.connectors.rest.reading import PATH, customer


@pytest.fixture
def api() -> Iterator[Api]:
    with serving(Api()) as running:
        yield running


@pytest.fixture
def people(api: Api) -> list[Record]:
    records = [customer(number, number) for number in range(7)]
    api.routes[PATH] = token_pages(lambda: records)
    return records
