"""What states are called on the page, with an icon and a tone: never colour alone."""

from __future__ import annotations

from dataclasses import dataclass

from models.verdict import CheckResult


@dataclass(frozen=True, slots=True)
class Word:
    """One state: its name in both languages, and how it looks."""

    en: str
    zh: str
    tone: str = "quiet"
    icon: str = "dash"


PASSED = Word("passed", "通过", "good", "check")
FAILED_CRITICAL = Word("failed", "未通过", "bad", "cross")
FAILED_WARN = Word("failed", "未通过", "warn", "cross")
FAILED_INFO = Word("to know", "提示", "info", "bang")
ERRORED = Word("errored", "无法执行", "odd", "bang")
NOT_EVALUATED = Word("not evaluated", "未评估", "odd", "question")

PULLS = {
    "ok": Word("fresh", "正常", "good", "check"),
    "stale": Word("stale", "过期", "warn", "clock"),
    "failed": Word("pull failed", "抽取失败", "bad", "cross"),
    "never": Word("never pulled", "从未抽取", "odd", "question"),
}
DECISIONS = {
    "match": Word("match", "匹配", "good", "same"),
    "review": Word("review", "复核", "warn", "question"),
    "veto": Word("veto", "否决", "quiet", "cross"),
}
SEVERITIES = {
    "info": Word("info", "提示"),
    "warn": Word("warning", "警告"),
    "critical": Word("critical", "严重"),
}
DIMENSIONS = {
    "completeness": Word("completeness", "完整性"),
    "uniqueness": Word("uniqueness", "唯一性"),
    "validity": Word("validity", "有效性"),
    "consistency": Word("consistency", "一致性"),
    "timeliness": Word("timeliness", "及时性"),
    "integrity": Word("integrity", "守恒性"),
}
LAYERS = {
    "golden": Word("Golden customer", "黄金客户"),
    "matched": Word("Matching", "匹配"),
    "normalised": Word("Normalised records", "标准化记录"),
    "landed": Word("Landed rows", "装载数据"),
}
CHANGES = {
    "created": Word("created", "新增"),
    "updated": Word("updated", "更新"),
    "merged": Word("merged", "合并"),
    "split": Word("split", "拆分"),
    "retired": Word("retired", "停用"),
    "erased": Word("erased", "删除"),
}


def outcome_word(result: CheckResult) -> Word:
    """Return what a check's outcome is called; an info check that fails is only to be known."""
    match result.outcome:
        case "pass":
            return PASSED
        case "errored":
            return ERRORED
        case "not_evaluated":
            return NOT_EVALUATED
    by_severity = {"critical": FAILED_CRITICAL, "warn": FAILED_WARN, "info": FAILED_INFO}
    return by_severity[result.severity]


def word_of(words: dict[str, Word], key: str) -> Word:
    """Return the word for ``key``, or ``key`` itself where there is none."""
    return words.get(key, Word(key, key))
