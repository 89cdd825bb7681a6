"""What somebody must act on now: breaches of checks and sources that do not come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from models.verdict import LAYER_ORDER, CheckResult
from quality.report.charts import against_limit
from quality.report.facts import ReportData, SourcePulled
from quality.report.words import PULLS, Word, outcome_word


@dataclass(frozen=True, slots=True)
class Act:
    """One thing to do."""

    id: str
    status: Word
    blocks: bool
    title_en: str
    title_zh: str
    because_en: str
    because_zh: str
    next_en: str
    next_zh: str
    owner: str
    measured: str = ""
    allowed: str = ""
    rows: str = ""
    keys: bool = False
    chart: Markup | str = ""


def acts(data: ReportData) -> list[Act]:
    """Return what must be acted on: what holds the gate first, then sources, then warnings.

    An info check never asks for action.
    """
    breached = [item for item in data.results if item.outcome != "pass" and item.severity != "info"]
    # upstream first: what broke there is often the cause of the rest
    breached.sort(key=lambda item: LAYER_ORDER.index(item.layer))
    blocking = [_of_check(item, data) for item in breached if item.severity == "critical"]
    answered = {item.check_id for item in data.results}
    unanswered = [_unanswered(name) for name in data.verdict.blocking if name not in answered]
    sources = [_of_source(item) for item in data.run.sources if item.status != "ok"]
    warnings = [_of_check(item, data) for item in breached if item.severity == "warn"]
    return [*unanswered, *blocking, *sources, *warnings]


def owners(items: Sequence[Act]) -> str:
    """Return the owners of what holds the gate, each once, in order."""
    return ", ".join(dict.fromkeys(item.owner for item in items if item.blocks))


def _of_check(item: CheckResult, data: ReportData) -> Act:
    word = outcome_word(item)
    failed = item.outcome == "fail" and item.rows_failed and item.rows_checked
    by_rows = item.expected == "0" and bool(failed)
    return Act(
        id=item.check_id,
        status=word,
        blocks=item.check_id in data.verdict.blocking,
        title_en=item.title_en,
        title_zh=item.title_zh,
        because_en=item.because,
        because_zh=item.because_zh,
        next_en=item.next_step,
        next_zh=item.next_step_zh,
        owner=item.owner,
        measured="" if by_rows else item.observed or "",
        allowed="" if item.expected == "0" else _short(item.expected),
        rows=f"{item.rows_failed:,} / {item.rows_checked:,}" if by_rows else "",
        keys=by_rows,
        chart=against_limit(item.observed, item.expected, word.tone),
    )


def _short(expected: str) -> str:
    """Leave the wording of expectations to the table of checks."""
    return expected if expected[:1] in "≤≥=" else ""


def _of_source(item: SourcePulled) -> Act:
    hours = "" if item.age_hours is None else f"{item.age_hours:,.0f} h"
    since = "" if item.last_good is None else f" {item.last_good:%Y-%m-%d %H:%M} UTC"
    return Act(
        id=item.source,
        status=PULLS[item.status],
        blocks=False,
        title_en=f"{item.title.en} serves data of{since}"
        if since
        else f"{item.title.en} has no data",
        title_zh=f"{item.title.zh} 使用{since} 的数据" if since else f"{item.title.zh} 没有数据",
        because_en=item.reason,
        because_zh=item.reason,
        next_en=f"Run 'golden source check {item.source}', then pull it again.",
        next_zh=f"运行 golden source check {item.source}，然后重新抽取。",
        owner=item.owner,
        measured=hours,
        allowed=f"≤ {item.stale_after_hours:g} h",
        chart=against_limit(hours, f"≤ {item.stale_after_hours:g}", PULLS[item.status].tone),
    )


def _unanswered(name: str) -> Act:
    return Act(
        id=name,
        status=Word("missing", "缺失", "odd", "question"),
        blocks=True,
        title_en=f"{name}: no valid answer",
        title_zh=f"{name}：没有有效结果",
        because_en="A layer without checks, or a check without a result, must never pass.",
        because_zh="没有检查的层或没有结果的检查绝不能算通过。",
        next_en="Look at the project's quality files, then run the step 'check' again.",
        next_zh="查看项目的 quality 文件，然后重新运行 check 步骤。",
        owner="data-engineering",
    )
