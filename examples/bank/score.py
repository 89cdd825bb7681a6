"""Compare a published golden file with what really is.

Everything is counted from the cells of one table, customer × entity, so that no pair is ever
written down: with ``n`` records in a cell, ``n(n-1)/2`` of its pairs are right.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb


@dataclass(frozen=True, slots=True)
class CaseScore:
    """How one kind of look-alike came out: ``right`` of ``cases`` ended as they should."""

    kind: str
    expected: str
    cases: int
    right: int

    @property
    def accuracy(self) -> float:
        """Share of cases that ended right; 1 where there are none."""
        return self.right / self.cases if self.cases else 1.0


@dataclass(frozen=True, slots=True)
class AttributeScore:
    """How one golden attribute came out: ``right`` of ``filled`` values, ``customers`` in all.

    ``known``: customers of whom some record states the true value; ``chosen``: those of them in
    which it survived. Only these measure survivorship: nobody can choose what no source says.
    """

    attribute: str
    customers: int
    filled: int
    right: int
    known: int
    chosen: int

    @property
    def accuracy(self) -> float:
        """Share of filled values that are true."""
        return self.right / self.filled if self.filled else 1.0

    @property
    def choice(self) -> float:
        """Share of the customers with the truth among their values that have it as golden value."""
        return self.chosen / self.known if self.known else 1.0

    @property
    def coverage(self) -> float:
        """Share of customers that have a value."""
        return self.filled / self.customers if self.customers else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """How well records were brought together.

    Pairs are pairs of live source records; a record that is not linked counts as a customer of
    its own. ``over_merged``: customers that hold two entities; ``split``: entities that stand in
    two customers; ``veto_breaches``: customers that hold two true numbers of one lifelong class.
    """

    records: int
    linked: int
    customers: int
    entities: int
    precision: float
    recall: float
    b3_precision: float
    b3_recall: float
    over_merged: int
    split: int
    veto_breaches: int
    cases: tuple[CaseScore, ...]
    attributes: tuple[AttributeScore, ...]

    @property
    def f1(self) -> float:
        """Harmonic mean of pairwise precision and recall."""
        return _harmonic(self.precision, self.recall)

    @property
    def b3_f1(self) -> float:
        """Harmonic mean of B³ precision and recall (Bagga and Baldwin 1998)."""
        return _harmonic(self.b3_precision, self.b3_recall)


def score(golden_db: Path, truth_dir: Path) -> Scores:
    """Return how the published file ``golden_db`` compares with the truth in ``truth_dir``."""
    with _opened(golden_db, truth_dir) as connection:
        connection.execute(_CELLS)
        counted = connection.execute(_COUNTS)
        names = [column[0] for column in counted.description]
        counts = dict(zip(names, counted.fetchall()[0], strict=True))
        cases = connection.execute(_CASES).fetchall()
        attributes = connection.execute(_attributes()).fetchall()
    return Scores(
        **counts,
        cases=tuple(CaseScore(*row) for row in cases),
        attributes=tuple(AttributeScore(*row) for row in attributes),
    )


def _harmonic(a: float, b: float) -> float:
    return 2 * a * b / (a + b) if a + b else 0.0


@contextmanager
def _opened(golden_db: Path, truth_dir: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection with the golden file as ``g`` and the truth's tables as views."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {_text(golden_db)} AS g (READ_ONLY)")
        for name in ("record", "person", "organisation", "hard_case"):
            path = _text(truth_dir / f"{name}.parquet")
            connection.execute(f"CREATE VIEW true_{name} AS SELECT * FROM read_parquet({path})")
        yield connection


def _text(value: Any) -> str:
    return "'" + str(value).replace("'", "''") + "'"


# One row per customer and entity; a record that is not linked stands alone.
_CELLS = """
CREATE TABLE linked AS
SELECT t.record_key, t.entity_id, coalesce(x.customer_id, 'alone ' || t.record_key) AS customer_id,
       x.customer_id IS NOT NULL AS is_linked
FROM true_record t LEFT JOIN g.customer_xref x USING (record_key);

CREATE TABLE cell AS
SELECT customer_id, entity_id, count(*) AS n, bool_or(is_linked) AS is_linked
FROM linked GROUP BY ALL;

CREATE TABLE lifelong AS
SELECT entity_id, id_class, id_number AS value FROM true_person
WHERE id_class IN ('resident_id', 'hkmo_permit', 'tw_permit')
UNION ALL SELECT entity_id, 'uscc', uscc FROM true_organisation;
"""

_COUNTS = """
WITH
customers AS (SELECT customer_id, sum(n) AS n, count(*) AS entities FROM cell GROUP BY ALL),
entities AS (SELECT entity_id, sum(n) AS n, count(*) AS customers FROM cell GROUP BY ALL),
pairs AS (
  SELECT (SELECT sum(n * (n - 1)) FROM cell) AS agreed,
         (SELECT sum(n * (n - 1)) FROM customers) AS joined,
         (SELECT sum(n * (n - 1)) FROM entities) AS same
),
b3 AS (
  SELECT sum(cell.n * cell.n / customers.n) / sum(cell.n) AS p,
         sum(cell.n * cell.n / entities.n) / sum(cell.n) AS r
  FROM cell JOIN customers USING (customer_id) JOIN entities USING (entity_id)
),
breaches AS (
  SELECT count(*) AS n FROM (
    SELECT customer_id FROM cell JOIN lifelong USING (entity_id)
    GROUP BY customer_id, id_class HAVING count(DISTINCT value) > 1
  )
)
SELECT (SELECT count(*) FROM linked) AS records,
       (SELECT count(*) FROM linked WHERE is_linked) AS linked,
       (SELECT count(DISTINCT customer_id) FROM cell WHERE is_linked) AS customers,
       (SELECT count(*) FROM entities) AS entities,
       coalesce(agreed / nullif(joined, 0), 1.0)::DOUBLE AS precision,
       coalesce(agreed / nullif(same, 0), 1.0)::DOUBLE AS recall,
       coalesce(b3.p, 1.0)::DOUBLE AS b3_precision,
       coalesce(b3.r, 1.0)::DOUBLE AS b3_recall,
       (SELECT count(*) FROM customers WHERE entities > 1) AS over_merged,
       (SELECT count(*) FROM entities WHERE customers > 1) AS split,
       breaches.n AS veto_breaches
FROM pairs, b3, breaches
"""

_CASES = """
WITH
apart AS (
  SELECT c.kind, c.expected, count(r.entity_id) = 0 AS ok
  FROM (SELECT DISTINCT * FROM true_hard_case WHERE expected = 'apart') c
  JOIN cell l ON l.entity_id = c.left_key
  LEFT JOIN cell r ON r.entity_id = c.right_key AND r.customer_id = l.customer_id
  WHERE EXISTS (FROM cell WHERE cell.entity_id = c.right_key)
  GROUP BY c.kind, c.expected, c.left_key, c.right_key
),
together AS (
  SELECT c.kind, c.expected, l.customer_id = r.customer_id AS ok
  FROM true_hard_case c
  JOIN linked l ON l.record_key = c.left_key JOIN linked r ON r.record_key = c.right_key
  WHERE c.expected = 'together'
)
SELECT kind, expected, count(*), count(*) FILTER (ok)
FROM (FROM apart UNION ALL FROM together) GROUP BY ALL ORDER BY ALL
"""

# Golden column → SQL for its true value, of persons (p) and organisations (o).
_TRUE = {
    "full_name": "coalesce(p.full_name, o.full_name)",
    "sex": "p.sex",
    "birth_date": "p.birth_date",
    "id_number": "coalesce(p.id_number, o.uscc)",
    "mobile": "coalesce(p.mobile, o.mobile)",
    "email": "p.email",
    "city": "coalesce(p.city, o.city)",
    "district": "coalesce(p.district, o.district)",
    "registered_on": "o.registered_on",
}
_PERSONS_ONLY = frozenset({"sex", "birth_date", "email"})
_ORGANISATIONS_ONLY = frozenset({"registered_on"})


def _attributes() -> str:
    """SQL for one row per attribute; a customer is measured by the entity most of it belongs to."""
    rows = [
        f"""SELECT {_text(name)} AS attribute, count(*), count(value),
                   count(*) FILTER (coalesce(value = truth, false)),
                   count(*) FILTER (stated), count(*) FILTER (stated AND value = truth)
            FROM (
                SELECT lower(c."{name}"::VARCHAR) AS value, lower(({truth})::VARCHAR) AS truth,
                    EXISTS (FROM g.customer_provenance v
                            WHERE v.customer_id = c.customer_id AND v.attribute = {_text(name)}
                                AND lower(v.value) = lower(({truth})::VARCHAR)) AS stated
                FROM g.customer c JOIN owner USING (customer_id)
                LEFT JOIN true_person p USING (entity_id)
                LEFT JOIN true_organisation o USING (entity_id)
                WHERE {_population(name)})"""
        for name, truth in _TRUE.items()
    ]
    return (
        "WITH owner AS (SELECT customer_id, arg_max(entity_id, (n, entity_id)) AS entity_id "
        f"FROM cell WHERE is_linked GROUP BY customer_id) {' UNION ALL '.join(rows)}"
    )


def _population(name: str) -> str:
    if name in _PERSONS_ONLY:
        return "p.full_name IS NOT NULL"
    return "o.full_name IS NOT NULL" if name in _ORGANISATIONS_ONLY else "true"
