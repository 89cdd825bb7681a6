"""Files are read in order, once, and only when they are complete."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Chunk
from connectors.files import natural
from connectors.registry import open_connector
from models.errors import ConfigError, SourceError, TransientError
from models.source import SourceConfig
from tests.connectors.conftest import Project, source_of


def source(**read: Any) -> SourceConfig:
    return source_of("csv", {"path": "in"}, **({"glob": "*.csv"} | read))


def put(project: Project, name: str, *rows: str) -> Path:
    path = project.base / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("ID,N\n" + "".join(f"{row}\n" for row in rows))
    return path


def test_names_sort_with_their_numbers_as_numbers() -> None:
    names = ["part-10.csv", "part-2.csv", "20261101.csv", "a", "part-2b.csv", ""]
    assert sorted(names, key=natural) == [
        "", "a", "part-2.csv", "part-2b.csv", "part-10.csv", "20261101.csv"
    ]  # fmt: skip


def test_a_snapshot_is_the_last_file_alone(project: Project) -> None:
    put(project, "c-9.csv", "1,old", "2,gone")
    put(project, "c-10.csv", "1,new")
    assert project.pull(source()).kind == "full"
    assert project.landed(source(), "ID, N") == [("1", "new")]


def test_the_same_file_is_read_once_whatever_its_name(project: Project) -> None:
    put(project, "c-1.csv", "1,a")
    project.pull(source())
    put(project, "c-2.csv", "1,a")
    report = project.pull(source())
    assert (report.outcome, report.rows) == ("unchanged", 0)
    assert len(project.raw.runs("core", "customer")) == 1


def test_a_snapshot_that_returns_to_an_earlier_state_is_new(project: Project) -> None:
    for number, content in enumerate(["1,a", "1,b", "1,a"]):
        put(project, f"c-{number}.csv", content)
        assert project.pull(source()).outcome == "landed"
    assert project.landed(source(), "N") == [("a",)]


def test_changes_add_up_and_later_files_win(project: Project) -> None:
    read = {"mode": "changes"}
    put(project, "c-2.csv", "1,two", "2,two")
    put(project, "c-1.csv", "1,one", "3,one")
    first = project.pull(source(**read))
    assert (first.kind, first.rows) == ("full", 4)
    put(project, "c-10.csv", "3,ten")
    second = project.pull(source(**read))
    assert (second.kind, second.rows) == ("delta", 1)
    assert project.landed(source(**read), "ID, N") == [("1", "two"), ("2", "two"), ("3", "ten")]
    assert project.pull(source(**read)).outcome == "unchanged"
    third = project.pull(source(**read), full=True)
    assert (third.kind, third.rows) == ("full", 5)
    assert project.landed(source(**read), "ID, N") == [("1", "two"), ("2", "two"), ("3", "ten")]


def test_later_can_mean_by_time_of_modification(project: Project) -> None:
    newest = put(project, "a.csv", "1,newest")
    oldest = put(project, "b.csv", "1,oldest")
    os.utime(newest, ns=(2_000, 2_000))
    os.utime(oldest, ns=(1_000, 1_000))
    project.pull(source(order="modified"))
    assert project.landed(source(order="modified"), "N") == [("newest",)]


@pytest.mark.parametrize("name", ["z.csv.part", ".z.csv", "~$z.csv", "z.csv.tmp", "z.csv~"])
def test_files_under_way_are_left_alone(project: Project, name: str) -> None:
    put(project, "a.csv", "1,whole")
    put(project, name, "1,half")
    project.pull(source(glob="*"))
    assert project.landed(source(glob="*"), "N") == [("whole",)]


def test_a_file_that_changes_while_it_is_read_lands_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put(project, "a.csv", "1,a")
    time.sleep(0.01)
    connector = open_connector(source(), project.base)
    note = project._note

    def write_on(what: str, done: int, total: int | None = None) -> None:
        note(what, done, total)
        with path.open("a") as file:
            file.write("2,b\n")

    monkeypatch.setattr(project, "_note", write_on)
    with pytest.raises(TransientError, match=r"a\.csv changed while it was read"):
        project.pull(source())
    assert project.raw.latest("core", "customer") is None
    assert connector.check().ok


def test_no_file_at_all_is_an_error_at_first_and_no_news_later(project: Project) -> None:
    (project.base / "in").mkdir()
    with pytest.raises(SourceError, match=r"called like '\*\.csv'"):
        project.pull(source())
    path = put(project, "a.csv", "1,a")
    project.pull(source())
    path.unlink()
    assert project.pull(source()).outcome == "unchanged"


def test_a_folder_that_is_not_there_is_named(project: Project) -> None:
    with pytest.raises(SourceError, match=r"no folder .*in; correct connection\.path"):
        project.pull(source())


def test_files_cannot_be_swept(project: Project) -> None:
    with pytest.raises(ConfigError, match="files hold no list of all keys"):
        open_connector(source(), project.base).keys("customer")


def test_chunks_of_files_say_which_file_they_are_of(project: Project) -> None:
    put(project, "a.csv", "1,a")
    put(project, "b.csv", "2,b")
    project.pull(source(mode="changes"))
    (run,) = project.raw.runs("core", "customer")
    assert [file.name for file in run.consumed] == ["a.csv", "b.csv"]
    assert [part.sequence for part in run.parts("rows")] == [0, 1]
    assert Chunk.__dataclass_fields__["sequence"].default == 0
