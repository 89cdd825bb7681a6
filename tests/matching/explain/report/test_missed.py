"""Matches of which it is known how they were damaged, hidden from rules that are known too."""

from __future__ import annotations

import numpy as np
import pytest

from matching.block import build_blocks
from matching.columns import Codes, Column
from matching.explain.report.missed import Missed, estimate_missed
from matching.explain.report.nets import Likely, hits
from matching.table.spec import KeySpec

COUPLES = 20_000


def column(codes: Codes) -> Column:
    known = np.flatnonzero(codes >= 0).astype(np.int32)
    return Column.build(known, codes[known], len(codes))


def keys_of(damage: dict[str, float], *, together: bool = False) -> dict[str, Column]:
    """Two records for each of many parties; a field of the second is damaged so often.

    ``together``: the same records are damaged in every field.
    """
    draw = np.random.default_rng(1)
    party = np.repeat(np.arange(COUPLES, dtype=np.int32), 2)
    shared = draw.random(COUPLES)
    result = {}
    for name, share in damage.items():
        codes = party.copy()
        luck = shared if together else draw.random(COUPLES)
        hurt = np.flatnonzero(luck < share)
        codes[2 * hurt + 1] = COUPLES + hurt
        result[name] = column(codes)
    return result


def seen(keys: dict[str, Column], rules: list[list[str]]) -> tuple[Missed, float]:
    """Return the estimate, made from what the rules found alone, and the true share of missed."""
    size = 2 * COUPLES
    specs = [KeySpec(id="+".join(names), keys=names) for names in rules]
    blocks = build_blocks(keys, specs, size)
    left = np.arange(0, size, 2, dtype=np.int32)
    everybody = Likely(left, left + 1, np.ones(COUPLES), size)
    hit = hits(blocks, everybody)
    caught = hit.any(axis=1)
    likely = Likely(left[caught], left[caught] + 1, np.ones(int(caught.sum())), size)
    nobody = Likely(left[:0], left[:0], np.ones(0), size)
    estimate = estimate_missed(blocks, keys, likely, hit[caught], nobody)
    return estimate, float(1 - caught.mean())


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param([["a"], ["b"], ["c"]], id="three rules of one field"),
        pytest.param([["a", "b"], ["b", "c"], ["a", "c"]], id="every two fields"),
        pytest.param([["a"], ["b", "c"]], id="one field or two"),
    ],
)
def test_independent_damage_is_estimated_from_what_was_found(rules: list[list[str]]) -> None:
    estimate, truth = seen(keys_of({"a": 0.3, "b": 0.2, "c": 0.4}), rules)
    assert estimate.share == pytest.approx(truth, rel=0.2)


def test_damage_that_comes_in_company_is_underestimated_never_overestimated() -> None:
    damage = {"a": 0.3, "b": 0.2, "c": 0.4}
    estimate, truth = seen(keys_of(damage, together=True), [["a"], ["b"], ["c"]])
    assert estimate.share is not None
    assert estimate.share < truth


def test_the_fields_that_hide_matches_are_named() -> None:
    estimate, _ = seen(keys_of({"a": 0.1, "b": 0.4, "c": 0.4}), [["a"], ["b", "c"]])
    agrees = {item.field: item.agrees for item in estimate.fields}
    assert agrees["a"] == pytest.approx(0.9, abs=0.02)
    assert agrees["b"] == pytest.approx(0.6, abs=0.02)
    assert {frozenset(item.fields) for item in estimate.damages} == {
        frozenset("ab"), frozenset("ac"), frozenset("abc"),
    }  # fmt: skip
    assert sum(item.share for item in estimate.damages) == pytest.approx(estimate.share or 0)
    alone = {item.field: item.alone for item in estimate.fields}
    assert alone["a"] > alone["b"] == pytest.approx(alone["c"])


def test_where_every_rule_needs_a_field_nothing_can_be_said() -> None:
    estimate, _ = seen(keys_of({"a": 0.1, "b": 0.1}), [["a"], ["a", "b"]])
    assert (estimate.share, estimate.recall) == (None, None)
    assert next(item for item in estimate.fields if item.field == "a").alone == 1.0


def test_pairs_joined_through_a_third_tell_of_damage_in_company() -> None:
    keys = keys_of({"a": 0.3, "b": 0.2}, together=True)
    size = 2 * COUPLES
    blocks = build_blocks(keys, [KeySpec(id=name, keys=[name]) for name in "ab"], size)
    left = np.arange(0, size, 2, dtype=np.int32)
    everybody = Likely(left, left + 1, np.ones(COUPLES), size)
    hit = hits(blocks, everybody)
    estimate = estimate_missed(blocks, keys, everybody, hit, everybody)
    assert estimate.share == pytest.approx(1 - hit.any(axis=1).mean())
    assert estimate.damages[0].fields == ("a", "b")
