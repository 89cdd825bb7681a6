"""The bank as one flat table, for matchers that read one: one row per party record.

Made from ``normalised.*``, so the rivals get names folded, numbers checked and addresses taken
apart; where a record has several values, the first usable one stands.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from benchmarks.matching.sets import ID, DataSet

_FLAT = """
    WITH
    name AS (
        SELECT record_key,
            first(value ORDER BY ordinal) FILTER (kind = 'legal') AS name,
            first(fold_key ORDER BY ordinal) FILTER (kind = 'legal') AS folded_name,
            first(sound_key ORDER BY ordinal) AS sound,
            first(family ORDER BY ordinal) FILTER (kind = 'legal') AS family_name,
            first(given ORDER BY ordinal) FILTER (kind = 'legal') AS given_name,
            first(value ORDER BY ordinal) FILTER (kind = 'latin') AS latin_name,
            first(value ORDER BY ordinal) FILTER (kind = 'former') AS former_name,
            first(org_core ORDER BY ordinal) AS company_core,
            first(org_region ORDER BY ordinal) AS company_region
        FROM bank.normalised.name WHERE status <> 'placeholder' GROUP BY ALL),
    number AS (
        SELECT record_key,
            first(value ORDER BY ordinal) FILTER (id_class NOT IN ('uscc', 'org_code'))
                AS id_number,
            first(value ORDER BY ordinal) FILTER (id_class = 'uscc') AS uscc,
            first(value ORDER BY ordinal) FILTER (id_class = 'org_code') AS org_code
        FROM bank.normalised.identifier
        WHERE status IN ('valid', 'unchecked', 'invalid') GROUP BY ALL),
    contact AS (
        SELECT record_key,
            first(value ORDER BY ordinal) FILTER (kind = 'mobile') AS mobile,
            first(value ORDER BY ordinal) FILTER (kind = 'landline') AS landline,
            first(value ORDER BY ordinal) FILTER (kind = 'email') AS email
        FROM bank.normalised.contact WHERE status = 'valid' GROUP BY ALL),
    address AS (
        SELECT record_key, first(province ORDER BY ordinal) AS province,
            first(city ORDER BY ordinal) AS city, first(district ORDER BY ordinal) AS district,
            first(address_key ORDER BY ordinal) AS address
        FROM bank.normalised.address GROUP BY ALL),
    fact AS (
        SELECT record_key, first(value) FILTER (attribute = 'birth_date') AS birth_date,
            first(value) FILTER (attribute = 'sex') AS sex
        FROM bank.normalised.attribute GROUP BY ALL)
    SELECT row_number() OVER (ORDER BY md5(record_key), record_key) AS {id}, record_key,
        source, party_type, * EXCLUDE (record_key, source, party_type)
    FROM (SELECT record_key, source, party_type FROM bank.normalised.record)
    LEFT JOIN name USING (record_key) LEFT JOIN number USING (record_key)
    LEFT JOIN contact USING (record_key) LEFT JOIN address USING (record_key)
    LEFT JOIN fact USING (record_key)"""
_WHO = {
    "everybody": "true",
    "people": "party_type = 'person'",
    "companies": "party_type = 'organisation'",
}


def flat_tables(working: Path, folder: Path) -> dict[str, DataSet]:
    """Write the flat tables of everybody, of people and of companies, with their truth."""
    truth = folder / "bank" / "truth" / "record.parquet"
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{working}' AS bank (READ_ONLY)")
        connection.execute(f"CREATE TABLE flat AS {_FLAT.format(id=ID)}")
        return {name: _written(connection, folder.name, name, truth) for name in _WHO}


def _written(connection: duckdb.DuckDBPyConnection, bank: str, name: str, truth: Path) -> DataSet:
    data = DataSet(f"{bank}_{name}", "", "", ())
    data.truth_file.parent.mkdir(parents=True, exist_ok=True)
    true = f"(SELECT record_key, entity_id FROM '{truth}')"
    rows = f"FROM flat LEFT JOIN {true} USING (record_key) WHERE {_WHO[name]} ORDER BY {ID}"
    for columns, file in (
        ("flat.* EXCLUDE (record_key)", data.input),
        (f"{ID}, record_key", data.folder / "keys.parquet"),
        (f"{ID}, entity_id AS truth", data.truth_file),
    ):
        connection.execute(f"COPY (SELECT {columns} {rows}) TO '{file}' (FORMAT parquet)")
    return data
