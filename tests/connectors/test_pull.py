"""A pull lands one run or nothing, wherever it is killed, and goes on where it stopped."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from connectors.pull import pull
from models.errors import ConfigError, IncompleteData, StoreError
from models.source import SourceConfig
from tests.connectors.conftest import NOW, Project, source_of

ROWS = 60_000
CHILD = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from connectors.pull import pull
from models.source import SourceConfig
from warehouse.landing import RawZone

base, point = Path(sys.argv[1]), sys.argv[2]
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
rename = Path.rename

def dying_rename(self, target):
    if point == "before the rename":
        die()
    rename(self, target)
    if point == "after the rename":
        die()

Path.rename = dying_rename

def progress(what, done, total=None):
    if point == "while reading" and done >= 40_000:
        die()

source = SourceConfig.model_validate_json(sys.stdin.read())
now = datetime(2026, 11, 23, 18, 24, 10, tzinfo=UTC)
raw = RawZone(base / "data" / "raw")
pull(source, "customer", raw, "20261123T000001.000000Z", now, base, progress)
"""


@pytest.fixture
def source(project: Project) -> SourceConfig:
    """A table of 60 000 customers."""
    engine = sa.create_engine(f"sqlite:///{project.base / 'core.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE CUST (ID TEXT, N TEXT, UPD_TS TEXT)")
        connection.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000) "
            "INSERT INTO CUST SELECT i, 'name ' || i, '2026-11-23 10:00:00' FROM n"
        )
    engine.dispose()
    return source_of("sql", {"url": "sqlite:///core.db"}, table="CUST", cursor={"field": "UPD_TS"})


@pytest.mark.parametrize("point", ["while reading", "before the rename", "after the rename"])
def test_a_killed_pull_leaves_one_run_or_none_and_the_next_lands_the_same(
    project: Project, source: SourceConfig, point: str
) -> None:
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(project.base), point],
        input=source.model_dump_json(),
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert child.returncode == -9
    before = project.raw.runs("core", "customer")
    assert len(before) == (point == "after the rename")
    report = project.pull(source)
    assert report.outcome == ("done_before" if before else "landed")
    assert report.rows == ROWS
    folder = project.raw.root / "core" / "customer"
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == [
        "run=20261123T000001.000000Z"
    ]
    project.raw.verify(project.raw.runs("core", "customer")[0])
    assert project.load(source).rows_live == ROWS
    killed = project.landed(source)
    project.pull(source, full=True)
    assert project.landed(source) == killed


def test_the_same_run_id_is_one_run(project: Project, source: SourceConfig) -> None:
    first = project.pull(source, run_id="20261123T1")
    second = project.pull(source, run_id="20261123T1")
    assert (first.outcome, second.outcome) == ("landed", "done_before")
    assert (second.rows, second.cursor, second.hi) == (first.rows, first.cursor, first.hi)
    assert len(project.raw.runs("core", "customer")) == 1


def test_a_run_cannot_stand_before_the_last_one(project: Project, source: SourceConfig) -> None:
    project.pull(source, run_id="20261123T2")
    with pytest.raises(StoreError, match="the clock went back"):
        project.pull(source, run_id="20261123T1")


def test_the_safety_margin_keeps_the_cursor_behind_the_clock(
    project: Project, source: SourceConfig
) -> None:
    project.now = datetime(2026, 11, 23, 10, 5, tzinfo=UTC)
    read = source.objects["customer"].read
    cursor = {"field": "UPD_TS", "safety": "30m", "timezone": "UTC"}
    late = source_of("sql", source.connection, **{**read, "cursor": cursor})
    report = project.pull(late)
    assert (report.rows, report.cursor) == (ROWS, None)
    assert report.hi == "2026-11-23T09:36:00+00:00"
    assert project.pull(late).kind == "full"


def test_progress_is_shown(project: Project, source: SourceConfig) -> None:
    project.pull(source)
    assert project.steps[-1] == ("pull core.customer", ROWS, None)


def test_an_unknown_object_is_named_with_the_known_ones(
    project: Project, source: SourceConfig
) -> None:
    with pytest.raises(ConfigError, match=r"no object 'x'. Its objects are customer"):
        pull(source, "x", project.raw, "r", NOW, project.base)


def put_counted(project: Project, declared: int) -> SourceConfig:
    folder = project.base / "in"
    folder.mkdir(exist_ok=True)
    (folder / "a.csv").write_text("ID\n1\n2\n")
    (folder / "a.ctl").write_text(str(declared))
    read: dict[str, Any] = {"glob": "*.csv", "control": {"suffix": ".ctl"}}
    return source_of("csv", {"path": "in"}, **read)


def test_counts_that_disagree_are_read_once_more_and_then_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = put_counted(project, declared=3)
    with pytest.raises(IncompleteData, match="declares 3 rows, and 2 came; nothing was landed"):
        project.pull(source)
    assert project.raw.runs("core", "customer") == []
    assert [done for _, done, _ in project.steps] == [0, 2, 0, 2]


def test_counts_that_agree_at_the_second_reading_land(project: Project) -> None:
    source = put_counted(project, declared=3)
    note = project._note

    def complete(what: str, done: int, total: int | None = None) -> None:
        note(what, done, total)
        if len(project.steps) == 2:
            (project.base / "in" / "a.ctl").write_text("2")

    project._note = complete  # type: ignore[method-assign]
    report = project.pull(source)
    assert (report.outcome, report.rows) == ("landed", 2)
