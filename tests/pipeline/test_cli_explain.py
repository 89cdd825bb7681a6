"""``golden explain`` as people use it: on the files that ``golden match`` left."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from typer.testing import CliRunner

from models.errors import ConfigError
from pipeline.cli.app import app
from tests.matching.explain.finished import Finished, finish


def golden(*arguments: str | Path) -> str:
    answer = CliRunner().invoke(app, list(map(str, arguments)))
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def refused(*arguments: str | Path) -> str:
    answer = CliRunner().invoke(app, list(map(str, arguments)))
    assert isinstance(answer.exception, ConfigError), answer.output
    return str(answer.exception)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return finish(tmp_path_factory.mktemp("run"))


def members(done: Finished, at: int = 0) -> list[str]:
    linked = done.matches.linked
    records = np.flatnonzero(linked.labels == linked.firsts[at])
    return [str(done.matches.table.ids[int(record)].as_py()) for record in records]


def test_a_matched_pair_is_shown_part_by_part(done: Finished) -> None:
    left, right, *_ = members(done)
    text = golden("explain", "pair", done.files.clusters, left, right)
    for words in (f"Pair {left} – {right}", "any two records", "birth", "What decided"):
        assert words in text
    assert "决定因素" in golden(
        "explain", "pair", done.files.clusters, left, right, "--language", "zh"
    )


def test_two_records_apart_are_told_why_not(done: Finished) -> None:
    left, right = members(done)[0], members(done, -1)[0]
    text = golden("explain", "pair", done.files.clusters, left, right)
    assert f"Why {left} and {right} are not one party" in text
    answer = json.loads(golden("explain", "pair", done.files.clusters, left, right, "--json"))
    assert answer["explains"] == "why_not"
    assert answer["missing"] > 0


def test_a_cluster_is_explained_and_drawn(done: Finished, tmp_path: Path) -> None:
    linked = done.matches.linked
    number = int(np.searchsorted(np.unique(linked.labels), linked.firsts[0])) + 1
    picture = tmp_path / "cluster.svg"
    text = golden(
        "explain", "cluster", done.files.clusters, str(number), "--svg", picture, "--json"
    )
    assert set(json.loads(text)["members"]) == set(members(done))
    assert ET.parse(picture).getroot().tag.endswith("svg")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        pytest.param(("pair", "r000", "r000"), "both ids are of one record", id="itself"),
        pytest.param(("pair", "r000", "nobody"), "no record has this id", id="nobody"),
        pytest.param(("cluster", "99999"), "there is no cluster 99999", id="no cluster"),
    ],
)
def test_what_does_not_exist_is_said_in_a_sentence(
    done: Finished, arguments: tuple[str, ...], sentence: str
) -> None:
    command, *rest = arguments
    assert sentence in refused("explain", command, done.files.clusters, *rest)


def test_an_input_that_changed_since_stops_the_answer(tmp_path: Path) -> None:
    done = finish(tmp_path)
    with done.files.inputs[0].open("a", encoding="utf-8") as people:
        people.write("\n")
    message = refused("explain", "pair", done.files.clusters, *members(done)[:2])
    assert "people.csv" in message
    assert "match again" in message
