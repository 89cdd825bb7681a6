"""Comparison: candidate pairs in, one small integer per pair and comparison out.

``levels`` names what each comparison can find, from no evidence upwards, and says it in words.
Every other module prepares one comparison for a frame (all work on distinct values happens there)
and returns a function from two arrays of record numbers to levels. A record with several names,
numbers or addresses is as close to another as its best couple.

``prepare(frame)`` gives them by name, in the order of ``levels.LEVELS``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial

from matching.columns import Judge
from matching.compare.addresses import address_levels
from matching.compare.companies import company_levels
from matching.compare.contacts import email_levels, phone_levels
from matching.compare.dates import (
    birth_date_levels,
    party_levels,
    sex_levels,
    source_levels,
    typed_birth_date_levels,
)
from matching.compare.identifiers import conflict_levels, identifier_levels
from matching.compare.levels import LEVELS
from matching.compare.names import name_levels, rarity_levels
from matching.values import Frame

_PREPARED: Mapping[str, Callable[[Frame], Judge]] = {
    "party": lambda frame: partial(party_levels, frame),
    "source": lambda frame: partial(source_levels, frame),
    "identifier": identifier_levels,
    "conflict": conflict_levels,
    "name": name_levels,
    "rarity": rarity_levels,
    "company": company_levels,
    "birth_date": lambda frame: partial(birth_date_levels, frame),
    "typed_birth_date": lambda frame: partial(typed_birth_date_levels, frame),
    "sex": lambda frame: partial(sex_levels, frame),
    "mobile": lambda frame: phone_levels(frame, "mobile"),
    "landline": lambda frame: phone_levels(frame, "landline"),
    "email": email_levels,
    "address": address_levels,
}


def prepare(frame: Frame, names: Collection[str] = tuple(LEVELS)) -> dict[str, Judge]:
    """Return the comparisons called ``names``, ready for pairs of this frame's records."""
    return {name: _PREPARED[name](frame) for name in LEVELS if name in names}
