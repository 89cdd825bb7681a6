"""How long work tells how far it is."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Called now and then with what is being done, units done, and units in all if known."""

    def __call__(self, what: str, done: int, total: int | None = None) -> None:
        """Show progress; must be cheap and must not raise."""


def silent(what: str, done: int, total: int | None = None) -> None:
    """Show nothing."""
