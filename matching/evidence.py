"""Writing what was found to ``matched.*``: pairs with their reasons, clusters, doubts, costs.

Rules, reasons and levels are a few thousand different texts over millions of pairs: they travel as
Arrow dictionaries, built once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from matching.block import BlockRule, Blocks
from matching.columns import Codes, Ints, Levels, Mask, Texts, arrow
from matching.model.score import Bits
from matching.rules import DECISIONS
from models.tables import table
from warehouse.store import Connection, insert

_BATCH = 250_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Pairs worth keeping, by left and right record: the number of its pattern, and its bits."""

    left: Codes
    right: Codes
    pattern: Codes
    bits: Bits

    def __len__(self) -> int:
        return len(self.left)

    @classmethod
    def none(cls) -> Kept:
        """Return no pairs."""
        nobody = np.empty(0, dtype=np.int32)
        return cls(nobody, nobody, nobody, np.empty(0, dtype=np.float32))

    @classmethod
    def joined(cls, parts: Sequence[Kept]) -> Kept:
        """Put several lists together, one behind the other."""
        return cls(
            np.concatenate([part.left for part in parts]),
            np.concatenate([part.right for part in parts]),
            np.concatenate([part.pattern for part in parts]),
            np.concatenate([part.bits for part in parts]),
        )

    def where(self, wanted: Mask | Ints | slice) -> Kept:
        """Return only the wanted pairs."""
        return Kept(self.left[wanted], self.right[wanted], self.pattern[wanted], self.bits[wanted])


@dataclass(frozen=True, slots=True)
class Stated:
    """Pairs with what is decided of them and why.

    ``because[i]`` is the place of a pair's rule and reason in ``rules`` and ``reasons``; its
    pattern is the place of what was found in ``levels``. ``waiting`` are those for a person.
    """

    pairs: Kept
    decision: Levels
    because: Codes
    waiting: Mask
    rules: Sequence[str]
    reasons: Sequence[str]
    levels: Sequence[str]


@dataclass(frozen=True, slots=True)
class BlockingCosts:
    """What each blocking rule cost; ``counts`` has a row for each rule and a column for each of
    ``matched.blocking``'s numbers.
    """

    rules: tuple[str, ...]
    counts: Ints

    @classmethod
    def none(cls, rules: Sequence[BlockRule]) -> BlockingCosts:
        """Return the costs of rules that have not run."""
        return cls(tuple(rule.id for rule in rules), np.zeros((len(rules), 6), dtype=np.int64))

    @classmethod
    def of(cls, blocks: Sequence[Blocks], new_pairs: Ints) -> BlockingCosts:
        """Sum up blocks; ``new_pairs`` are those each rule was the first to propose."""
        counts = [
            (item.count, item.biggest, item.pairs, int(new), item.divided, item.set_aside)
            for item, new in zip(blocks, new_pairs.tolist(), strict=True)
        ]
        return cls(tuple(item.rule.id for item in blocks), np.array(counts, dtype=np.int64))

    def added(self, other: BlockingCosts) -> BlockingCosts:
        """Return the costs of two kinds of party together."""
        counts = self.counts + other.counts
        counts[:, 1] = np.maximum(self.counts[:, 1], other.counts[:, 1])
        return BlockingCosts(self.rules, counts)


def write_pairs(connection: Connection, keys: Texts, stated: Stated) -> None:
    """Write ``matched.pair`` in the order of the pairs, ``matched.review`` by falling strength."""
    for part in _batches(np.arange(len(stated.pairs))):
        insert(connection, table("matched", "pair"), _pairs(keys, stated, part))
    waiting = np.flatnonzero(stated.waiting)
    pairs = stated.pairs.where(waiting)
    order = waiting[np.lexsort((pairs.right, pairs.left, -np.nan_to_num(pairs.bits)))]
    for part in _batches(order):
        rows = _pairs(keys, stated, part).drop_columns(["decision", "levels"])
        insert(connection, table("matched", "review"), rows)


def write_clusters(connection: Connection, keys: Texts, labels: Codes) -> None:
    """Write ``matched.cluster``: one row per record."""
    rows = pa.table({"record_key": keys, "cluster_id": keys.take(arrow(labels))})
    insert(connection, table("matched", "cluster"), rows)


def write_blocking(connection: Connection, costs: BlockingCosts) -> None:
    """Write ``matched.blocking``: one row per blocking rule, in the order they ran."""
    names = ("blocks", "biggest", "pairs", "new_pairs", "split", "set_aside")
    columns = {name: arrow(costs.counts[:, at]) for at, name in enumerate(names)}
    rows = pa.table({"rule": pa.array(costs.rules, pa.string()), **columns})
    insert(connection, table("matched", "blocking"), rows)


def _batches(rows: Ints) -> Iterator[Ints]:
    for begin in range(0, len(rows), _BATCH):
        yield rows[begin : begin + _BATCH]


def _pairs(keys: Texts, stated: Stated, part: Ints) -> pa.Table:
    pairs, because = stated.pairs.where(part), stated.because[part]
    return pa.table(
        {
            "left_key": keys.take(arrow(pairs.left)),
            "right_key": keys.take(arrow(pairs.right)),
            "decision": _texts(stated.decision[part].astype(np.int32), DECISIONS),
            "rule": _texts(because, stated.rules),
            "because": _texts(because, stated.reasons),
            "levels": _texts(pairs.pattern, stated.levels),
            "score": pa.array(_scores(pairs.bits), from_pandas=True),
        }
    )


def _scores(bits: Bits) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the probability that so many bits stand for; NaN where they are."""
    exact = np.clip(bits.astype(np.float64), -60.0, 60.0)
    return np.round(1.0 / (1.0 + np.exp2(-exact)), 9)


def _texts(codes: Codes, words: Sequence[str]) -> Texts:
    return pa.DictionaryArray.from_arrays(arrow(codes), pa.array(words, pa.string()))
