"""What can never stand twice, differently, in one cluster.

A pair's veto is not enough: two people with different identity numbers may both look like a third
record without one. So each record brings *exclusive* facts, and a cluster holds at most one value
of each kind: a valid lifelong number of each class, person or organisation, head or which branch.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from matching.columns import Codes, Column, encode, marked
from matching.values import ORGANISATION, Frame
from models.fields.vocabulary import LIFELONG_ID_CLASSES


@dataclass(frozen=True, slots=True)
class Exclusive:
    """One kind of fact: a cluster holds one value of it at most."""

    kind: str
    values: Column


def exclusives(frame: Frame) -> list[Exclusive]:
    """Return every kind of exclusive fact of the frame."""
    found = [Exclusive("party", _everyone(frame.party.astype(np.int32)))]
    found.append(Exclusive("branch", _branches(frame)))
    found.extend(Exclusive(name, _lifelong(frame, name)) for name in LIFELONG_ID_CLASSES)
    return found


def _everyone(codes: Codes) -> Column:
    return Column.build(np.arange(len(codes), dtype=np.int32), codes, len(codes))


def _branches(frame: Frame) -> Column:
    """An organisation's branch by its first name; a head is a value of its own."""
    names = frame.company_names
    first = names.column.first()
    named = (first >= 0) & (frame.party == ORGANISATION)
    branch = encode(names.texts("org_branch").fill_null(""))
    records = np.flatnonzero(named).astype(np.int32)
    return Column.build(records, branch[first[records]], len(frame))


def _lifelong(frame: Frame, id_class: str) -> Column:
    numbers = frame.identifier
    status = numbers.texts("status")
    proven = marked(numbers.texts("id_class"), id_class) & marked(status, "valid")
    text = encode(numbers.texts("value"))
    kept = numbers.column.keep(proven[numbers.column.codes])
    return Column(kept.starts, text[kept.codes] if len(text) else kept.codes)
