"""What holds the gate, and that nothing passes it but the candidate it judged."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from models.errors import GateHeld
from models.verdict import LAYER_ORDER, CheckResult, Layer, Outcome, Passed, Severity
from quality.checks import Check, Declared, Suite
from quality.gate import decide, passed, record, recorded_verdict

ROOT = Path(__file__).parents[2]


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
