"""A drawing: shapes and words gathered into one SVG that needs nothing from outside.

Colours come from classes that ``style.css`` gives; a drawing that stands alone carries the style
with it, one inside the page uses the page's.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Literal

from markupsafe import Markup, escape

from matching.explain.columns_text import clipped

Anchor = Literal["start", "middle", "end"]
# Width of half an em at the text's size: what one cell of a terminal becomes on the page.
_CELL = 6.6


class Drawing:
    """A picture of ``width`` units; its height grows with what is drawn."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.height = 0.0
        self._parts: list[str] = []

    def text(
        self, x: float, y: float, words: str, kind: str = "", anchor: Anchor = "start"
    ) -> None:
        """Write words with their base line at ``y``."""
        where = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self._add(
            f'<text x="{_n(x)}" y="{_n(y)}"{_class(kind)}{where}>{escape(words)}</text>', y + 4
        )

    def fitted(self, x: float, y: float, words: str, room: float, kind: str = "") -> None:
        """Write words cut to the ``room`` they have."""
        self.text(x, y, clipped(words, max(int(room / _CELL), 1)), kind)

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """Draw a filled box; a narrow one is still seen."""
        shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0.8))}" height="{_n(height)}"'
        self._add(f"<rect {shape}{_class(kind)}/>", y + height)

    def shade(
        self, x: float, y: float, width: float, height: float, kind: str, strength: float
    ) -> None:
        """Draw a filled box as strongly as said, from 0 to 1."""
        shape = f'x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"'
        self._add(f'<rect {shape}{_class(kind)} opacity="{strength:g}"/>', y + height)

    def tilted(self, x: float, y: float, words: str, cells: int) -> None:
        """Write a name that runs downwards from a point; of a long one its end, which differs."""
        short = words if len(words) <= cells else f"…{words[1 - cells :]}"
        shown = escape(clipped(short, cells))
        turn = f'transform="translate({_n(x)} {_n(y)}) rotate(40)"'
        self._add(f'<text class="small" {turn}>{shown}</text>', y + 4 * cells)

    def line(self, start: tuple[float, float], end: tuple[float, float], kind: str) -> None:
        """Draw a line."""
        ends = f'x1="{_n(start[0])}" y1="{_n(start[1])}" x2="{_n(end[0])}" y2="{_n(end[1])}"'
        self._add(f"<line {ends}{_class(kind)}/>", max(start[1], end[1]))

    def curve(self, points: list[tuple[float, float]], kind: str) -> None:
        """Draw a line through points."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self._add(f'<polyline points="{path}"{_class(kind)}/>', max(y for _, y in points))

    def inside(self, title: str) -> Markup:
        """Return the drawing for a page that has the style."""
        return Markup(self._svg(title, ""))  # noqa: S704  # words are escaped where they are added

    def alone(self, title: str) -> str:
        """Return the drawing as a file of its own."""
        style = (files("matching.explain") / "style.css").read_text(encoding="utf-8")
        paper = f'<rect class="paper" width="{_n(self.width)}" height="{_n(self.height + 16)}"/>'
        return self._svg(title, f"<style>{style}</style>{paper}") + "\n"

    def _svg(self, title: str, before: str) -> str:
        size = f'viewBox="0 0 {_n(self.width)} {_n(self.height + 16)}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing" role="img" {size} '
            f'width="{_n(self.width)}"><title>{escape(title)}</title>{before}'
            f"{''.join(self._parts)}</svg>"
        )

    def _add(self, part: str, bottom: float) -> None:
        self._parts.append(part)
        self.height = max(self.height, bottom)


class Axis:
    """Where a number stands between two edges of a drawing."""

    def __init__(self, low: float, high: float, begin: float, end: float) -> None:
        self.low, self.high = low, max(high, low + 1e-9)
        self.begin, self.end = begin, end

    def at(self, value: float) -> float:
        """Return the place of a value, held inside the edges."""
        share = (min(max(value, self.low), self.high) - self.low) / (self.high - self.low)
        return self.begin + share * (self.end - self.begin)

    def ticks(self, most: int = 9) -> list[float]:
        """Return round values to mark."""
        span = (self.high - self.low) / most
        steps = (10.0**power * times for power in range(-3, 10) for times in (1, 2, 5))
        step = next(item for item in steps if item >= span)
        first = int(-(-self.low // step))
        last = int(self.high // step)
        return [number * step for number in range(first, last + 1)]


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _n(value: float) -> str:
    return f"{round(value, 1):g}"
