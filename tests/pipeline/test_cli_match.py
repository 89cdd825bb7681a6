"""``golden match`` as people use it: files in, clusters and their evidence out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv
from typer.testing import CliRunner

from pipeline.cli.app import app
from tests.matching.table.tables import american, chinese


def golden(*arguments: str | Path) -> str:
    """Run a command that must succeed, on a wide screen; return what it shows."""
    answer = CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "220"})
    assert answer.exit_code == 0, answer.output
    return answer.output


def refused(*arguments: str | Path) -> str:
    """Run the installed program, which must refuse; return its complaint."""
    program = Path(sys.executable).parent / "golden"
    answer = subprocess.run(
        [program, *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, "COLUMNS": "220"},
    )  # fmt: skip
    assert answer.returncode == 1, answer.stdout
    assert "Traceback" not in answer.stderr
    return answer.stderr


def numbered(table: pa.Table, name: str = "nr") -> pa.Table:
    return table.add_column(0, name, pa.array(range(1, table.num_rows + 1)))


@pytest.fixture
def people(tmp_path: Path) -> Path:
    file = tmp_path / "people.csv"
    csv.write_csv(numbered(american(rows=300)), file)
    return file


def test_a_table_is_deduplicated_without_a_configuration(people: Path, tmp_path: Path) -> None:
    output = tmp_path / "out" / "clusters.parquet"
    shown = golden("match", people, "--id-column", "nr", "--output", output, "--report")
    for words in ("given_name", "wages", "an amount", "clusters of two and more", "估计误合率"):
        assert words in shown
    clusters = pq.read_table(tmp_path / "out" / "clusters.parquet")
    assert clusters.column_names == ["nr", "cluster_id"]
    assert clusters["nr"].to_pylist() == list(range(1, clusters.num_rows + 1))
    # the copies that the table was made with, and nobody else
    assert len(set(clusters["cluster_id"].to_pylist())) == 300
    assert {file.name for file in (tmp_path / "out").iterdir()} == {
        "clusters.parquet", "clusters-links.parquet", "clusters-matching.yml", "clusters-model.yml",
        "clusters-run.json", "clusters-report.html",
    }  # fmt: skip
    assert "http" not in (tmp_path / "out" / "clusters-report.html").read_text("utf-8").replace(
        "http://www.w3.org/2000/svg", ""
    )


def test_two_files_are_linked_in_chinese(tmp_path: Path) -> None:
    table = numbered(chinese(rows=300), "客户号")
    for name, part in (("存款", table.slice(0, 300)), ("理财", table.slice(300))):
        (tmp_path / f"{name}.csv").write_bytes(
            "\n".join(
                [",".join(part.column_names)]
                + [",".join(map(str, row.values())) for row in part.to_pylist()]
            ).encode("gb18030")
        )
    golden(
        "match", tmp_path / "存款.csv", tmp_path / "理财.csv",
        "--id-column", "客户号", "--output", tmp_path / "c.csv",
    )  # fmt: skip
    rows = csv.read_csv(tmp_path / "c.csv").to_pylist()
    assert list(rows[0]) == ["客户号", "source", "cluster_id"]
    assert {row["source"] for row in rows} == {"存款", "理财"}
    assert len({row["cluster_id"] for row in rows}) == 300
    links = pq.read_table(tmp_path / "c-links.parquet").to_pylist()
    joined = [link for link in links if link["band"] == "match"]
    assert joined
    assert all(link["left_source"] != link["right_source"] for link in joined)


def test_the_proposal_is_edited_and_used(people: Path, tmp_path: Path) -> None:
    golden("match", people, "--id-column", "nr", "--output", tmp_path / "a.parquet")
    config = tmp_path / "a-matching.yml"
    first = config.read_text(encoding="utf-8")
    lines = [line for line in first.splitlines() if "kind: email" not in line]
    config.write_text("\n".join(lines) + "\nmodel: ''\n", encoding="utf-8")
    shown = golden(
        "match", people, "--id-column", "nr", "--config", config, "--output", tmp_path / "b.parquet"
    )
    assert "the configuration does not name it" in shown
    models = [(tmp_path / f"{name}-model.yml").read_text(encoding="utf-8") for name in "ab"]
    assert ["comparison: email" in model for model in models] == [True, False]
    assert not (tmp_path / "b-matching.yml").exists()
    assert config.read_text(encoding="utf-8") != first


def test_a_model_learnt_before_is_used_again(people: Path, tmp_path: Path) -> None:
    golden("match", people, "--id-column", "nr", "--output", tmp_path / "a.parquet")
    config = tmp_path / "a-matching.yml"
    with config.open("a", encoding="utf-8") as file:
        file.write("model: a-model.yml\n")
    golden(
        "match", people, "--id-column", "nr", "--config", config, "--output", tmp_path / "b.parquet"
    )
    for name in ("-model.yml", "-links.parquet", ".parquet"):
        assert (tmp_path / f"a{name}").read_bytes() == (tmp_path / f"b{name}").read_bytes()


REFUSED = {
    "no such file": (["none.csv", "--id-column", "nr"], "there is no such file"),
    "no such column": (["people.csv", "--id-column", "id"], "there is no column 'id'"),
    "an id twice": (["people.csv", "--id-column", "state"], "stand in several rows"),
    "another kind of output": (
        ["people.csv", "--id-column", "nr", "--output", "x.xlsx"], "a .csv or a .parquet",
    ),
    "a false configuration": (
        ["people.csv", "--id-column", "nr", "--config", "wrong.yml"],
        "wrong.yml:3: fields.0.kind: this value is not known",
    ),
    "an unknown column": (
        ["people.csv", "--id-column", "nr", "--config", "other.yml"], "'nowhere'",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_a_mistake_is_answered_in_a_sentence(
    people: Path, arguments: list[str], words: str
) -> None:
    folder = people.parent
    field = "version: 1\nfields:\n  - {name: a, kind: %s, columns: [%s]}\n"
    (folder / "wrong.yml").write_text(field % ("firstname", "fname"), encoding="utf-8")
    (folder / "other.yml").write_text(field % ("given_name", "nowhere"), encoding="utf-8")
    placed = [
        str(folder / word) if word.endswith((".csv", ".yml", ".xlsx")) else word
        for word in arguments
    ]
    if "--output" not in placed:
        placed += ["--output", str(folder / "out.parquet")]
    complaint = refused("match", *placed)
    assert words in complaint
    assert not any(str(name) in complaint for name in set(american()["email"].to_pylist()))
