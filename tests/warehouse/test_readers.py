"""A hundred publishes under the eyes of readers in other processes: no error, nothing mixed.

Some readers keep one connection for the whole time, some open ``current`` anew for every look, and
one does both. Each look takes the content digest of all tables through one connection and compares
it with what ``version_info`` says there.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.plugins.small_bank import SmallBank, person

PUBLISHES = 100
# argv: the published folder, the file that ends it, which kind of reader.
READ = """
import json, os, sys, time
from pathlib import Path
import duckdb
from warehouse.digest import layer_digest
root, stop, kind = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
seen, looks, wrong, parent = [], 0, [], os.getppid()

def connect():
    return duckdb.connect(str(root / "current" / "golden.duckdb"), read_only=True)

def look(con):
    version, digest, customers = con.execute(
        "SELECT version, digest, customers FROM version_info").fetchone()
    found = layer_digest(con, "golden", "main")
    listed = con.execute("SELECT max_by(version, number) FROM version").fetchone()[0]
    if (found, listed) != (digest, version):
        wrong.append([version, listed, digest, found])
    if version not in seen:
        seen.append(version)

kept = None if kind == "anew" else connect()
if kept:
    look(kept)
print("ready", flush=True)
while not stop.exists() and os.getppid() == parent:
    try:
        if kept:
            look(kept)
        if kind != "kept":
            with connect() as con:
                look(con)
        looks += 1
        time.sleep(0.2)  # leaves the publisher some of the machine
    except Exception as error:
        wrong.append(repr(error))
print(json.dumps({"seen": seen, "looks": looks, "wrong": wrong}))
"""


@pytest.mark.timeout(300)
def test_over_a_hundred_publishes_readers_see_no_error_and_nothing_mixed(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    bank.publish([person(f"core.c:{i}", "v000001") for i in range(3)])
    stop = tmp_path / "stop"
    readers = {kind: _start(bank, stop, kind) for kind in ("kept", "anew", "both")}
    try:
        for number in range(2, PUBLISHES + 1):
            _next_candidate(bank, number)
            assert bank.release(keep_versions=1).version.number == number
    finally:
        stop.touch()
        told = {kind: _end(reader) for kind, reader in readers.items()}
    assert {kind: item["wrong"] for kind, item in told.items()} == {kind: [] for kind in told}
    assert all(item["looks"] >= 10 for item in told.values())
    assert told["kept"]["seen"] == ["v000001"], "an open connection stays where it was"
    assert len(told["anew"]["seen"]) > 10
    assert told["anew"]["seen"] == sorted(told["anew"]["seen"]), "never back to an older one"


def _next_candidate(bank: SmallBank, number: int) -> None:
    """Make the working file the next candidate: another customer, and everybody renamed."""
    current = bank.versions.current()
    assert current is not None
    with bank.store.writing() as con:
        con.execute("UPDATE matched.basis SET version = ?", [current.name])
        con.execute("INSERT INTO golden.customer (customer_id) VALUES (?)", [f"N{number}"])
        con.execute("UPDATE golden.customer SET full_name = ?", [current.name])
        con.execute("UPDATE golden.customer_name SET value = ?", [current.name])


def _start(bank: SmallBank, stop: Path, kind: str) -> subprocess.Popen[str]:
    reader = subprocess.Popen(
        [sys.executable, "-c", READ, str(bank.versions.root), str(stop), kind],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "ready\n"
    return reader


def _end(reader: subprocess.Popen[str]) -> dict[str, Any]:
    output, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    told: dict[str, Any] = json.loads(output)
    return told
