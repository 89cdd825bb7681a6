"""What holds for every table: order changes nothing, judging is symmetric, vetoes hold."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import numpy as np
import pyarrow as pa
import pytest
import yaml
from pyarrow import csv

from matching.columns import Codes
from matching.model.chance import random_pairs
from matching.table.reading import InputTable, read_files
from matching.table.run import TableMatches, match_table
from matching.table.spec import MatchSpec
from tests.matching.quality.made import Made
from tests.matching.quality.sets import SETS

WRITTEN = ("c.csv", "c-links.parquet", "c-model.yml", "c-matching.yml")


def golden(folder: Path, made: Made, *, one_core: bool = False) -> dict[str, bytes]:
    """Run the installed program on the files of ``folder``; return the bytes of what it wrote."""
    program = Path(sys.executable).parent / "golden"
    files = [f"{name}.csv" for name in made.tables]
    arguments = [*files, "--id-column", "id", "--output", "out/c.csv"]
    if made.source_column:
        arguments += ["--source-column", made.source_column]
    before = os.sched_getaffinity(0)
    try:
        if one_core:
            os.sched_setaffinity(0, {min(before)})
        subprocess.run([program, "match", *arguments], cwd=folder, check=True, capture_output=True)
    finally:
        os.sched_setaffinity(0, before)
    return {name: (folder / "out" / name).read_bytes() for name in WRITTEN}


def write(folder: Path, made: Made, r: Random | None) -> Path:
    """Write the tables, in their own order or with rows and columns in another one."""
    folder.mkdir()
    for name, table in made.tables.items():
        rows, columns = list(range(table.num_rows)), list(table.column_names)
        if r is not None:
            r.shuffle(rows)
            r.shuffle(columns)
        csv.write_csv(table.take(pa.array(rows)).select(columns), folder / f"{name}.csv")
    return folder


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs Linux to take a core away")
@pytest.mark.parametrize("name", ["western, two files", "voters"])
def test_no_order_and_no_number_of_threads_changes_a_byte(name: str, tmp_path: Path) -> None:
    made = SETS[name]()
    backwards = Made(
        dict(reversed(made.tables.items())), made.truth, made.configuration, made.source_column
    )
    first = golden(write(tmp_path / "a", made, None), made)
    second = golden(write(tmp_path / "b", backwards, Random(3)), backwards, one_core=True)
    differing = {
        item for item in WRITTEN if first[item] != second[item] and item != "c-matching.yml"
    }
    assert not differing
    # fields stand in the order of the file's columns; what they say is the same
    one, other = (yaml.safe_load(texts["c-matching.yml"]) for texts in (first, second))
    assert {field["name"]: field for field in one["fields"]} == {
        field["name"]: field for field in other["fields"]
    }


@pytest.fixture(scope="module", params=["western, few copies", "foreigners", "Chinese bank"])
def matches(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> TableMatches:
    return match_table(SETS[request.param]().read(tmp_path_factory.mktemp("made")))


def pairs(matches: TableMatches) -> tuple[Codes, Codes]:
    """Return random pairs and those that are alike."""
    left, right = random_pairs(len(matches.table.ids), 20_000)
    scored = matches.scored
    return np.concatenate([left, scored.left]), np.concatenate([right, scored.right])


def test_every_comparison_is_symmetric(matches: TableMatches) -> None:
    left, right = pairs(matches)
    for comparison in matches.comparisons:
        forth, back = comparison.judge(left, right), comparison.judge(right, left)
        assert (forth == back).all(), comparison.name


def test_scores_are_symmetric_and_the_sum_of_their_parts(matches: TableMatches) -> None:
    left, right = pairs(matches)
    bits = matches.scorer.bits(left, right)
    assert (bits == matches.scorer.bits(right, left)).all()
    parts = matches.scorer.contributions(left[:2000], right[:2000]).bits
    assert np.allclose(parts.sum(axis=1), bits[:2000], atol=1e-3)


def test_a_record_is_equal_to_itself_in_all_it_knows(matches: TableMatches) -> None:
    every = np.arange(len(matches.table.ids), dtype=np.int32)
    for comparison in matches.comparisons:
        levels = comparison.judge(every, every)
        known = comparison.values >= 0
        assert (levels[~known] == 0).all()
        assert (levels[known] == comparison.top).mean() > 0.99, comparison.name


def test_equality_is_worth_more_than_any_other_answer(matches: TableMatches) -> None:
    for weights in matches.model.weights:
        assert weights.bits[-1] > weights.bits[1], weights.comparison


def test_no_cluster_holds_two_valid_citizen_numbers(tmp_path: Path) -> None:
    matches = match_table(SETS["Chinese bank"]().read(tmp_path))
    field = next(field for field in matches.fields if field.kind == "identifier")
    lifelong = field.part("lifelong").to_numpy(zero_copy_only=False)
    proven = lifelong[field.values.codes] == "resident_id"
    cluster = matches.linked.labels[field.values.records[proven]].astype(np.int64)
    numbers = np.unique((cluster << 32) | field.values.codes[proven])
    assert len(numbers) > 500
    assert np.bincount(numbers >> 32).max() == 1


def test_no_cluster_holds_two_records_of_a_clean_source(tmp_path: Path) -> None:
    made = SETS["voters"]()
    spec = MatchSpec.model_validate(yaml.safe_load(made.configuration))
    matches = match_table(made.read(tmp_path), spec)
    inside = matches.linked.labels.astype(np.int64) * 100 + matches.sources
    assert len(np.unique(inside)) == len(inside)


@pytest.mark.parametrize("name", ["voters", "Chinese bank"])
def test_a_stranger_joins_nobody(name: str, tmp_path: Path) -> None:
    made = SETS[name]()
    table = made.read(tmp_path)
    before = match_table(table).linked.labels
    after = match_table(with_stranger(table)).linked.labels
    assert after[-1] == len(after) - 1
    assert (after[:-1] == before).mean() > 0.999


def with_stranger(table: InputTable) -> InputTable:
    """Return the table with one more record, last in order, that shares nothing with any other."""
    last = dict.fromkeys(table.rows.column_names[:2], "Xqzwv")
    row = pa.table(
        {name: pa.array([last.get(name)], pa.string()) for name in table.rows.column_names}
    )
    rows = pa.concat_tables([table.rows, row]).combine_chunks()
    ids = pa.concat_arrays([table.ids, pa.array([10**9], table.ids.type)])
    sources = pa.concat_arrays([table.sources, table.sources.slice(len(table.sources) - 1)])
    return InputTable(rows, ids, sources, table.id_name, table.source_name)


def test_matching_what_was_matched_joins_nothing_more(tmp_path: Path) -> None:
    """One record of each cluster, taken alone: the others are strangers to it."""
    made = SETS["Chinese bank"]()
    table = made.read(tmp_path)
    labels = match_table(table).linked.labels
    heads = pa.array(np.unique(labels))
    alone = InputTable(
        table.rows.take(heads), table.ids.take(heads), table.sources.take(heads), "id", None
    )
    again = match_table(alone).linked.labels
    # records that were left apart although they are one party may find each other now
    assert len(np.unique(again)) > 0.97 * len(again)
    assert (match_table(alone).linked.labels == again).all()


def test_files_are_read_alike_in_any_order(tmp_path: Path) -> None:
    made = SETS["western, two files"]()
    folder = write(tmp_path / "a", made, Random(5))
    files = [folder / f"{name}.csv" for name in made.tables]
    one, other = read_files(files, "id", None), read_files(files[::-1], "id", None)
    assert one.rows.equals(other.rows)
    assert one.ids.equals(other.ids)
