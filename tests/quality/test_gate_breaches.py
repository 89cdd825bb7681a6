"""Every kind of damage planted in a sound candidate is found by its check and holds the gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from quality.checks import Suite
from quality.failing import failing_keys
from quality.gate import decide, record
from quality.runner import run_suites
from quality.suites import applicable, load_suites

BREACHES = [
    pytest.param(
        "golden.no_veto_inside",
        "UPDATE golden.customer_xref SET customer_id = 'G000000001' WHERE source_pk = 'C2'",
        id="a vetoed pair in one customer",
    ),
    pytest.param(
        "matched.no_veto_inside",
        "UPDATE matched.cluster SET cluster_id = 'core.customer:C1' "
        "WHERE record_key = 'core.customer:C2'",
        id="a vetoed pair in one cluster",
    ),
    pytest.param(
        "golden.one_lifelong_number",
        "INSERT INTO golden.customer_identifier BY NAME SELECT 'G000000005' AS customer_id, "
        "'resident_id' AS id_class, '110101190001010007' AS value, 'valid' AS status",
        id="two valid numbers of one class",
    ),
    pytest.param(
        "golden.each_record_once",
        "DELETE FROM golden.customer_xref WHERE source_pk = 'K4'",
        id="a record lost",
    ),
    pytest.param(
        "golden.each_record_once",
        "INSERT INTO golden.customer_xref SELECT * REPLACE ('G000000001' AS customer_id) "
        "FROM golden.customer_xref WHERE source_pk = 'K4'",
        id="a record with two customers",
    ),
    pytest.param(
        "golden.conservation[crm]",
        "DELETE FROM golden.customer_xref WHERE source_pk = 'K4'",
        id="fewer linked than came in",
    ),
    pytest.param(
        "golden.conservation[crm]",
        "DELETE FROM normalised.quarantine",
        id="a quarantined row forgotten",
    ),
    pytest.param(
        "normalised.rows_accounted[crm.contact]",
        "DELETE FROM normalised.quarantine",
        id="a landed row without a trace",
    ),
    pytest.param(
        "normalised.rows_accounted[core.customer]",
        "INSERT INTO normalised.quarantine BY NAME SELECT 'core' AS source, "
        "'customer' AS object, 'C9' AS source_pk",
        id="a row in quarantine and in use",
    ),
    pytest.param(
        "landed.rows_read_accounted[core.customer]",
        "UPDATE landed.object_load SET rows_read = rows_read + 1 WHERE object = 'customer'",
        id="a row read without a fate",
    ),
    pytest.param(
        "landed.rows_as_loaded[core.customer]",
        "DELETE FROM landed.core__customer WHERE _pk = 'C3'",
        id="a landed table cut afterwards",
    ),
    pytest.param(
        "golden.redirects_arrive",
        "INSERT INTO golden.customer_id_redirect VALUES ('G7', 'G8', 'merged'), "
        "('G8', 'G000000001', 'merged')",
        id="a chain of redirects",
    ),
    pytest.param(
        "golden.redirects_arrive",
        "INSERT INTO golden.customer_id_redirect VALUES ('G7', NULL, 'merged')",
        id="a redirect into nothing",
    ),
    pytest.param(
        "golden.redirects_arrive",
        "INSERT INTO golden.customer_id_redirect VALUES ('G000000002', 'G000000001', 'merged')",
        id="an id both retired and in use",
    ),
    pytest.param(
        "golden.redirects_unique",
        "INSERT INTO golden.customer_id_redirect VALUES ('G7', 'G000000001', 'merged'), "
        "('G7', 'G000000002', 'merged')",
        id="a retired id with two successors",
    ),
    pytest.param(
        "golden.customer_id_unique",
        "INSERT INTO golden.customer SELECT * FROM golden.customer LIMIT 1",
        id="a customer twice",
    ),
    pytest.param(
        "golden.provenance_complete",
        "DELETE FROM golden.customer_provenance "
        "WHERE attribute = 'mobile' AND customer_id = 'G000000004'",
        id="a cell without provenance",
    ),
    pytest.param(
        "golden.provenance_complete",
        "UPDATE golden.customer_provenance SET value = '+8613800000000' "
        "WHERE attribute = 'mobile' AND customer_id = 'G000000004'",
        id="a cell that is not what won",
    ),
    pytest.param(
        "golden.provenance_one_winner",
        "INSERT INTO golden.customer_provenance SELECT * FROM golden.customer_provenance LIMIT 1",
        id="two winners for a cell",
    ),
    pytest.param(
        "golden.customers_have_records",
        "UPDATE golden.customer SET record_count = 9 WHERE customer_id = 'G000000004'",
        id="a customer that counts wrongly",
    ),
    pytest.param(
        "golden.previous_known",
        "UPDATE matched.basis SET version = 'v000001'",
        id="a previous version nobody measured",
    ),
    pytest.param(
        "matched.largest_cluster",
        "INSERT INTO matched.cluster SELECT 'x' || i, 'x' FROM range(201) t(i)",
        id="a cluster beyond the limit",
    ),
    pytest.param(
        "matched.clusters_are_customers",
        "UPDATE matched.identity SET customer_id = 'G000000001' "
        "WHERE record_key = 'core.customer:C3'",
        id="an id over two clusters",
    ),
    pytest.param(
        "normalised.columns_landed[core.customer]",
        "UPDATE normalised.column_use SET use = 'missing' WHERE column_name = 'MOB'",
        id="a mapped column gone",
    ),
    pytest.param(
        "normalised.identity_columns_filled[core.customer]",
        "UPDATE normalised.column_use SET filled = 0 WHERE column_name = 'CERT_NO'",
        id="no identity number arrives",
    ),
    pytest.param(
        "normalised.quarantine_limit[crm]",
        "INSERT INTO normalised.quarantine BY NAME SELECT 'crm' AS source, 'contact' AS object, "
        "'Q' || i AS source_pk FROM range(30) t(i)",
        id="too much in quarantine",
    ),
    pytest.param(
        "landed.rows_present[crm.contact]", "DELETE FROM landed.crm__contact", id="an empty feed"
    ),
    pytest.param(
        "landed.key_unique[crm.contact]",
        "UPDATE landed.crm__contact SET _pk = 'K2' WHERE _pk = 'K4'",
        id="a key twice",
    ),
]


@pytest.mark.parametrize(("check_id", "statement"), BREACHES)
def test_a_planted_breach_holds_the_gate(
    suites: tuple[Suite, ...],
    change: Callable[..., None],
    candidate: Path,
    check_id: str,
    statement: str,
) -> None:
    change(statement)
    only = [
        replace(suite, checks=tuple(item for item in suite.checks if item.check_id == check_id))
        for suite in suites
    ]
    [breach] = run_suites(candidate, only)
    assert (breach.check_id, breach.outcome, breach.severity) == (check_id, "fail", "critical")
    assert check_id in decide([breach], suites, "d", "r").blocking


def test_losing_customers_holds_the_gate_once_there_is_a_version_before(
    sources: tuple[object, ...], candidate: Path, change: Callable[..., None]
) -> None:
    change("INSERT INTO quality.previous VALUES ('customers', 250)")
    with duckdb.connect(str(candidate)) as connection:
        suites = applicable(load_suites(None, sources), connection)  # type: ignore[arg-type]
    results = {item.check_id: item for item in run_suites(candidate, suites)}
    assert results["golden.customer_drop"].outcome == "fail"
    assert results["golden.customer_drop"].observed == "20 %"
    assert "golden.customer_drop" in decide([*results.values()], suites, "d", "r").blocking


def test_failing_keys_are_capped_and_the_count_is_true(
    suites: tuple[Suite, ...], candidate: Path, change: Callable[..., None]
) -> None:
    change("UPDATE golden.customer SET record_count = 9 WHERE customer_id < 'G000000051'")
    results = run_suites(candidate, suites)
    with duckdb.connect(str(candidate)) as connection:
        record(connection, results, decide(results, suites, "d", "r"), suites)
        all_keys = connection.execute("SELECT DISTINCT key FROM quality.failing_row").fetchall()
        connection.execute("DELETE FROM quality.failing_row")
        written = failing_keys(connection, results, suites, limit=7)
        first = connection.execute("SELECT min(key), max(key) FROM quality.failing_row").fetchone()
        told = connection.execute(
            "SELECT rows_failed, rows_checked FROM quality.check_result "
            "WHERE check_id = 'golden.customers_have_records'"
        ).fetchone()
    assert len(all_keys) == 50
    assert (written, first, told) == (7, ("G000000001", "G000000007"), (50, 200))
