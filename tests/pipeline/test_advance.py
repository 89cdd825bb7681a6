"""Days pass in the bank's systems: only what changed moves, and ids stay (promises 4 and 5)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from examples.bank.advance import advance
from examples.bank.score import score
from examples.bank.servers import serving
from examples.bank.systems import Place
from pipeline.project import Project
from tests.pipeline.conftest import digest_of, run_flow

pytestmark = [
    pytest.mark.timeout(240),
]


def identities(file: Path) -> dict[str, str]:
    with duckdb.connect(str(file), read_only=True) as connection:
        rows = connection.execute("SELECT record_key, customer_id FROM customer_xref").fetchall()
    return dict(rows)


def published_file(project: Project) -> Path:
    current = project.versions.current()
    assert current is not None
    return current.golden_file.resolve()


def test_days_pass_and_ids_stay(
    project_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project_copy()
    with serving(folder) as urls:
        for name, url in urls.items():
            monkeypatch.setenv(name, url)
        project = run_flow(folder)
        before_file, before = published_file(project), digest_of(project)
        list(advance(Place(folder, {}), 3, 0))
        with sqlite3.connect(folder / "systems" / "loan.db") as loan:  # no flag: found by its keys
            loan.execute("DELETE FROM BORROWER WHERE BRW_ID = (SELECT min(BRW_ID) FROM BORROWER)")
        run_flow(folder)
        after_file = published_file(project)
        assert digest_of(project) != before
        rerun = digest_of(run_flow(folder))
        assert rerun == digest_of(project)

    old, new = identities(before_file), identities(after_file)
    kept = old.keys() & new.keys()
    assert old.keys() - new.keys(), "somebody left"
    assert new.keys() - old.keys(), "somebody came"
    with duckdb.connect(str(after_file), read_only=True) as connection:
        ask = connection.execute
        redirects = dict(ask("SELECT retired_id, customer_id FROM customer_id_redirect").fetchall())
        events = ask(
            "SELECT customer_id, other_customer_id, change FROM customer_change"
        ).fetchall()
        customers = {row[0] for row in ask("SELECT customer_id FROM customer").fetchall()}
    # a record moves only with a merge, which redirects its old id, or with a split that is told of
    moved = {key for key in kept if old[key] != new[key]}
    split_off = {(part, whole) for part, whole, change in events if change == "split"}
    for key in moved:
        assert redirects.get(old[key]) == new[key] or (new[key], old[key]) in split_off
    assert len(moved) <= len(kept) // 50
    assert all(old[key] in customers or old[key] in redirects for key in old)
    touched = {customer for customer, _, change in events if change != "created"}
    assert 0 < len(touched) < len(set(old.values())) // 2, "only what changed moves"
    found = score(after_file, folder / "truth")
    assert found.precision >= 0.999
    assert found.veto_breaches == 0
