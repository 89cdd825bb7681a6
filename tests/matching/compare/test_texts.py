from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA, JaroWinkler

from matching.compare.texts import Spellings

_WORDS = st.lists(st.text(alphabet="abcde éß王0", min_size=1, max_size=9), min_size=2, max_size=9)


@settings(max_examples=80, deadline=None)
@given(words=_WORDS)
def test_leaving_couples_out_changes_no_similarity(words: list[str]) -> None:
    spellings = Spellings.of(pa.array(words, pa.string()))
    left, right = (side.astype(np.int32) for side in np.triu_indices(len(words), 1))
    alike, edits = spellings.alike(left, right, 0.7), spellings.edits(left, right, 2)
    for place, (one, other) in enumerate(zip(left, right, strict=True)):
        similarity = JaroWinkler.similarity(words[one], words[other], score_cutoff=0.7)
        assert alike[place] == pytest.approx(similarity, abs=1e-6)
        assert edits[place] == OSA.distance(words[one], words[other], score_cutoff=2)


@pytest.mark.parametrize(
    ("one", "other", "contained"),
    [
        pytest.param("mary jane", "mary", True, id="first word"),
        pytest.param("tellez", "alonso tellez", True, id="last word"),
        pytest.param("mary jane", "mary ann", False, id="one word of two"),
        pytest.param("j", "j smith", False, id="a letter is no word"),
        pytest.param("mary", "marys", False, id="part of a word"),
    ],
)
def test_words_within_other_words(one: str, other: str, contained: bool) -> None:
    spellings = Spellings.of(pa.array([one, other], pa.string()))
    left, right = np.array([0, 1], np.int32), np.array([1, 0], np.int32)
    assert spellings.contained(left, right).tolist() == [contained, contained]
