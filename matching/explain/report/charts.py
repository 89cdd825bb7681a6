"""The page's pictures: bars beside numbers, the histogram of bits, curves over the cut."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

from markupsafe import Markup

from matching.explain.drawing import Axis, Drawing
from matching.explain.report.facts import Bin, ReportFacts, Threshold
from matching.explain.words import number

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP = 760.0, 250.0, 58.0, 744.0, 34.0
# Bits at which a weight's bar is full.
_FULL = 16.0


def weight(bits: float) -> Markup:
    """Return a bar to the right for evidence, to the left against; beside its number in text."""
    share = min(abs(bits) / _FULL, 1.0) * 50
    start, kind = (50.0, "for") if bits > 0 else (50.0 - share, "against")
    return _bar(start, share, kind, middle=True)


def bar(share: float, kind: str = "plain") -> Markup:
    """Return a bar filled to a share, beside its number in text."""
    return _bar(0.0, 100 * min(max(share, 0.0), 1.0), kind)


def histogram(facts: ReportFacts) -> Markup:
    """Draw candidate pairs by bits (logarithmic), with the cut and the review band."""
    bins = facts.histogram
    if not bins:
        return Markup("")
    drawing = Drawing(_WIDTH)
    across = Axis(bins[0].low, bins[-1].low + 1, _LEFT, _RIGHT)
    most = max(item.pairs for item in bins)
    up = Axis(0.0, log10(most + 1), _HEIGHT, _TOP)
    _band(drawing, across, facts)
    for power in range(int(log10(most + 1)) + 1):
        y = up.at(log10(10**power + 1)) if power else up.at(log10(2))
        drawing.line((_LEFT, y), (_RIGHT, y), "grid")
        drawing.text(_LEFT - 8, y + 4, f"{10**power:,}", "small", "end")
    for item in bins:
        _column(drawing, across, up, item, facts.cut)
    _bits_axis(drawing, across)
    _cut(drawing, across, facts.cut)
    return drawing.inside("candidate pairs by bits")


def thresholds(facts: ReportFacts) -> Markup:
    """Draw estimated precision and the share of matches found, by cut."""
    points = facts.thresholds
    if len(points) < 2:
        return Markup("")
    drawing = Drawing(_WIDTH)
    across = Axis(points[0].bits, points[-1].bits, _LEFT, _RIGHT)
    low = min(min(item.precision, item.found) for item in points)
    up = Axis(min(low, 0.9), 1.0, _HEIGHT, _TOP)
    _band(drawing, across, facts)
    for tick in up.ticks(5):
        drawing.line((_LEFT, up.at(tick)), (_RIGHT, up.at(tick)), "grid")
        drawing.text(_LEFT - 8, up.at(tick) + 4, f"{100 * tick:.0f} %", "small", "end")
    drawing.curve([(across.at(item.bits), up.at(item.precision)) for item in points], "for")
    drawing.curve([(across.at(item.bits), up.at(item.found)) for item in points], "against")
    _bits_axis(drawing, across)
    _cut(drawing, across, facts.cut)
    return drawing.inside("precision and matches found by cut")


def sizes(rows: Sequence[tuple[str, int]]) -> Markup:
    """Draw clusters by their number of records (logarithmic)."""
    drawing = Drawing(_WIDTH)
    most = max((count for _, count in rows), default=0)
    up = Axis(0.0, log10(most + 1) or 1.0, _HEIGHT, _TOP + 10)
    step = (_RIGHT - _LEFT) / max(len(rows), 1)
    for at, (label, count) in enumerate(rows):
        x, y = _LEFT + at * step, up.at(log10(count + 1))
        if count:
            drawing.box(x + 4, y, step - 8, _HEIGHT - y, "gold")
        drawing.text(x + step / 2, y - 6, f"{count:,}", "small", "middle")
        drawing.text(x + step / 2, _HEIGHT + 18, label, "", "middle")
    drawing.line((_LEFT, _HEIGHT), (_RIGHT, _HEIGHT), "axis")
    return drawing.inside("clusters by size")


def near_cut(points: Sequence[Threshold], cut: float) -> list[Threshold]:
    """Return the cuts worth a line of the table: around the one in use."""
    ranked = sorted(points, key=lambda item: abs(item.bits - cut))
    return sorted(ranked[:9], key=lambda item: item.bits)


def _column(drawing: Drawing, across: Axis, up: Axis, item: Bin, cut: float) -> None:
    if not item.pairs:
        return
    y = up.at(log10(item.pairs + 1))
    x, end = across.at(item.low), across.at(item.low + 1)
    kind = "for" if item.low + 1 > cut else "plain"
    drawing.box(x + 1, y, end - x - 2, _HEIGHT - y, kind)


def _band(drawing: Drawing, across: Axis, facts: ReportFacts) -> None:
    low, high = across.at(min(facts.review, facts.cut)), across.at(facts.cut)
    drawing.box(low, _TOP, high - low, _HEIGHT - _TOP, "band")


def _bits_axis(drawing: Drawing, across: Axis) -> None:
    drawing.line((_LEFT, _HEIGHT), (_RIGHT, _HEIGHT), "axis")
    for tick in across.ticks(12):
        drawing.text(across.at(tick), _HEIGHT + 18, number(tick, 0), "small", "middle")


def _cut(drawing: Drawing, across: Axis, cut: float) -> None:
    drawing.line((across.at(cut), _TOP - 4), (across.at(cut), _HEIGHT), "cut")
    drawing.text(across.at(cut), _TOP - 10, number(cut), "cut", "middle")


def _bar(start: float, length: float, kind: str, *, middle: bool = False) -> Markup:
    seen = max(length, 0.6) if length > 0 else 0.0
    piece = f'<rect class="{kind}" x="{start:.1f}" y="2" width="{seen:.1f}" height="8"/>'
    line = '<rect class="axis" x="49.8" y="0" width=".4" height="12"/>' if middle else ""
    return Markup(  # noqa: S704  # numbers, and class names of this room only
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="track" y="2" width="100" height="8"/>{piece}{line}</svg>'
    )
