"""Typed Parquet columns land as exact text."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from models.errors import IncompleteData
from models.source import SourceConfig
from tests.connectors.conftest import Project, source_of


def source(**read: Any) -> SourceConfig:
    return source_of("parquet", {"path": "in"}, **({"glob": "*.parquet"} | read))


def put(project: Project, table: pa.Table, name: str = "a.parquet") -> Path:
    path = project.base / "in" / name
    path.parent.mkdir(exist_ok=True)
    pq.write_table(table, path)
    return path


NOON = datetime(2026, 11, 23, 12, 0, 0, 500_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("array", "landed"),
    [
        pytest.param(pa.array([2**53 + 1]), "9007199254740993", id="integer"),
        pytest.param(pa.array([Decimal("1.1000")]), "1.1000", id="decimal"),
        pytest.param(
            pa.array([Decimal("0.0000001")], pa.decimal128(20, 10)), "0.0000001000", id="small"
        ),
        pytest.param(pa.array([13800000000.0]), "13800000000", id="whole-float"),
        pytest.param(pa.array([1.5]), "1.5", id="float"),
        pytest.param(pa.array([1.101011990010112e17]), "1.101011990010112E+17", id="lost-digits"),
        pytest.param(pa.array([date(1990, 1, 1)]), "1990-01-01", id="date"),
        pytest.param(pa.array([NOON]), "2026-11-23T12:00:00.500000+00:00", id="instant"),
        pytest.param(
            pa.array([NOON.replace(tzinfo=None)], pa.timestamp("ns")),
            "2026-11-23T12:00:00.500000",
            id="local-time",
        ),
        pytest.param(pa.array([True]), "true", id="bool"),
        pytest.param(pa.array([b"\xe5\xbc\xa0"]), "张", id="text-as-bytes"),
        pytest.param(pa.array([b"\xff\x00"]), "ff00", id="bytes"),
        pytest.param(pa.array(["张三"]).dictionary_encode(), "张三", id="dictionary"),
        pytest.param(pa.array([["a", "b"]]), '["a","b"]', id="list"),
        pytest.param(pa.array([None], pa.int32()), None, id="null"),
    ],
)
def test_values_land_exactly(project: Project, array: Any, landed: str | None) -> None:
    put(project, pa.table({"ID": ["1"], "V": array}))
    project.pull(source())
    assert project.landed(source(), "V") == [(landed,)]


def test_structs_become_columns_with_dots(project: Project) -> None:
    put(project, pa.table({"ID": [1], "a": [{"b": {"c": "x"}, "d": 2}]}))
    project.pull(source())
    assert project.landed(source(), '"a.b.c", "a.d"') == [("x", "2")]


def test_a_cut_file_lands_nothing(project: Project) -> None:
    path = put(project, pa.table({"ID": ["1"]}))
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(IncompleteData, match="not a whole Parquet file"):
        project.pull(source())


def test_the_footer_declares_the_rows(project: Project) -> None:
    put(project, pa.table({"ID": [str(number) for number in range(10)]}))
    project.pull(source())
    latest = project.raw.latest("core", "customer")
    assert latest is not None
    assert (latest.source_row_count, latest.rows) == (10, 10)


def test_an_empty_file_lands_its_columns(project: Project) -> None:
    put(project, pa.table({"ID": pa.array([], pa.string())}))
    assert project.pull(source()).rows == 0
    assert project.landed(source(), "ID") == []
