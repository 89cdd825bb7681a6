"""Whatever happens to the landed rows, the normalised ones are those of an empty file."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.plugins.changing_bank import COLUMNS, CRM, Bank, Row, again, core, land
from warehouse import normalise_landed, normalised_from
from warehouse.store import Connection, Store


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    with Store(tmp_path / "golden_next.duckdb").writing() as connection:
        yield connection


@pytest.fixture(autouse=True)
def never_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make anew only what changed, however much that is; and cross the borders of batches."""
    monkeypatch.setattr(normalised_from, "_WORTH_IT", 0)
    monkeypatch.setattr(normalise_landed, "BATCH_ROWS", 7)


def _any_row(rng: random.Random, table: str, key: str) -> Row:
    customer = rng.choice([None, "", " ", *"123456789"])
    phone = rng.choice([None, "13800138000", "0571-87654321", "123"])
    return {
        "core__customer": {
            "CUST_NO": key,
            "TP": rng.choice("11229"),
            "NM": rng.choice([None, "王小明", "无", "杭州西湖茶叶有限公司"]),
            "CERT": rng.choice([None, "E12345678", "330102199001011234", "无"]),
            "TEL": phone,
            "UPD": rng.choice([None, "2026-01-02", "bad"]),
            "REGION": rng.choice([None, "杭州", "x"]),
        },
        "core__account": {
            "ACCT_NO": key,
            "CUST_NO": customer,
            "ACCT_NM": rng.choice([None, "王明", "-"]),
            "TEL": phone,
        },
        "core__contract": {"NO": key, "CUST_NO": customer},
        "crm__contact": {"ID": key, "NAME": rng.choice([None, "李红", "-"]), "TEL": phone},
    }[table]


def _shake(rng: random.Random, rows: Bank) -> None:
    """Insert, change and delete some rows of every table, in a random order of rows."""
    for table, current in rows.items():
        key = COLUMNS[table][0]
        by_key = {row[key]: row for row in current}
        for _ in range(rng.choice([0, 1, 1, 2, 4])):
            number = str(rng.randrange(1, 10))
            if rng.random() < 0.3:
                by_key.pop(number, None)
            elif number in by_key and rng.random() < 0.5:
                column = rng.choice(COLUMNS[table][1:])
                by_key[number] |= {column: _any_row(rng, table, number)[column]}
            else:
                by_key[number] = _any_row(rng, table, number)
        rows[table] = rng.sample(list(by_key.values()), len(by_key))


@pytest.mark.parametrize("seed", range(5))
def test_any_history_gives_what_an_empty_file_is_given(con: Connection, seed: int) -> None:
    rng = random.Random(seed)
    rows: Bank = {table: [] for table in COLUMNS}
    mappings = [core(), core(updated_at=["UPD", "REGION"]), core(contacts=[])]
    customers = mappings[0]
    for _ in range(8):
        _shake(rng, rows)
        if rng.random() < 0.15:
            customers = rng.choice(mappings)
        land(con, rows, rejected=rng.choices("123456789", k=rng.randrange(3)))
        sources = [customers, CRM] if rng.random() < 0.9 else [CRM]
        rng.shuffle(sources)
        again(con, sources)
