"""The matching step: normalised records in, pairs with reasons and clusters out.

Persons and organisations are matched one after the other, each by their own model: a person is
never an organisation, so the two are not even compared.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from matching.columns import Codes, Texts
from matching.config import MatchingConfig
from matching.evidence import (
    BlockingCosts,
    Stated,
    write_blocking,
    write_clusters,
    write_pairs,
)
from matching.flow_decisions import Settled, read_decisions, write_impossible
from matching.flow_models import PARTY_NAMES, BankModels, models_text, weight_rows
from matching.flow_party import Clock, PartyMatcher
from matching.flow_statements import CLUSTER_CONFLICT, state
from matching.rules import DECISIONS
from matching.sharing import take_out_stop_values
from matching.values import ORGANISATION, PERSON, Frame, load_frame
from models.progress import Progress, silent
from models.tables import table
from warehouse.store import Connection, begin_layer, insert

_LOG = logging.getLogger(__name__)
_TABLES = ("pair", "cluster", "review", "weight", "model", "blocking", "stop_value")


@dataclass(frozen=True, slots=True)
class MatchReport:
    """What a run of matching did. ``rules`` counts pairs by (decision, rule).

    ``match_bits`` is from where on each kind's model decides. ``seconds`` is wall time by phase,
    for people; it stands in no table.
    """

    records: int
    clusters: int
    pairs_compared: int
    stop_values: int
    blocks_set_aside: int
    refused: int
    rules: Mapping[tuple[str, str], int]
    match_bits: Mapping[str, float]
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
    connection: Connection,
    config: MatchingConfig,
    progress: Progress = silent,
    models: BankModels | None = None,
    duplicate_free: Collection[str] = (),
) -> MatchReport:
    """Fill ``matched.pair``, ``cluster``, ``review``, ``weight``, ``model`` and what was set aside.

    Reads ``normalised.*``, and ``matched.decision`` where it is there. ``models`` learnt before
    are used as they are, with the limits chosen then; what they lack is learnt from these
    records. ``duplicate_free`` names sources that hold nobody twice. The
    same rows in any order give the same tables. Raises ConfigError for models that do not fit.
    """
    clock = Clock()
    begin_layer(connection, "matched", *_TABLES)
    progress("reading records", 0)
    frame, stop_values = take_out_stop_values(load_frame(connection), config.stop_values)
    settled = read_decisions(connection, frame)
    connection.execute("DROP TABLE match_record")
    insert(connection, table("matched", "stop_value"), stop_values)
    clock.lap("read")
    costs = BlockingCosts.none(config.blocking)
    models = models or BankModels()
    walk = _Walk(connection, config, progress, tuple(sorted(duplicate_free)), clock, costs, models)
    walk.rules.update(write_impossible(connection, frame, settled))
    keys, parties = frame.keys, frame.by_party()
    del frame
    labels = np.arange(len(keys), dtype=np.int32)
    for party in (PERSON, ORGANISATION):
        records, own = parties.pop(party)
        if len(records):
            own_keys = own.keys
            said = settled.among(records)
            stated, found = walk.match(own, said, party)
            labels[records] = records[found]
            del own
            walk.write(own_keys, stated)
    write_blocking(connection, walk.costs)
    insert(connection, table("matched", "weight"), weight_rows(walk.models))
    used = pa.table({"text": pa.array([models_text(walk.models)])})
    insert(connection, table("matched", "model"), used)
    write_clusters(connection, keys, labels)
    clock.lap("write")
    report = MatchReport(
        records=len(keys),
        clusters=len(np.unique(labels)),
        pairs_compared=int(walk.costs.counts[:, 3].sum()),
        stop_values=stop_values.num_rows,
        blocks_set_aside=int(walk.costs.counts[:, 5].sum()),
        refused=walk.rules["review", CLUSTER_CONFLICT],
        rules=dict(sorted(walk.rules.items())),
        match_bits=walk.match_bits,
        seconds=clock.laps,
    )
    _LOG.info("Matching: %s; seconds %s", report.counts(), clock.laps)
    return report


def learn_models(
    connection: Connection, config: MatchingConfig, progress: Progress = silent
) -> BankModels:
    """Learn both models from ``normalised.*``, to be kept as ``models_text`` in a file."""
    frame, _ = take_out_stop_values(load_frame(connection), config.stop_values)
    connection.execute("DROP TABLE match_record")
    parties = frame.by_party()

    models = BankModels()
    for party in (PERSON, ORGANISATION):
        _, own = parties.pop(party)
        nothing = Settled.nothing(len(own))
        matcher = PartyMatcher(own, nothing, party, config, (), progress, Clock())
        models = models.having(party, matcher.learn())
    return models


@dataclass
class _Walk:
    """What gathers while persons and organisations are matched."""

    connection: Connection
    config: MatchingConfig
    progress: Progress
    duplicate_free: tuple[str, ...]
    clock: Clock
    costs: BlockingCosts
    models: BankModels
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    match_bits: dict[str, float] = field(default_factory=dict)

    def match(self, frame: Frame, settled: Settled, party: int) -> tuple[Stated, Codes]:
        """Match the records of one kind; return their pairs, and the labels of their clusters."""
        matcher = PartyMatcher(
            frame, settled, party, self.config, self.duplicate_free, self.progress, self.clock
        )
        found = matcher.match(self.models.kept(party))
        compared = found.compared
        self.models = self.models.having(party, compared.used)
        self.match_bits[PARTY_NAMES[party]] = compared.judgement.match
        self.costs = self.costs.added(compared.costs)
        return state(found), found.joined.labels

    def write(self, keys: Texts, stated: Stated) -> None:
        """Write the pairs of one kind."""
        write_pairs(self.connection, keys, stated)
        self.rules.update(_by_rule(stated))
        self.clock.lap("write")


def _by_rule(stated: Stated) -> Counter[tuple[str, str]]:
    """Count pairs by decision and rule."""
    width = len(stated.rules)
    cells = stated.decision.astype(np.int64) * width + stated.because
    counts: Counter[tuple[str, str]] = Counter()
    for cell, pairs in enumerate(np.bincount(cells).tolist()):
        if pairs:
            counts[DECISIONS[cell // width], stated.rules[cell % width]] += pairs
    return counts
