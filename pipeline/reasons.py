"""Why a value won or lost, in words, and what would turn it round.

The rules are those of golden.customer_provenance; ``survivorship.yml`` names their criteria.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from models.source import Title

WORDS = {
    "only_value": Title(en="no record says anything else", zh="没有其他取值"),
    "tie_record_key": Title(
        en="equal in all else: the smaller record key", zh="其余相同，取记录键较小者"
    ),
    "condition_met": Title(en="its record meets the condition", zh="记录满足条件"),
    "condition_not_met": Title(en="its record does not meet the condition", zh="记录不满足条件"),
    "preferred_kind": Title(en="a kind that comes first", zh="类型优先"),
    "other_kind": Title(en="another kind comes first", zh="其他类型优先"),
    "validated": Title(en="checked and sound", zh="已校验通过"),
    "not_validated": Title(en="the other is checked and sound", zh="对方已校验通过"),
    "preferred_source": Title(en="a source that comes first", zh="来源优先"),
    "other_source": Title(en="another source comes first", zh="其他来源优先"),
    "higher_trust": Title(en="the most trusted", zh="可信度最高"),
    "lower_trust": Title(en="less trusted", zh="可信度较低"),
    "newer": Title(en="the newest", zh="最新"),
    "older": Title(en="older", zh="较旧"),
    "earlier": Title(en="the earliest", zh="最早"),
    "later": Title(en="later", zh="较晚"),
    "more_frequent": Title(en="said by the most records", zh="记录数最多"),
    "less_frequent": Title(en="said by fewer records", zh="记录数较少"),
    "more_complete": Title(en="the most complete", zh="最完整"),
    "less_complete": Title(en="less complete", zh="不够完整"),
    "greatest": Title(en="the greatest", zh="最大值"),
    "smaller": Title(en="smaller", zh="较小"),
    "smallest": Title(en="the smallest", zh="最小值"),
    "greater": Title(en="greater", zh="较大"),
    "longest": Title(en="the longest", zh="最长"),
    "shorter": Title(en="shorter", zh="较短"),
    "shortest": Title(en="the shortest", zh="最短"),
    "longer": Title(en="longer", zh="较长"),
    "pinned": Title(en="a steward decided so", zh="人工指定"),
    "pinned_together": Title(en="goes with a value a steward decided", zh="随人工指定的值"),
    "pinned_other": Title(en="a steward decided otherwise", zh="人工指定了其他值"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One row of golden.customer_provenance: a value that stood for a cell."""

    attribute: str
    value: str
    won: bool
    record_key: str
    source: str
    updated_at: datetime | None
    rule: str
    trust: float | None
    record_count: int


def in_words(rule: str) -> str:
    """Return a rule in both languages; one that is not known as it stands."""
    words = WORDS.get(rule)
    return f"{words.en} · {words.zh}" if words else rule


def to_win(lost: Candidate, won: Candidate) -> str | None:
    """Return the smallest change by which ``lost`` would have come before ``won``.

    Only the criterion that decided is turned round. None where it cannot be told.
    """
    tell = _TURNS.get(lost.rule)
    words = tell(lost, won) if tell else None
    return f"{words.en} · {words.zh}" if words else None


_Turn = Callable[[Candidate, Candidate], Title | None]


def _plain(en: str, zh: str) -> _Turn:
    return lambda _lost, _won: Title(en=en, zh=zh)


def _trust(lost: Candidate, won: Candidate) -> Title | None:
    if lost.trust is None or won.trust is None:
        return None
    return Title(
        en=f"trust of {lost.source} above {won.trust:.2f} (now {lost.trust:.2f})",
        zh=f"{lost.source} 的可信度高于 {won.trust:.2f}（现为 {lost.trust:.2f}）",
    )


def _newer(_lost: Candidate, won: Candidate) -> Title | None:
    if won.updated_at is None:
        return None
    when = f"{won.updated_at:%Y-%m-%d %H:%M}"
    return Title(en=f"said again after {when}", zh=f"在 {when} 之后再次确认")


def _earlier(_lost: Candidate, won: Candidate) -> Title | None:
    if won.updated_at is None:
        return None
    when = f"{won.updated_at:%Y-%m-%d %H:%M}"
    return Title(en=f"a time before {when}", zh=f"业务时间早于 {when}")


def _frequent(lost: Candidate, won: Candidate) -> Title:
    more = won.record_count - lost.record_count + 1
    return Title(en=f"said by {more} more records", zh=f"再有 {more} 条记录支持")


def _source(lost: Candidate, won: Candidate) -> Title:
    return Title(
        en=f"{lost.source} before {won.source} in survivorship.yml",
        zh=f"在 survivorship.yml 中将 {lost.source} 排在 {won.source} 之前",
    )


_TURNS: dict[str, _Turn] = {
    "lower_trust": _trust,
    "older": _newer,
    "later": _earlier,
    "less_frequent": _frequent,
    "other_source": _source,
    "other_kind": _plain(
        "its kind listed first in survivorship.yml", "在 survivorship.yml 中优先其类型"
    ),
    "not_validated": _plain("checked and found sound in its source", "在来源中校验通过"),
    "condition_not_met": _plain("its record meets the condition", "记录满足条件"),
    "less_complete": _plain("a more complete value", "更完整的取值"),
    "shorter": _plain("a longer value", "更长的取值"),
    "longer": _plain("a shorter value", "更短的取值"),
    "smaller": _plain("a greater value", "更大的取值"),
    "greater": _plain("a smaller value", "更小的取值"),
    "tie_record_key": _plain("the least advantage in any criterion", "任一标准上略占优势"),
    "pinned_other": _plain(
        "the pin withdrawn: golden decide list", "撤回人工指定：golden decide list"
    ),
}
