from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import astuple
from pathlib import Path
from typing import Any

import duckdb
import pytest

from models.verdict import CheckResult
from quality.checks import Check, Declared, Suite
from quality.runner import run_suites

Run = Callable[[Sequence[Suite]], dict[str, str]]


def declared(check_id: str, table: str, **fields: Any) -> Declared:
    text = {"en": check_id, "zh": check_id}
    check = Check.model_validate(
        {
            "id": "tried",
            "table": table,
            "severity": "warn",
            "dimension": "validity",
            "owner": "nobody",
            "title": text,
            "because": text,
            "next_step": text,
            **fields,
        }
    )
    schema, name = table.split(".")
    return Declared(check_id, "golden", schema, name, check)


def suite(*checks: Declared) -> list[Suite]:
    return [Suite("golden", checks)]


def one(candidate: Path, check: Declared) -> CheckResult:
    return run_suites(candidate, suite(check))[0]


def test_a_sound_candidate_passes_every_default_check(
    suites: tuple[Suite, ...], outcomes: Run
) -> None:
    results = outcomes(suites)
    assert {name: outcome for name, outcome in results.items() if outcome != "pass"} == {}
    assert set(results) == {item.check_id for each in suites for item in each.checks}


EMPTY_OR_NULL = [
    pytest.param(
        {"expect": {"type": "ExpectColumnValuesToBeUnique", "column": "customer_id"}}, id="unique"
    ),
    pytest.param(
        {"expect": {"type": "ExpectColumnValuesToNotBeNull", "column": "customer_id"}},
        id="not null",
    ),
    pytest.param(
        {
            "expect": {
                "type": "ExpectColumnValuesToBeInSet",
                "column": "party_type",
                "value_set": ["person"],
            }
        },
        id="in set",
    ),
    pytest.param(
        {
            "expect": {
                "type": "ExpectCompoundColumnsToBeUnique",
                "column_list": ["customer_id", "party_type"],
            }
        },
        id="compound unique",
    ),
    pytest.param({"rows": "t.customer_id IS NULL"}, id="rows"),
    pytest.param({"measure": "SELECT count(*) FROM golden.customer", "max": 10**9}, id="measure"),
]


@pytest.mark.parametrize("demand", EMPTY_OR_NULL)
def test_success_on_an_empty_table_is_not_a_pass(
    candidate: Path, change: Callable[..., None], demand: dict[str, Any]
) -> None:
    change("DELETE FROM golden.customer")
    check = declared("golden.x", "golden.customer", **demand)
    assert one(candidate, check).outcome == "not_evaluated"
    allowed = declared("golden.x", "golden.customer", empty_ok=True, **demand)
    assert one(candidate, allowed).outcome == "pass"


@pytest.mark.parametrize(
    "expect",
    [
        {"type": "ExpectColumnValuesToBeInSet", "column": "email", "value_set": ["a"]},
        {"type": "ExpectColumnValueLengthsToBeBetween", "column": "email", "max_value": 3},
        {"type": "ExpectColumnValuesToBeUnique", "column": "email"},
        {"type": "ExpectColumnDistinctValuesToBeInSet", "column": "email", "value_set": ["a"]},
    ],
    ids=lambda expect: expect["type"],
)
def test_success_on_an_all_null_column_is_not_a_pass(
    candidate: Path, change: Callable[..., None], expect: dict[str, Any]
) -> None:
    change("UPDATE golden.customer SET email = NULL")
    check = declared("golden.x", "golden.customer", expect=expect)
    assert one(candidate, check).outcome == "not_evaluated"
    allowed = declared("golden.x", "golden.customer", expect=expect, null_ok=True)
    assert one(candidate, allowed).outcome == "pass"


def test_a_null_measure_is_not_a_pass(candidate: Path) -> None:
    check = declared("golden.x", "golden.customer", measure="SELECT NULL", min=0)
    assert one(candidate, check).outcome == "not_evaluated"


def test_an_empty_population_is_not_a_pass(candidate: Path) -> None:
    check = declared("golden.x", "golden.customer", among="t.sex = 'none'", rows="true")
    assert one(candidate, check).outcome == "not_evaluated"


def test_a_condition_that_is_null_fails(candidate: Path, change: Callable[..., None]) -> None:
    change("UPDATE golden.customer SET sex = NULL WHERE customer_id = 'G000000007'")
    result = one(candidate, declared("golden.x", "golden.customer", rows="t.sex = 'neither'"))
    assert (result.outcome, result.rows_failed) == ("fail", 1)


@pytest.mark.parametrize(
    "check",
    [
        pytest.param(declared("golden.x", "golden.nowhere", rows="true"), id="no table"),
        pytest.param(declared("golden.x", "golden.customer", rows="t.nope = 1"), id="no column"),
        pytest.param(declared("golden.x", "golden.customer", rows="SELEKT"), id="no SQL"),
        pytest.param(
            declared("golden.x", "golden.customer", rows="t.full_name::INTEGER = 1"),
            id="cannot convert",
        ),
        pytest.param(
            declared("golden.x", "golden.customer", measure="SELECT full_name", max=1),
            id="measure without a column",
        ),
        pytest.param(
            declared(
                "golden.x",
                "golden.customer",
                measure="SELECT full_name FROM golden.customer LIMIT 1",
                max=1,
            ),
            id="measure is a text",
        ),
        pytest.param(
            declared("golden.x", "golden.customer", measure="SELECT * FROM range(3)", max=1),
            id="measure of three rows",
        ),
        pytest.param(
            declared("golden.x", "golden.customer", expect={"type": "ExpectMiracles"}),
            id="unknown expectation",
        ),
        pytest.param(
            declared(
                "golden.x",
                "golden.customer",
                expect={"type": "ExpectColumnValuesToBeUnique", "colum": "customer_id"},
            ),
            id="wrong argument",
        ),
        pytest.param(
            declared(
                "golden.x",
                "golden.customer",
                expect={"type": "ExpectColumnValuesToNotBeNull", "column": "nope"},
            ),
            id="expectation without its column",
        ),
        pytest.param(
            declared(
                "golden.x",
                "golden.customer",
                expect={
                    "type": "ExpectColumnValuesToMatchRegex",
                    "column": "mobile",
                    "regex": "^.*$",
                },
            ),
            id="unsupported on DuckDB",
        ),
    ],
)
def test_what_cannot_run_is_errored_and_not_failed(candidate: Path, check: Declared) -> None:
    result = one(candidate, check)
    assert (result.outcome, result.severity) == ("errored", "warn")
    assert "欧阳" not in str(result)


def test_results_keep_the_order_of_the_suite(candidate: Path) -> None:
    kinds: list[dict[str, Any]] = [
        {"rows": "t.customer_id IS NULL"},
        {"expect": {"type": "ExpectColumnValuesToNotBeNull", "column": "nope"}},
        {"measure": "SELECT 1", "max": 0},
        {"expect": {"type": "ExpectColumnValuesToBeUnique", "column": "customer_id"}},
        {"rows": "t.customer_id IS NOT NULL"},
        {"expect": {"type": "ExpectTableRowCountToBeBetween", "min_value": 1}},
    ]
    expected = ["pass", "errored", "fail", "pass", "fail", "pass"]
    for turn in range(len(kinds)):
        numbers = [*range(turn, len(kinds)), *range(turn)]
        checks = [declared(f"golden.c{n}", "golden.customer", **kinds[n]) for n in numbers]
        results = run_suites(candidate, suite(*checks))
        assert [item.check_id for item in results] == [f"golden.c{n}" for n in numbers]
        assert [item.outcome for item in results] == [expected[n] for n in numbers]


def test_two_checks_with_one_demand_both_get_their_result(candidate: Path) -> None:
    checks = [declared(f"golden.c{n}", "golden.customer", rows="false") for n in range(3)]
    assert [item.outcome for item in run_suites(candidate, suite(*checks))] == ["pass"] * 3


def test_braces_colons_and_percents_in_conditions_mean_themselves(candidate: Path) -> None:
    rows = (
        "NOT regexp_matches(t.mobile, '^[+][0-9]{13}$') OR t.full_name LIKE '%:name%' "
        "OR t.full_name = ' :b {batch}' OR t.record_count::VARCHAR = 'x'"
    )
    assert one(candidate, declared("golden.x", "golden.customer", rows=rows)).outcome == "pass"


def test_measures_are_held_to_both_limits(candidate: Path) -> None:
    def outcome(**limits: float) -> str:
        return one(
            candidate, declared("golden.x", "golden.customer", measure="SELECT 5", **limits)
        ).outcome

    assert [outcome(min=5, max=5), outcome(min=6), outcome(max=4), outcome(max=5)] == [
        "pass",
        "fail",
        "fail",
        "pass",
    ]


def test_no_value_of_a_customer_leaves_the_room(
    candidate: Path,
    change: Callable[..., None],
    suites: tuple[Suite, ...],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    change(
        "UPDATE golden.customer SET email = 'planted-secret', mobile = 'planted-secret', "
        "sex = 'planted-secret', party_type = 'planted-secret', full_name = 'planted-secret', "
        "customer_id = CASE WHEN customer_id < 'G000000003' THEN 'planted-secret' "
        "ELSE customer_id END",
        "UPDATE normalised.name SET value = 'planted-secret'",
    )
    checks = [
        declared("golden.cast", "golden.customer", rows="t.full_name::INTEGER = 1"),
        declared(
            "golden.max",
            "golden.customer",
            expect={
                "type": "ExpectColumnMaxToBeBetween",
                "column": "birth_date",
                "max_value": "1900-01-01",
            },
        ),
    ]
    with caplog.at_level(logging.DEBUG):
        results = run_suites(candidate, [*suites, *suite(*checks)])
    assert sum(item.outcome != "pass" for item in results) > 5
    out, err = capfd.readouterr()
    told = caplog.text + out + err + repr([astuple(item) for item in results])
    assert "planted" not in told
    assert not (out + err)
    assert {item.check_id: item.observed for item in results}["golden.max"] is None


def test_nothing_is_left_behind_and_the_file_can_be_written_again(
    candidate: Path, suites: tuple[Suite, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    before = candidate.read_bytes()
    run_suites(candidate, suites)
    assert list(home.rglob("*")) == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["home", "work.duckdb"]
    assert candidate.read_bytes() == before
    with duckdb.connect(str(candidate), config={"threads": 1}) as connection:
        connection.execute("CREATE TABLE main.written (x INTEGER)")
