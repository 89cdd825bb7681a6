"""How many different people use a value, and which values too many use to mean anything.

Found from the data: a branch's phone, a bookkeeper's mobile on two hundred firms, ``111111`` as a
number. Such values propose no pairs and prove nothing; they are written to ``matched.stop_value``.
A home is no crowd: many given names under a few family names are one household, whose phone tells
a lot about who its members are.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from matching.columns import (
    Codes,
    Ints,
    Mask,
    Texts,
    Values,
    arrow,
    distinct,
    encode,
    looked_up,
    pc,
)
from matching.values import ORGANISATION, SHARED_KINDS, Frame

_TEXT_OF = {"address": "address_key"}
# Family names of one household: parents, children, grandparents, one in-law.
_OF_ONE_HOME = 3


def names_by_value(frame: Frame, values: Values) -> Ints:
    """Return for each value code how many different names its records go by."""
    return _different(values, frame.called)


def families_by_value(frame: Frame, values: Values) -> Ints:
    """Return for each value code how many different family names, or firms, its records have."""
    names = frame.person_names
    family = looked_up(encode(names.texts("family")), names.column.first())
    firms = np.where(frame.party == ORGANISATION, frame.called, -1)
    offset = np.int32(firms.max(initial=-1) + 1)
    return _different(values, np.where(family >= 0, family + offset, firms))


def _different(values: Values, of_record: Codes) -> Ints:
    """Count for each value code the different codes of its records; -1 is none."""
    code = of_record[values.column.records].astype(np.int64)
    known = code >= 0
    packed = distinct((values.column.codes[known].astype(np.int64) << 32) | code[known])
    return np.bincount(packed >> 32, minlength=len(values.table)).astype(np.int64)


def take_out_stop_values(frame: Frame, limits: Mapping[str, int]) -> tuple[Frame, pa.Table]:
    """Return the frame without values that more than ``limits[kind]`` names share, and the list.

    Names of one household count only once there are more families than a household has.

    The list has the columns of ``matched.stop_value``, ordered by kind and value.
    """
    kept: dict[str, Values] = {}
    found: list[pa.Table] = []
    for kind in SHARED_KINDS:
        values = frame.shared(kind)
        texts = values.texts(_TEXT_OF.get(kind, "value"))
        names = names_by_value(frame, values)
        stop = (names > limits.get(kind, len(frame))) & np.asarray(pc.is_valid(texts))
        if stop.any():
            stop &= families_by_value(frame, values) > _OF_ONE_HOME
        records = np.bincount(values.column.codes, minlength=len(values.table))
        kept[kind] = _place_only(values, stop) if kind == "address" else values.without(stop)
        found.append(_listed(kind, texts, records, names, stop))
    listed = pa.concat_tables(found)
    return frame.replacing(**kept), listed.sort_by([("kind", "ascending"), ("value", "ascending")])


def _place_only(addresses: Values, stop: Mask) -> Values:
    """Keep the place of the marked addresses, and forget the street."""
    key = pc.if_else(arrow(stop), pa.scalar(None, pa.string()), addresses.texts("address_key"))
    at = addresses.table.schema.get_field_index("address_key")
    return Values(addresses.column, addresses.table.set_column(at, "address_key", key))


def _listed(kind: str, texts: Texts, records: Ints, names: Ints, stop: Mask) -> pa.Table:
    return pa.table(
        {
            "kind": pa.array([kind] * int(stop.sum()), pa.string()),
            "value": texts.filter(arrow(stop)),
            "records": arrow(records[stop]),
            "names": arrow(names[stop]),
        }
    )
