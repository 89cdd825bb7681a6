"""``ReportData`` → one HTML page: no script, no request, English and Chinese, light and dark."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Literal

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from quality.report.facts import ReportData
from quality.report.view import view


def build_report(data: ReportData, language: Literal["en", "zh"] = "en") -> str:
    """Return the page; ``language`` is the one shown first, the other is one click away."""
    room = files("quality.report")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(number=number, moment=moment, breakable=breakable)
    template = environment.from_string((room / "page.html").read_text(encoding="utf-8"))
    style = (room / "style.css").read_text(encoding="utf-8")
    return template.render(view(data), language=language, style=Markup(style))  # noqa: S704


def number(value: float | None) -> str:
    """Return a number with thousands separated, or a dash."""
    return "–" if value is None else f"{value:,.0f}"


def moment(value: datetime | None) -> str:
    """Return a time to the minute, or a dash."""
    return "–" if value is None else f"{value:%Y-%m-%d %H:%M} UTC"


def breakable(name: str) -> Markup:
    """Return a name that may be broken after each underscore."""
    return Markup("_<wbr>").join(escape(part) for part in name.split("_"))
