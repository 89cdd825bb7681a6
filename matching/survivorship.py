"""What ``survivorship.yml`` may say: by which criteria the best value of an attribute is chosen."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from models.errors import ConfigError
from models.mapping import Strict

CRITERIA = (
    "kind",
    "validated",
    "trust",
    "recency",
    "frequency",
    "completeness",
    "greatest",
)
# The attributes that are chosen. ``id_number`` brings its class, ``address`` its parts.
CHOSEN = (
    "party_type",
    "full_name",
    "latin_name",
    "sex",
    "birth_date",
    "nationality",
    "id_number",
    "id_expires_on",
    "mobile",
    "email",
    "address",
    "occupation",
    "employer",
    "industry",
    "registered_on",
    "marital_status",
    "education",
    "risk_level",
    "customer_level",
    "deceased_on",
)


class AttributeRule(Strict):
    """How one attribute is chosen; see ``defaults/survivorship.yml`` for the criteria."""

    criteria: tuple[Literal[CRITERIA], ...] = Field(min_length=1)  # type: ignore[valid-type]
    kinds: tuple[str, ...] = ()
    decay_per_year: float = Field(default=0, ge=0, lt=1)
    because: str = ""

    @field_validator("criteria")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("names a criterion twice; the second could never decide")
        return value

    @model_validator(mode="after")
    def _kinds_ordered(self) -> AttributeRule:
        if "kind" in self.criteria and not self.kinds:
            raise ValueError("criterion 'kind' needs 'kinds', the preferred one first")
        return self


class SurvivorshipConfig(Strict):
    """The rule of every chosen attribute."""

    attributes: dict[Literal[CHOSEN], AttributeRule]  # type: ignore[valid-type]


def load_survivorship(text: str | None, file: Path | str | None = None) -> SurvivorshipConfig:
    """Return the defaults with the attributes of the project's ``text`` in place of theirs.

    Raises ConfigError, naming ``file`` and the attribute, for what cannot be understood.
    """
    own = _parse(text or "", file)
    unknown = sorted(own.keys() - {"attributes"})
    if unknown or not isinstance(own.get("attributes", {}), dict):
        raise ConfigError(
            f"{', '.join(unknown) or 'attributes'}: not understood here.",
            file=file,
            hint="Write 'attributes:' and under it attribute names with their 'criteria:'.",
        )
    base = _parse(default_text(), "defaults/survivorship.yml")
    merged = {"attributes": {**base["attributes"], **own.get("attributes", {})}}
    try:
        return SurvivorshipConfig.model_validate(merged)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigError(
            f"{place}: {first['msg'].removeprefix('Value error, ')}.", file=file
        ) from None


def default_text() -> str:
    """Return the text of the default ``survivorship.yml``."""
    return files("matching").joinpath("defaults/survivorship.yml").read_text(encoding="utf-8")


def _parse(text: str, file: Path | str | None) -> dict[str, Any]:
    try:
        parsed = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ConfigError(
            f"this is not YAML: {error.problem}.", file=file, line=line, hint="Mend this line."
        ) from None
    if parsed is not None and not isinstance(parsed, dict):
        raise ConfigError("the file must begin with 'attributes:'.", file=file)
    return parsed or {}
