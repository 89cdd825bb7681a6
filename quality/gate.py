"""May this candidate be published? The gate fails closed: whatever is not a pass holds it.

It holds when a critical check fails, could not be run or was not evaluated; when a layer has no
suite or an empty one; when a declared check has no result, or has two; and when there is a
result nobody declared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import astuple

from models.errors import GateHeld
from models.tables import table
from models.verdict import GATE_KEY, LAYER_ORDER, CheckResult, Passed, Verdict
from quality.checks import Suite
from quality.failing import failing_keys
from warehouse.sql import full_name
from warehouse.store import Connection, begin_layer


def decide(
    results: Sequence[CheckResult], suites: Sequence[Suite], golden_digest: str, run_id: str
) -> Verdict:
    """Judge one candidate, named by the digest of its golden tables."""
    blocking = tuple(sorted(set(_blocking(results, suites))))
    return Verdict(
        verdict="hold" if blocking else "pass",
        golden_digest=golden_digest,
        checks=sum(len(suite.checks) for suite in suites),
        blocking=blocking,
        run_id=run_id,
    )


def _blocking(results: Sequence[CheckResult], suites: Sequence[Suite]) -> Iterator[str]:
    filled = {suite.layer for suite in suites if suite.checks}
    yield from (f"{layer}.*" for layer in LAYER_ORDER if layer not in filled)
    declared = Counter(item.check_id for suite in suites for item in suite.checks)
    answered = Counter(result.check_id for result in results)
    yield from (name for name in declared | answered if (declared[name], answered[name]) != (1, 1))
    severity = {item.check_id: item.check.severity for suite in suites for item in suite.checks}
    for result in results:
        # the severity that was declared counts, not the one that came back
        critical = severity.get(result.check_id, "critical") == "critical"
        if result.blocks or (critical and result.outcome != "pass"):
            yield result.check_id


def record(
    connection: Connection,
    results: Sequence[CheckResult],
    verdict: Verdict,
    suites: Sequence[Suite] = (),
) -> None:
    """Write ``quality.check_result`` and ``quality.verdict``; with ``suites``, failing keys too."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    begin_layer(connection, "quality", "check_result", "failing_row", "verdict")
    if results:
        check_result = table("quality", "check_result")
        marks = ", ".join("?" * len(check_result.columns))
        connection.executemany(
            f"INSERT INTO {full_name(check_result)} VALUES ({marks})",
            [astuple(result) for result in results],
        )
    connection.execute(
        f"INSERT INTO {full_name(table('quality', 'verdict'))} VALUES (?, ?, ?, ?, ?)",
        [
            verdict.verdict,
            verdict.golden_digest,
            verdict.checks,
            json.dumps(verdict.blocking),
            verdict.run_id,
        ],
    )
    failing_keys(connection, results, suites)


def recorded_verdict(connection: Connection) -> Verdict | None:
    """Return the verdict that stands in the working file, or None when nobody judged it."""
    exists = connection.execute(
        "SELECT 1 FROM duckdb_tables() WHERE schema_name = 'quality' AND table_name = 'verdict'"
    ).fetchone()
    rows = connection.execute("SELECT * FROM quality.verdict").fetchall() if exists else []
    if len(rows) != 1:
        return None
    verdict, digest, checks, blocking, run_id = rows[0]
    return Verdict(verdict, digest, int(checks), tuple(json.loads(blocking)), run_id)


def passed(connection: Connection) -> Passed:
    """Return leave to publish; raises GateHeld with what holds the candidate and who acts.

    The results are read again: a verdict that says pass over results that do not is not believed.
    """
    verdict = recorded_verdict(connection)
    if verdict is None:
        raise GateHeld("No verdict is recorded for this candidate; run the step 'check' first.")
    contradicted = connection.execute(
        "SELECT check_id FROM quality.check_result "
        "WHERE severity = 'critical' AND outcome <> 'pass' ORDER BY check_id"
    ).fetchall()
    answered = connection.execute("SELECT count(*) FROM quality.check_result").fetchall()[0][0]
    blocking = {*verdict.blocking, *(str(name) for (name,) in contradicted)}
    if verdict.held or blocking or not verdict.checks or answered != verdict.checks:
        raise GateHeld(_why(connection, sorted(blocking)))
    return Passed(verdict.run_id, verdict.golden_digest, GATE_KEY)


def _why(connection: Connection, blocking: Sequence[str]) -> str:
    rows = connection.execute(
        "SELECT check_id, title_en, outcome, observed, expected, owner, next_step "
        "FROM quality.check_result ORDER BY check_id"
    ).fetchall()
    known = {str(row[0]): row for row in rows}
    lines = [
        f"- {name}: {_line(known[name])}"
        if name in known
        else f"- {name}: no check of this name was answered; look at the quality files."
        for name in blocking
    ]
    held = f"{len(blocking)} critical checks hold it" if blocking else "checks are missing"
    return "\n".join(
        [
            f"Nothing was published: {held}. The last good version goes on serving.",
            *lines,
            "Repair the cause and run again; the report of this run shows each check.",
        ]
    )


def _line(row: tuple[str | None, ...]) -> str:
    _, title, outcome, observed, expected, owner, next_step = row
    seen = "" if observed is None else f", measured {observed}, demanded {expected}"
    return f"{title} ({outcome}{seen}; {owner}). {next_step}"
