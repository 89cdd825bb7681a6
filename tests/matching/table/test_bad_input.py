"""Bad input: a sentence that says what to do, or a bounded, reported result; never a value."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv

from matching.table.reading import read_files
from matching.table.run import TableMatches, match_table
from matching.table.spec import MatchSpec
from models.errors import ConfigError
from tests.matching.table.tables import american

SECRET = "Quixotrombe"


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    """Run the installed program; return its status and all it said."""
    program = Path(sys.executable).parent / "golden"
    answer = subprocess.run(
        [program, "match", *arguments, "--id-column", "id", "--output", "out.parquet"],
        cwd=folder, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return answer.returncode, answer.stdout + answer.stderr


PEOPLE = f"id,given,family,born\n1,{SECRET},Smith,1980-01-02\n2,Ann,{SECRET},1990-03-04\n"
FIELD = "version: 1\nfields:\n  - {name: given, kind: %s, columns: [%s]}\n%s"
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "the file is empty"),
    "header only": (b"id,given,family\n", "no row to match"),
    "no id": (b"given,family\nAnn,Lee\n", "no column 'id'"),
    "only ids": (b"id\n1\n2\n", "no column to match by"),
    "ids twice": (f"id,given\n1,{SECRET}\n1,Ann\n".encode(), "stand in several rows"),
    "ids missing": (f"id,given\n,{SECRET}\n2,Ann\n".encode(), "have no id"),
    "nothing known": (b"id,a,b\n1,,\n2,,\n", "no column says who a record is"),
    "binary junk": (bytes(range(128, 256)) * 40, "text. Save it as UTF-8"),
    "a broken line": (f"id,given\n1,{SECRET}\n2,a,b,c\n".encode(), "do not fit the header"),
}


@pytest.mark.parametrize(("content", "words"), FILES.values(), ids=FILES.keys())
def test_a_bad_file_is_answered_in_a_sentence(content: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    status, said = run(tmp_path, "bad.csv")
    assert status == 1
    assert words in " ".join(said.split())
    assert "Traceback" not in said
    assert SECRET not in said


CONFIGS = {
    "unknown column": (FIELD % ("given_name", "nowhere", ""), "nowhere"),
    "unknown kind": (FIELD % ("christian_name", "given", ""), "this value is not known"),
    "unknown key": (
        FIELD % ("given_name", "given", "blocking:\n  - {id: a, keys: [given.shoe]}\n"),
        "there is no key 'given.shoe'",
    ),
    "unknown source": (
        FIELD % ("given_name", "given", "clusters: {duplicate_free: [moon]}\n"), "no source 'moon'",
    ),
    "unknown entry": (FIELD % ("given_name", "given", "threshold: 3\n"), "threshold"),
    "no YAML": ("fields: [", "YAML"),
}  # fmt: skip


@pytest.mark.parametrize(("config", "words"), CONFIGS.values(), ids=CONFIGS.keys())
def test_a_bad_configuration_is_answered_in_a_sentence(
    config: str, words: str, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
    (tmp_path / "matching.yml").write_text(config, encoding="utf-8")
    status, said = run(tmp_path, "people.csv", "--config", "matching.yml")
    assert status == 1
    assert words in " ".join(said.split())
    assert "Traceback" not in said
    assert SECRET not in said


def matched(folder: Path, table: pa.Table, fields: dict[str, str] | None = None) -> TableMatches:
    pq.write_table(table, folder / "t.parquet")
    spec = None
    if fields is not None:
        entries = [{"name": n, "kind": kind, "columns": [n]} for n, kind in fields.items()]
        spec = MatchSpec.model_validate({"fields": entries})
    return match_table(read_files([folder / "t.parquet"], "id", None), spec)


def clusters(matches: TableMatches) -> int:
    return len(set(matches.linked.labels.tolist()))


def test_one_record_is_alone(tmp_path: Path) -> None:
    table = pa.table({"id": [1], "given": ["Ann"], "family": ["Lee"]})
    kinds = {"given": "given_name", "family": "family_name"}
    assert clusters(matched(tmp_path, table, kinds)) == 1


def test_two_equal_records_are_matched_without_a_fault(tmp_path: Path) -> None:
    table = pa.table({"id": [1, 2], "given": ["Ann"] * 2, "born": ["1980-02-03"] * 2})
    matches = matched(tmp_path, table, {"given": "given_name", "born": "date"})
    assert clusters(matches) in (1, 2)


@pytest.mark.parametrize("rows", [50, 3000])
def test_everybody_of_one_name_is_not_one_person(rows: int, tmp_path: Path) -> None:
    table = pa.table({"id": range(rows), "name": ["John Smith"] * rows})
    matches = matched(tmp_path, table, {"name": "person_name"})
    assert matches.scored.candidates <= rows * rows / 2
    if rows > 100:
        assert matches.linked.counts["identical_apart"] == rows - 1


def test_a_giant_block_is_set_aside_and_reported(tmp_path: Path) -> None:
    r = Random(4)
    rows = 4000
    day = [
        f"{r.randint(1930, 2005)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}"
        for _ in range(rows)
    ]
    table = pa.table({"id": range(rows), "name": ["John Smith"] * rows, "born": day})
    matches = matched(tmp_path, table, {"name": "person_name", "born": "date"})
    assert matches.scored.candidates < 100 * rows
    # two people of one name and one birthday are as many as chance has them
    assert clusters(matches) > 0.8 * rows


def test_equal_rows_take_bounded_time(tmp_path: Path) -> None:
    """Measured by hand with a million of them: 2.2 s and 0.65 GB on two cores."""
    rows = 100_000
    table = pa.table(
        {"id": range(rows), "name": ["Ann Lee"] * rows, "phone": ["0171 2345678"] * rows}
    )
    started = time.monotonic()
    matches = matched(tmp_path, table, {"name": "person_name", "phone": "phone"})
    assert time.monotonic() - started < 20
    assert matches.linked.counts["identical_apart"] == rows - 1


def test_a_column_that_nobody_knows_is_left_out(tmp_path: Path) -> None:
    table = american(rows=200)
    empty = pa.nulls(table.num_rows, pa.string())
    table = table.append_column("fax", empty).add_column(0, "id", pa.array(range(table.num_rows)))
    matches = matched(tmp_path, table)
    assert "fax" in matches.spec.ignore
    assert clusters(matches) == 200
    kinds = {"fname": "given_name", "lname": "family_name", "ssn": "identifier", "fax": "phone"}
    assert clusters(matched(tmp_path, table, kinds)) == 200


def test_numbers_that_went_through_floating_point_are_read(tmp_path: Path) -> None:
    years = pa.array([1967.0, 1980.0, float("nan"), None])
    table = pa.table({"id": [1.0, 2.0, 3.0, 4.0], "zip": years, "name": ["a b"] * 4})
    pq.write_table(table, tmp_path / "t.parquet")
    rows = read_files([tmp_path / "t.parquet"], "id", None).rows
    assert rows["zip"].to_pylist() == ["1967", "1980", None, None]


def test_absurdly_long_cells_are_compared_like_others(tmp_path: Path) -> None:
    table = american(rows=60)
    notes = ["lorem ipsum " * 8_500 + str(row) for row in range(table.num_rows)]
    table = table.append_column("remark", pa.array(notes))
    table = table.append_column(
        "mother", pa.array([f"{'x' * 100_000}{n % 7}" for n in range(len(notes))])
    )
    table = table.add_column(0, "id", pa.array(range(table.num_rows)))
    started = time.monotonic()
    matches = matched(tmp_path, table)
    assert clusters(matches) == 60
    kinds = {"fname": "given_name", "mother": "family_name", "remark": "text", "ssn": "identifier"}
    assert clusters(matched(tmp_path, table, kinds)) >= 60
    assert time.monotonic() - started < 60


def test_a_wrong_encoding_is_read_as_what_it_is(tmp_path: Path) -> None:
    rows = "\n".join(f"{n},王小{'明红'[n % 2]},1380013{n:04d}" for n in range(1, 200))
    (tmp_path / "t.csv").write_bytes(f"id,姓名,手机\n{rows}\n".encode("gb18030"))
    table = read_files([tmp_path / "t.csv"], "id", None).rows
    assert table["姓名"][0].as_py() == "王小红"


def test_a_table_without_anybody_says_so(tmp_path: Path) -> None:
    table = pa.table({"id": range(40), "one": ["same"] * 40})
    with pytest.raises(ConfigError, match="no column says who a record is"):
        matched(tmp_path, table)


def test_one_column_alone_is_matched_by_belief(tmp_path: Path) -> None:
    table = american(rows=400)
    csv.write_csv(
        pa.table({"id": range(table.num_rows), "email": table["email"]}), tmp_path / "t.csv"
    )
    matches = match_table(read_files([tmp_path / "t.csv"], "id", None))
    assert matches.model.believed
    assert clusters(matches) <= table.num_rows
