"""The labelled data sets: where they stand, what a matcher may see, and what is true."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
WORK = ROOT / "build" / "benchmarks" / "matching"
ID = "record_id"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One labelled file below ``DATA``.

    ``truth`` is SQL over its rows; ``hidden`` columns are the truth, embed it, or number the rows.
    ``source`` names the column that says which table free of duplicates a row comes from.
    """

    name: str
    file: str
    truth: str
    hidden: tuple[str, ...]
    source: str | None = None

    @property
    def origin(self) -> Path:
        """The labelled file."""
        return DATA / self.file

    @property
    def folder(self) -> Path:
        """Where everything made of this set stands."""
        return WORK / self.name

    @property
    def input(self) -> Path:
        """What matchers read: all columns as text, numbered by ``record_id``."""
        return self.folder / "input.parquet"

    @property
    def truth_file(self) -> Path:
        """``record_id`` and ``truth``, away from the input; for scoring only."""
        return self.folder / "truth" / "truth.parquet"


_FEBRL = "regexp_extract(rec_id, 'rec-([0-9]+)-', 1)"
_RL_HIDDEN = ("record_id", "label_true")

SETS: tuple[DataSet, ...] = (
    DataSet(
        "historical_50k",
        "splink_historical_50k/historical_figures_with_errors_50k.parquet",
        "cluster",
        ("unique_id", "cluster"),
    ),
    DataSet(
        "ncvr",
        "ncvr_5party_25k/ncvr_5party_ocp20.csv",
        "recid",
        ("record_id", "recid"),
        source="party",
    ),
    DataSet(
        "pseudopeople_w2",
        "pseudopeople_w2/taxes_w2_and_1099_2024_2030.parquet",
        "simulant_id",
        ("record_id", "simulant_id", "household_id", "employer_id"),
    ),
    DataSet("febrl1", "febrl/dataset1.csv", _FEBRL, ("rec_id",)),
    DataSet("febrl2", "febrl/dataset2.csv", _FEBRL, ("rec_id",)),
    DataSet("febrl3", "febrl/dataset3.csv", _FEBRL, ("rec_id",)),
    DataSet("fake_1000", "splink_fake_1000/fake_1000.csv", "cluster", ("unique_id", "cluster")),
    DataSet("rldata500", "rldata/RLdata500.csv", "label_true", _RL_HIDDEN),
    DataSet("rldata10000", "rldata/RLdata10000.csv", "label_true", _RL_HIDDEN),
    DataSet(
        "wikidata_companies",
        "wikidata_companies_aliases/companies.csv",
        "entity_id",
        ("record_id", "entity_id", "kind"),
    ),
)


def prepare(data: DataSet) -> int:
    """Write the input and the truth of a set, and return how many records it has.

    Rows are numbered in an order that depends on nothing but their old place and this file, so
    that neither place nor number tells who is whom. Texts are trimmed, an empty one is NULL.
    """
    data.truth_file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        _read(connection, data.origin)
        names = [name for name, *_ in connection.execute("DESCRIBE origin").fetchall()]
        trimmed = [
            f"nullif(trim({_quoted(name)}::VARCHAR), '') AS {_quoted(name.strip())}"
            for name in names
        ]
        shown = [_quoted(name.strip()) for name in names if name.strip() not in data.hidden]
        table = connection.execute(f"""
            SELECT row_number() OVER (ORDER BY md5('shuffled ' || file_row), file_row) AS {ID},
                {data.truth} AS truth, {", ".join(shown)}
            FROM (SELECT row_number() OVER () AS file_row, {", ".join(trimmed)} FROM origin)
            ORDER BY {ID}""").to_arrow_table()
    pq.write_table(table.drop_columns(["truth"]), data.input)
    pq.write_table(table.select([ID, "truth"]), data.truth_file)
    return int(table.num_rows)


def truth(data: DataSet) -> pa.Table:
    """Return ``record_id`` and ``truth`` of a prepared set, by number."""
    table: pa.Table = pq.read_table(data.truth_file)
    return table


def _read(connection: duckdb.DuckDBPyConnection, file: Path) -> None:
    connection.execute("SET preserve_insertion_order = true")
    if file.suffix == ".csv":
        source = "read_csv($file, all_varchar = true, header = true)"
    else:
        source = "read_parquet($file)"
    connection.execute(f"CREATE TABLE origin AS SELECT * FROM {source}", {"file": str(file)})


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
