from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from examples.bank.http_crm import CLIENT_ID, CLIENT_SECRET
from examples.bank.http_marketing import API_KEY
from examples.bank.servers import serving
from models.errors import ConfigError
from tests.examples.bank_contents import rows


@pytest.fixture(scope="module")
def urls(bank: Path) -> Iterator[dict[str, str]]:
    with serving(bank) as found:
        yield found


@pytest.fixture(scope="module")
def crm(urls: dict[str, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=urls["CRM_URL"]) as client:
        token = _token(client).json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture(scope="module")
def marketing(urls: dict[str, str]) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=urls["MARKETING_URL"], headers={"X-Api-Key": API_KEY}) as client:
        yield client


def _token(client: httpx.Client, secret: str = CLIENT_SECRET) -> httpx.Response:
    form = {"grant_type": "client_credentials", "client_id": CLIENT_ID, "client_secret": secret}
    return client.post("/oauth/token", data=form)


def _get(client: httpx.Client, path: str, **params: object) -> httpx.Response:
    """Ask again when the server is busy: every 40th request is one too many."""
    answer = client.get(path, params={name: str(value) for name, value in params.items()})
    if answer.status_code != 429:
        return answer
    assert answer.headers["retry-after"] == "1"
    return client.get(path, params={name: str(value) for name, value in params.items()})


def _pages(client: httpx.Client, path: str, **params: object) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    while True:
        data = _get(client, path, **params).json()["data"]
        items += data["items"]
        if data["next"] is None:
            assert len(items) == data["total"]
            return items
        params["page_token"] = data["next"]


@pytest.mark.parametrize(
    ("path", "name"), [("/v1/contacts", "crm.contact"), ("/v1/companies", "crm.company")]
)
def test_crm_pages_give_every_item_once(
    crm: httpx.Client, bank: Path, path: str, name: str
) -> None:
    ids = [item["id"] for item in _pages(crm, path, page_size=300)]
    assert sorted(map(str, ids)) == sorted(str(row["id"]) for row in rows(bank, name))


def test_crm_windows_are_half_open_and_meet(crm: httpx.Client) -> None:
    middle = "2026-08-01T00:00:00+08:00"
    whole = _pages(crm, "/v1/contacts", page_size=500)
    early = _pages(crm, "/v1/contacts", page_size=500, updated_to=middle)
    late = _pages(crm, "/v1/contacts", page_size=500, updated_from=middle)
    assert early
    assert late
    assert {str(i["id"]) for i in early} ^ {str(i["id"]) for i in late} == {
        str(i["id"]) for i in whole
    }
    assert (
        max(str(i["updated_at"]) for i in early) < middle <= min(str(i["updated_at"]) for i in late)
    )


@pytest.mark.parametrize(
    "header", [None, "Bearer nonsense", "Basic Z29sZGVu"], ids=["none", "unknown", "basic"]
)
def test_crm_wants_a_token(urls: dict[str, str], header: str | None) -> None:
    headers = {"Authorization": header} if header else {}
    with httpx.Client(base_url=urls["CRM_URL"], headers=headers) as client:
        answer = _get(client, "/v1/contacts")
    assert answer.status_code == 401
    assert answer.json()["code"] == "40101"


def test_crm_gives_no_token_for_a_wrong_secret(urls: dict[str, str]) -> None:
    with httpx.Client(base_url=urls["CRM_URL"]) as client:
        assert _token(client, "wrong").status_code == 401
        assert client.post("/oauth/token", data={"client_id": CLIENT_ID}).status_code == 400


WRONG = [
    ({"page_size": 501}, "40001"),
    ({"page_size": "many"}, "40001"),
    ({"updated_from": "yesterday"}, "40001"),
    ({"page_token": "made-up"}, "40002"),
]


@pytest.mark.parametrize(("params", "code"), WRONG, ids=["size", "word", "time", "token"])
def test_crm_refuses_what_it_does_not_understand(
    crm: httpx.Client, params: dict[str, object], code: str
) -> None:
    answer = _get(crm, "/v1/contacts", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_crm_token_of_another_window_is_refused(crm: httpx.Client) -> None:
    token = _get(crm, "/v1/contacts", page_size=10).json()["data"]["next"]
    answer = _get(crm, "/v1/contacts", page_token=token, updated_from="2026-01-01T00:00:00Z")
    assert answer.json()["code"] == "40002"


def test_marketing_pages_give_every_lead_once(marketing: httpx.Client, bank: Path) -> None:
    first = _get(marketing, "/api/leads", page=1, size=200).json()
    found = list(first["leads"])
    page = 2
    while len(found) < first["total"]:
        found += _get(marketing, "/api/leads", page=page, size=200).json()["leads"]
        page += 1
    assert _get(marketing, "/api/leads", page=page, size=200).json()["leads"] == []
    ids = sorted(str(lead["lead_id"]) for lead in found)
    assert ids == sorted(str(row["lead_id"]) for row in rows(bank, "marketing.lead"))


def test_marketing_wants_its_key(urls: dict[str, str]) -> None:
    with httpx.Client(base_url=urls["MARKETING_URL"], headers={"X-Api-Key": "wrong"}) as client:
        assert _get(client, "/api/leads").status_code == 401


def test_servers_are_busy_now_and_then(bank: Path) -> None:
    with serving(bank) as urls, httpx.Client(base_url=urls["MARKETING_URL"]) as client:
        codes = [client.get("/api/leads").status_code for _ in range(50)]
        assert client.get("/health").json() == {"status": "ok"}
    assert [index for index, code in enumerate(codes, 1) if code == 429] == [7, 47]


def test_servers_are_gone_afterwards(bank: Path) -> None:
    with serving(bank) as urls:
        assert httpx.get(f"{urls['CRM_URL']}/health").status_code == 200
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{urls['CRM_URL']}/health")


def test_serving_needs_a_bank(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no example bank"), serving(tmp_path):
        pass
