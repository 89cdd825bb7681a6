"""Days pass in the bank's systems: only what changed moves, and ids stay (promises 4 and 5)."""

from __future__ import annotations

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

pytestmark = [pytest.mark.timeout(240), pytest.mark.xdist_group("flow")]


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
        list(advance(Place(folder, {}), 5, 0))
        run_flow(folder)
        after_file = published_file(project)
        assert digest_of(project) != before
        rerun = digest_of(run_flow(folder))
        assert rerun == digest_of(project)

    old, new = identities(before_file), identities(after_file)
    kept = old.keys() & new.keys()
    assert old.keys() - new.keys(), "somebody left"
    assert new.keys() - old.keys(), "somebody came"
    moved = {key for key in kept if old[key] != new[key]}
    with duckdb.connect(str(after_file), read_only=True) as connection:
        redirects = dict(
            connection.execute(
                "SELECT retired_id, customer_id FROM customer_id_redirect"
            ).fetchall()
        )
        changes = dict(
            connection.execute("SELECT change, count(*) FROM customer_change GROUP BY 1").fetchall()
        )
        customers = {
            row[0] for row in connection.execute("SELECT customer_id FROM customer").fetchall()
        }
    # a record moves only when customers were merged, and then its old id still resolves
    assert all(redirects.get(old[key]) == new[key] for key in moved)
    assert len(moved) <= len(kept) // 50
    assert all(old[key] in customers or old[key] in redirects for key in old)
    assert {"created", "updated"} <= changes.keys()
    assert sum(changes.values()) < len(customers) // 2
    found = score(after_file, folder / "truth")
    assert found.precision >= 0.999
    assert found.veto_breaches == 0
