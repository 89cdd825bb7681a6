"""``golden evaluate`` as people use it: on clusters with a truth, and on a sample they grade."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pyarrow import csv
from typer.testing import CliRunner

from matching.table.files import read_file
from models.errors import ConfigError
from pipeline.cli.app import app
from tests.matching.explain.finished import Finished, finish


def golden(*arguments: str | Path) -> str:
    answer = CliRunner().invoke(app, list(map(str, arguments)), env={"COLUMNS": "200"})
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def refused(*arguments: str | Path) -> str:
    answer = CliRunner().invoke(app, list(map(str, arguments)))
    assert isinstance(answer.exception, ConfigError), answer.output
    return str(answer.exception)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return finish(tmp_path_factory.mktemp("run"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Four clusters of six records, and the truth of five: one pair wrong, one missing."""
    clusters = {"id": ["a", "b", "c", "d", "e", "f"], "cluster_id": [1, 1, 2, 3, 3, 4]}
    truth = {"nr": ["e", "d", "c", "b", "a", "zz"], "who": ["5", "4", "1", "1", "1", "9"]}
    pq.write_table(pa.table(clusters), tmp_path / "clusters.parquet")
    csv.write_csv(pa.table(truth).rename_columns(["id", "who"]), tmp_path / "truth.csv")
    return tmp_path


def scores(folder: Path, *more: str) -> list[str]:
    named = ["--truth", str(folder / "truth.csv"), "--id-column", "id", "--truth-column", "who"]
    return ["evaluate", "scores", str(folder / "clusters.parquet"), *named, *more]


def test_clusters_are_scored_against_the_truth(small: Path) -> None:
    found = json.loads(golden(*scores(small, "--json")))
    assert (found["right_pairs"], found["joined_pairs"], found["true_pairs"]) == (1, 2, 3)
    assert (found["records"], found["unlabelled"], found["elsewhere"]) == (5, 1, 1)
    assert found["precision"] == 0.5
    assert found["recall"] == pytest.approx(1 / 3)
    assert found["b3_precision"] == pytest.approx((1 + 1 + 1 + 0.5 + 0.5) / 5)
    assert (found["found"], found["over_merged"], found["split"]) == (0, 1, 1)


def test_scores_are_shown_in_both_languages(small: Path) -> None:
    shown = golden(*scores(small))
    for words in ("0.5000", "0.3333", "records (B³) · 按记录", "clusters of several parties"):
        assert words in shown


def test_the_same_id_in_two_sources_is_two_records(small: Path) -> None:
    table = pa.table({"id": [1, 2, 1], "source": ["x", "x", "y"], "cluster_id": [1, 1, 2]})
    pq.write_table(table, small / "clusters.parquet")
    truth = pa.table({"id": [1, 1, 2], "source": ["y", "x", "x"], "who": ["b", "a", "a"]})
    csv.write_csv(truth, small / "truth.csv")
    assert "--source-column" in refused(*scores(small))
    found = json.loads(golden(*scores(small, "--source-column", "source", "--json")))
    assert (found["found"], found["f1"]) == (2, 1.0)


def test_a_truth_of_other_records_is_refused(small: Path) -> None:
    (small / "truth.csv").write_text("id,who\nq,Alice\nr,Bob\n", encoding="utf-8")
    complaint = refused(*scores(small))
    assert "no id of the clusters stands in it" in complaint
    assert "Alice" not in complaint
    (small / "truth.csv").write_text("nr,who\na,Alice\n", encoding="utf-8")
    assert "there is no column 'id'" in refused(*scores(small))


def graded(file: Path, answers: list[str]) -> Path:
    """Fill in the sheet, an answer a link."""
    sheet = read_file(file)
    place = sheet.column_names.index("same")
    csv.write_csv(sheet.set_column(place, "same", pa.array(answers)), file)
    return file


def drawn(done: Finished, folder: Path, *more: str) -> tuple[Path, pa.Table]:
    file = folder / "sample.csv"
    golden("evaluate", "sample", done.files.clusters, "--output", file, *more)
    return file, read_file(file)


def test_a_sample_holds_ids_and_scores_and_no_value(done: Finished, tmp_path: Path) -> None:
    file, sheet = drawn(done, tmp_path, "--size", "20")
    assert sheet.column_names == [
        "left_source", "left_id", "right_source", "right_id",
        "score", "band", "stratum", "weight", "same",
    ]  # fmt: skip
    assert sheet.num_rows == 20
    ids = {str(name) for name in done.matches.table.ids.to_pylist()}
    assert set(sheet["left_id"].to_pylist()) < ids
    again, _ = drawn(done, tmp_path / "again", "--size", "20")
    assert again.read_bytes() == file.read_bytes()
    other, _ = drawn(done, tmp_path / "other", "--size", "20", "--seed", "2")
    assert other.read_bytes() != file.read_bytes()


def test_values_stand_beside_the_links_if_asked(done: Finished, tmp_path: Path) -> None:
    _, sheet = drawn(done, tmp_path, "--size", "20", "--show-values")
    comparison = done.matches.comparisons[0]
    ids = [str(name) for name in done.matches.table.ids.to_pylist()]
    for row in sheet.to_pylist():
        code = comparison.values[ids.index(row["left_id"])]
        expected = comparison.texts[int(code)].as_py() if code >= 0 else None
        assert row[f"left_{comparison.name}"] == expected
    assert sheet.column_names[-1] == "same"


def test_grades_are_not_written_over(done: Finished, tmp_path: Path) -> None:
    file, _ = drawn(done, tmp_path)
    complaint = refused("evaluate", "sample", done.files.clusters, "--output", file)
    assert "grades in it would be lost" in complaint


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        pytest.param("yes", "no", id="words"),
        pytest.param("TRUE", "FALSE", id="spreadsheet"),
        pytest.param("是", "否", id="Chinese"),
        pytest.param("1", "0", id="digits"),
    ],
)
def test_precision_comes_from_the_grades(done: Finished, tmp_path: Path, yes: str, no: str) -> None:
    file, sheet = drawn(done, tmp_path, "--size", "30")
    in_match = np.flatnonzero(np.array(sheet["band"].to_pylist()) == "match")
    answers = [yes] * sheet.num_rows
    answers[in_match[0]], answers[in_match[-1]] = no, ""
    graded(file, answers)
    found = json.loads(golden("evaluate", "precision", file, "--json"))["precision"]
    assert found["graded"] == len(in_match) - 1
    assert found["ungraded"] == 1
    assert sum(item["wrong"] for item in found["strata"]) == 1
    assert 0 < found["low"] < found["value"] < found["high"] <= 1


def test_the_interval_holds_the_true_precision(done: Finished, tmp_path: Path) -> None:
    links = pq.read_table(done.files.clusters.with_name("clusters-links.parquet"))
    assert links.num_rows > 40
    file, sheet = drawn(done, tmp_path, "--size", "1000")
    truth = [f"{'yes' if number % 3 else 'no'}" for number in range(sheet.num_rows)]
    graded(file, truth)
    shown = golden("evaluate", "precision", file)
    assert "95 % interval" in shown
    found: dict[str, Any] = json.loads(golden("evaluate", "precision", file, "--json"))
    band = np.array(sheet["band"].to_pylist()) == "match"
    # every link was graded: the value is exact and the interval has no width
    exact = float(np.mean([answer == "yes" for answer in np.array(truth)[band]]))
    assert found["precision"]["value"] == pytest.approx(exact)
    assert found["precision"]["low"] == pytest.approx(found["precision"]["high"])


def test_an_answer_that_is_none_is_named_by_line(done: Finished, tmp_path: Path) -> None:
    file, sheet = drawn(done, tmp_path, "--size", "20")
    answers = ["yes"] * sheet.num_rows
    answers[3] = "Mr Miller"
    complaint = refused("evaluate", "precision", graded(file, answers))
    assert "sample.csv:5: 1 answers in the column same are neither yes nor no" in complaint
    assert "Miller" not in complaint


def test_a_file_that_is_no_sample_is_refused(small: Path) -> None:
    assert "golden evaluate sample wrote" in refused("evaluate", "precision", small / "truth.csv")


def test_ungraded_strata_are_asked_for(done: Finished, tmp_path: Path) -> None:
    file, _ = drawn(done, tmp_path)
    assert "no answer in match" in refused("evaluate", "precision", file)


def test_grades_put_the_weights_right(done: Finished, tmp_path: Path) -> None:
    file, sheet = drawn(done, tmp_path, "--size", "30")
    graded(file, ["no"] * sheet.num_rows)
    output = tmp_path / "again.parquet"
    shown = golden(
        "match", done.files.inputs[0], "--id-column", "nr", "--config", done.files.config,
        "--labels", file, "--output", output,
    )  # fmt: skip
    assert f"not · 非同一方 {sheet.num_rows}" in shown
    assert "graded" in (tmp_path / "again-model.yml").read_text(encoding="utf-8")
    pairs = [pq.read_table(path)["score"].to_numpy().sum() for path in (
        done.files.clusters.with_name("clusters-links.parquet"),
        output.with_name("again-links.parquet"),
    )]  # fmt: skip
    assert pairs[1] < pairs[0]


def test_grades_of_other_records_are_refused(done: Finished, tmp_path: Path) -> None:
    file, sheet = drawn(done, tmp_path, "--size", "20")
    people = tmp_path / "others.csv"
    csv.write_csv(pa.table({"nr": ["x1", "x2"], "name": ["Ann Lee", "Bob Ray"]}), people)
    graded(file, ["yes"] * sheet.num_rows)
    complaint = refused("match", people, "--id-column", "nr", "--labels", file,
                        "--output", tmp_path / "o.parquet")  # fmt: skip
    assert f"{sheet.num_rows} pairs are of records that the input does not have" in complaint
    graded(file, [""] * sheet.num_rows)
    assert "no pair is answered" in refused(
        "match", done.files.inputs[0], "--id-column", "nr", "--labels", file,
        "--output", tmp_path / "o.parquet",
    )  # fmt: skip
