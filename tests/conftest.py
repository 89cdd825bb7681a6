"""What all tests share: no telemetry, an Airflow home of their own, and no silent skips in CI."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator

import pytest

# Airflow and Great Expectations read these at import, so they are set before any test module is.
os.environ["AIRFLOW_HOME"] = tempfile.mkdtemp(prefix="airflow-home-")
os.environ["AIRFLOW__CORE__LOAD_EXAMPLES"] = "False"
os.environ["AIRFLOW__CORE__UNIT_TEST_MODE"] = "False"
os.environ["GX_ANALYTICS_ENABLED"] = "false"

pytest_plugins = ["tests.plugins.databases", "tests.plugins.banks"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where GOLDEN_NOTHING_SKIPS is set, a skip is a failure (but for missing labelled data)."""
    report = yield
    strict = os.environ.get("GOLDEN_NOTHING_SKIPS")
    if strict and report.skipped and not item.get_closest_marker("labelled"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} skipped, and nothing may skip here: {report.longrepr}"
    return report
