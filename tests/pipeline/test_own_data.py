"""Data nobody here made, from ``golden init`` to a published version.

FEBRL's third set (5,000 records of 2,000 Australians), dealt out as two tables that have other
columns, other headers and other date formats. The record's own name (``rec-12-org``) holds the
truth, so it stays out of the tables: a running number is the key.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.project import Project, load_project
from tests.pipeline.conftest import run_flow

FEBRL = Path(__file__).resolve().parents[3] / "shared" / "data" / "febrl" / "dataset3.csv"
pytestmark = [
    pytest.mark.labelled,
    pytest.mark.timeout(240),
    pytest.mark.skipif(not FEBRL.is_file(), reason=f"the labelled data is not there: {FEBRL}"),
]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Deal the records out: odd ones to a web shop, even ones to an insurer."""
    folder = tmp_path_factory.mktemp("own")
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE febrl AS SELECT row_number() OVER () AS id, "
            "regexp_extract(rec_id, 'rec-([0-9]+)', 1) AS truth, * "
            f"FROM read_csv('{FEBRL}', all_varchar=true, normalize_names=true)"
        )
        connection.execute(
            'COPY (SELECT id AS customer_no, given_name AS "First Name", surname AS "Last Name", '
            "date_of_birth AS \"Birth Date\", street_number || ' ' || address_1 AS Address1, "
            "suburb AS City, postcode AS ZIP, state AS State, soc_sec_id AS SSN, "
            "'web' AS channel FROM febrl WHERE id % 2 = 1) "
            f"TO '{folder / 'webshop.csv'}' (HEADER, DELIMITER ';')"
        )
        connection.execute(
            "COPY (SELECT 'P' || id AS policy_id, surname, given_name, "
            "date_of_birth[1:4] || '-' || date_of_birth[5:6] || '-' || date_of_birth[7:8] AS dob, "
            "street_number, address_1, suburb, postcode, state, soc_sec_id "
            f"FROM febrl WHERE id % 2 = 0) TO '{folder / 'policies.csv'}' (HEADER)"
        )
        connection.execute(
            "COPY (SELECT CASE WHEN id % 2 = 1 THEN 'webshop.record:' || id "
            "ELSE 'policies.record:P' || id END AS record_key, truth FROM febrl) "
            f"TO '{folder / 'truth.parquet'}'"
        )
    return folder


@pytest.fixture(scope="module")
def project(tables: Path) -> Project:
    folder = tables / "my-bank"
    files = [str(tables / name) for name in ("webshop.csv", "policies.csv")]
    answer = CliRunner().invoke(app, ["init", str(folder), *files, "--country", "AU"])
    assert answer.exit_code == 0, answer.output
    return run_flow(folder)


def test_the_proposed_mapping_is_read_and_names_what_it_does_not_know(project: Project) -> None:
    text = (project.folder / "sources" / "webshop.yml").read_text(encoding="utf-8")
    assert re.search(r"Columns nobody recognised.*: channel\n", text)
    assert [source.name for source in load_project(project.folder).sources] == [
        "policies",
        "webshop",
    ]


def test_every_record_is_there(project: Project, tables: Path) -> None:
    current = project.versions.current()
    assert current is not None
    with duckdb.connect(str(current.golden_file), read_only=True) as connection:
        (linked,) = connection.execute("SELECT count(*) FROM customer_xref").fetchall()[0]
    with project.store.reading() as connection:
        (held,) = connection.execute(
            "SELECT (SELECT count(*) FROM normalised.quarantine) "
            "+ (SELECT count(*) FROM landed.rejected)"
        ).fetchall()[0]
    assert linked + held == 5000


def test_the_same_people_are_found_over_both_tables(project: Project, tables: Path) -> None:
    current = project.versions.current()
    assert current is not None
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{current.golden_file}' AS golden (READ_ONLY)")
        precision, recall = connection.execute(
            f"""
            WITH linked AS (
                SELECT t.truth, x.customer_id
                FROM read_parquet('{tables / "truth.parquet"}') AS t
                JOIN golden.main.customer_xref AS x USING (record_key)
            ),
            pairs AS (SELECT sum(n * (n - 1)) AS "both" FROM
                      (SELECT count(*) AS n FROM linked GROUP BY truth, customer_id)),
            found AS (SELECT sum(n * (n - 1)) AS n FROM
                      (SELECT count(*) AS n FROM linked GROUP BY customer_id)),
            wanted AS (SELECT sum(n * (n - 1)) AS n FROM
                       (SELECT count(*) AS n FROM linked GROUP BY truth))
            SELECT pairs."both" / found.n, pairs."both" / wanted.n FROM pairs, found, wanted
            """
        ).fetchall()[0]
    assert precision >= 0.999
    assert recall >= 0.7  # the first version of matching: precision first
