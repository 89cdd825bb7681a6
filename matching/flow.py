"""The matching step: normalised records in, pairs with reasons and clusters out."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.block import Blocks, build_blocks, candidate_chunks
from matching.cluster import Links, VetoTest, cluster
from matching.columns import Codes, Ints, Judge, Mask
from matching.compare import prepare
from matching.config import MatchingConfig
from matching.evidence import Kept, write_blocking, write_clusters, write_pairs
from matching.keys import key_columns
from matching.rules import DECISIONS, MATCH, NOTHING, Decider
from matching.sharing import take_out_stop_values
from matching.values import Frame, load_frame
from models.progress import Progress, silent
from models.tables import table
from warehouse.store import Connection, begin_layer, insert

_LOG = logging.getLogger(__name__)
_TABLES = ("pair", "cluster", "review", "blocking", "stop_value")


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What a run of matching did. ``rules`` counts pairs by (decision, rule).

    ``seconds`` is wall time by phase, for people; it stands in no table.
    """

    records: int
    clusters: int
    pairs_compared: int
    stop_values: int
    blocks_set_aside: int
    refused: int
    rules: Mapping[tuple[str, str], int]
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    def counts(self) -> dict[str, int]:
        """Return the numbers worth keeping in a run ledger."""
        by_decision: Counter[str] = Counter()
        for (decision, _), pairs in self.rules.items():
            by_decision[decision] += pairs
        return {
            "records": self.records,
            "clusters": self.clusters,
            "pairs_compared": self.pairs_compared,
            **{f"pairs_{name}": by_decision[name] for name in DECISIONS[1:]},
            "links_refused": self.refused,
            "stop_values": self.stop_values,
            "blocks_set_aside": self.blocks_set_aside,
        }


def match(
    connection: Connection, config: MatchingConfig, progress: Progress = silent
) -> MatchReport:
    """Fill ``matched.pair``, ``cluster``, ``review``, ``blocking`` and ``stop_value``.

    Reads ``normalised.*`` only. The same rows in any order give the same tables.
    """
    clock = _Clock()
    begin_layer(connection, "matched", *_TABLES)
    progress("reading records", 0)
    frame, stop_values = take_out_stop_values(load_frame(connection), config.stop_values)
    insert(connection, table("matched", "stop_value"), stop_values)
    clock.lap("read")
    blocks = build_blocks(key_columns(frame, config.blocking), config.blocking, len(frame))
    clock.lap("block")
    ready = prepare(frame)
    clock.lap("prepare")
    decider = Decider(config)
    compared = _compare(frame, blocks, ready, decider, config.limits.chunk, progress)
    write_blocking(connection, blocks, compared.new_pairs)
    clock.lap("compare")
    progress("joining records", len(frame), len(frame))
    labels = cluster(
        frame,
        _links(compared.kept, decider),
        _veto(ready, decider, config.limits.chunk),
        config.limits.cluster_records,
    )
    clock.lap("cluster")
    by_pattern = write_pairs(connection, frame, compared.kept, decider.verdicts, labels)
    write_clusters(connection, frame, labels)
    connection.execute("DROP TABLE match_record")
    clock.lap("write")
    report = MatchReport(
        records=len(frame),
        clusters=len(np.unique(labels)),
        pairs_compared=int(compared.new_pairs.sum()),
        stop_values=stop_values.num_rows,
        blocks_set_aside=sum(item.set_aside for item in blocks),
        refused=len(compared.kept.left) - int(by_pattern.sum()),
        rules=_by_rule(decider, by_pattern),
        seconds=clock.laps,
    )
    _LOG.info("Matching: %s; seconds %s", report.counts(), clock.laps)
    return report


@dataclass(frozen=True, slots=True)
class _Compared:
    kept: Kept
    new_pairs: Ints


def _compare(
    frame: Frame,
    blocks: Sequence[Blocks],
    ready: Mapping[str, Judge],
    decider: Decider,
    chunk: int,
    progress: Progress,
) -> _Compared:
    """Compare all candidates chunk by chunk; keep those on which a rule fires."""
    new_pairs = np.zeros(len(blocks), dtype=np.int64)
    none = np.empty(0, dtype=np.int32)
    kept = [Kept(none, none, none)]
    for candidates in candidate_chunks(blocks, len(frame), chunk):
        new_pairs += candidates.new_by_rule
        pattern = decider.decide(ready, candidates.left, candidates.right)
        pairs = Kept(candidates.left, candidates.right, pattern)
        kept.append(pairs.where(decider.decisions[pattern] != NOTHING))
        progress("comparing records", int(candidates.left[-1]), len(frame))
    return _Compared(
        Kept(
            np.concatenate([part.left for part in kept]),
            np.concatenate([part.right for part in kept]),
            np.concatenate([part.pattern for part in kept]),
        ),
        new_pairs,
    )


def _links(kept: Kept, decider: Decider) -> Links:
    matches = kept.where(decider.decisions[kept.pattern] == MATCH)
    return Links(matches.left, matches.right, decider.bits[matches.pattern])


def _veto(ready: Mapping[str, Judge], decider: Decider, chunk: int) -> VetoTest:
    """Return the test whether two records may never stand together."""

    def vetoed(left: Codes, right: Codes) -> Mask:
        result: Mask = np.zeros(len(left), dtype=bool)
        for begin in range(0, len(left), chunk):
            part = slice(begin, begin + chunk)
            pattern = decider.decide(ready, left[part], right[part])
            result[part] = decider.vetoed[pattern]
        return result

    return vetoed


def _by_rule(decider: Decider, by_pattern: Ints) -> dict[tuple[str, str], int]:
    counts: Counter[tuple[str, str]] = Counter()
    for verdict, pairs in zip(decider.verdicts, by_pattern.tolist(), strict=True):
        if pairs:
            counts[DECISIONS[verdict.decision], verdict.rule] += pairs
    return dict(sorted(counts.items()))


@dataclass(slots=True)
class _Clock:
    laps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self.last = round(now - self.last, 2), now
