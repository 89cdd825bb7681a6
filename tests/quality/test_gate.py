from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from models.errors import GateHeld
from models.verdict import LAYER_ORDER, CheckResult, Layer, Outcome, Passed, Severity
from quality.checks import Check, Declared, Suite
from quality.gate import decide, passed, record, recorded_verdict
from quality.runner import run_suites

ROOT = Path(__file__).parents[2]
Blocking = Callable[[Sequence[Suite]], tuple[str, ...]]


def declared(layer: Layer, severity: Severity) -> Declared:
    text = {"en": "a check", "zh": "检查"}
    check = Check.model_validate(
        {
            "id": "tried",
            "table": "golden.customer",
            "rows": "false",
            "severity": severity,
            "dimension": "validity",
            "owner": "somebody",
            "title": text,
            "because": text,
            "next_step": {"en": "Repair it.", "zh": "修复。"},
        }
    )
    return Declared(f"{layer}.tried", layer, "golden", "customer", check)


def result(item: Declared, outcome: Outcome) -> CheckResult:
    return CheckResult(
        check_id=item.check_id,
        layer=item.layer,
        table_name=item.table_name,
        title_en=item.check.title.en,
        title_zh=item.check.title.zh,
        dimension=item.check.dimension,
        severity=item.check.severity,
        owner=item.check.owner,
        outcome=outcome,
        observed="3",
        expected="0",
        rows_checked=10,
        rows_failed=3,
        because="",
        because_zh="",
        next_step=item.check.next_step.en,
        next_step_zh=item.check.next_step.zh,
    )


def suites_of(severity: Severity = "critical") -> tuple[Suite, ...]:
    return tuple(Suite(layer, (declared(layer, severity),)) for layer in LAYER_ORDER)


def all_passed(suites: Sequence[Suite]) -> list[CheckResult]:
    return [result(item, "pass") for suite in suites for item in suite.checks]


OUTCOMES: tuple[Outcome, ...] = ("pass", "fail", "errored", "not_evaluated")
SEVERITIES: tuple[Severity, ...] = ("info", "warn", "critical")


@pytest.mark.parametrize(("severity", "outcome"), [*itertools.product(SEVERITIES, OUTCOMES)])
def test_only_a_critical_check_that_is_not_a_pass_holds(
    severity: Severity, outcome: Outcome
) -> None:
    suites = suites_of(severity)
    results = all_passed(suites)
    results[2] = replace(results[2], outcome=outcome)
    verdict = decide(results, suites, "digest", "run")
    held = severity == "critical" and outcome != "pass"
    assert verdict.held is held
    assert verdict.blocking == (("matched.tried",) if held else ())


@pytest.mark.parametrize("layer", LAYER_ORDER)
def test_a_layer_without_checks_holds(layer: Layer) -> None:
    suites = suites_of()
    without = [suite for suite in suites if suite.layer != layer]
    emptied = [replace(suite, checks=()) if suite.layer == layer else suite for suite in suites]
    for changed in (without, emptied):
        assert decide(all_passed(changed), changed, "d", "r").blocking == (f"{layer}.*",)


def test_no_suites_at_all_hold() -> None:
    assert decide([], [], "d", "r").blocking == tuple(sorted(f"{name}.*" for name in LAYER_ORDER))


@pytest.mark.parametrize("severity", SEVERITIES)
def test_a_check_without_a_result_holds(severity: Severity) -> None:
    suites = suites_of(severity)
    assert decide(all_passed(suites)[1:], suites, "d", "r").blocking == ("landed.tried",)


def test_a_result_that_nobody_declared_holds() -> None:
    suites = suites_of()
    stranger = replace(all_passed(suites)[0], check_id="golden.stranger", severity="info")
    verdict = decide([*all_passed(suites), stranger], suites, "d", "r")
    assert verdict.blocking == ("golden.stranger",)


def test_two_results_for_one_check_hold() -> None:
    suites = suites_of()
    results = all_passed(suites)
    assert decide([*results, results[0]], suites, "d", "r").blocking == ("landed.tried",)


def test_the_declared_severity_counts_not_the_one_that_came_back() -> None:
    suites = suites_of("critical")
    results = all_passed(suites)
    results[0] = replace(results[0], severity="info", outcome="errored")
    assert decide(results, suites, "d", "r").held


def test_a_pass_lets_exactly_the_judged_candidate_through(candidate: Path) -> None:
    suites = suites_of()
    with duckdb.connect(str(candidate)) as connection:
        record(connection, all_passed(suites), decide(all_passed(suites), suites, "d1", "r1"))
        leave = passed(connection)
    assert (leave.run_id, leave.golden_digest) == ("r1", "d1")


def test_a_held_candidate_names_check_owner_and_next_step(candidate: Path) -> None:
    suites = suites_of()
    results = all_passed(suites)
    results[3] = replace(results[3], outcome="errored")
    with duckdb.connect(str(candidate)) as connection:
        record(connection, results, decide(results, suites, "d", "r"), suites)
        with pytest.raises(GateHeld) as caught:
            passed(connection)
    for words in ("golden.tried", "errored", "somebody", "Repair it.", "last good version"):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "tampering",
    [
        pytest.param("DELETE FROM quality.verdict", id="no verdict"),
        pytest.param("DROP TABLE quality.verdict", id="no verdict table"),
        pytest.param("INSERT INTO quality.verdict SELECT * FROM quality.verdict", id="two"),
        pytest.param("UPDATE quality.check_result SET outcome = 'fail'", id="results disagree"),
        pytest.param("DELETE FROM quality.check_result WHERE layer = 'golden'", id="result gone"),
        pytest.param("UPDATE quality.verdict SET verdict = 'maybe'", id="not a pass"),
    ],
)
def test_a_verdict_that_its_results_do_not_bear_out_is_not_believed(
    candidate: Path, tampering: str
) -> None:
    suites = suites_of()
    with duckdb.connect(str(candidate)) as connection:
        record(connection, all_passed(suites), decide(all_passed(suites), suites, "d", "r"))
        connection.execute(tampering)
        with pytest.raises(GateHeld):
            passed(connection)


def test_recording_twice_leaves_one_verdict(candidate: Path) -> None:
    suites = suites_of()
    verdict = decide(all_passed(suites), suites, "d", "r")
    with duckdb.connect(str(candidate)) as connection:
        for _ in range(2):
            record(connection, all_passed(suites), verdict, suites)
        assert recorded_verdict(connection) == verdict
        counted = connection.execute("SELECT count(*) FROM quality.check_result").fetchone()
    assert counted == (4,)


def test_nobody_but_the_gate_can_make_a_passed() -> None:
    with pytest.raises(TypeError, match=r"quality\.gate"):
        Passed("run", "digest", object())
    rooms = ("models", "warehouse", "connectors", "matching", "quality", "pipeline", "dags")
    users = {
        path.relative_to(ROOT).as_posix()
        for room in rooms
        for path in (ROOT / room).rglob("*.py")
        if "GATE_KEY" in path.read_text(encoding="utf-8")
    }
    assert users == {"models/verdict.py", "quality/gate.py"}


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
    from quality.suites import applicable, load_suites

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
    from quality.failing import failing_keys

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
