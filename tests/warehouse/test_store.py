"""The working file: who writes waits for who reads, and says so when that takes too long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from models.errors import StoreLocked
from warehouse.store import Store

READ = """
import sys, time, duckdb
with duckdb.connect(sys.argv[1], read_only=True):
    print("reading", flush=True)
    time.sleep(float(sys.argv[2]))
"""


def reader(path: Path, seconds: float) -> subprocess.Popen[str]:
    """Start a process that keeps the file open for reading, as the quality checks do."""
    process = subprocess.Popen(
        [sys.executable, "-c", READ, str(path), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    return process


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Store(tmp_path / "bank.duckdb").writing() as con:
        con.execute("CREATE TABLE t (a INTEGER)")
    return tmp_path / "bank.duckdb"


def test_a_writer_waits_for_a_reader_in_another_process(path: Path) -> None:
    with reader(path, 1.0), Store(path).writing() as con:
        con.execute("INSERT INTO t VALUES (1)")


def test_a_writer_that_waited_too_long_says_who_is_in_the_way(path: Path) -> None:
    with reader(path, 5.0) as process:
        with (
            pytest.raises(StoreLocked, match="read by another run"),
            Store(path, wait=0.3).writing(),
        ):
            pass
        process.kill()
