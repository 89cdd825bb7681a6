"""Deciding pairs: vetoes first, then the first rule that fires, and what no rule decides is left.

A pair is the pattern of the levels it reached. Millions of pairs show a few thousand patterns, so
vetoes, rules, doubts and what is written of them are worked out once per pattern.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Levels, Mask
from matching.compare.levels import LEVELS
from matching.comparison import Comparison
from matching.config import Condition, Conditions, Doubt, MatchingConfig, Rule
from matching.model.patterns import judged, pack

_Fires = TypeVar("_Fires", bound=Condition)

# Decisions, as they stand in arrays.
NOTHING, MATCH, REVIEW, VETO = 0, 1, 2, 3
DECISIONS = ("nothing", "match", "review", "veto")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided for one pattern.

    ``vetoed`` holds even where no rule would have fired; ``place`` is that of the rule among the
    rules. ``doubt`` is what keeps the model from matching such a pair, None where nothing does.
    ``levels`` is what was found, as JSON.
    """

    decision: int
    vetoed: bool
    rule: str
    because: str
    place: int
    doubt: Doubt | None
    levels: str


class Decider:
    """Decides pairs pattern by pattern, and remembers every pattern it has seen.

    ``verdicts[n]`` belongs to pattern number ``n``, and so does row ``n`` of ``levels``.
    """

    def __init__(self, config: MatchingConfig, comparisons: Sequence[Comparison]) -> None:
        self.config = config
        self.comparisons = list(comparisons)
        self.verdicts: list[Verdict] = []
        self._levels: Levels = np.empty((0, len(self.comparisons)), dtype=np.uint8)
        self._new: list[Levels] = []
        self._numbers: dict[bytes, int] = {}

    def patterns(self, left: Codes, right: Codes) -> Codes:
        """Compare pairs and return each one's pattern number."""
        levels = judged(self.comparisons, left, right)
        packed = pack(levels)
        _, first, at = np.unique(packed, return_index=True, return_inverse=True)
        numbers = [self._number(row) for row in levels[first]]
        return np.asarray(numbers, dtype=np.int32)[at]

    def _number(self, levels: Levels) -> int:
        key = levels.tobytes()
        if key not in self._numbers:
            self._numbers[key] = len(self.verdicts)
            self._new.append(levels.copy())
            reached = {
                item.name: item.levels[code].name
                for item, code in zip(self.comparisons, levels.tolist(), strict=True)
            }
            self.verdicts.append(judge(self.config, reached))
        return self._numbers[key]

    @property
    def levels(self) -> Levels:
        """The levels of every pattern number: patterns × comparisons."""
        if self._new:
            self._levels = np.concatenate([self._levels, np.stack(self._new)])
            self._new = []
        return self._levels

    @property
    def decisions(self) -> Levels:
        """The decision of every pattern number."""
        return np.array([verdict.decision for verdict in self.verdicts], dtype=np.uint8)

    @property
    def places(self) -> Codes:
        """The place of the rule that fires among all rules, of every pattern number."""
        return np.array([verdict.place for verdict in self.verdicts], dtype=np.int32)

    @property
    def vetoed(self) -> Mask:
        """Whether a veto fires, of every pattern number."""
        return np.array([verdict.vetoed for verdict in self.verdicts], dtype=bool)

    @property
    def needed(self) -> NDArray[np.float64]:
        """The bits the model needs for a match beyond its limit: infinite where it makes none."""
        doubts = [verdict.doubt for verdict in self.verdicts]
        return np.array([doubt.needed if doubt else -np.inf for doubt in doubts], dtype=float)


class VetoTest:
    """Tells which pairs may never stand together, by only those comparisons that vetoes name."""

    def __init__(self, config: MatchingConfig, comparisons: Sequence[Comparison]) -> None:
        named = {
            name for veto in config.vetoes for part in (veto.when, veto.unless) for name in part
        }
        self._decider = Decider(config, [item for item in comparisons if item.name in named])

    def __call__(self, left: Codes, right: Codes) -> Mask:
        """Return for each pair whether a veto fires."""
        if not self._decider.comparisons or not len(left):
            return np.zeros(len(left), dtype=bool)
        patterns = self._decider.patterns(left, right)
        return self._decider.vetoed[patterns]


def judge(config: MatchingConfig, reached: Mapping[str, str]) -> Verdict:
    """Return the verdict on one pattern: comparison → level reached.

    A comparison that is not asked of such pairs counts as missing.
    """
    reached = {name: reached.get(name, levels[0]) for name, levels in LEVELS.items()}
    veto = _first(config.vetoes, reached)
    rule = _first(config.rules, reached)
    doubt = _first(config.doubts, reached)
    firing = veto or rule
    decision = NOTHING if rule is None else VETO if veto else MATCH if _matches(rule) else REVIEW
    return Verdict(
        decision=decision,
        vetoed=veto is not None,
        rule=firing.id if firing else "",
        because=stated(firing) if firing else "",
        place=next((at for at, item in enumerate(config.rules) if item is rule), len(config.rules)),
        doubt=doubt,
        levels=_evidence(reached),
    )


def stated(condition: Condition) -> str:
    """Return a condition's reason in both languages."""
    return f"{condition.because.en} · {condition.because.zh}"


def fires(condition: Condition, reached: Mapping[str, str]) -> bool:
    """Tell whether every ``when`` holds and no ``unless`` does."""
    return _all(condition.when, reached) and not _any(condition.unless, reached)


def _first(conditions: Sequence[_Fires], reached: Mapping[str, str]) -> _Fires | None:
    return next((item for item in conditions if fires(item, reached)), None)


def _all(conditions: Conditions, reached: Mapping[str, str]) -> bool:
    return all(reached[name] in levels for name, levels in conditions.items())


def _any(conditions: Conditions, reached: Mapping[str, str]) -> bool:
    return any(reached[name] in levels for name, levels in conditions.items())


def _matches(rule: Condition) -> bool:
    return isinstance(rule, Rule) and rule.decision == "match"


def _evidence(reached: Mapping[str, str]) -> str:
    """Write what was found as JSON; what was not there to compare is left out."""
    found = {
        name: reached[name] for name in sorted(LEVELS) if reached[name] not in ("missing", "none")
    }
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
