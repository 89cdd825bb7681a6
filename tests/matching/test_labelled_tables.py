"""The stand-alone matcher on labelled data, zero-config: floors for pairwise F1.

The truth is read after matching, for scoring only.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from matching.evaluate import score_clusters
from matching.table.reading import read_files
from matching.table.run import match_table

LABELLED = Path(__file__).parents[2] / ".." / "shared" / "data"
DATA = LABELLED.as_posix()
pytestmark = [
    pytest.mark.labelled,
    pytest.mark.skipif(not LABELLED.is_dir(), reason="needs the labelled data in ../shared/data"),
]


@dataclass(frozen=True)
class Labelled:
    """Rows with an ``id`` and a ``truth`` that the matcher never sees, and the floor of F1."""

    rows: str
    f1: float
    source: str | None = None


def _febrl(number: int) -> Labelled:
    return Labelled(
        f"""SELECT row_number() OVER (ORDER BY rec_id) AS id, * EXCLUDE (rec_id),
            regexp_extract(rec_id, 'rec-([0-9]+)-', 1) AS truth
        FROM read_csv('{DATA}/febrl/dataset{number}.csv', all_varchar = true,
                      normalize_names = true)""",
        f1=0.999,
    )


SETS = {
    "historical 50k": Labelled(
        f"""SELECT row_number() OVER (ORDER BY unique_id) AS id, * EXCLUDE (unique_id, cluster),
            cluster AS truth FROM '{DATA}/splink_historical_50k/*.parquet'""",
        f1=0.93,
    ),
    "voters": Labelled(
        f"""SELECT record_id AS id, * EXCLUDE (record_id, recid), recid AS truth
        FROM read_csv('{DATA}/ncvr_5party_25k/ncvr_5party_ocp20.csv', all_varchar = true)""",
        f1=0.985,
        source="party",
    ),
    "tax forms": Labelled(
        f"""SELECT record_id AS id, * EXCLUDE (record_id, simulant_id, household_id, employer_id),
            simulant_id AS truth FROM '{DATA}/pseudopeople_w2/*.parquet'""",
        f1=0.99,
    ),
    "febrl 1": _febrl(1),
    "febrl 2": _febrl(2),
    "febrl 3": _febrl(3),
    "fake 1000": Labelled(
        f"""SELECT unique_id AS id, * EXCLUDE (unique_id, cluster), cluster AS truth
        FROM read_csv('{DATA}/splink_fake_1000/fake_1000.csv', all_varchar = true)""",
        f1=0.965,
    ),
    "rldata 500": Labelled(
        f"""SELECT record_id AS id, * EXCLUDE (record_id, label_true), label_true AS truth
        FROM read_csv('{DATA}/rldata/RLdata500.csv', all_varchar = true)""",
        f1=0.97,
    ),
    "rldata 10000": Labelled(
        f"""SELECT record_id AS id, * EXCLUDE (record_id, label_true), label_true AS truth
        FROM read_csv('{DATA}/rldata/RLdata10000.csv', all_varchar = true)""",
        f1=0.965,
    ),
}


@pytest.mark.parametrize("labelled", SETS.values(), ids=SETS.keys())
def test_f1_holds_its_floor(labelled: Labelled, tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        rows = connection.sql(labelled.rows).to_arrow_table()
    pq.write_table(rows.drop_columns(["truth"]), tmp_path / "rows.parquet")
    matches = match_table(read_files([tmp_path / "rows.parquet"], "id", labelled.source))
    truth = dict(
        zip(rows["id"].cast(pa.string()).to_pylist(), rows["truth"].to_pylist(), strict=True)
    )
    entities = pa.array([str(truth[str(number)]) for number in matches.table.ids.to_pylist()])
    assert score_clusters(pa.array(matches.linked.labels), entities).f1 >= labelled.f1
