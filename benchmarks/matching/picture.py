"""One picture of the results: F1 and seconds for each set, ours beside the best of each rival."""

from __future__ import annotations

import math
from html import escape

from benchmarks.matching.bank import STEP
from benchmarks.matching.goals import RIVALS, SPLINK, Results, best, figure
from benchmarks.matching.results import place
from benchmarks.matching.systems import CONFIGURED, ZERO_CONFIG

_FAMILIES = (
    ("golden", (ZERO_CONFIG, CONFIGURED, STEP), "#0b7285"),
    ("Splink", SPLINK, "#868e96"),
    ("goldenmatch", tuple(name for name in RIVALS if name not in SPLINK), "#e8a33d"),
)
_LEFT, _WIDE, _GAP, _BAR, _TOP = 170, 250, 110, 13, 62
_FASTEST, _SLOWEST = 1.0, 10_000.0


def picture(results: Results) -> str:
    """Return an SVG with one group of bars per set; seconds stand on a logarithmic scale."""
    names = list(dict.fromkeys(data for data, _ in sorted(results, key=place)))
    parts, y = _head(), _TOP
    for name in names:
        bars = [
            (best(results, name, systems), colour)
            for _, systems, colour in _FAMILIES
            if best(results, name, systems) is not None
        ]
        parts.append(_text(_LEFT - 10, y + len(bars) * _BAR / 2 + 4, name, "end"))
        for result, colour in bars:
            f1, wall = figure(result, "f1") or 0.0, figure(result, "wall") or _FASTEST
            parts += _bar(_LEFT, y, f1 * _WIDE, colour, f"{f1:.3f}")
            parts += _bar(_LEFT + _WIDE + _GAP, y, _seconds(wall), colour, f"{wall:,.1f} s")
            y += _BAR
        y += 12
    width = _LEFT + 2 * _WIDE + 2 * _GAP
    size = f'viewBox="0 0 {width} {y}" font-family="sans-serif" font-size="11" role="img"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            "<title>Pairwise F1 and seconds for each data set</title>",
            f'<rect width="{width}" height="{y}" fill="#ffffff"/>',
            *parts,
            "</svg>",
            "",
        ]
    )


def _head() -> list[str]:
    parts, x = [], _LEFT
    for name, _, colour in _FAMILIES:
        parts.append(f'<rect x="{x}" y="12" width="11" height="11" fill="{colour}"/>')
        parts.append(_text(x + 16, 22, name, "start"))
        x += 110
    parts.append(_text(_LEFT, 48, "pairwise F1, 0 to 1", "start"))
    parts.append(_text(_LEFT + _WIDE + _GAP, 48, "seconds, whole job (log scale)", "start"))
    return parts


def _seconds(wall: float) -> float:
    share = math.log(max(wall, _FASTEST) / _FASTEST) / math.log(_SLOWEST / _FASTEST)
    return share * _WIDE


def _bar(x: float, y: float, length: float, colour: str, label: str) -> list[str]:
    size = f'width="{max(length, 1):.1f}" height="{_BAR - 3}"'
    return [
        f'<rect x="{x:.0f}" y="{y}" {size} fill="{colour}"/>',
        _text(x + max(length, 1) + 5, y + _BAR - 4, label, "start"),
    ]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="#212529">{escape(text)}</text>'
    )
