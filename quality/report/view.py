"""``ReportData`` → what the template shows: words, texts and drawings, in the page's order."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from models.tables import table
from models.verdict import CheckResult
from quality.report.acting import Act, acts, owners
from quality.report.charts import bar, span
from quality.report.facts import Fill, Flow, Matching, ReportData, SourcePulled, SourceRows
from quality.report.words import (
    CHANGES,
    DECISIONS,
    DIMENSIONS,
    LAYERS,
    PULLS,
    SEVERITIES,
    Word,
    outcome_word,
    word_of,
)

_ACTS_SHOWN = 12
_NO_ROWS = SourceRows(0, 0, 0, 0, 0, ())


def view(data: ReportData) -> dict[str, Any]:
    """Return the template's variables."""
    todo = acts(data)
    customers = data.flow.customers
    return {
        "run": data.run,
        "verdict": data.verdict,
        "held": data.run.status == "held",
        "banner": _banner(data, todo),
        "flow": data.flow,
        "delta": _delta(customers, data.previous_customers),
        "per_customer": f"{data.flow.records / customers:.2f}" if customers else "–",
        "as_of": _as_of(data.data_as_of),
        "previous_customers": data.previous_customers,
        "results": data.results,
        "passed": sum(item.outcome == "pass" for item in data.results),
        "blocking": data.verdict.blocking,
        "acts": todo[:_ACTS_SHOWN],
        "more_acts": max(len(todo) - _ACTS_SHOWN, 0),
        "sources": [_source(item, data.rows) for item in data.run.sources],
        "steps": _steps(data.flow),
        "layers": [_layer(name, word, data.results) for name, word in LAYERS.items()],
        "matching": _matching(data.matching),
        "parties": _parties(data),
        "fill": [_fill(item) for item in data.fill],
        "changes": {
            "kinds": _ranked(data.changes.by_kind, CHANGES),
            "attributes": _ranked(data.changes.by_attribute, _column_words()),
        },
    }


def _banner(data: ReportData, todo: list[Act]) -> dict[str, str]:
    stays = data.run.version
    match data.run.status:
        case "published":
            return {
                "tone": "good",
                "icon": "check",
                "en": "Published",
                "zh": "已发布",
                "lead_en": "Readers see this version now; every critical check passed.",
                "lead_zh": "读者现在看到的就是此版本，所有严重级检查均已通过。",
            }
        case "unchanged":
            return {
                "tone": "good",
                "icon": "same",
                "en": "Unchanged",
                "zh": "无变化",
                "lead_en": "The data gives the same golden customer as before; nothing new was "
                "published, and every critical check passed.",
                "lead_zh": "数据得到的黄金客户与之前相同，无需发布新版本，所有严重级检查均已通过。",
            }
    first = next((item for item in todo if item.blocks), None)
    more = len(data.verdict.blocking) - 1
    return {
        "tone": "bad",
        "icon": "cross",
        "en": "Held, still serving" if stays else "Held, nothing published",
        "zh": "已拦截，继续使用" if stays else "已拦截，未发布",
        "lead_en": "This run's candidate was not published. "
        + ("Readers go on seeing the last good version." if stays else "No version exists yet."),
        "lead_zh": "本次候选未发布，"
        + ("读者继续使用上一个合格版本。" if stays else "目前还没有任何版本。"),
        "why_en": (first.title_en if first else "There is no verdict")
        + (f" (not met, and {more} more)" if more > 0 else " (not met)"),
        "why_zh": f"未满足：{first.title_zh if first else '无判定'}"
        + (f"（另有 {more} 项）" if more > 0 else ""),
        "who": owners(todo) or "data-engineering",
        "next_en": first.next_en if first else "Run the step 'check' again.",
        "next_zh": first.next_zh if first else "重新运行 check 步骤。",
    }


def _delta(now: int, before: int | None) -> str | None:
    if before is None:
        return None
    change = now - before
    share = f" ({100 * change / before:+.2f} %)" if before else ""
    return f"{change:+,}{share}".replace("-", "−")


def _as_of(value: datetime | None) -> dict[str, str]:
    if value is None:
        return {"day": "–", "time": ""}
    return {"day": f"{value:%Y-%m-%d}", "time": f"{value:%H:%M} UTC"}


def _source(pulled: SourcePulled, rows: dict[str, SourceRows]) -> dict[str, Any]:
    word, counted = PULLS[pulled.status], rows.get(pulled.source, _NO_ROWS)
    whole = counted.live
    age = pulled.age_hours or 0.0
    longest = 1.25 * max(age, pulled.stale_after_hours)
    stale = pulled.status in {"stale", "failed"}
    since = f"{pulled.last_good:%m-%d %H:%M}" if pulled.last_good else ""
    return {
        "pulled": pulled,
        "status": word,
        "rows": counted,
        "age": f"{age:,.0f}",
        "allowed": f"{pulled.stale_after_hours:g}",
        "chart": bar(age / longest, word.tone, pulled.stale_after_hours / longest),
        "share": f"{100 * counted.quarantined / whole:.2f} %" if whole else "–",
        "since_en": f"STALE since {since}:" if stale and since else "",
        "since_zh": f"自 {since} 起未更新：" if stale and since else "",
    }


def _steps(flow: Flow) -> list[dict[str, Any]]:
    """Return the waterfall: what there was, what each step took away, what was left."""
    joined = flow.records - flow.customers
    plan = [
        ("Rows read", "读入行", flow.read, "", "plain"),
        ("older states, copies, deleted", "旧状态、重复与删除", flow.older, "−", "less"),
        ("could not be landed", "无法入库", flow.rejected, "−", "bad"),
        ("Live rows", "有效行", flow.live, "", "plain"),
        ("accounts and other details", "账户等明细", flow.details, "−", "less"),
        ("quarantined", "隔离", flow.quarantined, "−", "bad"),
        ("Customer records", "客户记录", flow.records, "", "plain"),
        ("joined with another record", "与其他记录合并", joined, "−", "info"),
        ("Golden customers", "黄金客户", flow.customers, "", "gold"),
    ]
    whole, level, steps = max(flow.read, 1), 0, []
    for en, zh, rows, sign, kind in plan:
        level = level - rows if sign else rows
        start = level / whole if sign else 0.0
        chart = span(start, rows / whole, kind)
        steps.append(
            {
                "en": en,
                "zh": zh,
                "rows": rows,
                "sign": sign if rows else "",
                "total": not sign,
                "chart": chart,
            }
        )
    return steps


def _layer(name: str, word: Word, results: tuple[CheckResult, ...]) -> dict[str, Any]:
    rows = [_check(item) for item in results if item.layer == name]
    counts = Counter(row["status"] for row in rows)
    return {
        "en": word.en,
        "zh": word.zh,
        "open": [row for row in rows if row["check"].outcome != "pass"],
        "passed": [row for row in rows if row["check"].outcome == "pass"],
        "counts": sorted(counts.items(), key=lambda item: (item[0].tone == "good", item[0].en)),
    }


def _check(item: CheckResult) -> dict[str, Any]:
    short = item.expected[:1] in "≤≥=0"
    return {
        "check": item,
        "status": outcome_word(item),
        "severity": SEVERITIES[item.severity],
        "dimension": word_of(DIMENSIONS, item.dimension),
        "expected": item.expected if short else "",
    }


def _matching(matching: Matching) -> dict[str, Any]:
    most = max((item.pairs for item in matching.rules), default=1)
    sizes = sum(customers for _, customers in matching.sizes) or 1
    tones = {"match": "good", "review": "warn", "veto": "plain"}
    return {
        "review_total": sum(pairs for _, pairs in matching.review),
        "rules": [
            {
                "status": word_of(DECISIONS, item.decision),
                "rule": item.rule,
                "pairs": item.pairs,
                "chart": bar(item.pairs / most, tones.get(item.decision, "plain")),
            }
            for item in matching.rules
        ],
        "sizes": [
            {
                "label": f"{size}" if size < 6 else "6 +",
                "customers": customers,
                "chart": bar(customers / sizes, "gold"),
            }
            for size, customers in matching.sizes
        ],
        "blocking": matching.blocking,
        "stop_values": matching.stop_values,
    }


def _parties(data: ReportData) -> list[dict[str, Any]]:
    both = [("persons", "个人", data.persons), ("organisations", "机构", data.organisations)]
    return [{"en": en, "zh": zh, "customers": amount} for en, zh, amount in both if amount]


def _fill(item: Fill) -> dict[str, Any]:
    return {
        "label": item.label,
        "change": "–" if item.change is None else _signed(item.change),
        "parts": [
            {"text": f"{100 * share:.1f} %", "none": not share, "chart": bar(share, "gold")}
            for share in (item.person, item.organisation)
            if share is not None
        ],
    }


def _signed(points: float) -> str:
    return f"{round(points, 1) + 0.0:+.1f}".replace("-", "−")


def _ranked(counts: tuple[tuple[str, int], ...], words: dict[str, Word]) -> list[dict[str, Any]]:
    most = max((amount for _, amount in counts), default=1)
    return [
        {
            "en": word_of(words, name).en,
            "zh": word_of(words, name).zh,
            "number": amount,
            "chart": bar(amount / most, "plain"),
        }
        for name, amount in counts
    ]


def _column_words() -> dict[str, Word]:
    return {
        column.name: Word(column.name.replace("_", " "), column.zh)
        for column in table("golden", "customer").columns
    }
