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
    "source_priority",
    "trust",
    "recency",
    "earliest",
    "frequency",
    "completeness",
    "longest",
    "shortest",
    "greatest",
    "smallest",
)
_OPPOSITES = (("recency", "earliest"), ("longest", "shortest"), ("greatest", "smallest"))
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


class Condition(Strict):
    """What must hold of a record so that its value may stand; all that is given must hold.

    ``validated`` is the value's own soundness; ``attributes`` are other facts of the same record
    (marital_status, risk_level, …), as they are normalised.
    """

    party_type: Literal["person", "organisation"] | None = None
    sources: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    validated: bool | None = None
    attributes: dict[str, str] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_something(self) -> Condition:
        if self == Condition.model_construct():
            raise ValueError(
                "an empty condition; give party_type, sources, objects, validated or attributes"
            )
        return self


class AttributeRule(Strict):
    """How one attribute is chosen; see ``defaults/survivorship.yml`` for the criteria.

    ``when``: only values whose record meets one of the conditions may stand.
    """

    criteria: tuple[Literal[CRITERIA], ...] = Field(min_length=1)  # type: ignore[valid-type]
    kinds: tuple[str, ...] = Field(default=(), max_length=100)
    sources: tuple[str, ...] = Field(default=(), max_length=250)
    when: tuple[Condition, ...] = ()
    decay_per_year: float = Field(default=0, ge=0, lt=1)
    because: str = ""

    @field_validator("criteria")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(value)) < len(value):
            raise ValueError("names a criterion twice; the second could never decide")
        for one, other in _OPPOSITES:
            if one in value and other in value:
                raise ValueError(f"{one!r} and {other!r} are opposites; leave one of them out")
        return value

    @model_validator(mode="after")
    def _lists_given(self) -> AttributeRule:
        for criterion, name in (("kind", "kinds"), ("source_priority", "sources")):
            if criterion in self.criteria and not getattr(self, name):
                raise ValueError(f"criterion {criterion!r} needs {name!r}, the preferred one first")
        if self.sources and "source_priority" not in self.criteria:
            raise ValueError("'sources' needs the criterion 'source_priority'")
        if self.decay_per_year and "trust" not in self.criteria:
            raise ValueError("'decay_per_year' needs the criterion 'trust', which it fades")
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
            f"{place}: {first['msg'].removeprefix('Value error, ')}.",
            file=file,
            hint="See docs/reference/survivorship-yml.md for what may stand there.",
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
