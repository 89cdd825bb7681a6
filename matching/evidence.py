"""Writing what was found to ``matched.*``: pairs with their reasons, clusters, doubts, costs.

Rules, reasons and levels are a few thousand different texts over millions of pairs: they travel as
Arrow dictionaries, built once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from matching.block import Blocks
from matching.columns import Codes, Ints, Levels, Mask, Texts, arrow
from matching.rules import DECISIONS, MATCH, REVIEW, Verdict
from matching.values import Frame
from models.tables import table
from warehouse.store import Connection, insert

CLUSTER_CONFLICT = "cluster_conflict"
_REFUSED = (
    "joining them would bring a contradiction into one customer"
    " · 合并会使同一客户出现相互矛盾的信息"
)
_BATCH = 1_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Pairs worth keeping, by left and right record, and the number of each one's pattern."""

    left: Codes
    right: Codes
    pattern: Codes

    def where(self, wanted: Mask) -> Kept:
        """Return only the wanted pairs."""
        return Kept(self.left[wanted], self.right[wanted], self.pattern[wanted])


def write_pairs(
    connection: Connection, frame: Frame, kept: Kept, verdicts: Sequence[Verdict], labels: Codes
) -> Ints:
    """Write ``matched.pair`` and ``matched.review``; return pairs per entry of ``verdicts``.

    A match that the clusters refused stands as a review under the rule ``cluster_conflict``; only
    reviews whose records ended in different clusters go to ``matched.review``.
    """
    decision = np.array([verdict.decision for verdict in verdicts], dtype=np.uint8)[kept.pattern]
    apart = labels[kept.left] != labels[kept.right]
    refused = (decision == MATCH) & apart
    decision[refused] = REVIEW
    review = (decision == REVIEW) & apart
    for begin in range(0, len(kept.left), _BATCH):
        part = slice(begin, begin + _BATCH)
        rows = _pairs(
            frame,
            Kept(kept.left[part], kept.right[part], kept.pattern[part]),
            verdicts,
            decision[part],
            refused[part],
        )
        insert(connection, table("matched", "pair"), rows)
        doubtful = rows.filter(arrow(review[part])).drop_columns(["decision", "levels"])
        insert(connection, table("matched", "review"), doubtful)
    return np.bincount(kept.pattern[~refused], minlength=len(verdicts))


def write_clusters(connection: Connection, frame: Frame, labels: Codes) -> None:
    """Write ``matched.cluster``: one row per record."""
    rows = pa.table({"record_key": frame.keys, "cluster_id": frame.keys.take(arrow(labels))})
    insert(connection, table("matched", "cluster"), rows)


def write_blocking(connection: Connection, blocks: Sequence[Blocks], new_pairs: Ints) -> None:
    """Write ``matched.blocking``: one row per blocking rule, in the order they ran."""
    rows = pa.table(
        {
            "rule": [item.rule.id for item in blocks],
            "blocks": [item.count for item in blocks],
            "biggest": [item.biggest for item in blocks],
            "pairs": [item.pairs for item in blocks],
            "new_pairs": new_pairs.tolist(),
            "split": [item.divided for item in blocks],
            "set_aside": [item.set_aside for item in blocks],
        }
    )
    insert(connection, table("matched", "blocking"), rows)


def _pairs(
    frame: Frame, kept: Kept, verdicts: Sequence[Verdict], decision: Levels, refused: Mask
) -> pa.Table:
    rules = [*(verdict.rule for verdict in verdicts), CLUSTER_CONFLICT]
    reasons = [*(verdict.because for verdict in verdicts), _REFUSED]
    stated = np.where(refused, len(verdicts), kept.pattern).astype(np.int32)
    scores = np.array([verdict.score for verdict in verdicts], dtype=np.float64)
    return pa.table(
        {
            "left_key": frame.keys.take(arrow(kept.left)),
            "right_key": frame.keys.take(arrow(kept.right)),
            "decision": _texts(decision.astype(np.int32), DECISIONS),
            "rule": _texts(stated, rules),
            "because": _texts(stated, reasons),
            "levels": _texts(kept.pattern, [verdict.levels for verdict in verdicts]),
            "score": arrow(scores[kept.pattern]),
        }
    )


def _texts(codes: Codes, words: Sequence[str]) -> Texts:
    return pa.DictionaryArray.from_arrays(arrow(codes), pa.array(words, pa.string()))
