"""The defaults on labelled Western data: what is joined must be right, and enough is joined.

The truth is read after matching, for scoring only.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from matching.config import load_matching
from matching.flow import match
from models.fields.names import normalise_name_parts
from models.tables import table
from warehouse.store import Connection, begin_layer, insert

LABELLED = Path(__file__).parents[2] / ".." / "shared" / "data"
DATA = LABELLED.as_posix()
pytestmark = [
    pytest.mark.labelled,
    pytest.mark.skipif(not LABELLED.is_dir(), reason="needs the labelled data in ../shared/data"),
]


@dataclass(frozen=True)
class Labelled:
    """One data set: how its rows are read, and the floors for pairs' precision and recall."""

    rows: str
    precision: float
    recall: float


SETS = {
    "febrl3": Labelled(
        f"""SELECT trim(rec_id) AS id, regexp_extract(rec_id, 'rec-([0-9]+)-', 1) AS truth,
            trim(surname) AS family, trim(given_name) AS given,
            strftime(try_strptime(trim(date_of_birth), '%Y%m%d'), '%Y-%m-%d') AS birth_date,
            trim(soc_sec_id) AS number, NULL::VARCHAR AS email, lower(trim(suburb)) AS city,
            trim(postcode) AS postcode,
            lower(concat_ws(' ', trim(street_number), trim(address_1))) AS street
        FROM read_csv('{DATA}/febrl/dataset3.csv', all_varchar = true, normalize_names = true)
        """,
        precision=0.999,
        recall=0.95,
    ),
    "ncvr": Labelled(
        f"""SELECT record_id AS id, recid AS truth, surname AS family, givenname AS given,
            NULL::VARCHAR AS birth_date, NULL::VARCHAR AS number, NULL::VARCHAR AS email,
            suburb AS city, postcode,
            NULL::VARCHAR AS street
        FROM read_csv('{DATA}/ncvr_5party_25k/ncvr_5party_ocp20.csv', all_varchar = true)""",
        precision=0.998,
        recall=0.67,
    ),
    "fake": Labelled(
        f"""SELECT unique_id AS id, cluster AS truth, surname AS family, first_name AS given,
            dob AS birth_date, NULL::VARCHAR AS number, lower(email) AS email, lower(city) AS city,
            NULL::VARCHAR AS postcode, NULL::VARCHAR AS street
        FROM read_csv('{DATA}/splink_fake_1000/fake_1000.csv', all_varchar = true)""",
        precision=0.999,
        recall=0.165,
    ),
}


@pytest.fixture
def connection() -> Iterator[Connection]:
    with duckdb.connect() as opened:
        yield opened


@pytest.mark.parametrize("labelled", SETS.values(), ids=SETS.keys())
def test_precision_and_recall_hold_their_floors(connection: Connection, labelled: Labelled) -> None:
    normalise(connection, labelled.rows)
    match(connection, load_matching(None))
    right, joined, true = connection.execute("""
        WITH ended AS (SELECT cluster_id, truth FROM matched.cluster JOIN labelled
                       ON record_key = 's.o:' || id),
        pairs AS (SELECT count(*) AS n, 0 AS kind FROM ended GROUP BY cluster_id, truth
            UNION ALL SELECT count(*), 1 FROM ended GROUP BY cluster_id
            UNION ALL SELECT count(*), 2 FROM ended GROUP BY truth)
        SELECT sum(n * (n - 1) / 2) FILTER (kind = 0), sum(n * (n - 1) / 2) FILTER (kind = 1),
               sum(n * (n - 1) / 2) FILTER (kind = 2) FROM pairs""").fetchone() or (0, 0, 0)
    assert right / joined >= labelled.precision
    assert right / true >= labelled.recall


def normalise(connection: Connection, rows: str) -> None:
    """Fill ``normalised.*`` from rows of id, truth, family, given and the facts there are."""
    begin_layer(connection, "normalised")
    connection.execute(f"CREATE TABLE labelled AS {rows}")
    connection.execute("""
        INSERT INTO normalised.record BY NAME
        SELECT 's.o:' || id AS record_key, 'person' AS party_type FROM labelled""")
    connection.execute("""
        INSERT INTO normalised.attribute BY NAME
        SELECT 's.o:' || id AS record_key, 'birth_date' AS attribute, birth_date AS value
        FROM labelled WHERE try_cast(birth_date AS DATE) IS NOT NULL""")
    connection.execute("""
        INSERT INTO normalised.identifier BY NAME
        SELECT 's.o:' || id AS record_key, 0 AS ordinal, 'national_id' AS id_class,
               'AU' AS country, number AS value, 'unchecked' AS status
        FROM labelled WHERE number <> ''""")
    connection.execute("""
        INSERT INTO normalised.contact BY NAME
        SELECT 's.o:' || id AS record_key, 0 AS ordinal, 'email' AS kind, email AS value,
               'valid' AS status
        FROM labelled WHERE email LIKE '%@%'""")
    connection.execute("""
        INSERT INTO normalised.address BY NAME
        SELECT 's.o:' || id AS record_key, 0 AS ordinal, nullif(city, '') AS city,
               nullif(postcode, '') AS postcode, nullif(trim(street), '') AS address_key
        FROM labelled""")
    parts = connection.sql(
        "SELECT 's.o:' || id AS record_key, family, given FROM labelled"
    ).to_arrow_table()
    names = normalise_name_parts(parts["family"], parts["given"]).drop_columns(["rule"])
    names = names.append_column("record_key", parts["record_key"])
    insert(connection, table("normalised", "name"), names.filter(names["fold_key"].is_valid()))
    connection.execute("UPDATE normalised.name SET ordinal = 0, kind = 'legal'")
