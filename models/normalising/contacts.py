"""Identity numbers, phones, e-mails and addresses of each row."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.fields.addresses import normalise_addresses
from models.fields.addresses_western import joined
from models.fields.codes import apply_codes
from models.fields.columns import Mask, Texts, mask, pc, put, texts
from models.fields.countries import normalise_countries
from models.fields.dates import parse_dates
from models.fields.emails import normalise_emails
from models.fields.identifiers import normalise_identifiers, org_codes_within
from models.fields.phones import normalise_phones
from models.fields.text import clean
from models.mapping import AddressMap, IdentifierMap
from models.normalising.batch import Batch
from models.normalising.pieces import Pieces

_USABLE = ["valid", "unchecked", "invalid", "masked"]
_ADDRESS = (
    "text",
    "country",
    "province",
    "city",
    "district",
    "region_code",
    "detail",
    "postcode",
    "address_key",
    "level",
)
_ADDRESS_PARTS = ("text", "line", "province", "city", "district", "region", "postcode")


def add_identifiers(batch: Batch, pieces: Pieces) -> Mask:
    """Add the identity numbers; return which rows have one that says something.

    A valid unified code or old tax number also gives a row for the organisation code inside it,
    with an ordinal after all mapped ones, so that records from before 2015 still match.
    """
    usable = np.zeros(batch.length, np.bool_)
    mapped = len(batch.mapping.identifiers)
    for ordinal, item in enumerate(batch.mapping.identifiers):
        numbers = _numbers(batch, item, pieces)
        papers = _papers(batch, item, pieces)
        told = {name: numbers[name] for name in numbers.column_names if name != "rule"}
        filled = mask(pc.is_valid(numbers["value"]))
        lost = mask(pc.equal(numbers["status"], "precision_lost"))
        pieces.add("identifier", filled | lost, ordinal=ordinal, **told, **papers)
        pieces.defects(item.number, numbers["rule"])
        usable |= filled & mask(pc.is_in(numbers["status"], value_set=pa.array(_USABLE)))
        inner = org_codes_within(
            *(texts(numbers[name]) for name in ("value", "id_class", "status"))
        )
        pieces.add(
            "identifier",
            mask(pc.is_valid(inner)),
            ordinal=mapped + ordinal,
            id_class="org_code",
            value=inner,
            country="CN",
            status="valid",
            **papers,
        )
    return usable


def _numbers(batch: Batch, item: IdentifierMap, pieces: Pieces) -> pa.Table:
    country: Texts | str | None = item.country
    if item.country_field:
        stated = normalise_countries(batch.text(item.country_field))
        pieces.defects(item.country_field, stated["rule"])
        country = texts(stated["value"])
    return normalise_identifiers(batch.text(item.number), _classes(batch, item, pieces), country)


def _classes(batch: Batch, item: IdentifierMap, pieces: Pieces) -> Texts | str | None:
    """Return the declared class; a code that is not listed is ``other`` and a defect."""
    if item.type is None:
        return item.id_class
    coded = apply_codes(batch.text(item.type), item.codes)
    unknown = mask(pc.equal(coded["rule"], "unknown_code"))
    pieces.defects(item.type, coded["rule"])
    return put(texts(coded["value"]), unknown, "other")


def _papers(batch: Batch, item: IdentifierMap, pieces: Pieces) -> dict[str, Texts]:
    """Return what the document says beside its number."""
    papers = {"doc_type": clean(batch.text(item.type))}
    for name, column in (("issued_on", item.issued), ("expires_on", item.expires)):
        if batch.has(column) and column:
            dates = parse_dates(
                batch.text(column),
                long_term=name == "expires_on",
                excel_serials=batch.from_spreadsheet,
                timezone=batch.mapping.timezone,
            )
            pieces.defects(column, dates["rule"])
            papers[name] = dates["value"]
    return papers


def add_contacts(batch: Batch, pieces: Pieces) -> None:
    """Add the phones and e-mails."""
    for ordinal, item in enumerate(batch.mapping.contacts):
        column = item.mobile or item.phone or item.email or ""
        if item.email:
            contacts = normalise_emails(batch.text(column))
        else:
            kind = "mobile" if item.mobile else "phone"
            contacts = normalise_phones(batch.text(column), kind, item.area_code, item.country)
        columns = {name: contacts[name] for name in ("kind", "value", "extension", "status")}
        filled = mask(pc.is_valid(contacts["value"]))
        pieces.add("contact", filled, ordinal=ordinal, use=item.use, **columns)
        pieces.defects(column, contacts["rule"])


def add_addresses(batch: Batch, pieces: Pieces) -> None:
    """Add the addresses."""
    for ordinal, item in enumerate(batch.mapping.addresses):
        parts = _address_parts(batch, item)
        if parts:
            addresses = normalise_addresses(parts, item.country)
            filled = mask(pc.is_valid(addresses["text"]))
            columns = {name: addresses[name] for name in _ADDRESS}
            pieces.add("address", filled, ordinal=ordinal, use=item.use, **columns)
            pieces.defects(_address_column(item), addresses["rule"])


def _address_parts(batch: Batch, item: AddressMap) -> dict[str, Texts]:
    parts = {}
    for part in _ADDRESS_PARTS:
        wanted = getattr(item, part)
        columns = wanted if isinstance(wanted, list) else [wanted]
        landed = [batch.text(column) for column in columns if batch.has(column)]
        if landed:
            between = "" if item.country == "CN" else " "
            parts[part] = landed[0] if len(landed) == 1 else _joined(landed, between)
    return parts


def _joined(columns: list[Texts], between: str) -> Texts:
    """Return the columns joined, without those that are empty."""
    return joined([clean(column) for column in columns], between)


def _address_column(item: AddressMap) -> str:
    """Return the column that a defect of this address is noted for."""
    for part in _ADDRESS_PARTS:
        wanted = getattr(item, part)
        if wanted:
            return wanted[0] if isinstance(wanted, list) else str(wanted)
    return ""
