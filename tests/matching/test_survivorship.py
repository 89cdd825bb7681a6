"""The defaults rule every attribute, and mistakes in survivorship.yml are answered."""

from __future__ import annotations

import pytest

from matching.survivorship import CHOSEN, load_survivorship
from models.errors import ConfigError


def test_the_defaults_rule_every_attribute_and_every_provable_column() -> None:
    rules = load_survivorship(None)
    assert tuple(rules.attributes) == CHOSEN
    assert all(rule.because for rule in rules.attributes.values())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("attributes: {height: {criteria: [trust]}}", r"s\.yml: attributes\.height"),
        ("attributes: {sex: {criteria: [luck]}}", r"attributes\.sex\.criteria\.0"),
        ("attributes: {sex: {criteria: [trust, trust]}}", "twice"),
        ("attributes: {sex: {criteria: [kind]}}", "needs 'kinds'"),
        ("attributes: {sex: {criteria: [source_priority]}}", "needs 'sources'"),
        ("attributes: {sex: {criteria: [trust], sources: [a]}}", "needs the criterion"),
        ("attributes: {sex: {criteria: [recency, earliest]}}", "opposites"),
        ("attributes: {sex: {criteria: [recency], decay_per_year: 0.1}}", "which it fades"),
        ("attributes: {sex: {criteria: [trust], when: [{}]}}", "an empty condition"),
        (
            "attributes: {sex: {criteria: [trust], when: [{age: 3}]}}",
            r"when\.0\.age.*survivorship-yml",
        ),
        ("rules: {}", "rules: not understood here"),
        ("attributes: [", "not YAML"),
        ("[]", "must begin with"),
    ],
)
def test_mistakes_in_survivorship_yml_are_answered(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_survivorship(text, "s.yml")
