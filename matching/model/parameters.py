"""The model as a file: readable, versioned, and the same for the same data.

Weights are written as the two probabilities they come from, so that a person can see and change
what the model believes: how often a level is reached between records of one party (``match``) and
between strangers (``chance``). Bits are ``log2(match / chance)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from pydantic import Field, ValidationError, model_validator

from matching.columns import Levels, Mask
from matching.comparison import MISSING, Comparison
from matching.model.em import Learnt
from models.errors import ConfigError
from models.mapping import Strict


class Weights(Strict):
    """What one comparison's levels are worth. Entries stand in the order of ``levels``.

    ``strangers`` is the share of all pairs with equal values that are strangers: the rarity of a
    value is counted among them. ``graded`` are bits that pairs graded by a person added to each
    level (``matching.model.labels``).
    """

    comparison: str
    levels: list[str] = Field(min_length=2)
    match: list[float]
    chance: list[float]
    strangers: float = Field(gt=0, le=1)
    graded: list[float] = Field(default_factory=list, exclude_if=lambda bits: not bits)

    @model_validator(mode="after")
    def _one_each(self) -> Weights:
        if self.graded and len(self.graded) != len(self.levels):
            raise ValueError(f"{self.comparison}: graded needs one number per level, or none")
        if not len(self.levels) == len(self.match) == len(self.chance):
            raise ValueError(f"{self.comparison}: match and chance need one number per level")
        if min(self.match[1:]) <= 0 or min(self.chance[1:]) <= 0:
            raise ValueError(f"{self.comparison}: every probability but the first is above 0")
        return self

    @property
    def bits(self) -> list[float]:
        """The weight of every level; "missing", the first, weighs nothing."""
        graded = self.graded or [0.0] * len(self.levels)
        terms = zip(self.match[1:], self.chance[1:], graded[1:], strict=True)
        return [0.0, *(float(np.log2(match / chance)) + more for match, chance, more in terms)]


class Dependence(Strict):
    """How many bits the levels of two comparisons take away, or add, when they come together.

    ``chance`` is how often strangers agree on both, ``strangers`` the share of strangers among all
    pairs that do: what the rarity of two values together is counted from. Where all comparisons of
    one of ``unless`` are known too, other dependences tell it already and this one does not count.
    """

    first: str
    second: str
    chance: float = Field(gt=0, lt=1)
    strangers: float = Field(gt=0, le=1)
    bits: list[list[float]]
    unless: list[list[str]] = Field(default_factory=list, exclude_if=lambda others: not others)

    def counts(self, names: Sequence[str], levels: Levels) -> Mask:
        """Tell for which rows of ``levels`` it counts; columns are the comparisons ``names``."""
        result: Mask = np.ones(len(levels), dtype=np.bool_)
        for others in self.unless:
            known = levels[:, [names.index(name) for name in others]] > MISSING
            result &= ~known.all(axis=1)
        return result


class Model(Strict):
    """All that is needed to score pairs.

    ``prior`` is the probability that two records are one party; ``rounds`` of EM it took to learn
    the weights, 0 where they are beliefs.
    """

    version: Literal[1] = 1
    records: int
    candidates: int
    rounds: int
    prior: float = Field(gt=0, lt=1)
    weights: list[Weights] = Field(min_length=1)
    dependences: list[Dependence] = Field(default_factory=list)

    @property
    def believed(self) -> bool:
        """Whether the weights are beliefs, because there was nothing to learn them from."""
        return self.rounds == 0

    def check(self, comparisons: Sequence[Comparison]) -> None:
        """Raise ConfigError unless the model was learnt for just these comparisons."""
        ours = {item.name: [level.name for level in item.levels] for item in comparisons}
        theirs = {item.comparison: item.levels for item in self.weights}
        if list(ours.items()) != list(theirs.items()):
            differing = sorted(name for name in ours | theirs if ours.get(name) != theirs.get(name))
            raise ConfigError(
                "the model was learnt for other comparisons: "
                f"{', '.join(differing) or 'their order'} differ.",
                hint="Learn a new one by leaving the model out, or use the one that fits.",
            )


def written(
    comparisons: Sequence[Comparison], learnt: Learnt, records: int, candidates: int
) -> Model:
    """Return what was learnt as a model; numbers are rounded to what the data can tell."""
    names = [item.name for item in comparisons]
    return Model(
        records=records,
        candidates=candidates,
        rounds=learnt.rounds,
        prior=_rounded(learnt.prior),
        weights=[
            Weights(
                comparison=item.name,
                levels=[level.name for level in item.levels],
                match=_match(item, learnt.match[at].tolist(), learnt.chance[at].tolist()),
                chance=[0.0, *map(_rounded, learnt.chance[at][1:].tolist())],
                strangers=_rounded(1.0 - learnt.matches_at_equality[at]),
            )
            for at, item in enumerate(comparisons)
        ],
        dependences=[
            Dependence(
                first=names[edge.first],
                second=names[edge.second],
                chance=_rounded(float(edge.strangers[-1, -1])),
                strangers=_rounded(float(1.0 - edge.matches[-1, -1])),
                bits=[[round(float(bit), 3) for bit in row] for row in table / np.log(2.0)],
                unless=[[names[at] for at in others] for others in edge.unless],
            )
            for edge, table in zip(learnt.edges, learnt.corrections, strict=True)
        ],
    )


def _match(comparison: Comparison, match: list[float], chance: list[float]) -> list[float]:
    """Round the m of every level; a difference of values is never evidence for one party.

    Where EM saw no pair that differs, its belief of it would be larger than chance.
    """
    if comparison.texts is not None:
        match[1] = min(match[1], chance[1])
    return [0.0, *map(_rounded, match[1:])]


def model_text(model: Model) -> str:
    """Return the model as YAML, the same text for the same model."""
    return yaml.dump(
        model.model_dump(mode="json"),
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )


def read_model(text: str, file: Path | str | None = None) -> Model:
    """Read a model's YAML; raises ConfigError naming ``file`` and the entry at fault."""
    try:
        return Model.model_validate(yaml.safe_load(text))
    except yaml.YAMLError:
        raise ConfigError("this is not YAML.", file=file, hint="Learn the model anew.") from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise ConfigError(f"{place}: {first['msg']}.", file=file) from None


def _rounded(share: float) -> float:
    return float(f"{share:.6g}")
