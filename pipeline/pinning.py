"""Which columns of golden.customer may be pinned, and reading the value that shall stand there."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from matching.facts import FACTS
from models.errors import ConfigError
from models.fields.codes import normalise_sexes
from models.fields.columns import Texts
from models.fields.countries import normalise_countries
from models.fields.dates import parse_dates
from models.fields.emails import normalise_emails
from models.fields.phones import normalise_phones
from models.fields.vocabulary import ID_CLASSES
from models.tables import table

_NEVER = frozenset({"party_type"})
PINNABLE = tuple(column for fact in FACTS for column in fact.columns if column not in _NEVER)
_MAXIMUM = 500


def read_pin(attribute: str, value: str | None) -> str | None:
    """Return ``value`` as text in the form the column has it; None stays None.

    Raises ConfigError when ``attribute`` cannot be pinned or ``value`` is none of its kind.
    """
    if attribute not in PINNABLE:
        raise ConfigError(
            f"{attribute!r} cannot be pinned.", hint=f"Columns that can: {', '.join(PINNABLE)}."
        )
    if value is None:
        return None
    read, expected = _READERS.get(attribute, (_text, "a text"))
    if _types()[attribute] == "DATE":
        read, expected = _date, "a date like 1980-02-29"
    found = read(value)
    if found is None:
        raise ConfigError(
            f"the value is none that {attribute} can have.", hint=f"It must be {expected}."
        )
    return found


def _types() -> dict[str, str]:
    return {column.name: column.type for column in table("golden", "customer").columns}


def _text(value: str) -> str | None:
    stripped = value.strip()
    return stripped if stripped and len(stripped) <= _MAXIMUM and stripped.isprintable() else None


def _date(value: str) -> str | None:
    row = parse_dates(_column(value), long_term=True).to_pylist()[0]
    return row["value"].isoformat() if row["value"] is not None else None


def _column(value: str) -> Texts:
    return pa.array([value], pa.string())


def _code(normalise: Callable[[Texts], pa.Table]) -> Callable[[str], str | None]:
    def read(value: str) -> str | None:
        (row,) = normalise(_column(value)).to_pylist()
        found = row["value"] if row.get("status", "valid") == "valid" else None
        return str(found) if found is not None else None

    return read


def _id_class(value: str) -> str | None:
    return value if value in ID_CLASSES else None


def _region(value: str) -> str | None:
    return value if len(value) == 6 and value.isascii() and value.isdigit() else None


def _mobile(values: Texts) -> pa.Table:
    return normalise_phones(values, "mobile")


_READERS: dict[str, tuple[Callable[[str], str | None], str]] = {
    "sex": (_code(normalise_sexes), "male or female"),
    "nationality": (_code(normalise_countries), "a country, such as CN"),
    "mobile": (_code(_mobile), "a mobile number, such as +8613800138000"),
    "email": (_code(normalise_emails), "an e-mail address"),
    "id_class": (_id_class, f"one of {', '.join(ID_CLASSES)}"),
    "region_code": (_region, "six digits (GB/T 2260)"),
}
