"""Deciding pairs: the first rule that fires does, and a veto goes before every rule.

A pair is the pattern of the levels it reached. Millions of pairs show a few thousand patterns, so
rules, score and evidence are worked out once per pattern.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.columns import Codes, Judge, Levels, Mask
from matching.compare.levels import LEVELS
from matching.config import Condition, Conditions, MatchingConfig, Rule

# Decisions, as they stand in arrays.
NOTHING, MATCH, REVIEW, VETO = 0, 1, 2, 3
DECISIONS = ("nothing", "match", "review", "veto")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided for one pattern. ``vetoed`` holds even where no rule would have fired."""

    decision: int
    vetoed: bool
    rule: str
    because: str
    levels: str
    bits: float

    @property
    def score(self) -> float:
        """Strength of the evidence, 0 to 1: the odds its bits stand for, as a probability."""
        return round(1.0 / (1.0 + math.pow(2.0, -self.bits)), 6)


_NOTHING_AT_ALL = Verdict(NOTHING, False, "", "", "{}", 0.0)


@dataclass
class Decider:
    """Decides pairs pattern by pattern, and remembers every pattern it has seen.

    ``verdicts[n]`` belongs to pattern number ``n``, as ``decide`` returns them.
    """

    config: MatchingConfig
    verdicts: list[Verdict] = field(default_factory=list)
    _numbers: dict[int, int] = field(default_factory=dict)

    def decide(self, ready: Mapping[str, Judge], left: Codes, right: Codes) -> Codes:
        """Compare pairs and return each one's pattern number."""
        packed = np.zeros(len(left), dtype=np.int64)
        for name, levels in LEVELS.items():
            packed = packed * len(levels) + ready[name](left, right)
        patterns, at = np.unique(packed, return_inverse=True)
        numbers = [self._number(int(pattern)) for pattern in patterns]
        return np.asarray(numbers, dtype=np.int32)[at]

    def _number(self, pattern: int) -> int:
        if pattern not in self._numbers:
            self._numbers[pattern] = len(self.verdicts)
            self.verdicts.append(judge(self.config, unpack(pattern)))
        return self._numbers[pattern]

    @property
    def decisions(self) -> Levels:
        """The decision of every pattern number."""
        return np.array([verdict.decision for verdict in self.verdicts], dtype=np.uint8)

    @property
    def vetoed(self) -> Mask:
        """Whether a veto fires, of every pattern number."""
        return np.array([verdict.vetoed for verdict in self.verdicts], dtype=bool)

    @property
    def bits(self) -> NDArray[np.float64]:
        """The evidence in bits of every pattern number."""
        return np.array([verdict.bits for verdict in self.verdicts], dtype=np.float64)


def judge(config: MatchingConfig, reached: Mapping[str, str]) -> Verdict:
    """Return the verdict on one pattern: comparison → level reached."""
    veto = _first(config.vetoes, reached)
    rule = _first(config.rules, reached)
    if rule is None:
        return Verdict(NOTHING, True, "", "", "{}", 0.0) if veto else _NOTHING_AT_ALL
    firing: Condition = veto or rule
    decision = VETO if veto else MATCH if _matches(rule) else REVIEW
    return Verdict(
        decision=decision,
        vetoed=veto is not None,
        rule=firing.id,
        because=f"{firing.because.en} · {firing.because.zh}",
        levels=_evidence(reached),
        bits=_bits(config, reached),
    )


def fires(condition: Condition, reached: Mapping[str, str]) -> bool:
    """Tell whether every ``when`` holds and no ``unless`` does."""
    return _all(condition.when, reached) and not _any(condition.unless, reached)


def unpack(pattern: int) -> dict[str, str]:
    """Return the level names a packed pattern stands for."""
    reached: dict[str, str] = {}
    for name, levels in reversed(LEVELS.items()):
        pattern, code = divmod(pattern, len(levels))
        reached[name] = levels[code]
    return reached


def _first(conditions: Sequence[Condition], reached: Mapping[str, str]) -> Condition | None:
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


def _bits(config: MatchingConfig, reached: Mapping[str, str]) -> float:
    found = (config.weights.get(name, {}).get(level, 0.0) for name, level in reached.items())
    return config.prior_bits + sum(found)
