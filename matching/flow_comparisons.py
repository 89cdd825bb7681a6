"""The bank's comparisons: what is asked of two persons, and of two organisations.

The model weighs ``modelled`` ones. ``conflict``, ``typed_birth_date``, ``rarity`` and ``party`` say
again what others say, for rules alone; they are asked only where a rule, veto or doubt names them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from matching.columns import (
    Codes,
    Judge,
    Levels,
    Texts,
    Values,
    arrow,
    encode,
    first_rows,
    looked_up,
    marked,
)
from matching.compare import prepare
from matching.compare.levels import described
from matching.comparison import Comparison, Role
from matching.config import MatchingConfig
from matching.sharing import names_by_value
from matching.values import ORGANISATION, PERSON, Frame, SharedKind
from models.fields.vocabulary import LIFELONG_ID_CLASSES

_CONTACTS = ("mobile", "landline", "email", "address")
_MODELLED: Mapping[int, tuple[str, ...]] = {
    PERSON: ("source", "identifier", "name", "birth_date", "sex", *_CONTACTS),
    ORGANISATION: ("source", "identifier", "company", *_CONTACTS),
}
_ROLES: Mapping[str, Role] = {
    "source": "other",
    "name": "family",
    "landline": "household",
    "address": "household",
}
# Levels below equality on which the rarity of the value counts too.
_FUZZY = {"name": 5, "company": 4, "address": 1}
_JANUARY_FIRST = 101
_PART = 1 << 17


def comparisons(frame: Frame, party: int, config: MatchingConfig) -> list[Comparison]:
    """Return all that is asked of two records of ``party``: what is modelled, and what rules ask.

    ``frame`` holds only records of that party.
    """
    named = {
        name
        for condition in (*config.vetoes, *config.rules, *config.doubts)
        for name in (*condition.when, *condition.unless)
    }
    persons_only = {"name", "rarity", "birth_date", "typed_birth_date", "sex"}
    asked = named - ({"company"} if party == PERSON else persons_only)
    ready = prepare(frame, asked.union(_MODELLED[party]))
    return [
        Comparison(
            name=name,
            levels=described(name),
            judge=partial(_in_parts, judge),
            values=values,
            texts=texts,
            role=_ROLES.get(name, "own"),
            fuzzy=_FUZZY.get(name, 0),
        )
        for name, judge in ready.items()
        for values, texts in [_VALUES.get(name, _nothing)(frame)]
    ]


def modelled(party: int, asked: Sequence[Comparison]) -> list[int]:
    """Return which of ``asked`` the model weighs, by position."""
    return [at for at, item in enumerate(asked) if item.name in _MODELLED[party]]


def _in_parts(judge: Judge, left: Codes, right: Codes) -> Levels:
    """Judge a bounded number of pairs at a time: what is needed on the way stays in the cache."""
    if len(left) <= _PART:
        return judge(left, right)
    cuts = range(_PART, len(left), _PART)
    parts = zip(np.split(left, cuts), np.split(right, cuts), strict=True)
    return np.concatenate([judge(one, other) for one, other in parts])


def _nothing(frame: Frame) -> tuple[Codes, Texts]:
    return np.full(len(frame), -1, dtype=np.int32), pa.array([], pa.string())


def _first(values: Values, codes: Codes, texts: Texts) -> tuple[Codes, Texts]:
    """Return each record's first value, and what values say.

    ``codes`` tells which of the distinct values are the same; each is called by the first of them.
    """
    first = looked_up(first_rows(codes).astype(np.int32), codes)
    return looked_up(first, values.column.first()), texts


def _name(frame: Frame) -> tuple[Codes, Texts]:
    return _spelling(frame.person_names)


def _company(frame: Frame) -> tuple[Codes, Texts]:
    return _spelling(frame.company_names)


def _spelling(names: Values) -> tuple[Codes, Texts]:
    texts, status = names.texts("fold_key"), names.texts("status")
    whole = ~(marked(status, "masked") | marked(status, "partial"))
    return _first(names, np.where(whole, encode(texts), -1).astype(np.int32), texts)


def _identifier(frame: Frame) -> tuple[Codes, Texts]:
    """The first lifelong number that passes its check; no other equality is the top level."""
    numbers = frame.identifier
    kind, texts = numbers.texts("id_class"), numbers.texts("value")
    lifelong = np.logical_or.reduce([marked(kind, name) for name in LIFELONG_ID_CLASSES])
    proven = lifelong & marked(numbers.texts("status"), "valid")
    return _first(numbers, np.where(proven, encode(texts), -1).astype(np.int32), texts)


def _birth_date(frame: Frame) -> tuple[Codes, Texts]:
    real = (frame.birth > 0) & (frame.birth % 10_000 != _JANUARY_FIRST)
    days, codes = np.unique(frame.birth[real], return_inverse=True)
    values = np.full(len(frame), -1, dtype=np.int32)
    values[real] = codes
    return values, arrow(days).cast(pa.string())


def _sex(frame: Frame) -> tuple[Codes, Texts]:
    return frame.sex.astype(np.int32) - 1, pa.array(["male", "female"])


def _contact(kind: SharedKind) -> Callable[[Frame], tuple[Codes, Texts]]:
    """Numbers that only one name uses, and that can be read."""

    def build(frame: Frame) -> tuple[Codes, Texts]:
        values = frame.shared(kind)
        texts = values.texts("value")
        own = (names_by_value(frame, values) <= 1) & ~marked(values.texts("status"), "masked")
        return _first(values, np.where(own, encode(texts), -1).astype(np.int32), texts)

    return build


def _address(frame: Frame) -> tuple[Codes, Texts]:
    texts = frame.address.texts("address_key")
    return _first(frame.address, encode(texts), texts)


_VALUES: Mapping[str, Callable[[Frame], tuple[Codes, Texts]]] = {
    "identifier": _identifier,
    "name": _name,
    "company": _company,
    "birth_date": _birth_date,
    "sex": _sex,
    "mobile": _contact("mobile"),
    "landline": _contact("landline"),
    "email": _contact("email"),
    "address": _address,
}
