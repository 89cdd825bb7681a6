"""Every criterion and condition that survivorship.yml may name does what it says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from matching.survive_key import CRITERIA as REASONS
from matching.survivorship import CRITERIA
from tests.plugins.small_bank import Record, golden, person, why

OLD, NEW = "+8613800000001", "+8613800000002"


def phones(*pairs: tuple[str, str], **more: Any) -> list[Record]:
    """Return one record per key and phone, each a day younger than the one before."""
    return [
        person(key, day=number, contacts=[{"value": value}], **more)
        for number, (key, value) in enumerate(pairs, 1)
    ]


def test_every_criterion_has_its_reasons() -> None:
    assert set(CRITERIA) == set(REASONS) - {"when"}


@pytest.mark.parametrize(
    ("rule", "won", "lost"),
    [
        ("criteria: [source_priority], sources: [web, crm]", "preferred_source", "other_source"),
        ("criteria: [recency]", "newer", "older"),
        ("criteria: [greatest]", "greatest", "smaller"),
        ("criteria: [frequency]", "more_frequent", "less_frequent"),
    ],
)
def test_a_criterion_prefers_the_second_phone(rule: str, won: str, lost: str) -> None:
    records = phones(("core.c:1", OLD), ("crm.c:1", NEW), ("crm.c:2", NEW))
    con = golden(records, rules=f"attributes: {{mobile: {{{rule}}}}}")
    assert [(row[0], row[2]) for row in why(con, "mobile")] == [(NEW, won), (OLD, lost)]


@pytest.mark.parametrize(
    ("criterion", "won", "lost"),
    [("earliest", "earlier", "later"), ("smallest", "smallest", "greater")],
)
def test_a_criterion_prefers_the_first_phone(criterion: str, won: str, lost: str) -> None:
    con = golden(
        phones(("crm.c:1", OLD), ("core.c:1", NEW)),
        rules=f"attributes: {{mobile: {{criteria: [{criterion}]}}}}",
    )
    assert [(row[0], row[2]) for row in why(con, "mobile")] == [(OLD, won), (NEW, lost)]


@pytest.mark.parametrize(
    ("criterion", "name", "won"),
    [("longest", "王小明", "longest"), ("shortest", "王明", "shortest")],
)
def test_the_length_of_a_value_can_decide(criterion: str, name: str, won: str) -> None:
    con = golden(
        [person("core.c:1", "王明"), person("crm.c:1", "王小明")],
        rules=f"attributes: {{full_name: {{criteria: [{criterion}]}}}}",
    )
    assert why(con, "full_name")[0][:3] == (name, True, won)


def test_a_date_can_be_the_smallest() -> None:
    con = golden(
        [
            person("core.c:1", attributes={"registered_on": "2010-10-01"}),
            person("crm.c:1", attributes={"registered_on": "2009-12-01"}),
        ],
        rules="attributes: {registered_on: {criteria: [smallest]}}",
    )
    assert con.execute("SELECT registered_on FROM golden.customer").fetchall() == [
        (date(2009, 12, 1),)
    ]


@pytest.mark.parametrize(
    "condition",
    [
        "sources: [crm]",
        "objects: [c], sources: [crm, web]",
        "attributes: {risk_level: low}",
        "party_type: person, attributes: {risk_level: low}",
    ],
)
def test_only_values_that_meet_a_condition_may_stand(condition: str) -> None:
    records = [
        *phones(("core.c:1", OLD)),
        *phones(("crm.c:1", NEW), attributes={"risk_level": "low"}),
    ]
    con = golden(
        records, rules=f"attributes: {{mobile: {{criteria: [trust], when: [{{{condition}}}]}}}}"
    )
    assert why(con, "mobile") == [
        (NEW, True, "condition_met", "crm.c:1"),
        (OLD, False, "condition_not_met", "core.c:1"),
    ]


def test_a_value_that_meets_no_condition_leaves_the_cell_empty_and_says_why() -> None:
    con = golden(
        phones(("core.c:1", OLD)),
        rules="attributes: {mobile: {criteria: [trust], when: [{party_type: organisation}]}}",
    )
    assert con.execute("SELECT mobile FROM golden.customer").fetchall() == [(None,)]
    assert why(con, "mobile") == [(OLD, False, "condition_not_met", "core.c:1")]


def test_one_of_several_conditions_is_enough_and_soundness_can_be_asked() -> None:
    masked = [{"value": "王*明", "status": "masked"}]
    records = [person("core.c:1", names=masked), person("crm.c:1", "王晓明")]
    rule = "{criteria: [trust], when: [{validated: true}, {sources: [web]}]}"
    con = golden(records, rules=f"attributes: {{full_name: {rule}}}")
    assert why(con, "full_name")[0] == ("王晓明", True, "condition_met", "crm.c:1")


def test_a_new_record_elsewhere_changes_nobody_elses_trust() -> None:
    old = datetime.fromisoformat("2020-01-01")
    records = [
        {**person("core.c:1", updated_at=old), "contacts": [{"value": OLD}]},
        {**person("crm.c:1", updated_at=None), "contacts": [{"value": NEW}]},
    ]
    clusters = ["core.c:1", "crm.c:1"]
    ask = "SELECT value, trust, rule FROM golden.customer_provenance WHERE attribute = 'mobile'"
    alone = golden(records, clusters).execute(f"{ask} ORDER BY 1").fetchall()
    newest = person("web.c:9", updated_at=datetime.fromisoformat("2030-01-01"))
    beside = golden([*records, newest], clusters, ["web.c:9"]).execute(f"{ask} ORDER BY 1")
    assert beside.fetchall() == alone
    assert alone == [(OLD, 0.9, "higher_trust"), (NEW, 0.0, "lower_trust")]


def test_where_only_years_told_trusts_apart_the_reason_is_the_time() -> None:
    con = golden(phones(("crm.c:1", OLD), ("web.c:1", NEW)))
    assert [(row[0], row[2]) for row in why(con, "mobile")] == [(NEW, "newer"), (OLD, "older")]
