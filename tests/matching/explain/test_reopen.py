from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from matching.explain import explain_cluster, explain_pair, why_not
from matching.explain.reopen import Reopened, of_matches, reopen
from matching.explain.run_file import located, read_run
from matching.model.parameters import read_model
from matching.table.spec import MatchSpec
from models.errors import ConfigError
from tests.matching.explain.finished import Finished, finish


def again(done: Finished) -> Reopened:
    run = read_run(done.files.clusters)
    files = located(run, done.files.clusters)
    spec = MatchSpec.model_validate(yaml.safe_load(files.config.read_text(encoding="utf-8")))
    return reopen(run, files, spec, read_model(files.model.read_text(encoding="utf-8")))


@pytest.mark.parametrize("sources", [False, True], ids=["one table", "two sources"])
def test_a_reopened_run_explains_as_the_run_itself_did(tmp_path: Path, sources: bool) -> None:
    done = finish(tmp_path, sources=sources)
    fresh, reopened = of_matches(done.matches), again(done)
    assert np.array_equal(fresh.cluster_ids, reopened.cluster_ids)
    assert np.array_equal(fresh.clustering.labels, reopened.clustering.labels)
    linked = done.matches.linked
    members = np.flatnonzero(linked.labels == linked.firsts[0]).tolist()
    assert explain_pair(fresh.case, *members[:2]) == explain_pair(reopened.case, *members[:2])
    assert explain_cluster(fresh.case, "1", members) == explain_cluster(reopened.case, "1", members)
    other = int(linked.firsts[-1])
    assert why_not(fresh.case, fresh.clustering, members[0], other) == why_not(
        reopened.case, reopened.clustering, members[0], other
    )


def test_records_are_found_by_id_and_by_source_where_ids_repeat(tmp_path: Path) -> None:
    opened = of_matches(finish(tmp_path, sources=True).matches)
    with pytest.raises(ConfigError, match="several records") as raised:
        opened.record("r003")
    assert "crm:r003" in str(raised.value)
    assert opened.case.name(opened.record("web:r003")) == "web:r003"
    with pytest.raises(ConfigError, match="no record"):
        opened.record("r999")
    with pytest.raises(ConfigError, match="no cluster 99999"):
        opened.members(99999)


def test_members_of_a_cluster_are_those_of_the_output(tmp_path: Path) -> None:
    done = finish(tmp_path)
    opened = of_matches(done.matches)
    number = int(opened.cluster_ids[done.matches.linked.firsts[0]])
    expected = np.flatnonzero(done.matches.linked.labels == done.matches.linked.firsts[0])
    assert opened.members(number) == expected.tolist()


def test_the_source_of_a_record_stands_in_its_explanation(tmp_path: Path) -> None:
    opened = of_matches(finish(tmp_path, sources=True).matches)
    pair = explain_pair(opened.case, opened.record("crm:r003"), opened.record("web:r003"))
    source = next(step for step in pair.steps if step.name == "source")
    assert (source.left, source.right) == (("crm",), ("web",))
