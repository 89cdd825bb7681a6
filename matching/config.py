"""What ``matching.yml`` may say: blocking rules, vetoes, rules, doubts and limits.

The defaults in ``defaults/matching.yml`` serve Chinese and Western data alike. A project's own
file is laid over them: an entry with a known ``id`` replaces that entry where it stands, a new one
goes before the defaults (so the bank's own rule decides first), ``without: [id, …]`` takes
entries out, and ``limits``, ``model`` and ``stop_values`` are changed key by key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import Field, ValidationError, model_validator

from matching.compare.levels import LEVELS
from matching.keys import KEY_NAMES
from matching.values import SHARED_KINDS
from models.errors import ConfigError
from models.mapping import Strict
from models.source import NAME, Title

Conditions = dict[str, list[str]]


class BlockingRule(Strict):
    """Records that agree on every one of ``keys`` become candidate pairs.

    A block of more than ``cap`` records is divided by ``split`` keys, one after the other; what is
    still too big is set aside and counted in ``matched.blocking``.
    """

    id: str = Field(pattern=NAME)
    keys: list[str] = Field(min_length=1)
    split: list[str] = Field(default_factory=list)
    cap: int = Field(default=100, ge=2)

    @model_validator(mode="after")
    def _keys_known(self) -> BlockingRule:
        for key in (*self.keys, *self.split):
            _known("key column", key, KEY_NAMES)
        return self


class Condition(Strict):
    """Fires when every comparison in ``when`` reached one of its levels, and none in ``unless``."""

    id: str = Field(pattern=NAME)
    when: Conditions = Field(min_length=1)
    unless: Conditions = Field(default_factory=dict)
    because: Title

    @model_validator(mode="after")
    def _levels_known(self) -> Condition:
        for part in (self.when, self.unless):
            for comparison, levels in part.items():
                _known("comparison", comparison, LEVELS)
                for level in levels:
                    _known(f"level of {comparison!r}", level, LEVELS[comparison])
        return self


class Veto(Condition):
    """Two records it fires for never stand in one cluster."""


class Rule(Condition):
    """Decides a pair: the first rule that fires does."""

    decision: Literal["match", "review"]


class Doubt(Condition):
    """Where it fires, the model matches only from ``bits`` on, or never; a person is asked."""

    bits: float | None = None

    @property
    def needed(self) -> float:
        """The bits a match needs; infinite where the model never makes one."""
        return float("inf") if self.bits is None else self.bits


class ModelLimits(Strict):
    """When the model decides a pair that no rule decides.

    It matches from the bits on at which the estimated share of false matches is at most
    ``false_matches``, but not below ``least_bits``; from ``review_bits`` on, a person is asked.
    A model learnt from fewer than ``least_records`` records decides nothing. ``cut_bits`` is what
    all pairs between two clusters must have on average for the two to become one.
    """

    false_matches: float = Field(default=0.001, gt=0, lt=0.5)
    least_bits: float = 8.0
    review_bits: float = 4.0
    cut_bits: float = 0.0
    least_records: int = Field(default=500, ge=2)

    @model_validator(mode="after")
    def _review_below_match(self) -> ModelLimits:
        if self.review_bits > self.least_bits:
            raise ValueError("review_bits may not be above least_bits")
        return self


class Limits(Strict):
    """Guard rails. ``chunk`` is how many proposed pairs are compared at a time."""

    cluster_records: int = Field(default=50, ge=2)
    chunk: int = Field(default=1_000_000, ge=1)


class MatchingConfig(Strict):
    """The whole of ``matching.yml``, laid over the defaults.

    ``stop_values`` say how many different names may share a value before it is no evidence.
    """

    blocking: list[BlockingRule] = Field(min_length=1, max_length=64)
    vetoes: list[Veto]
    rules: list[Rule] = Field(min_length=1)
    doubts: list[Doubt] = Field(default_factory=list)
    model: ModelLimits = ModelLimits()
    stop_values: dict[Literal[SHARED_KINDS], int]  # type: ignore[valid-type]
    limits: Limits = Limits()


def load_matching(text: str | None, file: Path | str | None = None) -> MatchingConfig:
    """Return the defaults with the project's ``text`` laid over them.

    Raises ConfigError, naming ``file`` and the entry, for anything that cannot be understood.
    """
    base, own = _parse(default_text(), "defaults/matching.yml"), _parse(text or "", file)
    _check_without(base, own, file)
    _check_weights(own, file)
    merged = overlay(base, own)
    try:
        return MatchingConfig.model_validate(merged)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ConfigError(
            f"{_place(first['loc'], merged)}: {first['msg'].removeprefix('Value error, ')}.",
            file=file,
        ) from None


def default_text() -> str:
    """Return the text of the default ``matching.yml``."""
    return files("matching").joinpath("defaults/matching.yml").read_text(encoding="utf-8")


def overlay(base: dict[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Lay ``own`` over ``base``: lists of entries by id, mappings key by key, others replaced."""
    out = set(own.get("without", ()))
    merged = {key: _without(value, out) for key, value in base.items()}
    for key, value in own.items():
        if key != "without":
            merged[key] = _laid_over(merged.get(key), value)
    return merged


def _check_without(base: dict[str, Any], own: dict[str, Any], file: Path | str | None) -> None:
    ids = {entry["id"] for value in base.values() if _entries(value) for entry in value}
    out = own.get("without", [])
    unknown = [str(name) for name in out if name not in ids] if isinstance(out, list) else [out]
    if unknown:
        raise ConfigError(
            f"without: {', '.join(map(str, unknown))} is no id of a default entry.",
            file=file,
            hint="Write a list of ids that stand in the defaults.",
        )


def _check_weights(own: dict[str, Any], file: Path | str | None) -> None:
    written = [name for name in ("weights", "prior_bits") if name in own]
    if written:
        raise ConfigError(
            f"{written[0]}: weights are learnt from the data, not written by hand.",
            file=file,
            hint="Take the entry out; what was learnt stands in matched.weight.",
        )


def _laid_over(base: Any, own: Any) -> Any:
    if isinstance(base, dict) and isinstance(own, dict):
        return {**base, **{key: _laid_over(base.get(key), value) for key, value in own.items()}}
    if _entries(base) and _entries(own):
        known = {entry["id"] for entry in base}
        replaced = {entry["id"]: entry for entry in own}
        new = [entry for entry in own if entry["id"] not in known]
        return new + [replaced.get(entry["id"], entry) for entry in base]
    return own


def _without(value: Any, out: set[Any]) -> Any:
    return [entry for entry in value if entry["id"] not in out] if _entries(value) else value


def _entries(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(entry, dict) and "id" in entry for entry in value
    )


def _parse(text: str, file: Path | str | None) -> dict[str, Any]:
    try:
        parsed = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise ConfigError(
            f"this is not YAML: {error.problem}.", file=file, line=line, hint="Mend this line."
        ) from None
    if parsed is None:
        return {}
    if not isinstance(parsed, dict):
        raise ConfigError(
            "the file must hold 'key: value' lines such as 'rules:' or 'limits:'.", file=file
        )
    return parsed


def _place(location: Iterable[int | str], merged: Any) -> str:
    """Name the entry at fault: list positions are replaced by the entry's id where it has one."""
    words: list[str] = []
    value: Any = merged
    for step in location:
        value = value[step] if _holds(value, step) else None
        named = isinstance(step, int) and _holds(value, "id")
        words.append(str(value["id"]) if named else str(step))
    return ".".join(words) or "the file"


def _holds(value: Any, step: int | str) -> bool:
    if isinstance(value, list):
        return isinstance(step, int) and step < len(value)
    return isinstance(value, dict) and step in value


def _known(what: str, name: str, names: Iterable[str]) -> None:
    if name not in names:
        raise ValueError(f"{name!r} is no {what}; write one of {', '.join(names)}")
