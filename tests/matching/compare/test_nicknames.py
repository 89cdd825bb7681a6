from __future__ import annotations

import numpy as np
import pytest

from matching.compare.nicknames import Nicknames


@pytest.mark.parametrize(
    ("one", "other", "alike", "kin"),
    [
        pytest.param("bill", "william", True, False, id="nickname and name"),
        pytest.param("william", "bill", True, False, id="name and nickname"),
        pytest.param("Peggy", "MARGARET", True, False, id="case"),
        pytest.param("madge", "maggie", False, True, id="two nicknames of one name"),
        pytest.param("josé", "joseph", False, True, id="another language"),
        pytest.param("bill", "bill", False, False, id="equal words are neither"),
        pytest.param("bill", "margaret", False, False, id="strangers"),
        pytest.param("bill", "qxyzzy", False, False, id="a word the table does not have"),
    ],
)
def test_two_given_names(one: str, other: str, alike: bool, kin: bool) -> None:
    names = Nicknames.of([one, other])
    left, right = np.array([0], np.int32), np.array([1], np.int32)
    assert names.alike(left, right).tolist() == [alike]
    assert names.kin(left, right).tolist() == [kin]


def test_an_unknown_code_is_nobody() -> None:
    names = Nicknames.of(["bill", "william"])
    left, right = np.array([-1, 0, -1, 0], np.int32), np.array([1, -1, -1, 1], np.int32)
    assert names.alike(left, right).tolist() == [False, False, False, True]


def test_no_words_and_no_couples() -> None:
    nothing = np.empty(0, np.int32)
    assert len(Nicknames.of([]).alike(nothing, nothing)) == 0
    assert Nicknames.of([]).alike(nothing - 1, nothing - 1).dtype == np.bool_
