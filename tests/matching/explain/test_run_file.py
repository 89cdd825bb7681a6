from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matching.explain.run_file import located, read_run, run_path
from models.errors import ConfigError
from tests.matching.explain.finished import finish


def test_a_run_is_described_beside_its_clusters_and_found_again_when_moved(tmp_path: Path) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    clusters = finish(before).files.clusters
    run = read_run(clusters)
    assert [item.path for item in run.inputs] == ["../people.csv"]
    assert str(tmp_path) not in run_path(clusters).read_text(encoding="utf-8")
    shutil.move(before, after)
    moved = located(run, after / "out" / "clusters.parquet")
    assert moved.inputs[0].resolve() == (after / "people.csv").resolve()


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("people.csv", id="the input"),
        pytest.param("out/clusters-model.yml", id="the model"),
        pytest.param("out/clusters-matching.yml", id="the configuration"),
        pytest.param("out/clusters.parquet", id="the clusters"),
    ],
)
@pytest.mark.parametrize("gone", [True, False], ids=["gone", "changed"])
def test_a_file_that_changed_stops_every_explanation(tmp_path: Path, name: str, gone: bool) -> None:
    clusters = finish(tmp_path).files.clusters
    run = read_run(clusters)
    file = tmp_path / name
    if gone:
        file.unlink()
    else:
        file.write_bytes(file.read_bytes() + b"\n")
    with pytest.raises(ConfigError, match="changed or gone") as raised:
        located(run, clusters)
    assert Path(name).name in str(raised.value)
    assert "match again" in str(raised.value)


def test_clusters_without_a_run_say_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        read_run(tmp_path / "clusters.parquet")
    clusters = finish(tmp_path).files.clusters
    run_path(clusters).write_text("{}", encoding="utf-8")
    with pytest.raises(ConfigError, match="does not describe a run"):
        read_run(clusters)
    run_path(clusters).unlink()
    with pytest.raises(ConfigError, match=r"clusters-run\.json.*missing"):
        read_run(clusters)


def test_the_description_is_the_same_for_the_same_run(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        clusters = finish(tmp_path / name).files.clusters
        texts.append(run_path(clusters).read_bytes())
    assert texts[0] == texts[1]
