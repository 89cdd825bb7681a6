"""Reads the reference tables that come with the program; see ``tables/README.md``."""

from __future__ import annotations

from importlib.resources import files


def rows(table: str) -> list[list[str]]:
    """Return the rows of a tab-separated table, each as its cells."""
    text = (files("models.fields") / "tables" / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def words(text: str) -> frozenset[str]:
    """Return the set of words in a text."""
    return frozenset(text.split())


def any_of(text: str) -> str:
    """Return a regular expression for any of the words in a text, the longest first."""
    return "|".join(sorted(text.split(), key=lambda word: (-len(word), word)))
