"""The job as a whole: what it learns from, what it keeps, and where it stops."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from matching.table.run import TableMatches, match_table
from matching.table.spec import KeySpec, MatchSpec
from models.errors import ConfigError
from tests.matching.quality.sets import SETS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("made")


@pytest.fixture(scope="module")
def matches(folder: Path) -> TableMatches:
    return match_table(SETS["Chinese bank"]().read(folder))


def test_labels_are_the_smallest_record_of_their_cluster(matches: TableMatches) -> None:
    labels = matches.linked.labels
    assert (labels[labels] == labels).all()
    assert (labels <= np.arange(len(labels))).all()


def test_every_joined_pair_that_was_a_candidate_has_its_bits(matches: TableMatches) -> None:
    scored = matches.scored
    again = matches.scorer.bits(scored.left, scored.right)
    assert (again == scored.bits).all()
    assert (scored.left < scored.right).all()


def test_seconds_are_told_by_phase(matches: TableMatches) -> None:
    assert set(matches.seconds) >= {"fields", "block", "learn and score", "cluster"}


def test_a_model_learnt_before_gives_the_same_clusters(matches: TableMatches) -> None:
    again = match_table(matches.table, matches.spec, model=matches.model)
    assert (again.linked.labels == matches.linked.labels).all()
    assert again.model == matches.model


def test_a_key_nobody_has_is_refused_with_those_there_are(matches: TableMatches) -> None:
    rule = KeySpec(id="shoes", keys=["person_name.shoe"])
    spec = matches.spec.model_copy(update={"blocking": [rule]})
    with pytest.raises(ConfigError, match=r"there is no key 'person_name.shoe'"):
        match_table(matches.table, spec)


def test_one_rule_of_ones_own_is_the_only_one(matches: TableMatches) -> None:
    rule = KeySpec(id="number", keys=["identifier"])
    narrow = match_table(matches.table, matches.spec.model_copy(update={"blocking": [rule]}))
    assert [item.id for item in narrow.rules] == ["number"]
    assert narrow.scored.candidates < matches.scored.candidates


@pytest.mark.parametrize("share", [0.2, 0.001])
def test_the_estimated_share_of_wrong_pairs_is_held(share: float, folder: Path) -> None:
    table = SETS["western, few copies"]().read(folder)
    spec = match_table(table).spec
    clusters = spec.clusters.model_copy(update={"false_matches": share})
    cut = match_table(table, spec.model_copy(update={"clusters": clusters})).cut
    assert cut.false_share <= share
    assert isinstance(spec, MatchSpec)
