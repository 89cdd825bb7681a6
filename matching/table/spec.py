"""What a stand-alone matching job is told: the YAML that ``golden match`` proposes and reads."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from models.mapping import Strict
from models.source import NAME

Kind = Literal[
    "given_name",
    "family_name",
    "other_names",  # middle names, maiden names, titles: a set of words
    "person_name",  # a whole name in one column, Han or Latin
    "company",
    "date",  # of birth, of registration: a day that stays
    "sex",
    "identifier",  # a number given to one party: national id, tax number, passport, account
    "phone",
    "email",
    "street",  # street and house number, or the whole address line
    "house_number",
    "unit",
    "city",
    "district",
    "postcode",
    "region",  # state, province, county
    "country",
    "address",  # a whole address in one text
    "category",  # a code or word out of a short list: occupation, nationality
    "number",
    "words",  # a set of words or tags
    "text",  # free text
]


class FieldSpec(Strict):
    """One fact about a record, taken from one column or put together from several.

    ``columns`` of one date may be year, month and day; of other kinds they are joined by a space.
    ``about`` groups fields of one thing when a table has several of a kind (``employer``,
    ``mailing``): fields of one group are known to depend on each other.
    """

    name: str = Field(pattern=NAME)
    kind: Kind
    columns: list[str] = Field(min_length=1)
    about: str = ""
    because: str = ""


class KeySpec(Strict):
    """A blocking rule: records that agree on every key are compared.

    A key is ``field`` or ``field.part``; the parts of each kind are listed in
    ``matching.table.keys``. Blocks above ``cap`` records are divided by the ``split`` keys.
    """

    id: str
    keys: list[str] = Field(min_length=1)
    split: list[str] = Field(default_factory=list)
    cap: int = Field(default=80, ge=2)


class ClusterSpec(Strict):
    """How links become clusters.

    ``false_matches`` is the share of wrong pairs that is tolerated among those joined, as the
    model estimates it; ``review`` the weakest probability that is worth a person's look.
    ``pooling`` says how much more many pairs between two clusters tell than one pair does (0:
    nothing more). ``duplicate_free`` names the sources that hold nobody twice (``all`` for every
    one).
    """

    false_matches: float = Field(default=0.05, gt=0, lt=0.5)
    review: float = Field(default=0.2, gt=0, lt=1)
    pooling: float = Field(default=0.05, ge=0, le=0.5)
    largest: int = Field(default=200, ge=2)
    duplicate_free: Literal["all", "none"] | list[str] = "none"


class MatchSpec(Strict):
    """The whole of a stand-alone ``matching.yml``."""

    version: Literal[1] = 1
    fields: list[FieldSpec] = Field(min_length=1)
    ignore: dict[str, str] = Field(default_factory=dict)
    blocking: list[KeySpec] = Field(default_factory=list)
    clusters: ClusterSpec = ClusterSpec()
    model: str = ""

    @model_validator(mode="after")
    def _names_differ(self) -> MatchSpec:
        names = [field.name for field in self.fields]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"fields: the name {twice[0]!r} stands twice; give each its own")
        return self
