"""Reads the reference tables that come with the program; see ``tables/README.md``."""

from __future__ import annotations

from importlib.resources import files


def rows(table: str) -> list[list[str]]:
    """Return the rows of a tab-separated table, each as its cells."""
    text = (files("models.fields") / "tables" / table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]
