"""Which value survives, and why the others lost."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from matching.identify import identify
from matching.survive import survive
from matching.survivorship import load_survivorship
from models.errors import ConfigError
from tests.plugins.small_bank import RESIDENT, SOURCES, Record, golden, person, source, why, working


def test_the_more_trusted_source_wins_and_the_loser_is_named() -> None:
    con = golden([person("crm.c:1", "王晓明", day=9), person("core.c:1", "王小明", day=1)])
    assert why(con, "full_name") == [
        ("王小明", True, "higher_trust", "core.c:1"),
        ("王晓明", False, "lower_trust", "crm.c:1"),
    ]


@pytest.mark.parametrize(
    ("records", "won", "lost"),
    [
        (
            [
                person("core.c:1", "王*明", names=[{"value": "王*明", "status": "masked"}]),
                person("crm.c:1", "王小明"),
            ],
            ("王小明", True, "validated", "crm.c:1"),
            ("王*明", False, "not_validated", "core.c:1"),
        ),
        (
            [person("crm.c:1", "王小明", day=2), person("web.c:1", "王晓明", day=1)],
            ("王小明", True, "newer", "crm.c:1"),
            ("王晓明", False, "older", "web.c:1"),
        ),
        (
            [person("crm.c:1", "王小明"), person("web.c:1", "王晓明", updated_at=None)],
            ("王小明", True, "newer", "crm.c:1"),
            ("王晓明", False, "older", "web.c:1"),
        ),
        (
            [person("crm.c:1", "王晓明"), person("crm.c:2", "王小明"), person("web.c:3", "王小明")],
            ("王小明", True, "more_frequent", "crm.c:2"),
            ("王晓明", False, "less_frequent", "crm.c:1"),
        ),
        (
            [person("crm.c:1", "王明"), person("web.c:1", "王小明")],
            ("王小明", True, "more_complete", "web.c:1"),
            ("王明", False, "less_complete", "crm.c:1"),
        ),
        (
            [person("web.c:1", "王小明"), person("crm.c:2", "王晓明")],
            ("王晓明", True, "tie_record_key", "crm.c:2"),
            ("王小明", False, "tie_record_key", "web.c:1"),
        ),
        (
            [
                person("core.c:1", names=[{"value": "王旧名", "kind": "former"}]),
                person("crm.c:1", "王小明"),
            ],
            ("王小明", True, "preferred_kind", "crm.c:1"),
            ("王旧名", False, "other_kind", "core.c:1"),
        ),
    ],
    ids=["validated", "recency", "undated", "frequency", "completeness", "tie", "kind"],
)
def test_the_first_criterion_that_differs_decides(
    records: list[Record], won: tuple[Any, ...], lost: tuple[Any, ...]
) -> None:
    assert why(golden(records), "full_name") == [won, lost]


def test_a_value_competes_with_its_best_record_and_counts_all_that_carry_it() -> None:
    con = golden([person("crm.c:1"), person("core.c:1"), person("web.c:1")])
    assert con.execute(
        "SELECT won, rule, record_key, source, trust, record_count "
        "FROM golden.customer_provenance WHERE attribute = 'full_name'"
    ).fetchall() == [(True, "only_value", "core.c:1", "core", 0.9, 3)]


def test_birth_date_and_sex_follow_the_valid_resident_number_against_trust() -> None:
    con = golden(
        [
            person("core.c:1", attributes={"birth_date": "1990-03-17", "sex": "female"}),
            person("crm.c:1", identifiers=[RESIDENT]),
            person("web.c:1", attributes={"birth_date": "1990-03-07"}),
        ]
    )
    assert con.execute("SELECT birth_date, sex FROM golden.customer").fetchall() == [
        (date(1990, 3, 7), "male")
    ]
    assert why(con, "birth_date")[1] == ("1990-03-17", False, "not_validated", "core.c:1")
    assert why(con, "sex")[0] == ("male", True, "validated", "crm.c:1")


def test_an_invalid_number_verifies_nothing_and_never_leads() -> None:
    con = golden(
        [
            person("core.c:1", attributes={"birth_date": "1990-03-17"}),
            person("crm.c:1", identifiers=[{**RESIDENT, "status": "invalid"}]),
        ]
    )
    assert con.execute("SELECT birth_date, id_number FROM golden.customer").fetchall() == [
        (date(1990, 3, 17), None)
    ]
    assert con.execute("SELECT status, is_best FROM golden.customer_identifier").fetchall() == [
        ("invalid", False)
    ]


def test_class_number_and_expiry_stay_together() -> None:
    passport = {"id_class": "passport_cn", "value": "E12345678", "expires_on": "2036-01-01"}
    con = golden(
        [
            person("core.c:1", identifiers=[{**RESIDENT, "expires_on": "2020-01-01"}]),
            person("crm.c:1", identifiers=[passport, {**RESIDENT, "expires_on": "2030-01-01"}]),
        ]
    )
    assert con.execute(
        "SELECT id_class, id_number, id_expires_on FROM golden.customer"
    ).fetchall() == [("resident_id", RESIDENT["value"], date(2030, 1, 1))]
    assert why(con, "id_expires_on") == [
        ("2030-01-01", True, "greatest", "crm.c:1"),
        ("2020-01-01", False, "smaller", "core.c:1"),
    ]


def test_address_parts_survive_together_and_are_not_mixed() -> None:
    whole = {"text": "北京市海淀区中关村1号", "province": "北京市", "city": "北京市",
             "district": "海淀区", "region_code": "110108"}  # fmt: skip
    other = {"text": "上海市浦东新区2号", "province": "上海市", "postcode": "200120"}
    con = golden(
        [person("core.c:1", addresses=[whole]), person("crm.c:1", addresses=[other], day=9)]
    )
    assert con.execute(
        "SELECT address, province, district, region_code, postcode FROM golden.customer"
    ).fetchall() == [("北京市海淀区中关村1号", "北京市", "海淀区", "110108", None)]
    assert why(con, "postcode") == [("200120", False, "lower_trust", "crm.c:1")]
    assert con.execute(
        "SELECT text, is_best FROM golden.customer_address ORDER BY is_best"
    ).fetchall() == [("上海市浦东新区2号", False), ("北京市海淀区中关村1号", True)]


def test_one_part_of_several_addresses_is_one_candidate_with_its_records() -> None:
    first = {"text": "北京市甲路1号", "city": "北京市"}
    second = {"text": "北京市乙路2号", "city": "北京市", "use": "work"}
    con = golden([person("core.c:1", addresses=[first, second]), person("crm.c:1")])
    assert con.execute(
        "SELECT value, won, record_count FROM golden.customer_provenance WHERE attribute = 'city'"
    ).fetchall() == [("北京市", True, 1)]


def test_trust_decays_with_the_age_of_the_record() -> None:
    rules = """
    attributes:
      mobile: {criteria: [trust], decay_per_year: 0.5}
    """
    old = person("core.c:1", updated_at=datetime.fromisoformat("2022-01-01"))
    con = golden(
        [
            {**old, "contacts": [{"value": "+8613800000001"}]},
            person("crm.c:1", contacts=[{"value": "+8613800000002"}]),
        ],
        rules=rules,
    )
    assert con.execute(
        "SELECT value, trust, rule FROM golden.customer_provenance "
        "WHERE attribute = 'mobile' ORDER BY won DESC"
    ).fetchall() == [
        ("+8613800000002", 0.5, "higher_trust"),
        ("+8613800000001", 0.06, "lower_trust"),
    ]


def test_a_source_is_trusted_attribute_by_attribute() -> None:
    sources = (source("core", 0.9, email=0.1), source("crm", 0.5))
    mails = [("core.c:1", "a@x.cn"), ("crm.c:1", "b@x.cn")]
    con = golden(
        [person(key, contacts=[{"kind": "email", "value": value}]) for key, value in mails],
        sources=sources,
    )
    assert con.execute("SELECT email FROM golden.customer").fetchall() == [("b@x.cn",)]


def test_trust_in_an_unknown_attribute_is_a_mistake_with_a_hint() -> None:
    with pytest.raises(ConfigError, match=r"sources/core\.yml: .* phone.*Write one of .*mobile"):
        golden([person("core.c:1")], sources=(source("core", 0.9, phone=0.1),))


def test_a_phone_that_many_share_gives_way_to_one_of_the_customers_own(tmp_path: Path) -> None:
    shared, own = "+8613800000001", "+8613800000002"
    con = working(
        [
            person("core.c:1", contacts=[{"value": shared}]),
            person("crm.c:1", contacts=[{"value": own}]),
            person("crm.c:2", contacts=[{"value": shared}]),
        ],
        [["core.c:1", "crm.c:1"]],
    )
    con.execute("INSERT INTO matched.stop_value VALUES ('mobile', ?, 900, 800)", [shared])
    identify(con, None)
    survive(con, load_survivorship(None), SOURCES, None)
    assert con.execute("SELECT mobile FROM golden.customer ORDER BY 1").fetchall() == [
        (shared,),
        (own,),
    ]
