"""A pair's waterfall as a picture: every part a bar from what stood before to what stands after."""

from __future__ import annotations

from matching.explain.case import Language
from matching.explain.drawing import Axis, Drawing
from matching.explain.pair import PairExplanation, Step
from matching.explain.telling import agreement_lines, decision, found, near_lines, verdict
from matching.explain.why_not import WhyNot
from matching.explain.words import number, percent, say, signed

_WIDTH, _ROW, _TOP = 1060.0, 42.0, 118.0
_LEFT, _RIGHT, _BARS, _END = 150.0, 290.0, 470.0, 940.0


def draw_pair(pair: PairExplanation, language: Language = "en") -> str:
    """Return the waterfall as an SVG file that stands alone."""
    drawing, _ = _waterfall(pair, language)
    return drawing.alone(say(language, "pair", left=pair.left, right=pair.right))


def draw_why_not(answer: WhyNot, language: Language = "en") -> str:
    """Return the waterfall of two records that stayed apart, and below it why."""
    drawing, bottom = _waterfall(answer.pair, language)
    drawing.text(20, bottom + 36, verdict(answer, language), "name")
    below = [*near_lines(answer, language), *agreement_lines(answer.if_agreed, language)]
    for at, words in enumerate(below):
        drawing.fitted(20, bottom + 62 + 22 * at, words, _WIDTH - 30, "lines")
    title = say(language, "why_not", left=answer.pair.left, right=answer.pair.right)
    return drawing.alone(title)


def _waterfall(pair: PairExplanation, language: Language) -> tuple[Drawing, float]:
    """Draw the waterfall; return where the drawing ends."""
    drawing = Drawing(_WIDTH)
    _heads(drawing, pair, language)
    axis = _axis(pair)
    bottom = _TOP + _ROW * len(pair.steps)
    _scale(drawing, axis, pair, bottom, language)
    before = 0.0
    for at, step in enumerate(pair.steps):
        _row(drawing, axis, step, before, (_TOP + at * _ROW, language))
        before = step.total
    for at, step in enumerate(pair.steps[:-1]):
        x, y = axis.at(step.total), _TOP + at * _ROW
        drawing.line((x, y + 10), (x, y + _ROW + 10), "link")
    drawing.text(20, bottom + 44, decision(pair, language))
    return drawing, bottom + 44


def _heads(drawing: Drawing, pair: PairExplanation, language: Language) -> None:
    outcome = say(language, pair.outcome)
    facts = {"bits": number(pair.bits), "share": percent(pair.probability), "outcome": outcome}
    drawing.text(20, 32, say(language, "pair", left=pair.left, right=pair.right), "head")
    drawing.text(20, 56, say(language, "score", cut=number(pair.cut), **facts), "soft")
    drawing.text(20, _TOP - 14, say(language, "part"), "small")
    drawing.fitted(_LEFT, _TOP - 14, pair.left, _RIGHT - _LEFT - 10, "name")
    drawing.fitted(_RIGHT, _TOP - 14, pair.right, _BARS - _RIGHT - 20, "name")
    drawing.text(_END + 50, _TOP - 14, say(language, "bits"), "small", "end")
    drawing.text(_WIDTH - 16, _TOP - 14, say(language, "total"), "small", "end")


def _axis(pair: PairExplanation) -> Axis:
    marks = [0.0, pair.cut, pair.review, *(step.total for step in pair.steps)]
    return Axis(min(marks) - 1, max(marks) + 1, _BARS, _END)


def _scale(
    drawing: Drawing, axis: Axis, pair: PairExplanation, bottom: float, language: Language
) -> None:
    low, high = axis.at(min(pair.review, pair.cut)), axis.at(pair.cut)
    drawing.box(low, _TOP - 6, high - low, bottom - _TOP + 6, "band")
    for tick in axis.ticks(8):
        drawing.line((axis.at(tick), _TOP - 6), (axis.at(tick), bottom), "grid")
        drawing.text(axis.at(tick), bottom + 16, number(tick, 0), "small", "middle")
    drawing.line((high, _TOP - 12), (high, bottom), "cut")
    drawing.text(high, _TOP - 18, say(language, "cut"), "cut", "middle")


def _row(
    drawing: Drawing, axis: Axis, step: Step, before: float, place: tuple[float, Language]
) -> None:
    top, language = place
    name = say(language, "prior") if step.kind == "prior" else step.name
    drawing.line((20, top + _ROW), (_WIDTH - 16, top + _ROW), "grid")
    room = _LEFT - 26 if step.left or step.right else _BARS - 40
    drawing.fitted(20, top + 18, name, room, "name")
    drawing.fitted(20, top + 34, found(step, language), (_BARS - 40) * 1.1, "small")
    if step.kind == "comparison":
        unknown = say(language, "unknown")
        drawing.fitted(_LEFT, top + 18, " | ".join(step.left) or unknown, _RIGHT - _LEFT - 10)
        drawing.fitted(_RIGHT, top + 18, " | ".join(step.right) or unknown, _BARS - _RIGHT - 20)
    begin, end = sorted((axis.at(before), axis.at(step.total)))
    kind = "plain" if step.kind == "prior" else "for" if step.bits > 0 else "against"
    if step.bits:
        drawing.box(begin, top + 10, end - begin, _ROW - 20, kind)
    shown = "soft" if kind == "plain" or not step.bits else kind
    drawing.text(_END + 50, top + 26, signed(step.bits), shown, "end")
    drawing.text(_WIDTH - 16, top + 26, signed(step.total), "", "end")
