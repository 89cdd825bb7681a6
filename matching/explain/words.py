"""What explanations say, in English and in Chinese: the phrases of ``words.tsv``, filled in."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from matching.explain.case import Language


@cache
def _phrases() -> dict[str, tuple[str, str]]:
    text = (files("matching.explain") / "words.tsv").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in text.splitlines()[1:])
    return {phrase: (en, zh) for phrase, en, zh in rows}


def say(language: Language, phrase: str, **facts: object) -> str:
    """Return a phrase in a language, with its facts filled in."""
    return _phrases()[phrase][0 if language == "en" else 1].format(**facts)


def listed(language: Language, names: object, most: int = 8) -> str:
    """Return names side by side, no more than ``most`` of them."""
    if not isinstance(names, list | tuple) or not names:
        return say(language, "nothing")
    comma = ", " if language == "en" else "、"
    shown = comma.join(map(str, names[:most]))
    rest = len(names) - most
    return shown if rest <= 0 else f"{shown} {say(language, 'members_more', number=rest)}"


def signed(bits: float, digits: int = 1) -> str:
    """Return bits with their sign."""
    return f"{round(bits, digits) + 0.0:+.{digits}f}".replace("-", "−")


def number(bits: float, digits: int = 1) -> str:
    """Return bits."""
    return f"{round(bits, digits) + 0.0:.{digits}f}".replace("-", "−")


def percent(share: float) -> str:
    """Return a probability; near certainty is not called certain."""
    if share > 0.9999:
        return "> 99.99 %"
    if share < 0.0001:
        return "< 0.01 %"
    return f"{100 * share:.2f} %"
