"""What a matching.yml may say."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from matching.table.spec import MatchSpec

FIELD = {"name": "a", "kind": "given_name", "columns": ["x"]}
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no field": ({"fields": []}, "at least 1"),
    "twice": ({"fields": [FIELD, FIELD]}, "'a' stands twice"),
    "kind": ({"fields": [{**FIELD, "kind": "name"}]}, "given_name"),
    "no column": ({"fields": [{**FIELD, "columns": []}]}, "at least 1"),
    "name": ({"fields": [{**FIELD, "name": "A b"}]}, "pattern"),
    "unknown key": ({"fields": [FIELD], "block": []}, "Extra inputs"),
    "tolerance": ({"fields": [FIELD], "clusters": {"false_matches": 0.7}}, "less than 0.5"),
    "version": ({"version": 2, "fields": [FIELD]}, "Input should be 1"),
}


@pytest.mark.parametrize(("content", "words"), WRONG.values(), ids=WRONG.keys())
def test_a_mistake_is_told(content: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        MatchSpec.model_validate(content)


def test_a_field_is_all_that_is_needed() -> None:
    spec = MatchSpec.model_validate({"fields": [FIELD]})
    assert spec.clusters.duplicate_free == "none"
    assert spec.fields[0].about == ""
