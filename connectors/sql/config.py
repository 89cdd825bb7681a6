"""What a SQL source says in its YAML."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from models.mapping import Strict
from models.reading import Reading


class Connection(Strict):
    """How to reach the database. ``options`` go to the driver's own connect function."""

    url: str
    db_schema: str | None = Field(default=None, alias="schema")
    timeout_seconds: int = Field(default=600, ge=1)
    connect_seconds: int = Field(default=15, ge=1)
    options: dict[str, Any] = Field(default_factory=dict)


class Read(Reading):
    """One table or query."""

    table: str | None = None
    query: str | None = None
    db_schema: str | None = Field(default=None, alias="schema")

    @model_validator(mode="after")
    def _one(self) -> Read:
        if bool(self.table) == bool(self.query):
            raise ValueError("write 'table: NAME' or 'query: \"select …\"'")
        return self
