"""A sample depends on the links and the seed, and stands for all of them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from matching.evaluate import draw_sample


def links(count: int = 4000) -> pa.Table:
    scores = np.round(np.random.default_rng(7).random(count), 2)
    return pa.table(
        {
            "left_key": [f"a{i}" for i in range(count)],
            "right_key": [f"b{i}" for i in range(count)],
            "score": scores,
            "band": np.where(scores > 0.5, "match", "review"),
        }
    )


def test_the_order_of_links_changes_nothing() -> None:
    given = links()
    turned = given.take(np.random.default_rng(1).permutation(len(given)))
    assert draw_sample(given, 60, 1).equals(draw_sample(turned, 60, 1))


def test_turning_a_link_round_draws_the_same_links() -> None:
    given = links()
    turned = given.rename_columns(["right_key", "left_key", "score", "band"])
    drawn, again = draw_sample(given, 60, 1), draw_sample(turned, 60, 1)
    assert drawn["left_key"].equals(again["right_key"])


def test_another_seed_draws_others() -> None:
    assert not draw_sample(links(), 60, 1).equals(draw_sample(links(), 60, 2))


def test_weights_stand_for_every_link_of_each_band() -> None:
    given = links()
    drawn = draw_sample(given, 60, 3)
    assert drawn.num_rows == 60
    for band in ("match", "review"):
        weights = drawn.filter(pc.equal(drawn["band"], band))["weight"]
        assert pc.sum(weights).as_py() == pytest.approx(
            pc.sum(pc.equal(given["band"], band)).as_py()
        )


def test_weak_links_are_drawn_more_often_than_strong_ones() -> None:
    drawn = draw_sample(links(), 60, 3)
    by_stratum = drawn.group_by("stratum").aggregate([("weight", "max"), ("score", "max")])
    weight = dict(zip(by_stratum["stratum"].to_pylist(), by_stratum["weight_max"], strict=True))
    assert weight["match 1"].as_py() < weight["match 2"].as_py() < weight["match 3"].as_py()


def test_equal_scores_are_one_stratum() -> None:
    flat = links(50).set_column(2, "score", pa.array([1.0] * 50))
    assert set(draw_sample(flat, 20, 1)["stratum"].to_pylist()) == {"match 1", "review 1"}


def test_a_sample_as_large_as_the_links_is_all_of_them() -> None:
    drawn = draw_sample(links(40), 1000, 1)
    assert drawn.num_rows == 40
    assert set(drawn["weight"].to_pylist()) == {1.0}


def test_places_that_small_strata_leave_go_to_the_others() -> None:
    given = links(400)
    few = given.filter(pc.or_(pc.equal(given["band"], "match"), pc.less(given["score"], 0.01)))
    assert draw_sample(few, 100, 1).num_rows == 100


def test_the_answer_is_left_open() -> None:
    assert draw_sample(links(), 60, 1)["same"].null_count == 60


def test_a_sample_smaller_than_the_strata_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot cover 6 strata"):
        draw_sample(links(), 5, 1)


def test_no_links_give_an_empty_sample() -> None:
    assert draw_sample(links().slice(0, 0), 10, 1).num_rows == 0
