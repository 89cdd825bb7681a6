"""Were two records ever compared: the blocking rules that brought them together, or nearly did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal

import numpy as np

from matching.block import Blocks
from matching.columns import Codes, Column, Mask, best_level

State = Literal["proposed", "set_aside", "divided", "keys_differ"]


@dataclass(frozen=True, slots=True)
class RuleNear:
    """How near a blocking rule came to proposing a pair.

    ``shared`` are its keys the two records agree on, ``differ`` those on which they do not, and
    ``unknown`` those that one of them does not have at all. ``block`` counts the records that share
    all keys, where both do; above ``cap`` it was ``divided``, and ``split`` are the dividing keys
    on which the two differ, or ``set_aside``.
    """

    rule: str
    state: State
    shared: tuple[str, ...]
    differ: tuple[str, ...]
    unknown: tuple[str, ...]
    split: tuple[str, ...]
    block: int
    cap: int

    @property
    def missing(self) -> int:
        """How many keys the two do not share."""
        return len(self.differ) + len(self.unknown)


def near_rules(
    blocks: Sequence[Blocks], keys: Mapping[str, Column], left: int, right: int
) -> list[RuleNear]:
    """Return every rule, nearest first: those that proposed, then by how many keys are missing."""
    looked = [_look(item, keys, left, right) for item in blocks]
    known = {"proposed": 0, "set_aside": 1, "divided": 2, "keys_differ": 3}
    ranked = sorted(
        enumerate(looked),
        key=lambda item: (known[item[1].state], item[1].missing, -len(item[1].shared), item[0]),
    )
    return [item for _, item in ranked]


def proposed(blocks: Blocks, left: Codes, right: Codes, size: int) -> Mask:
    """Tell which pairs of ``size`` records a rule proposed: those with a block in common."""
    rows = blocks.by_record
    # the end of a block's rows is a number of its own
    column = Column.build(blocks.records[rows], blocks.ends[rows].astype(np.int32), size)
    same = best_level(column, left, right, lambda a, b: (a == b).astype(np.uint8))
    return np.asarray(same > 0)


def _look(blocks: Blocks, keys: Mapping[str, Column], left: int, right: int) -> RuleNear:
    rule = blocks.rule
    codes = [[_codes(keys[name], record) for record in (left, right)] for name in rule.keys]
    common = [sorted(one & other) for one, other in codes]
    shared = [name for name, both in zip(rule.keys, common, strict=True) if both]
    unknown = [name for name, pair in zip(rule.keys, codes, strict=True) if not all(pair)]
    size = _block_size(keys, rule.keys, common) if all(common) else 0
    apart = [n for n in rule.split if not _codes(keys[n], left) & _codes(keys[n], right)]
    pair = np.array([[left], [right]], dtype=np.int32)
    hit = bool(proposed(blocks, pair[0], pair[1], len(keys[rule.keys[0]].starts) - 1)[0])
    return RuleNear(
        rule=rule.id,
        state=_state(hit, all(common), apart),
        shared=tuple(shared),
        differ=tuple(name for name in rule.keys if name not in {*shared, *unknown}),
        unknown=tuple(unknown),
        split=tuple(apart),
        block=size,
        cap=rule.cap,
    )


def _state(hit: bool, agree: bool, apart: Sequence[str]) -> State:
    if hit:
        return "proposed"
    if not agree:
        return "keys_differ"
    return "divided" if apart else "set_aside"


def _codes(column: Column, record: int) -> set[int]:
    return set(column.codes[column.starts[record] : column.starts[record + 1]].tolist())


def _block_size(
    keys: Mapping[str, Column], names: Sequence[str], common: Sequence[Sequence[int]]
) -> int:
    """Return the records of the smallest block the two share before any is divided."""
    sizes = []
    for combination in product(*common):
        records: Codes | None = None
        for name, code in zip(names, combination, strict=True):
            column = keys[name]
            holders = column.records[column.codes == code]
            records = holders if records is None else np.intersect1d(records, holders)
        sizes.append(0 if records is None else len(np.unique(records)))
    return min(sizes)
