"""The reference of the stand-alone matching.yml is what the code reads today."""

from __future__ import annotations

import re

import pytest
import yaml
from pydantic import BaseModel

from matching.model.parameters import Dependence, Model, Weights
from matching.table.spec import MatchSpec
from scripts.write_matching_yml_doc import KINDS, SECTIONS, TARGET, document, words


def test_the_reference_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == document(), (
        "run python scripts/write_matching_yml_doc.py"
    )


@pytest.mark.parametrize(("title", "section", "model"), SECTIONS, ids=[s[1] for s in SECTIONS])
def test_every_setting_is_described(title: str, section: str, model: type[BaseModel]) -> None:
    assert set(words(section)) == set(model.model_fields), title


def test_every_kind_and_every_part_of_a_key_is_described() -> None:
    assert list(words("kind")) == list(KINDS)
    text = TARGET.read_text(encoding="utf-8")
    named = set(re.findall(r"`\.(\w+)`", text))
    assert named == set(words("part")) - {""}


def test_the_example_is_read() -> None:
    text = TARGET.read_text(encoding="utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    spec = MatchSpec.model_validate(yaml.safe_load(example))
    assert spec.clusters.duplicate_free == ["core"]


def test_every_entry_of_the_model_file_is_described() -> None:
    _, section = TARGET.read_text(encoding="utf-8").split("## The model file")
    entries = set(Model.model_fields) | set(Weights.model_fields)
    for name in entries - {"version", "comparison"}:
        assert f"`{name}`" in section or f"`weights.{name}`" in section, name
    assert {"first", "second", "bits"} < set(Dependence.model_fields)
