"""Given and family names that changed places: John Smith and Smith John, Balgarnie and - Balgarnie.

Both names of one record must meet the other's crosswise; where one of the four is not known or only
alike, one crossing that is exact is enough. The comparison of given names says so for both of them;
that of family names then says nothing, or one event would count twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Judge, Levels, encode, looked_up
from matching.compare.texts import Spellings
from matching.comparison import MISSING
from matching.table.fields import TableField

_ALIKE = 0.88


def crossed_names(
    field: TableField, fields: Sequence[TableField], crossed: int, judge: Judge
) -> Judge:
    """Return ``judge`` with the level ``crossed`` for names that changed places.

    Unchanged where ``fields`` has no single counterpart of the same thing.
    """
    partner = counterpart(field, fields)
    if partner is None:
        return judge
    keys = pa.concat_arrays([field.part("key"), partner.part("key")])
    shared = encode(keys)
    own = looked_up(shared[: len(field.table)], field.first)
    other = looked_up(shared[len(field.table) :], partner.first)
    spellings = Spellings.of(keys.take(pa.array(_first_places(shared))))
    return partial(_judge, judge, (own, other), spellings, (crossed, field.kind == "given_name"))


def counterpart(field: TableField, fields: Sequence[TableField]) -> TableField | None:
    """Return the family name that goes with a given name, or the other way round, if one does."""
    kind = "family_name" if field.kind == "given_name" else "given_name"
    others = [other for other in fields if other.kind == kind and other.about == field.about]
    return others[0] if len(others) == 1 and len(others[0].table) else None


def _first_places(codes: Codes) -> Codes:
    return np.flatnonzero(np.diff(np.maximum.accumulate(codes), prepend=-1)).astype(np.int32)


def _judge(
    judge: Judge,
    names: tuple[Codes, Codes],
    spellings: Spellings,
    how: tuple[int, bool],
    left: Codes,
    right: Codes,
) -> Levels:
    result = judge(left, right)
    level, alone = how
    own, other = names
    some = np.flatnonzero(result < level)
    one = (own[left[some]], other[right[some]])
    two = (other[left[some]], own[right[some]])
    first = (one[0] == one[1]) & (one[0] >= 0)
    second = (two[0] == two[1]) & (two[0] >= 0)
    if not alone:
        first &= result[some] > 0
        second &= result[some] > 0
    met = np.flatnonzero(first | second)
    rest = [
        np.where(first[met], second_side[met], first_side[met])
        for first_side, second_side in zip(one, two, strict=True)
    ]
    unknown = (rest[0] < 0) | (rest[1] < 0)
    alike = np.zeros(len(met), dtype=np.bool_)
    known = np.flatnonzero(~unknown)
    small, large = np.minimum(rest[0], rest[1])[known], np.maximum(rest[0], rest[1])[known]
    alike[known] = (small == large) | (spellings.alike(small, large, _ALIKE) > 0)
    result[some[met[unknown | alike]]] = level if alone else MISSING
    return result
