"""``ReportFacts`` → one HTML page: no script, no request, English and Chinese, light and dark."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from matching.explain.case import Language
from matching.explain.report import charts
from matching.explain.report.facts import ReportFacts
from matching.explain.words import number, percent, signed

_REFUSED = {
    "veto": ("a veto", "否决"),
    "fact": ("two values of an exclusive fact", "唯一事实有两个值"),
    "source": ("one source that holds nobody twice", "同一无重复来源"),
    "size": ("together too many", "合并后过大"),
    "average": ("their clusters do not agree on average", "两簇平均不达标"),
    "piece": ("component divided for its size", "分量过大被拆分"),
    "weak": ("below the cut", "低于判定线"),
}


def build_report(facts: ReportFacts, language: Language = "en") -> str:
    """Return the page; ``language`` is the one shown first, the other is one click away."""
    room = files("matching.explain")
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters.update(
        count=lambda value: f"{value:,.0f}",
        bits=number,
        signed=signed,
        percent=percent,
        share=share,
        breakable=breakable,
    )
    template = environment.from_string((room / "report/page.html").read_text(encoding="utf-8"))
    style = "".join(
        (room / name).read_text(encoding="utf-8") for name in ("report/page.css", "style.css")
    )
    return template.render(
        facts=facts,
        charts=charts,
        language=language,
        words=_REFUSED,
        style=Markup(style),  # noqa: S704
        most_pairs=max((item.pairs for item in facts.rules), default=0) or 1,
        most_found=max((item.matches for item in facts.rules), default=0) or 1,
    )


def share(value: float | None) -> str:
    """Return a share as a percentage with as many digits as tell something, or a dash."""
    if value is None:
        return "–"
    if 0.0 < value < 0.00001:
        return "< 0.001 %"
    if 0.99999 < value < 1.0:
        return "> 99.999 %"
    digits = 0 if value in (0.0, 1.0) else 1 if 0.001 <= value <= 0.999 else 3
    return f"{100 * value:.{digits}f} %"


def breakable(name: str) -> Markup:
    """Return a name that may be broken after each underscore, point and plus."""
    text = str(Markup.escape(name))
    for mark in "_.+":
        text = text.replace(mark, f"{mark}<wbr>")
    return Markup(text)  # noqa: S704  # escaped above
