"""JSON Lines land with dots for nesting and every digit kept."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from models.errors import IncompleteData
from models.source import SourceConfig
from tests.connectors.conftest import Project, source_of


def source(**read: Any) -> SourceConfig:
    return source_of("jsonl", {"path": "in"}, **({"glob": "*.jsonl*"} | read))


def put(project: Project, content: str | bytes, name: str = "a.jsonl") -> Path:
    path = project.base / "in" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    ("value", "landed"),
    [
        pytest.param('"张三"', "张三", id="text"),
        pytest.param("110101199001011234567890", "110101199001011234567890", id="big-integer"),
        pytest.param("1.10101199001011E+17", "1.10101199001011E+17", id="float"),
        pytest.param("1.10", "1.10", id="decimal"),
        pytest.param("true", "true", id="bool"),
        pytest.param("null", None, id="null"),
        pytest.param('[1.50, {"a": "二"}, null]', '[1.50,{"a":"二"},null]', id="list"),
        pytest.param("{}", "{}", id="empty-object"),
        pytest.param('"\\ud83d x"', "\ufffd x", id="half-a-surrogate"),
        pytest.param('"\\ud83d\\ude00"', "😀", id="surrogate-pair"),
    ],
)
def test_values_land_exactly(project: Project, value: str, landed: str | None) -> None:
    put(project, f'{{"ID": 1, "V": {value}}}\n')
    project.pull(source())
    assert project.landed(source(), "ID, V") == [("1", landed)]


def test_nested_objects_become_columns_with_dots(project: Project) -> None:
    put(project, '{"ID": "1", "contact": {"mobile": "m", "at": {"city": "c"}}}\n{"ID": "2"}\n')
    project.pull(source())
    found = project.landed(source(), '"contact.mobile", "contact.at.city"')
    assert found == [("m", "c"), (None, None)]


def test_columns_that_come_late_are_null_before(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.jsonl.reader.BATCH_LINES", 1)
    monkeypatch.setattr("warehouse.parts.ROWS_PER_GROUP", 1)
    put(project, '{"ID": 1}\n{"ID": 2, "A": "a"}\n{"ID": 3, "B": "b"}\n')
    project.pull(source())
    rows = [("1", None, None), ("2", "a", None), ("3", None, "b")]
    assert project.landed(source(), "ID, A, B") == rows


def test_the_latest_line_of_a_key_wins(project: Project) -> None:
    put(project, '{"ID": 1, "ts": 999, "V": "old"}\n{"ID": 1, "ts": 1000, "V": "new"}\n', "a.jsonl")
    read = {"mode": "changes", "cursor": {"field": "ts"}}
    project.pull(source(**read))
    assert project.landed(source(**read), "V") == [("new",)]
    put(project, '{"ID": 1, "ts": 5, "V": "late file"}\n', "b.jsonl")
    assert project.pull(source(**read)).kind == "delta"
    assert project.landed(source(**read), "V") == [("late file",)]


@pytest.mark.parametrize("bad", ["{", "[1]", "7", "null", '{"ID": 1,}', "not json"])
def test_lines_that_are_no_objects_are_rejected_by_number(project: Project, bad: str) -> None:
    put(project, f'{{"ID": 1}}\n\n{bad}\n{{"ID": 2}}\n')
    report = project.pull(source())
    assert (report.rows, report.rejects) == (2, 1)
    assert project.landed(source(), "ID") == [("1",), ("2",)]
    assert project.rejected() == [("bad_line", "a.jsonl, line 3: not a JSON object.")]


def test_a_cut_last_line_lands_nothing(project: Project) -> None:
    put(project, '{"ID": 1}\n{"ID": 2, "na')
    with pytest.raises(IncompleteData, match=r"a\.jsonl is cut in line 2"):
        project.pull(source())
    assert project.raw.latest("core", "customer") is None


def test_a_whole_last_line_needs_no_newline(project: Project) -> None:
    put(project, gzip.compress(b'{"ID": 1}\n{"ID": 2}'), "a.jsonl.gz")
    assert project.pull(source()).rows == 2


def test_a_record_without_its_key_is_rejected_at_the_load(project: Project) -> None:
    put(project, '{"V": "x"}\n{}\n')
    assert project.pull(source()).rows == 2
    assert project.load(source()).rows_rejected == 2
