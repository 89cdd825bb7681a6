"""A small candidate in which everything is right, so that each test can break one thing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import duckdb
import pytest

from models.source import SourceConfig
from models.tables import all_tables
from models.tables.landed import OBJECT_LOAD, REJECTED
from quality.checks import Suite
from quality.gate import decide
from quality.previous import take_previous
from quality.runner import run_suites
from quality.suites import applicable, load_suites
from warehouse.sql import create_statement

# Person i: born on a day that its number repeats, a name and phone that no report may show.
_PEOPLE = """
    CREATE TEMP TABLE person AS
    SELECT i, 'G' || lpad(i::VARCHAR, 9, '0') AS customer_id,
           '欧阳' || chr(20013 + (i % 5000)::INTEGER) || i AS name,
           DATE '1950-01-01' + (i % 18000)::INTEGER AS birth_date,
           '110101' || strftime(birth_date, '%Y%m%d') || lpad((i // 18000)::VARCHAR, 3, '0')
             || (i % 10) AS id_number,
           CASE WHEN (i // 18000) % 2 = 1 THEN 'male' ELSE 'female' END AS sex,
           '+861380' || lpad(i::VARCHAR, 7, '0') AS mobile,
           'person' || i || '@example.com' AS email,
           TIMESTAMP '2026-11-01 08:00:00' + to_seconds(i % 86400) AS updated_at
    FROM range(1, {people} + 1) t(i)
"""
_RECORDS = """
    CREATE TEMP TABLE record AS
    SELECT *, 'core' AS source, 'customer' AS object, 'C' || i AS pk, 'core.customer:C' || i AS key
    FROM person
    UNION ALL
    SELECT *, 'crm', 'contact', 'K' || i, 'crm.contact:K' || i FROM person WHERE i % 2 = 0
"""
_FILL = (
    """CREATE TABLE landed.core__customer AS
       SELECT name AS "CUST_NM", id_number AS "CERT_NO", mobile AS "MOB", pk AS _pk,
              md5(pk) AS _hash FROM record WHERE source = 'core'""",
    """CREATE TABLE landed.core__account AS
       SELECT 'A' || i AS "ACCT_NO", pk AS "CUST_NO", 'A' || i AS _pk, md5(pk) AS _hash
       FROM record WHERE source = 'core'""",
    """CREATE TABLE landed.crm__contact AS
       SELECT name AS "name", mobile AS "mobile", pk AS _pk, md5(pk) AS _hash
       FROM record WHERE source = 'crm'
       UNION ALL SELECT '某某', NULL, 'BAD', md5('BAD')""",
    """INSERT INTO landed.object_load BY NAME
       SELECT source, object, 1 AS runs, live + 3 AS rows_read, live AS rows_live,
              2 AS rows_superseded, 0 AS rows_deleted, 1 AS rows_duplicate, 0 AS rows_rejected,
              0 AS keys_missing, '20261123T000000.000000Z' AS last_run_id,
              TIMESTAMP '2026-11-23 00:00:00' AS extracted_at
       FROM (SELECT 'core' AS source, 'customer' AS object, count(*) AS live
             FROM landed.core__customer
             UNION ALL SELECT 'core', 'account', count(*) FROM landed.core__account
             UNION ALL SELECT 'crm', 'contact', count(*) FROM landed.crm__contact)""",
    """INSERT INTO landed.object_load BY NAME
       SELECT 'web' AS source, 'visitor' AS object, 0 AS runs, 0 AS rows_read, 0 AS rows_live""",
    """INSERT INTO normalised.record BY NAME
       SELECT key AS record_key, source, object, pk AS source_pk, 'person' AS party_type,
              updated_at, md5(pk) AS row_hash FROM record""",
    """INSERT INTO normalised.quarantine VALUES
       ('crm', 'contact', 'BAD', md5('BAD'), NULL, 'no_identity', 'The row has no identity.')""",
    """INSERT INTO normalised.defect
       SELECT key, source, object, 'MOB', 'phone_invalid' FROM record WHERE i % 50 = 0""",
    """INSERT INTO normalised.name BY NAME
       SELECT key AS record_key, 0 AS ordinal, 'legal' AS kind, name AS value, 'han' AS script,
              'ok' AS status FROM record""",
    """INSERT INTO normalised.identifier BY NAME
       SELECT key AS record_key, 0 AS ordinal, 'resident_id' AS id_class, id_number AS value,
              'CN' AS country, 'valid' AS status, birth_date, sex FROM record""",
    """INSERT INTO normalised.contact BY NAME
       SELECT key AS record_key, 0 AS ordinal, 'mobile' AS kind, mobile AS value,
              'valid' AS status FROM record""",
    """INSERT INTO normalised.attribute
       SELECT key, 'birth_date', birth_date::VARCHAR FROM record""",
    """INSERT INTO normalised.column_use VALUES
       ('core', 'customer', 'CUST_NM', 'mapped', 'name.full', 10),
       ('core', 'customer', 'CERT_NO', 'mapped', 'identifier.number', 10),
       ('core', 'customer', 'MOB', 'mapped', 'contact.mobile', 10),
       ('core', 'account', 'ACCT_NO', 'mapped', 'account.number', 10),
       ('core', 'account', 'CUST_NO', 'mapped', 'record of customer', 10),
       ('crm', 'contact', 'name', 'mapped', 'name.full', 10),
       ('crm', 'contact', 'mobile', 'mapped', 'contact.mobile', 10)""",
    """INSERT INTO matched.pair
       SELECT 'core.customer:C' || i, 'crm.contact:K' || i, 'match', 'same_number_and_name',
              'A number and a name agree.', '{}', 0.99 FROM person WHERE i % 2 = 0""",
    """INSERT INTO matched.pair
       SELECT 'core.customer:C' || i, 'core.customer:C' || (i + 1), 'veto', 'two_numbers',
              'Two valid numbers of one class.', '{}', 0 FROM person WHERE i % 7 = 1 AND i < 9""",
    """INSERT INTO matched.review
       SELECT 'core.customer:C10', 'core.customer:C11', 'name_and_birth', 'No number.', 0.7""",
    """INSERT INTO matched.cluster SELECT key, 'core.customer:C' || i FROM record""",
    """INSERT INTO matched.identity SELECT key, customer_id FROM record""",
    """INSERT INTO matched.basis VALUES (NULL, NULL, 0)""",
    """INSERT INTO matched.blocking BY NAME SELECT 'number' AS rule, 100 AS blocks, 2 AS biggest,
       100 AS pairs, 100 AS new_pairs, 0 AS split""",
    """INSERT INTO golden.customer BY NAME
       SELECT customer_id, 'person' AS party_type, name AS full_name, sex, birth_date,
              'resident_id' AS id_class, id_number, mobile, email,
              CASE WHEN i % 2 = 0 THEN 2 ELSE 1 END AS record_count,
              CASE WHEN i % 2 = 0 THEN 2 ELSE 1 END AS source_count,
              false AS review_pending, updated_at FROM person""",
    """INSERT INTO golden.customer_identifier BY NAME
       SELECT customer_id, 'resident_id' AS id_class, id_number AS value, 'CN' AS country,
              'valid' AS status, true AS is_best, 1 AS record_count FROM person""",
    """INSERT INTO golden.customer_xref
       SELECT source, object, pk, customer_id, key, updated_at, md5(key)[:16] FROM record""",
    """INSERT INTO golden.customer_provenance BY NAME
       SELECT customer_id, attribute, value, true AS won, 'core.customer:C' || i AS record_key,
              'core' AS source, 'trust' AS rule FROM (
         UNPIVOT (SELECT i, customer_id, 'person' AS party_type, name AS full_name, sex,
                         birth_date::VARCHAR AS birth_date, 'resident_id' AS id_class,
                         id_number, mobile, email FROM person)
         ON party_type, full_name, sex, birth_date, id_class, id_number, mobile, email
         INTO NAME attribute VALUE value)""",
)

SOURCES = (
    SourceConfig.model_validate(
        {
            "name": "core",
            "title": {"en": "Core banking", "zh": "核心系统"},
            "connector": "sql",
            "owner": "core-team",
            "objects": {
                "customer": {
                    "read": {},
                    "mapping": {
                        "party": "person",
                        "names": [{"full": "CUST_NM"}],
                        "identifiers": [{"number": "CERT_NO"}],
                        "contacts": [{"mobile": "MOB"}],
                    },
                },
                "account": {
                    "read": {},
                    "mapping": {
                        "belongs_to": {"object": "customer", "key": "CUST_NO"},
                        "accounts": [{"number": "ACCT_NO"}],
                    },
                },
            },
        }
    ),
    SourceConfig.model_validate(
        {
            "name": "crm",
            "connector": "rest",
            "owner": "sales-team",
            "objects": {
                "contact": {
                    "read": {},
                    "mapping": {
                        "party": "person",
                        "names": [{"full": "name"}],
                        "contacts": [{"mobile": "mobile"}],
                    },
                }
            },
        }
    ),
    SourceConfig.model_validate(
        {
            "name": "web",
            "connector": "jsonl",
            "objects": {
                "visitor": {
                    "read": {},
                    "mapping": {"party": "person", "names": [{"full": "name"}]},
                }
            },
        }
    ),
)


def make_candidate(file: Path, people: int) -> Path:
    """Write a working file with every layer filled and nothing wrong."""
    with duckdb.connect(str(file)) as connection:
        for schema in ("landed", "normalised", "matched", "golden", "quality"):
            connection.execute(f"CREATE SCHEMA {schema}")
        for table in (OBJECT_LOAD, REJECTED, *all_tables()):
            connection.execute(create_statement(table))
        for statement in (_PEOPLE.format(people=people), _RECORDS, *_FILL):
            connection.execute(statement)
    return file


@pytest.fixture(scope="session")
def sources() -> tuple[SourceConfig, ...]:
    return SOURCES


@pytest.fixture(scope="session")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A working file of 200 customers in which every check passes, as bytes."""
    return make_candidate(tmp_path_factory.mktemp("good") / "work.duckdb", 200).read_bytes()


@pytest.fixture
def candidate(tmp_path: Path, good: bytes) -> Path:
    """A working file of 200 customers in which every check passes."""
    file = tmp_path / "work.duckdb"
    file.write_bytes(good)
    return file


@pytest.fixture
def change(candidate: Path) -> Callable[..., None]:
    """Run statements in the candidate."""

    def run(*statements: str) -> None:
        with duckdb.connect(str(candidate)) as connection:
            for statement in statements:
                connection.execute(statement)

    return run


@pytest.fixture(scope="session")
def suites(tmp_path_factory: pytest.TempPathFactory, good: bytes) -> tuple[Suite, ...]:
    """The default suites, narrowed to the candidate."""
    file = tmp_path_factory.mktemp("suites") / "work.duckdb"
    file.write_bytes(good)
    with duckdb.connect(str(file)) as connection:
        take_previous(connection, None)
        return applicable(load_suites(None, SOURCES), connection)


@pytest.fixture
def outcomes(candidate: Path) -> Callable[[Sequence[Suite]], dict[str, str]]:
    """Run suites over the candidate; return outcome by check id."""

    def run(chosen: Sequence[Suite]) -> dict[str, str]:
        return {item.check_id: item.outcome for item in run_suites(candidate, chosen)}

    return run


@pytest.fixture
def blocking(candidate: Path) -> Callable[[Sequence[Suite]], tuple[str, ...]]:
    """Run suites over the candidate; return what holds it."""

    def run(chosen: Sequence[Suite]) -> tuple[str, ...]:
        return decide(run_suites(candidate, chosen), chosen, "digest", "run").blocking

    return run
