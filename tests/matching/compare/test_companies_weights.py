from __future__ import annotations

import numpy as np
import pytest

from matching.compare.companies_weights import Shared, WeighedWords

NAMES = [
    ("kestrel", "bank"),
    ("osprey", "bank"),
    ("kestrel", "foods"),
    ("kestrell", "bank"),
    ("bank",),
    (),
]


def shared(one: int, other: int, *, slips: bool = False) -> Shared:
    words = WeighedWords.of(NAMES, frozenset({"bank"}))
    return words.shared(np.array([one], np.int32), np.array([other], np.int32), slips=slips)


def test_a_rare_word_weighs_more_than_a_generic_one() -> None:
    assert shared(0, 2).both[0] > 2 * shared(0, 1).both[0] > 0


def test_a_slip_counts_where_slips_are_asked_for() -> None:
    assert shared(0, 3).dice[0] < 0.5
    assert shared(0, 3, slips=True).dice[0] == pytest.approx(1)


def test_a_name_with_all_words_of_another_covers_it() -> None:
    found = shared(0, 4)
    assert found.cover[0] == pytest.approx(1)
    assert found.dice[0] < 0.7


@pytest.mark.parametrize("other", [0, 5], ids=["a name", "nothing"])
def test_no_words_share_nothing(other: int) -> None:
    assert shared(5, other).both.tolist() == [0]
    assert shared(5, other).dice.tolist() == [0]


def test_the_order_of_names_does_not_matter() -> None:
    turned = WeighedWords.of(NAMES[::-1], frozenset({"bank"}))
    there = WeighedWords.of(NAMES, frozenset({"bank"}))
    assert turned.words.tolist() == there.words.tolist()
    assert np.array_equal(turned.tokens[::-1], there.tokens)
    assert np.array_equal(turned.weights[::-1], there.weights)


def test_nothing_at_all() -> None:
    none = np.empty(0, np.int32)
    assert len(WeighedWords.of([], frozenset()).shared(none, none, slips=True).both) == 0
