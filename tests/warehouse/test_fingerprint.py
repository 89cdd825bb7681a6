"""A record's fingerprint is a function of what it says, and of nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.fingerprint import write_fingerprints
from warehouse.store import Connection, Store, begin_layer

KEY = "core.customer:1"
ROWS = [
    ("record", f"'{KEY}', 'core', 'customer', '1', 'person', TIMESTAMP '2026-01-02', 'h1'"),
    ("record", "'core.customer:2', 'core', 'customer', '2', 'person', NULL, 'h2'"),
    (
        "name",
        f"'{KEY}', 0, 'legal', 'A', 'latin', 'A', NULL, 'a', 'a', NULL, NULL, NULL, NULL, 'ok'",
    ),
    (
        "name",
        f"'{KEY}', 1, 'alias', 'B', 'latin', 'B', NULL, 'b', 'b', NULL, NULL, NULL, NULL, 'ok'",
    ),
    (
        "identifier",
        f"'{KEY}', 0, 'passport', NULL, 'E1', 'CN', 'valid', NULL, NULL, NULL, NULL, NULL",
    ),
    ("contact", f"'{KEY}', 0, 'mobile', '+8613800138000', NULL, 'home', 'valid'"),
    (
        "address",
        f"'{KEY}', 0, 'home', 'T', 'CN', 'P', 'C', NULL, '330100', 'd', NULL, 'k', 'city'",
    ),
    ("attribute", f"'{KEY}', 'sex', 'male'"),
    ("account", f"'{KEY}', 0, '6222', 'card', 'CNY', 'open', NULL, NULL"),
    ("relationship", f"'{KEY}', 0, 'spouse', NULL, 'B', NULL"),
    ("consent", f"'{KEY}', 0, 'marketing', 'any', 'granted', NULL"),
    ("defect", f"'{KEY}', 'core', 'customer', 'TEL', 'phone_too_short'"),
]
EVIDENCE = [
    pytest.param("UPDATE {0}.record SET party_type = 'organisation'", id="party-type"),
    pytest.param("UPDATE {0}.record SET source = 'crm'", id="source"),
    pytest.param("UPDATE {0}.name SET value = 'C' WHERE ordinal = 1", id="name"),
    pytest.param("UPDATE {0}.name SET given = '' WHERE ordinal = 1", id="empty-is-not-null"),
    pytest.param("UPDATE {0}.name SET ordinal = 1 - ordinal", id="which-name-is-first"),
    pytest.param("INSERT INTO {0}.name FROM {0}.name WHERE ordinal = 1", id="stands-twice"),
    pytest.param("UPDATE {0}.identifier SET expires_on = DATE '2031-01-01'", id="expiry"),
    pytest.param("UPDATE {0}.contact SET use = 'work'", id="contact"),
    pytest.param("UPDATE {0}.address SET district = 'D'", id="address"),
    pytest.param("DELETE FROM {0}.attribute", id="attribute"),
]
CONTENT = [
    pytest.param("UPDATE {0}.record SET updated_at = TIMESTAMP '2026-01-03'", id="time"),
    pytest.param("UPDATE {0}.record SET updated_at = NULL", id="no-time"),
    pytest.param("UPDATE {0}.account SET status = 'closed'", id="account"),
    pytest.param("UPDATE {0}.relationship SET type = 'parent'", id="relationship"),
    pytest.param("DELETE FROM {0}.consent", id="consent"),
]


@pytest.fixture
def con(tmp_path: Path) -> Iterator[Connection]:
    with Store(tmp_path / "golden_next.duckdb").writing() as connection:
        begin_layer(connection, "normalised")
        for name, values in ROWS:
            connection.execute(f"INSERT INTO normalised.{name} VALUES ({values})")
        yield connection


def fingerprints(con: Connection) -> dict[str, tuple[str, str]]:
    """Write all fingerprints anew and return ``(evidence, content)`` by record."""
    con.execute("DELETE FROM normalised.fingerprint")
    write_fingerprints(con)
    rows = con.execute("FROM normalised.fingerprint").fetchall()
    assert len(rows) == len({key for key, _, _ in rows})
    return {key: (evidence, content) for key, evidence, content in rows}


def test_every_record_has_two_hashes_of_16_digits(con: Connection) -> None:
    found = fingerprints(con)
    assert set(found) == {KEY, "core.customer:2"}
    assert len({digits for pair in found.values() for digits in pair}) == 4
    assert all(len(digits) == 16 for pair in found.values() for digits in pair)


def test_the_hashes_do_not_move_between_editions(con: Connection) -> None:
    # stewards' decisions are bound to them: with other hashes all would be asked again
    evidence = hashlib.md5(b"record;4:core6:person").digest()[:8][::-1].hex()
    assert fingerprints(con)["core.customer:2"][0] == evidence


@pytest.mark.parametrize("change", EVIDENCE)
def test_evidence_that_changes_changes_both(con: Connection, change: str) -> None:
    before = fingerprints(con)[KEY]
    con.execute(change.format("normalised"))
    evidence, content = fingerprints(con)[KEY]
    assert evidence != before[0]
    assert content != before[1]


@pytest.mark.parametrize("change", CONTENT)
def test_the_rest_changes_only_the_content(con: Connection, change: str) -> None:
    before = fingerprints(con)[KEY]
    con.execute(change.format("normalised"))
    evidence, content = fingerprints(con)[KEY]
    assert evidence == before[0]
    assert content != before[1]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE normalised.record SET row_hash = 'other'",
        "DELETE FROM normalised.defect",
        "CREATE OR REPLACE TABLE normalised.name AS FROM normalised.name ORDER BY ordinal DESC",
        "DELETE FROM normalised.record WHERE source_pk = '2'",
    ],
    ids=["unmapped-column", "defect", "order-of-rows", "another-record"],
)
def test_what_says_nothing_of_the_record_changes_nothing(con: Connection, change: str) -> None:
    before = fingerprints(con)[KEY]
    con.execute(change)
    assert fingerprints(con)[KEY] == before


def test_a_few_records_get_the_same_as_all(con: Connection) -> None:
    whole = fingerprints(con)
    con.execute("DELETE FROM normalised.fingerprint")
    con.execute(f"CREATE TEMP TABLE few AS SELECT '{KEY}' AS record_key")
    assert write_fingerprints(con, "few") == 1
    assert con.execute("FROM normalised.fingerprint").fetchall() == [(KEY, *whole[KEY])]
