from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from matching.model.threshold import choose_cut


@dataclass
class Pairs:
    """Clusters of two records each, with the bits between them."""

    bits: list[float]

    @property
    def labels(self) -> np.ndarray:
        return np.repeat(self.firsts, 2)

    @property
    def second(self) -> np.ndarray:
        return np.tile([False, True], len(self.bits))

    @property
    def firsts(self) -> np.ndarray:
        return np.arange(0, 2 * len(self.bits), 2, dtype=np.int32)

    @property
    def sizes(self) -> np.ndarray:
        return np.full(len(self.bits), 2, dtype=np.int32)

    @property
    def weakest(self) -> np.ndarray:
        return np.array(self.bits, dtype=np.float32)


def test_the_share_of_wrong_pairs_is_what_the_odds_say() -> None:
    cut = choose_cut(Pairs([0.0, 40.0, 40.0, 40.0]), tolerated=0.2)
    assert cut.bits == 0.0
    assert cut.joined_pairs == 4
    assert cut.false_share == pytest.approx(0.5 / 4)


def test_the_cut_rises_until_few_enough_are_wrong() -> None:
    cut = choose_cut(Pairs([0.0, 1.0, 12.0, 12.0]), tolerated=0.01)
    assert cut.bits == 12.0
    assert cut.joined_pairs == 2
    assert cut.false_share < 0.01


def test_a_stricter_tolerance_never_joins_more() -> None:
    bits = np.linspace(0, 15, 40).tolist()
    joined = [choose_cut(Pairs(bits), share).joined_pairs for share in (0.2, 0.05, 0.01, 0.001)]
    assert joined == sorted(joined, reverse=True)


def test_no_clusters_need_no_cut() -> None:
    assert choose_cut(Pairs([]), tolerated=0.01).joined_pairs == 0
