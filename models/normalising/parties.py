"""Party type and names of each row, and whether the row says who it is about."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from models.fields.codes import apply_codes
from models.fields.columns import Mask, Texts, mask, pc, put, texts
from models.fields.names import normalise_name_parts, normalise_names
from models.mapping import NameMap, PartyType
from models.normalising.batch import PARENT_PARTY, Batch
from models.normalising.pieces import Pieces, first_of

_USABLE = ["ok", "partial", "masked"]
_COLUMNS = (
    "value",
    "script",
    "family",
    "given",
    "fold_key",
    "sound_key",
    "org_region",
    "org_core",
    "org_form",
    "org_branch",
    "status",
)


def party_types(batch: Batch) -> Texts:
    """Return ``person`` or ``organisation`` for each row, NULL for a code that is not listed.

    Rows that belong to a record have its party type.
    """
    party = batch.mapping.party
    if party is None:
        party = batch.source.objects[batch.owner].mapping.party
        joined = batch.own(PARENT_PARTY)
        if isinstance(party, PartyType):
            return joined
        return first_of(joined, pa.repeat(pa.scalar(party, pa.string()), batch.length))
    if isinstance(party, PartyType):
        return texts(apply_codes(batch.text(party.field), party.codes)["value"])
    return pa.repeat(pa.scalar(party), batch.length)


def add_names(batch: Batch, party: Texts, pieces: Pieces) -> Mask:
    """Add the names; return which rows have one that says something."""
    usable = np.zeros(batch.length, np.bool_)
    for ordinal, item in enumerate(batch.mapping.names):
        names = _names(batch, item, party)
        filled = mask(pc.is_valid(names["value"])) & mask(pc.is_valid(names["status"]))
        columns = {name: names[name] for name in _COLUMNS}
        pieces.add("name", filled, ordinal=ordinal, kind=item.kind, **columns)
        pieces.defects(item.full or item.family or item.given or "", names["rule"])
        usable |= filled & mask(pc.is_in(names["status"], value_set=pa.array(_USABLE)))
    return usable


def _names(batch: Batch, item: NameMap, party: Texts) -> pa.Table:
    if item.full is None:
        family, given, middle = map(batch.text, (item.family, item.given, item.middle))
        return normalise_name_parts(family, given, middle, item.kind)
    values, kinds = batch.text(item.full), set(pc.unique(party).to_pylist())
    if len(kinds) == 1 and None not in kinds:
        return normalise_names(values, kinds.pop(), item.kind)
    tables = []
    for kind in ("person", "organisation"):
        others = ~mask(pc.equal(party, kind))
        tables.append(normalise_names(put(values, others, None), kind, item.kind))
    one, two = tables
    return pa.table({name: first_of(one[name], two[name]) for name in (*_COLUMNS, "rule")})
