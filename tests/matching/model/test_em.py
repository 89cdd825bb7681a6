"""What EM must find in data whose truth is known, without seeing it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from matching.model.chance import measure_chance, pair_count
from matching.model.em import Learnt, learn
from tests.matching.model.conftest import People

FOUR = {"given": 200, "family": 300, "town": 40, "birth": 2000}


def learnt(rows: People, pairs: int = 100_000) -> Learnt:
    """Learn from every pair that agrees on two fields, or on the last one alone."""
    names = list(rows.fields)
    keys = [*combinations(names, 2), (names[-1],)]
    asked = rows.comparisons()
    left, right = rows.candidates(*keys)
    chance = measure_chance(asked, len(rows), pairs)
    return learn(asked, chance, rows.patterns(asked, left, right), len(rows))


def true_match(rows: People, name: str) -> float:
    """How often records of one entity agree on a field."""
    left, right = np.triu_indices(len(rows), 1)
    same = rows.entity[left] == rows.entity[right]
    codes = rows.fields[name]
    return float(np.mean(codes[left[same]] == codes[right[same]]))


def true_prior(rows: People) -> float:
    counts = np.bincount(rows.entity)
    return float((counts * (counts - 1) // 2).sum() / pair_count(len(rows)))


@pytest.mark.parametrize("slip", [0.02, 0.1], ids=["clean", "usual"])
@pytest.mark.parametrize("copies", [2, 5], ids=["pairs", "many copies"])
def test_weights_and_prior_come_out_as_they_are(
    people: Callable[..., People], slip: float, copies: int
) -> None:
    rows = people(entities=500, copies=copies, values=FOUR, slip=slip)
    found = learnt(rows)
    assert found.prior == pytest.approx(true_prior(rows), rel=0.1)
    for at, name in enumerate(FOUR):
        assert found.match[at][-1] == pytest.approx(true_match(rows, name), abs=0.06)


def test_matches_among_random_pairs_do_not_make_a_value_look_common(
    people: Callable[..., People],
) -> None:
    rows = people(entities=100, copies=6, values={**FOUR, "number": 10_000_000}, slip=0.05)
    found = learnt(rows)
    at = list(rows.fields).index("number")
    # Nine in ten pairs with one number are one party: strangers share it ten times less often.
    assert found.matches_at_equality[at] > 0.9
    raw = measure_chance(rows.comparisons(), len(rows), 100_000).levels[at][-1]
    assert found.chance[at][-1] < raw / 10


def test_neighbours_are_not_taken_for_one_party(neighbours: Callable[..., People]) -> None:
    rows = neighbours(entities=1500, copies=2, slip=0.1)
    found = learnt(rows)
    names = list(rows.fields)
    assert {names[found.edges[0].first], names[found.edges[0].second]} == {"street", "town"}
    assert found.prior == pytest.approx(true_prior(rows), rel=0.25)
    assert found.match[names.index("given")][-1] > 0.7


def test_without_dependence_neighbours_would_be(
    neighbours: Callable[..., People], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = neighbours(entities=1500, copies=2, slip=0.1)
    monkeypatch.setattr("matching.model.em.tree", lambda *_: [])
    found = learnt(rows)
    assert found.prior > 3 * true_prior(rows)


def test_the_order_of_patterns_changes_nothing(people: Callable[..., People]) -> None:
    rows = people(entities=200, copies=2, values=FOUR, slip=0.1)
    order = np.random.default_rng(3).permutation(len(rows))
    mixed = People(rows.entity[order], {name: codes[order] for name, codes in rows.fields.items()})
    one, other = learnt(rows), learnt(mixed)
    # Random pairs are other pairs, so only what is counted exactly must agree.
    assert one.prior == pytest.approx(other.prior, rel=1e-2)


def test_no_candidates_leave_the_belief(people: Callable[..., People]) -> None:
    rows = people(entities=50, copies=1, values=FOUR, slip=0.0)
    asked = rows.comparisons()
    none = np.empty(0, dtype=np.int32)
    chance = measure_chance(asked, len(rows), 1000)
    found = learn(asked, chance, rows.patterns(asked, none, none), len(rows))
    assert found.prior == pytest.approx(1 / pair_count(len(rows)))
    assert all(0 < shares[-1] < 1 for shares in found.match)
