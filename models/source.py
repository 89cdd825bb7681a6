"""One source as its YAML says it: how to read it, and how its objects map to the shared schema."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from models.mapping import Mapping, Strict

NAME = "^[a-z][a-z0-9_]{0,39}$"


class Title(Strict):
    """A name people read, in both languages."""

    en: str
    zh: str


class ObjectConfig(Strict):
    """One table, file set, sheet or endpoint: how it is read, in its connector's words, and mapped.

    ``read`` is validated by the connector; see ``connectors.*.config``.
    """

    read: dict[str, Any]
    mapping: Mapping


class SourceConfig(Strict):
    """One source system."""

    name: str = Field(pattern=NAME)
    title: Title | None = None
    connector: Literal["sql", "csv", "excel", "parquet", "jsonl", "rest"]
    connection: dict[str, Any] = Field(default_factory=dict)
    owner: str = "unassigned"
    schedule: str | None = None
    stale_after_hours: float = Field(default=26, gt=0)
    trust: float = Field(default=0.5, ge=0, le=1)
    trust_by_attribute: dict[str, float] = Field(default_factory=dict)
    duplicate_free: bool = False
    objects: dict[str, ObjectConfig] = Field(min_length=1)

    @model_validator(mode="after")
    def _parents_exist(self) -> SourceConfig:
        for name, config in self.objects.items():
            parent = config.mapping.belongs_to
            if parent and (
                parent.object not in self.objects
                or self.objects[parent.object].mapping.party is None
            ):
                parties = [key for key, item in self.objects.items() if item.mapping.party]
                raise ValueError(
                    f"objects.{name}.mapping.belongs_to: {parent.object!r} is not an object "
                    f"with a party; write one of {parties}"
                )
        return self

    @property
    def display(self) -> Title:
        """The title, or the name where there is none."""
        return self.title or Title(en=self.name, zh=self.name)

    def party_objects(self) -> list[str]:
        """Names of the objects whose rows are parties, sorted."""
        return sorted(name for name, item in self.objects.items() if item.mapping.party)
