"""One Great Expectations run over the working file: exactly one result per declared check.

Great Expectations decides; around it stands what it leaves open. It calls an empty table, an
all-NULL column and an empty suite a success, gives results in another order than asked, and
keeps failing values. Here results come back by id, looking at nothing is ``not_evaluated``, what
could not run is ``errored``, and only counts leave this room.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.progress import Progress, silent
from models.verdict import CheckResult, Outcome
from quality.checks import Declared, Suite
from quality.engine import Answer, ask
from quality.expectations import demanded, written
from quality.probe import Probe, probe


def run_suites(
    work_file: Path,
    suites: Sequence[Suite],
    *,
    memory_limit: str = "4GB",
    threads: int = 2,
    progress: Progress = silent,
) -> list[CheckResult]:
    """Return one result per declared check, in the order of the suites.

    Opens ``work_file`` read-only itself: no connection of this process may be writing to it.
    Raises StoreLocked while another process writes. Nothing is written anywhere.
    """
    config = {
        "memory_limit": memory_limit,
        "threads": threads,
        "temp_directory": str(work_file.parent / "spill"),
    }
    found = probe(work_file, suites, config)
    declared = [item for suite in suites for item in suite.checks]
    answers = {name: Answer(None, fault=fault) for name, fault in found.faults.items()}
    countable = [item for item in declared if item.check_id not in answers]
    answers |= ask(work_file, countable, found.values, config, progress)
    return [_result(item, found, answers.get(item.check_id)) for item in declared]


def _result(item: Declared, found: Probe, answer: Answer | None) -> CheckResult:
    check = item.check
    rows = found.rows.get(item.check_id)
    return CheckResult(
        check_id=item.check_id,
        layer=item.layer,
        table_name=item.table_name,
        title_en=check.title.en,
        title_zh=check.title.zh,
        dimension=check.dimension,
        severity=check.severity,
        owner=check.owner,
        outcome=_outcome(item, found, answer),
        observed=_observed(item, found, answer),
        expected=demanded(check),
        rows_checked=rows,
        rows_failed=answer.rows_failed if answer else None,
        because=check.because.en,
        because_zh=check.because.zh,
        next_step=check.next_step.en,
        next_step_zh=check.next_step.zh,
    )


def _outcome(item: Declared, found: Probe, answer: Answer | None) -> Outcome:
    if answer is None:
        return "not_evaluated"
    if answer.success is None:
        return "errored"
    if not answer.success:
        return "fail"
    check = item.check
    if not check.empty_ok and not found.rows.get(item.check_id):
        return "not_evaluated"
    if not check.null_ok and item.check_id in found.empty_columns:
        return "not_evaluated"
    if check.measure and found.values.get(item.check_id) is None and not check.null_ok:
        return "not_evaluated"
    return "pass"


def _observed(item: Declared, found: Probe, answer: Answer | None) -> str | None:
    if answer is None:
        return None
    if answer.success is None:
        return answer.fault
    if item.check.measure:
        value = found.values.get(item.check_id)
        return None if value is None else written(value, item.check.unit)
    shown = answer.observed if answer.observed is not None else answer.rows_failed
    return None if shown is None else written(float(shown), "number")
