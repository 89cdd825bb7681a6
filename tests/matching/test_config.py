from __future__ import annotations

import pytest

from matching.config import load_matching
from models.errors import ConfigError

RULE = """
rules:
  - id: {id}
    when: {{name: [exact], mobile: [same]}}
    decision: review
    because: {{en: why, zh: 为何}}
"""


def test_no_text_gives_the_defaults() -> None:
    assert load_matching(None) == load_matching("") == load_matching("# only a remark")


def test_a_known_id_replaces_that_rule_where_it_stands() -> None:
    own = load_matching(RULE.format(id="name_and_mobile"))
    before = [rule.id for rule in load_matching(None).rules]
    assert [rule.id for rule in own.rules] == before
    assert own.rules[before.index("name_and_mobile")].decision == "review"


def test_a_new_rule_goes_before_the_defaults() -> None:
    rules = load_matching(RULE.format(id="our_own")).rules
    assert rules[0].id == "our_own"
    assert len(rules) == len(load_matching(None).rules) + 1


def test_entries_are_taken_out_by_id() -> None:
    config = load_matching("without: [name_alone, masked_number]")
    assert "name_alone" not in {rule.id for rule in config.blocking}
    assert "masked_number" not in {rule.id for rule in config.rules}


def test_limits_change_key_by_key() -> None:
    defaults = load_matching(None)
    config = load_matching("limits: {cluster_records: 9}\nmodel: {least_bits: 15}")
    assert config.limits.cluster_records == 9
    assert config.limits.chunk == defaults.limits.chunk
    assert config.model.least_bits == 15
    assert config.model.review_bits == defaults.model.review_bits


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("rules: [", "not YAML", id="not YAML"),
        pytest.param("- a list", "key: value", id="not a mapping"),
        pytest.param("limit: {chunk: 1}", "limit", id="unknown key"),
        pytest.param("limits: {chunk: 0}", "limits.chunk", id="out of range"),
        pytest.param(
            RULE.format(id="x").replace("mobile: [same]", "phone: [same]"),
            "'phone' is no comparison",
            id="unknown comparison",
        ),
        pytest.param(
            RULE.format(id="x").replace("mobile: [same]", "mobile: [equal]"),
            "rules.x: 'equal' is no level of 'mobile'",
            id="unknown level",
        ),
        pytest.param(
            "blocking: [{id: x, keys: [phone]}]",
            "'phone' is no key column",
            id="unknown key column",
        ),
        pytest.param("weights: {name: {exact: 1}}", "weights are learnt", id="weights by hand"),
        pytest.param("model: {least_bits: 3}", "review_bits may not", id="review above match"),
        pytest.param(
            "without: [no_such_rule]", "no_such_rule", id="nothing of that id to take out"
        ),
    ],
)
def test_a_mistake_is_answered_with_its_place_and_what_may_stand_there(
    text: str, says: str
) -> None:
    with pytest.raises(ConfigError, match=r"^matching\.yml") as raised:
        load_matching(text, "matching.yml")
    assert says in str(raised.value)
