"""Comparison: candidate pairs in, one small integer per pair and comparison out.

``levels`` names what each comparison can find, from no evidence upwards. Every other module
prepares one comparison for a frame (all work on distinct values happens there) and returns a
function from two arrays of record numbers to levels. A record with several names, numbers or
addresses is as close to another as its best couple.

``prepare(frame)`` gives all of them by name, in the order of ``levels.LEVELS``.
"""

from __future__ import annotations

from functools import partial

from matching.columns import Judge
from matching.compare.addresses import address_levels
from matching.compare.companies import company_levels
from matching.compare.contacts import email_levels, phone_levels
from matching.compare.dates import (
    birth_date_levels,
    party_levels,
    sex_levels,
    typed_birth_date_levels,
)
from matching.compare.identifiers import conflict_levels, identifier_levels
from matching.compare.levels import LEVELS
from matching.compare.names import name_levels, rarity_levels
from matching.values import Frame


def prepare(frame: Frame) -> dict[str, Judge]:
    """Return every comparison, ready for pairs of this frame's records."""
    ready: dict[str, Judge] = {
        "party": partial(party_levels, frame),
        "identifier": identifier_levels(frame),
        "conflict": conflict_levels(frame),
        "name": name_levels(frame),
        "rarity": rarity_levels(frame),
        "company": company_levels(frame),
        "birth_date": partial(birth_date_levels, frame),
        "typed_birth_date": partial(typed_birth_date_levels, frame),
        "sex": partial(sex_levels, frame),
        "mobile": phone_levels(frame, "mobile"),
        "landline": phone_levels(frame, "landline"),
        "email": email_levels(frame),
        "address": address_levels(frame),
    }
    return {name: ready[name] for name in LEVELS}
