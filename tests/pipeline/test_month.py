"""Thirty days pass: ids of untouched customers stay, values are right, changes are explained."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from examples.bank.advance import advance
from examples.bank.score import score
from examples.bank.servers import serving
from examples.bank.systems import Place
from tests.pipeline.conftest import run_flow

pytestmark = [pytest.mark.timeout(900)]

RUNS, DAYS_BETWEEN = 6, 5
# Of all values whose truth some source states. Each attribute alone has too few in a small bank.
LEAST_CHOSEN = 0.98


def customers(file: Path) -> dict[str, str]:
    """Return the id of every customer by all that its records say."""
    with duckdb.connect(str(file), read_only=True) as golden:
        rows = golden.execute("""
            SELECT string_agg(record_key || ' ' || content_hash, ',' ORDER BY record_key),
                customer_id
            FROM customer_xref GROUP BY customer_id
        """).fetchall()
    return dict(rows)


def causes(file: Path) -> dict[str, int]:
    """Return how many changes each cause explains in a golden file."""
    with duckdb.connect(str(file), read_only=True) as golden:
        return dict(
            golden.execute("SELECT cause, count(*) FROM customer_change GROUP BY ALL").fetchall()
        )


def test_in_thirty_days_ids_stay_values_are_right_and_every_change_has_its_cause(
    project_copy: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = project_copy()
    with serving(folder) as urls:
        for name, url in urls.items():
            monkeypatch.setenv(name, url)
        project = run_flow(folder)
        for _ in range(RUNS):
            list(advance(Place(folder, {}), DAYS_BETWEEN, 0))
            run_flow(folder)
    versions = project.versions.list()
    assert len(versions) == RUNS + 1
    for before, after in itertools.pairwise(versions):
        was, now = customers(before.golden_file), customers(after.golden_file)
        untouched = was.keys() & now.keys()
        assert len(untouched) > len(was) / 2
        assert [said for said in untouched if was[said] != now[said]] == []
        assert causes(after.golden_file).keys() == {"source_data"}
    found = score(versions[-1].golden_file, folder / "truth")
    known = sum(item.known for item in found.attributes)
    chosen = sum(item.chosen for item in found.attributes)
    assert known > 1000
    assert chosen / known >= LEAST_CHOSEN
    assert (found.over_merged, found.veto_breaches) == (0, 0)
