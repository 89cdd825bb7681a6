from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from examples.bank.score import Scores, score

# Three people: A has three records, B two (its twin), C one.
RECORDS = [("r1", "A"), ("r2", "A"), ("r3", "A"), ("r4", "B"), ("r5", "B"), ("r6", "C")]
PEOPLE = [
    ("A", "王一", "110101199001010011"),
    ("B", "王二", "110101199001010038"),
    ("C", "李三", "110101198001010015"),
]


@pytest.fixture
def truth_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "truth"
    folder.mkdir()
    records = ", ".join(f"('{key}', '{entity}')" for key, entity in RECORDS)
    people = ", ".join(
        f"('{entity}', '{name}', 'male', DATE '1990-01-01', 'resident_id', '{number}', '+861', "
        "NULL::VARCHAR, '北京市', '海淀区')"
        for entity, name, number in PEOPLE
    )
    tables = {
        "record": f"FROM (VALUES {records}) t(record_key, entity_id)",
        "person": f"""FROM (VALUES {people}) t(entity_id, full_name, sex, birth_date, id_class,
                      id_number, mobile, email, city, district)""",
        "organisation": """SELECT '' AS entity_id, '' AS full_name, '' AS uscc, '' AS mobile,
                           '' AS city, '' AS district, DATE '2000-01-01' AS registered_on
                           WHERE false""",
        "hard_case": """FROM (VALUES ('twins', 'apart', 'A', 'B'),
                                     ('former_name', 'together', 'r1', 'r2'))
                        t(kind, expected, left_key, right_key)""",
    }
    with duckdb.connect() as connection:
        for name, values in tables.items():
            connection.execute(f"COPY ({values}) TO '{folder / name}.parquet'")
    return folder


def _score(
    tmp_path: Path, truth_folder: Path, clusters: dict[str, str], name: str = "王一"
) -> Scores:
    golden = tmp_path / "golden.duckdb"
    xref = ", ".join(f"('{key}', '{customer}')" for key, customer in clusters.items())
    with duckdb.connect(str(golden)) as connection:
        connection.execute(
            f"CREATE TABLE customer_xref AS FROM (VALUES {xref}) t(record_key, customer_id)"
        )
        connection.execute(
            f"""CREATE TABLE customer AS SELECT DISTINCT customer_id, '{name}' AS full_name,
                'male' AS sex, DATE '1990-01-01' AS birth_date, NULL::VARCHAR AS id_number,
                '+861' AS mobile, NULL::VARCHAR AS email, '北京市' AS city,
                '海淀区' AS district, NULL::DATE AS registered_on FROM customer_xref"""
        )
        # Of each customer but z some record states the true name, whatever was chosen.
        connection.execute(
            """CREATE TABLE customer_provenance AS
               SELECT DISTINCT customer_id, 'full_name' AS attribute,
                   CASE customer_id WHEN 'x' THEN '王一' ELSE '王二' END AS value
               FROM customer_xref WHERE customer_id <> 'z'"""
        )
    return score(golden, truth_folder)


PERFECT = {"r1": "x", "r2": "x", "r3": "x", "r4": "y", "r5": "y", "r6": "z"}


def test_perfect(tmp_path: Path, truth_folder: Path) -> None:
    found = _score(tmp_path, truth_folder, PERFECT)
    assert (found.precision, found.recall, found.f1) == (1, 1, 1)
    assert (found.b3_precision, found.b3_recall, found.b3_f1) == (1, 1, 1)
    assert (found.over_merged, found.split, found.veto_breaches) == (0, 0, 0)
    assert (found.records, found.linked, found.customers, found.entities) == (6, 6, 3, 3)
    assert [(case.kind, case.cases, case.right) for case in found.cases] == [
        ("former_name", 1, 1),
        ("twins", 1, 1),
    ]


def test_over_merged(tmp_path: Path, truth_folder: Path) -> None:
    """A and B in one customer of five: 10 pairs, 4 of them right."""
    found = _score(tmp_path, truth_folder, {**PERFECT, "r4": "x", "r5": "x"})
    assert found.precision == pytest.approx(4 / 10)
    assert found.recall == 1
    assert found.b3_precision == pytest.approx((9 / 5 + 4 / 5 + 1) / 6)
    assert (found.over_merged, found.split, found.veto_breaches) == (1, 0, 1)
    assert {case.kind: case.accuracy for case in found.cases} == {"former_name": 1, "twins": 0}


def test_under_merged(tmp_path: Path, truth_folder: Path) -> None:
    """A in two customers: of 4 true pairs, 2 are found."""
    found = _score(tmp_path, truth_folder, {**PERFECT, "r1": "w"})
    assert found.precision == 1
    assert found.recall == pytest.approx(2 / 4)
    assert found.b3_recall == pytest.approx((1 / 3 + 4 / 3 + 2 + 1) / 6)
    assert (found.over_merged, found.split) == (0, 1)
    assert {case.kind: case.accuracy for case in found.cases} == {"former_name": 0, "twins": 1}


def test_records_that_are_not_linked_cost_recall(tmp_path: Path, truth_folder: Path) -> None:
    clusters = {key: customer for key, customer in PERFECT.items() if key != "r1"}
    found = _score(tmp_path, truth_folder, clusters)
    assert (found.records, found.linked, found.customers) == (6, 5, 3)
    assert found.recall == pytest.approx(2 / 4)
    assert [case.kind for case in found.cases] == ["former_name", "twins"]


def test_attributes_are_compared_with_the_entity_behind_most_records(
    tmp_path: Path, truth_folder: Path
) -> None:
    found = {item.attribute: item for item in _score(tmp_path, truth_folder, PERFECT).attributes}
    assert (found["full_name"].filled, found["full_name"].right) == (3, 1)
    assert (found["full_name"].known, found["full_name"].chosen) == (2, 1)
    assert found["full_name"].choice == 0.5
    assert found["id_number"].coverage == 0
    assert (found["birth_date"].customers, found["birth_date"].accuracy) == (3, 1)
    assert found["registered_on"].customers == 0
