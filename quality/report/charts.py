"""Bars as inline SVG. Each stands beside its number in text and is hidden from screen readers.

A drawing is 100 units wide and stretches to its cell; colours come from the page's CSS classes.
"""

from __future__ import annotations

import re
from itertools import accumulate

from markupsafe import Markup

# What is there at all is never thinner than can be seen.
_HAIRLINE = 0.006
_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?(?:e[-+]?[0-9]+)?")


def bar(share: float, kind: str = "plain", mark: float | None = None) -> Markup:
    """Return a bar filled to ``share`` (0 to 1), with a line at ``mark`` if there is one."""
    return _svg([(0, share, kind)], mark)


def span(start: float, length: float, kind: str) -> Markup:
    """Return one step of a waterfall: a piece from ``start``, both as shares of the whole."""
    seen = max(length, _HAIRLINE) if length > 0 else 0.0
    return _svg([(min(start, 1 - seen), seen, kind)])


def stack(parts: list[tuple[float, str]]) -> Markup:
    """Return shares side by side, each in its own colour."""
    starts = accumulate((share for share, _ in parts), initial=0.0)
    return _svg([(start, share, kind) for start, (share, kind) in zip(starts, parts, strict=False)])


def against_limit(observed: str | None, expected: str, kind: str) -> Markup:
    """Return measured against allowed, or nothing when the two are not single numbers."""
    measured, limits = _numbers(observed or ""), _numbers(expected)
    if len(measured) != 1 or len(limits) != 1 or not expected.startswith(("≤", "≥")):
        return Markup("")
    value, limit = abs(measured[0]), abs(limits[0])
    whole = 1.25 * max(value, limit)
    return bar(value / whole, kind, limit / whole) if whole else Markup("")


def _numbers(text: str) -> list[float]:
    return [float(item.replace(",", "")) for item in _NUMBER.findall(text)]


def _svg(pieces: list[tuple[float, float, str]], mark: float | None = None) -> Markup:
    """Draw pieces of (start, length, class) on a track, and a mark across it."""
    drawn = [_rect(0, 1, "track"), *(_rect(*piece) for piece in pieces)]
    if mark is not None:
        drawn.append(_rect(min(mark, 1 - _HAIRLINE), _HAIRLINE, "mark", 0, 12))
    return Markup(  # noqa: S704  # numbers, and class names of this room only
        '<svg class="bar" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(drawn)}</svg>"
    )


def _rect(start: float, length: float, kind: str, y: int = 2, height: int = 8) -> str:
    x, width = (round(100 * min(max(share, 0.0), 1.0), 2) for share in (start, length))
    return f'<rect class="{kind}" x="{x:g}" y="{y}" width="{width:g}" height="{height}"/>'
