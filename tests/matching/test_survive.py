"""Which value survives, why the others lost, and what else the golden tables hold."""

from __future__ import annotations

import random
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.facts import DERIVED
from matching.identify import identify
from matching.survive import survive
from matching.survivorship import CHOSEN, load_survivorship
from models.errors import ConfigError, StoreError
from models.tables import LAYERS, table
from tests.plugins.small_bank import SOURCES, Record, SmallBank, fill, person, source
from warehouse.digest import layer_digest
from warehouse.store import Connection, begin_layer

NUMBER = {"value": "110101199003070011", "birth_date": "1990-03-07", "sex": "male"}


def golden(
    records: list[Record], *clusters: list[str], rules: str | None = None, sources: Any = SOURCES
) -> Connection:
    """Return an in-memory working file with its golden tables filled."""
    con = duckdb.connect()
    for layer in LAYERS:
        begin_layer(con, layer)
    fill(con, records, clusters or [[record["key"] for record in records]])
    con.execute("BEGIN")
    identify(con, None)
    survive(con, load_survivorship(rules), sources, None)
    con.execute("COMMIT")
    return con


def why(con: Connection, attribute: str) -> list[tuple[Any, ...]]:
    """Return ``(value, won, rule, record_key)`` of one attribute, the winner first."""
    return con.execute(
        "SELECT value, won, rule, record_key FROM golden.customer_provenance "
        "WHERE attribute = ? ORDER BY won DESC, value",
        [attribute],
    ).fetchall()


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
            person("crm.c:1", identifiers=[NUMBER]),
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
            person("crm.c:1", identifiers=[{**NUMBER, "status": "invalid"}]),
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
            person("core.c:1", identifiers=[{**NUMBER, "expires_on": "2020-01-01"}]),
            person("crm.c:1", identifiers=[passport, {**NUMBER, "expires_on": "2030-01-01"}]),
        ]
    )
    assert con.execute(
        "SELECT id_class, id_number, id_expires_on FROM golden.customer"
    ).fetchall() == [("resident_id", NUMBER["value"], date(2030, 1, 1))]
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
    con = duckdb.connect()
    for layer in LAYERS:
        begin_layer(con, layer)
    shared, own = "+8613800000001", "+8613800000002"
    fill(
        con,
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


def test_consent_is_granted_only_where_nobody_refuses() -> None:
    def consent(channel: str, status: str) -> dict[str, str]:
        return {"purpose": "marketing", "channel": channel, "status": status}

    con = golden(
        [
            person("core.c:1", consents=[consent("sms", "granted"), consent("email", "granted")]),
            person("crm.c:1", consents=[consent("sms", "withdrawn")]),
            person("web.c:1", consents=[consent("any", "granted")]),
            person("web.c:2", consents=[consent("any", "refused"), consent("post", "granted")]),
        ],
        ["core.c:1", "crm.c:1", "web.c:1"],
        ["web.c:2"],
    )
    assert con.execute(
        "SELECT channel, status, record_count FROM golden.customer_consent ORDER BY customer_id, 1"
    ).fetchall() == [
        ("any", "granted", 1),
        ("email", "granted", 1),
        ("sms", "withdrawn", 2),
        ("any", "refused", 1),
        ("post", "refused", 1),
    ]


def test_relations_lead_to_customers_by_record_or_by_a_number_only_one_has() -> None:
    con = golden(
        [
            person(
                "core.c:1",
                relationships=[
                    {"type": "spouse", "other_record_key": "core.c:2"},
                    {"type": "parent", "other_name": "王父", "other_identifier": NUMBER["value"]},
                    {"type": "child", "other_name": "王子"},
                ],
            ),
            person("core.c:2"),
            person("core.c:3", identifiers=[NUMBER]),
        ],
        ["core.c:1"],
        ["core.c:2"],
        ["core.c:3"],
    )
    ids = dict(con.execute("SELECT record_key, customer_id FROM golden.customer_xref").fetchall())
    assert con.execute(
        "SELECT type, other_customer_id, other_name FROM golden.customer_relationship ORDER BY 1"
    ).fetchall() == [
        ("child", None, "王子"),
        ("parent", ids["core.c:3"], "王父"),
        ("spouse", ids["core.c:2"], None),
    ]


def test_every_record_is_linked_once_and_counted(tmp_path: Path) -> None:
    con = golden(
        [person("core.c:1"), person("core.c:2"), person("web.c:3")], ["core.c:1", "web.c:3"]
    )
    assert con.execute(
        "SELECT source, source_pk, record_count, source_count "
        "FROM golden.customer_xref JOIN golden.customer USING (customer_id) ORDER BY ALL"
    ).fetchall() == [("core", "1", 2, 2), ("core", "2", 1, 1), ("web", "3", 2, 2)]


def test_links_show_their_evidence_and_doubt_shows_at_both_customers() -> None:
    con = duckdb.connect()
    for layer in LAYERS:
        begin_layer(con, layer)
    fill(con, [person(f"core.c:{n}") for n in (1, 2, 3, 4)], [["core.c:1", "core.c:2"]])
    con.execute("""
        INSERT INTO matched.pair VALUES
            ('core.c:1', 'core.c:2', 'match', 'same_id', 'one number', '{}', 0.99),
            ('core.c:2', 'core.c:3', 'match', 'same_id', 'held by a veto', '{}', 0.99),
            ('core.c:1', 'core.c:3', 'veto', 'two_ids', 'two numbers', '{}', 0.1)
    """)
    con.execute("INSERT INTO matched.review VALUES ('core.c:2', 'core.c:3', 'r', 'b', 0.5)")
    identify(con, None)
    survive(con, load_survivorship(None), SOURCES, None)
    assert con.execute(
        "SELECT left_key, right_key, rule FROM golden.match_evidence"
    ).fetchall() == [("core.c:1", "core.c:2", "same_id")]
    assert con.execute(
        "SELECT record_count, review_pending FROM golden.customer ORDER BY customer_id"
    ).fetchall() == [(2, True), (1, True), (1, False)]


def test_changes_between_versions_are_listed_with_their_attributes(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    records = [person("core.c:1"), person("core.c:2"), person("core.c:3"), person("core.c:4")]
    bank.publish(records, [["core.c:3", "core.c:4"]])
    changed = [
        person("core.c:1", "王大明", day=2),
        person("core.c:3"),
        person("core.c:4"),
        person("core.c:5"),
    ]
    bank.publish(changed)
    a, b, c, d, e = (f"C000000000{n}" for n in ("1X", "28", "36", "44", "52"))
    assert bank.ask(
        "SELECT customer_id, change, attributes, other_customer_id, cause "
        "FROM customer_change ORDER BY 1"
    ) == [
        (a, "updated", "full_name,updated_at", None, "source_data"),
        (b, "retired", None, None, "source_data"),
        (c, "updated", "record_count", None, "source_data"),
        (d, "split", None, c, "source_data"),
        (e, "created", None, None, "source_data"),
    ]


def test_the_previous_version_must_be_the_one_the_ids_continue(tmp_path: Path) -> None:
    bank = SmallBank(tmp_path)
    bank.publish([person("core.c:1")])
    current = bank.versions.current()
    assert current is not None
    with bank.store.writing() as con:
        identify(con, current.golden_file)
        with pytest.raises(StoreError, match="identify"):
            survive(con, bank.rules, bank.sources, None)


def rich(key: str, dice: random.Random) -> Record:
    """Return a record that states a little of everything, with few different values."""
    pick = dice.choice
    return person(
        key,
        pick(["王小明", "王晓明", "李雷"]),
        day=pick([1, 2]),
        identifiers=dice.sample(
            [
                {**NUMBER, "expires_on": "2030-01-01"},
                {**NUMBER, "expires_on": "2020-01-01"},
                {"id_class": "passport_cn", "value": "E1", "status": "unchecked"},
            ],
            k=dice.randrange(3),
        ),
        contacts=dice.sample(
            [
                {"value": "+8613800000001"},
                {"value": "+8613800000002"},
                {"kind": "email", "value": "a@x.cn"},
                {"kind": "email", "value": "b@x.cn"},
            ],
            k=dice.randrange(4),
        ),
        addresses=dice.sample(
            [
                {"text": "北京市甲路1号", "city": "北京市", "postcode": "100000"},
                {"text": "北京市甲路1号", "city": "北京市"},
                {"text": "上海市乙路2号", "city": "上海市", "use": "work", "level": "city"},
            ],
            k=dice.randrange(3),
        ),
        attributes={
            name: pick(values)
            for name, values in {
                "birth_date": ["1990-03-07", "1990-03-17"],
                "sex": ["male", "female"],
                "occupation": ["teacher", "clerk"],
            }.items()
            if pick([True, False])
        },
        consents=[
            {"purpose": "marketing", "channel": "sms", "status": pick(["granted", "refused"])}
        ],
        accounts=[{"account_no": pick(["1", "2"]), "status": pick(["open", "closed"])}],
        relationships=[{"type": "spouse", "other_record_key": pick(["core.c:1", "crm.c:1"])}],
    )


def crowd(seed: int) -> tuple[list[Record], list[list[str]]]:
    """Return some rich records and how they cluster."""
    dice = random.Random(seed)
    keys = [f"{name}.c:{number}" for name in ("core", "crm", "web") for number in range(6)]
    clusters: list[list[str]] = [[] for _ in range(6)]
    for key in keys:
        pick = dice.choice(clusters)
        pick.append(key)
    return [rich(key, dice) for key in keys], [cluster for cluster in clusters if cluster]


@given(seed=st.integers(0, 1_000_000), order=st.randoms(use_true_random=False))
@settings(max_examples=4, deadline=None)
def test_the_order_of_rows_changes_nothing(seed: int, order: random.Random) -> None:
    records, clusters = crowd(seed)
    first = layer_digest(golden(records, *clusters), "golden")
    order.shuffle(records)
    order.shuffle(clusters)
    assert layer_digest(golden(records, *clusters), "golden") == first


@given(seed=st.integers(0, 1_000_000))
@settings(max_examples=4, deadline=None)
def test_every_filled_cell_has_one_winner_and_every_other_value_its_reason(seed: int) -> None:
    records, clusters = crowd(seed)
    con = golden(records, *clusters)
    proven = [c for c in table("golden", "customer").column_names if c not in DERIVED]
    for column in proven:
        cells = con.execute(
            f"SELECT customer_id, {column}::VARCHAR FROM golden.customer WHERE {column} IS NOT NULL"
        ).fetchall()
        winners = con.execute(
            "SELECT customer_id, value FROM golden.customer_provenance WHERE won AND attribute = ?",
            [column],
        ).fetchall()
        assert sorted(cells) == sorted(winners), column
    assert con.execute(
        "SELECT count(*) FROM golden.customer_provenance p "
        "WHERE rule IS NULL OR record_key IS NULL OR trust IS NULL OR record_count < 1 "
        "OR NOT EXISTS (FROM golden.customer_xref x "
        "WHERE x.record_key = p.record_key AND x.customer_id = p.customer_id)"
    ).fetchall() == [(0,)]
    assert con.execute(
        "SELECT count(*) - count(DISTINCT (customer_id, attribute, value)) "
        "FROM golden.customer_provenance"
    ).fetchall() == [(0,)]
    stated = con.execute(
        "SELECT count(DISTINCT (customer_id, value)) FROM normalised.contact "
        "JOIN matched.identity USING (record_key) WHERE kind = 'mobile'"
    ).fetchall()
    assert (
        stated
        == con.execute(
            "SELECT count(*) FROM golden.customer_provenance WHERE attribute = 'mobile'"
        ).fetchall()
    ), "winners and losers are all there"


@pytest.mark.parametrize("name", ["customer_name", "customer_identifier", "customer_contact"])
def test_the_surviving_value_is_marked_in_the_list_of_all_values(name: str) -> None:
    con = golden(*_split(crowd(7)))
    surviving = {
        "customer_name": "full_name",
        "customer_identifier": "id_number",
        "customer_contact": "mobile",
    }[name]
    kind = " AND kind = 'mobile'" if name == "customer_contact" else ""
    marked = con.execute(
        f"SELECT customer_id, value FROM golden.{name} WHERE is_best{kind} ORDER BY 1"
    ).fetchall()
    assert marked
    assert (
        marked
        == con.execute(
            f"SELECT customer_id, {surviving} FROM golden.customer "
            f"WHERE {surviving} IS NOT NULL ORDER BY 1"
        ).fetchall()
    )


def _split(records_and_clusters: tuple[list[Record], list[list[str]]]) -> tuple[Any, ...]:
    records, clusters = records_and_clusters
    return (records, *clusters)


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
        ("rules: {}", "rules: not understood here"),
        ("attributes: [", "not YAML"),
        ("[]", "must begin with"),
    ],
)
def test_mistakes_in_survivorship_yml_are_answered(text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        load_survivorship(text, "s.yml")
