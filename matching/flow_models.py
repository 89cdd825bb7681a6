"""The bank's two models, of persons and of organisations: as a file, and as a table.

A project that keeps ``matching-model.yml`` beside ``matching.yml`` weighs every run by it; without
the file a run goes on with what the published version was made with, and the first one learns.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import yaml
from pydantic import Field, ValidationError

from matching.flow_rarity import Commonness
from matching.model.parameters import Model
from matching.values import ORGANISATION, PERSON
from models.errors import ConfigError
from models.mapping import Strict

Party = Literal["person", "organisation"]
PARTY_NAMES: Mapping[int, Party] = {PERSON: "person", ORGANISATION: "organisation"}


@dataclass(frozen=True, slots=True)
class KeptModel:
    """One model, the bits it decides from, and how common values were; nothing where unknown."""

    model: Model | None = None
    match_bits: float | None = None
    common: Mapping[str, Commonness] = field(default_factory=dict)


class BankModels(Strict):
    """What was learnt of persons and of organisations; None where there were too few.

    ``match_bits`` is from where on each model decides, ``common`` how common values were among
    the records it was learnt with: kept, one record more moves no limit and no score but those of
    its own values. A file without them is read too; every run then measures them anew.
    """

    version: Literal[1] = 1
    person: Model | None = None
    organisation: Model | None = None
    match_bits: dict[Party, float] = Field(default_factory=dict, exclude_if=lambda bits: not bits)
    common: dict[Party, dict[str, Commonness]] = Field(
        default_factory=dict, exclude_if=lambda common: not common
    )

    def of(self, party: int) -> Model | None:
        """Return the model of persons or of organisations."""
        return self.person if party == PERSON else self.organisation

    def kept(self, party: int) -> KeptModel:
        """Return all that is kept of one kind of party."""
        name, model = PARTY_NAMES[party], self.of(party)
        if model is None:
            return KeptModel()
        return KeptModel(model, self.match_bits.get(name), self.common.get(name, {}))

    def having(self, party: int, kept: KeptModel) -> BankModels:
        """Return the models with this one of ``party``."""
        name = PARTY_NAMES[party]
        limits, common = dict(self.match_bits), dict(self.common)
        limits.pop(name, None)
        common.pop(name, None)
        if kept.model is not None and kept.match_bits is not None:
            limits[name] = kept.match_bits
        if kept.model is not None and kept.common:
            common[name] = dict(kept.common)
        order = [kind for kind in PARTY_NAMES.values() if kind in limits or kind in common]
        return self.model_copy(
            update={
                name: kept.model,
                "match_bits": {kind: limits[kind] for kind in order if kind in limits},
                "common": {kind: common[kind] for kind in order if kind in common},
            }
        )


def models_text(models: BankModels) -> str:
    """Return the models as YAML, the same text for the same models."""
    return yaml.dump(
        models.model_dump(mode="json"),
        sort_keys=False,
        allow_unicode=True,
        width=100,
        default_flow_style=None,
    )


def read_models(text: str, file: Path | str | None = None) -> BankModels:
    """Read the YAML of ``models_text``; raises ConfigError naming ``file`` and what is wrong."""
    hint = "Take the file away to learn anew in every run, or write it anew."
    try:
        return BankModels.model_validate(yaml.safe_load(text))
    except yaml.YAMLError:
        raise ConfigError("this is not YAML.", file=file, hint=hint) from None
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise ConfigError(f"{place}: {first['msg']}.", file=file, hint=hint) from None


def weight_rows(models: BankModels) -> pa.Table:
    """Return the rows of ``matched.weight``: the prior, every level, every dependence."""
    rows = [
        {"party_type": PARTY_NAMES[party], **row}
        for party in (PERSON, ORGANISATION)
        for row in _rows(models.of(party))
    ]
    schema = pa.schema(
        [(name, pa.string()) for name in ("party_type", "comparison", "level")]
        + [(name, pa.float64()) for name in ("match", "chance", "bits")]
    )
    return pa.Table.from_pylist(rows, schema=schema)


def _rows(model: Model | None) -> Iterator[dict[str, Any]]:
    if model is None:
        return
    yield {
        "comparison": "prior",
        "level": "",
        "match": model.prior,
        "bits": _rounded(math.log2(model.prior / (1.0 - model.prior))),
    }
    for item in model.weights:
        for at, name in enumerate(item.levels):
            if at:
                yield {
                    "comparison": item.comparison,
                    "level": name,
                    "match": item.match[at],
                    "chance": item.chance[at],
                    "bits": _rounded(item.bits[at]),
                }
    names = {item.comparison: item.levels for item in model.weights}
    for edge in model.dependences:
        for one, row in zip(names[edge.first], edge.bits, strict=True):
            for other, bits in zip(names[edge.second], row, strict=True):
                if bits:
                    yield {
                        "comparison": f"{edge.first} + {edge.second}",
                        "level": f"{one} + {other}",
                        "bits": bits,
                    }


def _rounded(bits: float) -> float:
    return round(bits, 3)
