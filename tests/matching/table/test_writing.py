"""The files of a job: complete, the same to the byte, and never over somebody's edits."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from matching.model.parameters import read_model
from matching.table.reading import InputTable, read_files
from matching.table.run import TableMatches, match_table
from matching.table.spec import MatchSpec
from matching.table.spec_text import spec_text
from matching.table.writing import check_output, clusters, pair_links, write_matches
from models.errors import ConfigError
from tests.matching.table.tables import american

NAMES = ("out.parquet", "out-links.parquet", "out-model.yml", "out-matching.yml")


def people(folder: Path, seed: int) -> Path:
    table = american(rows=300)
    table = table.append_column("id", pa.array([str(n + 1) for n in range(table.num_rows)]))
    order = list(range(table.num_rows))
    Random(seed).shuffle(order)
    file = folder / f"people{seed}.parquet"
    pq.write_table(table.take(order), file)
    return file


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> InputTable:
    return read_files([people(tmp_path_factory.mktemp("in"), 1)], "id", None)


@pytest.fixture(scope="module")
def matches(table: InputTable) -> TableMatches:
    return match_table(table)


def test_every_record_stands_once_with_its_own_id(matches: TableMatches, table: InputTable) -> None:
    made = clusters(matches)
    assert made.column_names == ["id", "cluster_id"]
    assert made["id"].to_pylist() == table.ids.to_pylist()
    numbers = made["cluster_id"].to_pylist()
    assert set(numbers) == set(range(1, max(numbers) + 1))


def test_copies_are_joined_and_strangers_are_not(matches: TableMatches, table: InputTable) -> None:
    rows = [tuple(row.values()) for row in table.rows.to_pylist()]
    numbers = clusters(matches)["cluster_id"].to_pylist()
    assert len(set(zip(rows, numbers, strict=True))) == len(set(rows)) == len(set(numbers))


def test_links_carry_their_evidence(matches: TableMatches) -> None:
    links = pair_links(matches).to_pylist()
    joined = [link for link in links if link["band"] == "match"]
    rules = {rule.id for rule in matches.rules}
    assert joined
    for link in joined:
        assert link["rule"] in rules
        assert link["score"] == pytest.approx(1 / (1 + 2 ** -link["bits"]), abs=1e-6)
        assert set(json.loads(link["levels"])) == {item.name for item in matches.comparisons}
        assert link["reason"] is None


def test_the_same_records_make_the_same_bytes(tmp_path: Path) -> None:
    made = []
    for seed in (1, 2):
        folder = tmp_path / str(seed)
        folder.mkdir()
        file = people(folder, seed).rename(folder / "people.parquet")
        write_matches(match_table(read_files([file], "id", None)), folder / "out.parquet")
        made.append({name: (folder / name).read_bytes() for name in NAMES})
    assert made[0] == made[1]


def test_files_stand_beside_the_output_and_nothing_else(
    matches: TableMatches, tmp_path: Path
) -> None:
    written = write_matches(matches, tmp_path / "new" / "out.csv")
    assert {file.name for file in (tmp_path / "new").iterdir()} == {"out.csv", *NAMES[1:]}
    assert written.config == tmp_path / "new" / "out-matching.yml"
    header = written.clusters.read_text(encoding="utf-8").splitlines()[0]
    assert header.replace('"', "") == "id,cluster_id"
    assert read_model(written.model.read_text(encoding="utf-8")) == matches.model


def test_an_edited_configuration_is_kept(matches: TableMatches, tmp_path: Path) -> None:
    (tmp_path / "out-matching.yml").write_text("mine", encoding="utf-8")
    written = write_matches(matches, tmp_path / "out.csv")
    assert (tmp_path / "out-matching.yml").read_text(encoding="utf-8") == "mine"
    assert written.config == tmp_path / "out-matching.proposed.yml"
    own = tmp_path / "own.yml"
    assert write_matches(matches, tmp_path / "other.csv", own).config == own
    assert not (tmp_path / "other-matching.yml").exists()
    assert not (tmp_path / "other-matching.yml").exists()


def test_the_proposal_is_read_back_as_it_was(matches: TableMatches) -> None:
    whole = matches.spec.model_copy(update={"blocking": list(matches.rules), "model": "m.yml"})
    for spec in (matches.spec, whole):
        back = MatchSpec.model_validate(yaml.safe_load(spec_text(spec, matches.rules)))
        plain = [field.model_copy(update={"because": ""}) for field in spec.fields]
        assert back == spec.model_copy(update={"fields": plain})


def test_reasons_and_rules_stand_as_comments(matches: TableMatches) -> None:
    text = spec_text(matches.spec, matches.rules)
    assert all(f"# {field.because}" in text for field in matches.spec.fields)
    assert all(f"#   - {{id: {rule.id}" in text or rule.id in text for rule in matches.rules)


@pytest.mark.parametrize("name", ["out.xlsx", "out", "out.parquet.gz"])
def test_other_outputs_are_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"\.csv or a \.parquet"):
        check_output(tmp_path / name, "id")


def test_an_id_column_called_like_the_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'cluster_id'"):
        check_output(tmp_path / "out.csv", "cluster_id")


def test_a_place_nobody_may_write_to_is_told(matches: TableMatches, tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(ConfigError, match="cannot be written"):
        write_matches(matches, tmp_path / "out.csv")
    assert not list(tmp_path.glob(".*part"))


def test_sources_are_named_in_links_and_clusters(table: InputTable) -> None:
    halves = pa.array(["left" if n % 2 else "right" for n in range(len(table.ids))])
    two = match_table(replace(table, sources=halves, source_name="bank"))
    assert clusters(two).column_names == ["id", "bank", "cluster_id"]
    assert set(pair_links(two)["left_source"].to_pylist()) <= {"left", "right"}
