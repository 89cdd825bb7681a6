"""The stand-alone job: a table in, clusters, links and the model behind them out."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from matching.block import Blocks, build_blocks
from matching.columns import Codes, Column
from matching.comparison import Comparison
from matching.linkage import Constraints, Linked, LinkOptions, link
from matching.model.labels import Grades, graded
from matching.model.parameters import Model
from matching.model.score import Bits, Scorer
from matching.model.threshold import Cut, choose_cut
from matching.model.train import Scored, score, train_and_score
from matching.table.blocking import propose_blocking
from matching.table.comparisons import comparisons
from matching.table.facts import table_constraints
from matching.table.fields import TableField, prepare_fields
from matching.table.identical import Identical
from matching.table.keys import key_columns
from matching.table.propose import propose_spec
from matching.table.reading import InputTable
from matching.table.recognise import recognise
from matching.table.sources import source_codes, source_comparison
from matching.table.spec import KeySpec, MatchSpec
from models.errors import ConfigError
from models.progress import Progress, silent

# Pairs from here on are kept after scoring, in bits: what the review band and the charts may need.
_FLOOR = -4.0


@dataclass(frozen=True)
class TableMatches:
    """Everything a job made, for writing and for explaining. Arrays are by record or by pair.

    ``linked.labels`` gives each record's cluster as the number of its smallest record. ``scored``
    holds the candidate pairs worth keeping. ``seconds`` is wall time by phase, for people.
    """

    table: InputTable
    spec: MatchSpec
    fields: Sequence[TableField]
    rules: Sequence[KeySpec]
    keys: Mapping[str, Column]
    blocks: Sequence[Blocks]
    scorer: Scorer
    scored: Scored
    linked: Linked
    cut: Cut
    sources: Codes
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)

    @property
    def model(self) -> Model:
        """The model that scored the pairs."""
        return self.scorer.model

    @property
    def comparisons(self) -> Sequence[Comparison]:
        """What was asked of every pair."""
        return self.scorer.comparisons


def match_table(
    table: InputTable,
    spec: MatchSpec | None = None,
    progress: Progress = silent,
    model: Model | None = None,
    grades: Grades | None = None,
) -> TableMatches:
    """Match the records of ``table``; without ``spec``, one is proposed from the columns.

    A ``model`` learnt before is used as it is; otherwise one is learnt from the data. Pairs that
    a person graded put the weights right (``matching.model.labels``). The same
    records in any order of rows and files give the same clusters. Raises ConfigError for a
    specification that does not fit the table.
    """
    clock = Clock()
    size = len(table.ids)
    progress("reading columns", 0, size)
    spec = spec or propose_spec(table.rows, recognise(table.rows))
    clock.lap("recognise")
    fields = prepare_fields(table.rows, spec)
    clock.lap("fields")
    keys = key_columns(fields)
    sources = source_codes(table.sources)
    identical = Identical.of(fields, sources)
    blocked = identical.left_out(keys)
    rules = spec.blocking or propose_blocking(blocked, fields, size)
    blocks = _blocks(blocked, rules, size)
    clock.lap("block")
    asked = [*comparisons(fields), *source_comparison(sources)]
    clock.lap("prepare")
    scorer, scored = _scored(identical.learnt_from(asked), blocks, size, model, progress)
    if len(identical):
        scorer = Scorer(asked, scorer.model)
        scored = score(scorer, blocks, size, _FLOOR, progress)
    if grades is not None:
        scorer = Scorer(asked, graded(scorer, grades, _odds(spec.clusters.review)))
        scored = score(scorer, blocks, size, _FLOOR, progress)
    clock.lap("learn and score")
    progress("making clusters", size, size)
    constraints = table_constraints(table, spec.clusters, fields)
    linked, cut = _link(size, scored, scorer, constraints, spec)
    scored, linked = identical.given_back(scored, linked, scorer, cut.bits, constraints.sources)
    clock.lap("cluster")
    return TableMatches(
        table=table,
        spec=spec,
        fields=fields,
        rules=rules,
        keys=keys,
        blocks=blocks,
        scorer=scorer,
        scored=scored,
        linked=linked,
        cut=cut,
        sources=sources,
        seconds=clock.laps,
    )


def _blocks(keys: Mapping[str, Column], rules: Sequence[KeySpec], size: int) -> list[Blocks]:
    named = {name for rule in rules for name in (*rule.keys, *rule.split)}
    unknown = sorted(named - set(keys))
    if unknown:
        raise ConfigError(
            f"blocking: there is no key {', '.join(map(repr, unknown))}.",
            hint=f"The keys of these fields are: {', '.join(sorted(keys))}.",
        )
    return build_blocks(keys, rules, size)


def _scored(
    asked: Sequence[Comparison],
    blocks: Sequence[Blocks],
    size: int,
    model: Model | None,
    progress: Progress,
) -> tuple[Scorer, Scored]:
    if model is None:
        return train_and_score(asked, blocks, size, _FLOOR, progress)
    scorer = Scorer(asked, model)
    return scorer, score(scorer, blocks, size, _FLOOR, progress)


def _link(
    size: int, scored: Scored, scorer: Scorer, constraints: Constraints, spec: MatchSpec
) -> tuple[Linked, Cut]:
    """Cluster at even odds; again at a higher cut if too many of the joined pairs look wrong."""

    def more(left: Codes, right: Codes) -> Bits:
        return scorer.bits(left, right)

    prior = float(np.log2(scorer.model.prior))

    def at(bits: float) -> Linked:
        options = LinkOptions(
            cut=bits,
            pooling=spec.clusters.pooling,
            prior=prior,
            start=max(bits, 0.0),
            review=_odds(spec.clusters.review),
            largest=spec.clusters.largest,
        )
        return link(size, scored.left, scored.right, scored.bits, more, constraints, options)

    linked = at(0.0)
    # A belief says more likely than not, and no more: there is no share of wrong pairs to hold.
    tolerated = 0.5 if scorer.model.believed else spec.clusters.false_matches
    cut = choose_cut(linked, tolerated)
    return (linked if cut.bits <= 0.0 else at(cut.bits)), cut


def _odds(share: float) -> float:
    """Return a probability as bits."""
    return float(np.log2(share / (1.0 - share)))


@dataclass(slots=True)
class Clock:
    """Seconds of wall time by phase."""

    laps: dict[str, float] = field(default_factory=dict)
    last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        """End the phase ``name`` now."""
        now = time.perf_counter()
        self.laps[name], self.last = round(now - self.last, 3), now
