"""How one object of a source becomes the shared schema: the ``mapping`` part of its YAML.

Every column of the object is used by the mapping, ignored by name, or reported. Names of source
columns are written as the source has them, in any script.

```yaml
party: person                      # or organisation, or {field: CUST_TYPE, codes: {"1": person}}
updated_at: [UPD_TS, OPEN_DT]      # business time: a date or a timestamp; or just one column
names:       [{full: CUST_NM}, {full: OLD_NM, kind: former}, {family: XM, given: MZ}]
identifiers: [{number: CERT_NO, type: CERT_TP, expires: CERT_EXP, codes: {"110001": resident_id}}]
contacts:    [{mobile: MOB_NO}, {phone: TEL, use: home}, {email: EMAIL}]
addresses:   [{text: ADDR, use: home}, {line: STREET, city: SUBURB, region: STATE, postcode: PC}]
attributes:  {birth_date: BIRTH_DT, sex: {field: SEX_CD, codes: {"1": male, "2": female}}}
ignore:      {BRANCH_NO: "the branch is not part of the customer"}
```

``updated_at`` says when the source's business last changed the record. Of several columns the first
that holds a readable time counts: name the best one first and what to fall back to after it. A
record without any keeps none, and counts as older than all that have one.

An object that describes something of a party (its accounts, say) has ``belongs_to`` in place of
``party``; its rows then only add values to that party's records.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.fields.vocabulary import (
    ADDRESS_USES,
    ATTRIBUTES,
    ID_CLASSES,
    NAME_KINDS,
    RELATION_TYPES,
)

ColumnName = Annotated[str, Field(min_length=1)]
Codes = dict[str, str]


class Strict(BaseModel):
    """Base of everything a user writes: unknown keys are mistakes, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Coded(Strict):
    """A column whose values are codes: only listed codes are understood, others are defects."""

    field: ColumnName
    codes: Codes


class PartyType(Strict):
    """A column that tells persons from organisations."""

    field: ColumnName
    codes: dict[str, Literal["person", "organisation"]]


class NameMap(Strict):
    """One name: ``full``, or ``family`` and ``given`` (and ``middle``)."""

    full: ColumnName | None = None
    family: ColumnName | None = None
    given: ColumnName | None = None
    middle: ColumnName | None = None
    kind: Literal[NAME_KINDS] = "legal"  # type: ignore[valid-type]  # a Literal from a tuple

    @model_validator(mode="after")
    def _one_way(self) -> NameMap:
        if bool(self.full) == bool(self.family or self.given):
            raise ValueError("a name is either 'full: COLUMN' or 'family: COLUMN, given: COLUMN'")
        return self


class IdentifierMap(Strict):
    """One identity number; its class is fixed (``id_class``) or coded (``type`` with ``codes``).

    ``codes`` maps the source's document-type code to an id class. A code that is not listed gives
    class ``other`` and a defect. With neither, the class is recognised from the number itself.
    ``country``: ISO 3166 alpha-2 constant, or ``country_field`` a column.
    """

    number: ColumnName
    id_class: Literal[ID_CLASSES] | None = None  # type: ignore[valid-type]
    type: ColumnName | None = None
    codes: dict[str, Literal[ID_CLASSES]] = Field(default_factory=dict)  # type: ignore[valid-type]
    country: str | None = Field(default=None, pattern="^[A-Z]{2}$")
    country_field: ColumnName | None = None
    issued: ColumnName | None = None
    expires: ColumnName | None = None

    @model_validator(mode="after")
    def _class_known(self) -> IdentifierMap:
        if self.type and not self.codes:
            raise ValueError("'type' names a code column: list its 'codes' as {code: id_class}")
        if self.type and self.id_class:
            raise ValueError("give 'id_class' or 'type' with 'codes', not both")
        return self


class ContactMap(Strict):
    """One contact: exactly one of ``mobile``, ``phone`` (any), ``email``.

    ``area_code`` completes a landline written without one; ``country`` is the calling country.
    """

    mobile: ColumnName | None = None
    phone: ColumnName | None = None
    email: ColumnName | None = None
    use: str | None = None
    area_code: str | None = Field(default=None, pattern="^0[0-9]{2,3}$")
    country: str = Field(default="CN", pattern="^[A-Z]{2}$")

    @model_validator(mode="after")
    def _one(self) -> ContactMap:
        if sum(column is not None for column in (self.mobile, self.phone, self.email)) != 1:
            raise ValueError("a contact is exactly one of 'mobile', 'phone' or 'email'")
        return self


class AddressMap(Strict):
    """One address: ``text`` as one column, or parts (``line`` may be several, joined)."""

    text: ColumnName | None = None
    line: ColumnName | list[ColumnName] | None = None
    province: ColumnName | None = None
    city: ColumnName | None = None
    district: ColumnName | None = None
    region: ColumnName | None = None
    postcode: ColumnName | None = None
    country: str = Field(default="CN", pattern="^[A-Z]{2}$")
    use: Literal[ADDRESS_USES] = "home"  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _something(self) -> AddressMap:
        if not (self.text or self.line or self.city or self.province or self.postcode):
            raise ValueError("an address needs 'text', or parts such as 'line' and 'city'")
        return self


class AccountMap(Strict):
    """One account, card or contract. ``product`` is a constant or ``{field, codes}``."""

    number: ColumnName
    product: Coded | str | None = None
    currency: ColumnName | None = None
    status: Coded | None = None
    opened: ColumnName | None = None
    closed: ColumnName | None = None


class RelationshipMap(Strict):
    """One relation the row states, to another record of ``object`` (``key``) or just by name."""

    type: Literal[RELATION_TYPES] | Coded  # type: ignore[valid-type]
    object: str | None = None
    key: ColumnName | None = None
    name: ColumnName | None = None
    identifier: ColumnName | None = None

    @model_validator(mode="after")
    def _some_other(self) -> RelationshipMap:
        if bool(self.object) != bool(self.key):
            raise ValueError("'object' and 'key' go together: which object, and its key column")
        if not (self.key or self.name or self.identifier):
            raise ValueError("a relationship needs the other party: 'object' and 'key', or 'name'")
        return self


class ConsentMap(Strict):
    """One consent the row states."""

    purpose: str
    channel: str = "any"
    status: Coded
    decided: ColumnName | None = None


class BelongsTo(Strict):
    """This object's rows belong to records of another object of the same source."""

    object: str
    key: ColumnName


class Mapping(Strict):
    """The whole mapping of one object; see the module's docstring."""

    party: Literal["person", "organisation"] | PartyType | None = None
    belongs_to: BelongsTo | None = None
    updated_at: ColumnName | Annotated[list[ColumnName], Field(min_length=1)] | None = None
    timezone: str = "Asia/Shanghai"
    names: list[NameMap] = Field(default_factory=list)
    identifiers: list[IdentifierMap] = Field(default_factory=list)
    contacts: list[ContactMap] = Field(default_factory=list)
    addresses: list[AddressMap] = Field(default_factory=list)
    attributes: dict[Literal[ATTRIBUTES], ColumnName | Coded] = Field(  # type: ignore[valid-type]
        default_factory=dict
    )
    accounts: list[AccountMap] = Field(default_factory=list)
    relationships: list[RelationshipMap] = Field(default_factory=list)
    consents: list[ConsentMap] = Field(default_factory=list)
    ignore: list[ColumnName] | dict[ColumnName, str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _consistent(self) -> Mapping:
        if (self.party is None) == (self.belongs_to is None):
            raise ValueError(
                "write 'party: person' (or organisation, or {field, codes}), "
                "or 'belongs_to: {object, key}' for an object that adds to a party"
            )
        if self.party is not None and not (self.names or self.identifiers):
            raise ValueError("a party needs at least one of 'names' and 'identifiers'")
        twice = sorted(set(self.ignore) & {column for column, _ in self.uses()})
        if twice:
            raise ValueError(f"{', '.join(twice)}: both mapped and ignored; take one of them out")
        return self

    def times(self) -> list[str]:
        """Return the columns that may hold the business time, the best first."""
        if self.updated_at is None:
            return []
        return [self.updated_at] if isinstance(self.updated_at, str) else self.updated_at

    def tables(self) -> set[str]:
        """Return the normalised tables, besides that of attributes, which the mapping fills."""
        return {table for group, table in _TABLE_OF.items() if getattr(self, group)}

    def uses(self) -> Iterator[tuple[str, str]]:
        """Yield ``(source column, target)`` for every column the mapping reads."""
        if isinstance(self.party, PartyType):
            yield self.party.field, "record.party_type"
        if self.belongs_to:
            yield self.belongs_to.key, f"record of {self.belongs_to.object}"
        for column in self.times():
            yield column, "record.updated_at"
        for group, table in _TABLE_OF.items():
            for item in getattr(self, group):
                for part, column in _columns_of(item):
                    yield column, f"{table}.{part}"
        for attribute, use in self.attributes.items():
            yield use.field if isinstance(use, Coded) else use, f"attribute.{attribute}"


# Groups of the mapping, and the normalised table each one fills.
_TABLE_OF = {
    "names": "name",
    "identifiers": "identifier",
    "contacts": "contact",
    "addresses": "address",
    "accounts": "account",
    "relationships": "relationship",
    "consents": "consent",
}
_CONSTANTS = frozenset(
    {"kind", "use", "id_class", "country", "codes", "area_code", "object", "purpose", "channel"}
)


def _columns_of(item: Strict) -> Iterator[tuple[str, str]]:
    """Yield the parts of one mapping entry that name source columns."""
    for part, value in item:
        if part in _CONSTANTS or value is None:
            continue
        if isinstance(value, Coded):
            yield part, value.field
        elif isinstance(value, list):
            yield from ((part, column) for column in value)
        elif not (part == "type" and isinstance(item, RelationshipMap)) and not (
            part == "product" and isinstance(item, AccountMap)
        ):
            yield part, value
