"""One landed object and its mapping in; the shared schema, defects and quarantine out.

Every landed row of a party object becomes one ``record`` or one ``quarantine`` row; every row of
an object that belongs to another adds to its record's tables or becomes one ``quarantine`` row.
A value that cannot be used is a ``defect``; its record is kept. Pure: same rows, same tables, in
any order of rows.

Rules of quarantine: ``no_key``, ``unknown_party_type``, ``says_nothing``. The store adds those
that need other tables: ``orphan``, ``parent_quarantined``, ``schema_drift``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from models.fields.columns import Mask, Texts, mask, nulls, pc, put
from models.fields.dates import parse_timestamps
from models.mapping import PartyType
from models.normalising.batch import Batch, is_blank
from models.normalising.contacts import add_addresses, add_contacts, add_identifiers
from models.normalising.facts import (
    add_accounts,
    add_attributes,
    add_consents,
    add_relationships,
)
from models.normalising.parties import add_names, party_types
from models.normalising.pieces import Pieces, typed
from models.normalising.use import column_use
from models.source import SourceConfig
from models.tables import LANDED
from models.tables.normalised import NORMALISED

# Made otherwise; the fingerprints by the store, once a record's rows are together.
_SEPARATE = ("quarantine", "column_use", "fingerprint")


@dataclass(frozen=True, slots=True)
class Normalised:
    """The normalised tables of one batch of landed rows, by the names in ``normalised``.

    ``attached`` is how many landed rows were understood: records of a party object, or rows that
    add to a record; the others are in ``tables["quarantine"]``.
    """

    tables: dict[str, pa.Table]
    attached: int


def normalise_object(source: SourceConfig, object_name: str, rows: pa.Table) -> Normalised:
    """Normalise landed rows of one object; raises SchemaDrift.

    ``rows`` has the source's columns as text and ``_pk``, ``_hash``. Rows that belong to a record
    may bring its party type as ``_party``; whether that record exists is the store's to say.
    """
    batch = Batch.of(source, object_name, rows)
    batch.refuse_drift()
    party, pieces = party_types(batch), Pieces(batch)
    identified = add_names(batch, party, pieces) | add_identifiers(batch, pieces)
    add_contacts(batch, pieces)
    add_addresses(batch, pieces)
    add_attributes(batch, pieces)
    add_accounts(batch, pieces)
    add_relationships(batch, pieces)
    add_consents(batch, pieces)
    refused = _refused(batch, party, identified if batch.mapping.party else pieces.said())
    kept = mask(pc.is_null(refused))
    if batch.mapping.party:
        _add_records(batch, party, pieces)
    tables = {
        table.name: pieces.table(table.name, kept)
        for table in NORMALISED
        if table.name not in _SEPARATE
    }
    tables["quarantine"] = _quarantine(batch, refused)
    tables["column_use"] = column_use(batch)
    return Normalised(tables, int(kept.sum()))


def _refused(batch: Batch, party: Texts, useful: Mask) -> Texts:
    """Return the rule that refuses each row, NULL where none does; the gravest rule wins."""
    rule = put(nulls(batch.length), ~useful, "says_nothing")
    if batch.mapping.party:
        rule = put(rule, mask(pc.is_null(party)), "unknown_party_type")
    return put(rule, is_blank(batch.owner_key), "no_key")


def _add_records(batch: Batch, party: Texts, pieces: Pieces) -> None:
    pieces.add(
        "record",
        np.ones(batch.length, np.bool_),
        source=batch.source.name,
        object=batch.object,
        source_pk=batch.own(LANDED.key),
        party_type=party,
        updated_at=_business_time(batch, pieces),
        row_hash=batch.own(LANDED.hash),
    )


def _business_time(batch: Batch, pieces: Pieces) -> Any:
    """Return the first readable time of each row; NULL where no column holds one."""
    times = []
    for column in batch.mapping.times():
        moments = parse_timestamps(batch.text(column), timezone=batch.mapping.timezone)
        pieces.defects(column, moments["rule"])
        times.append(moments["value"])
    return pc.coalesce(*times) if times else None


def _quarantine(batch: Batch, refused: Texts) -> pa.Table:
    where = mask(pc.is_valid(refused))
    chosen = pa.array(where)
    rule = refused.filter(chosen)
    field, reason = nulls(len(rule)), nulls(len(rule))
    for name, (column, sentence) in _sentences(batch).items():
        rows = mask(pc.equal(rule, name))
        field, reason = put(field, rows, column), put(reason, rows, sentence)
    return typed(
        "quarantine",
        len(rule),
        {
            "source": batch.source.name,
            "object": batch.object,
            "source_pk": batch.own(LANDED.key).filter(chosen),
            "row_hash": batch.own(LANDED.hash).filter(chosen),
            "field": field,
            "rule": rule,
            "reason": reason,
        },
    )


def _sentences(batch: Batch) -> dict[str, tuple[str | None, str]]:
    """Return the column at fault and the reason for each rule."""
    mapping = batch.mapping
    key = mapping.belongs_to.key if mapping.belongs_to else None
    party = mapping.party.field if isinstance(mapping.party, PartyType) else None
    nothing = (
        "The row has neither a usable name nor a usable identity number."
        if mapping.party
        else "No column of the row has a usable value."
    )
    return {
        "no_key": (key, "The key column is empty."),
        "unknown_party_type": (party, "The party type code is not listed in the mapping's codes."),
        "says_nothing": (None, nothing),
    }
