"""What the golden tables hold beside the surviving values: consents, relations, links, changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from matching.identify import identify
from matching.survive import survive
from matching.survivorship import load_survivorship
from models.errors import StoreError
from tests.plugins.small_bank import RESIDENT, SOURCES, SmallBank, golden, person, working


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
                    {"type": "parent", "other_name": "王父", "other_identifier": RESIDENT["value"]},
                    {"type": "child", "other_name": "王子"},
                ],
            ),
            person("core.c:2"),
            person("core.c:3", identifiers=[RESIDENT]),
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
    con = working([person(f"core.c:{n}") for n in (1, 2, 3, 4)], [["core.c:1", "core.c:2"]])
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


def test_a_reference_carries_what_its_record_says_as_a_hash() -> None:
    con = working([person("core.c:1"), person("core.c:2")])
    con.execute("INSERT INTO normalised.fingerprint VALUES ('core.c:1', 'e1', 'c1')")
    identify(con, None)
    survive(con, load_survivorship(None), SOURCES, None)
    assert con.execute(
        "SELECT record_key, content_hash FROM golden.customer_xref ORDER BY 1"
    ).fetchall() == [("core.c:1", "c1"), ("core.c:2", None)]


def test_decisions_in_force_stand_at_the_customers_of_their_records() -> None:
    con = working([person("core.c:1"), person("core.c:2")])
    con.executemany(
        "INSERT INTO matched.decision BY NAME SELECT $id AS decision_id, $kind AS kind, "
        "$side AS side, $key AS record_key, $status AS status",
        [
            {"id": number, "kind": "split", "side": side, "key": key, "status": status}
            for number, status in enumerate(["in_force", "evidence_changed", "refused"])
            for side, key in (("left", "core.c:1"), ("right", "core.c:2"))
        ],
    )
    identify(con, None)
    survive(con, load_survivorship(None), SOURCES, None)
    assert con.execute(
        "SELECT customer_id, decision_id, side, status FROM golden.customer_decision ORDER BY ALL"
    ).fetchall() == [
        ("C0000000001X", 0, "left", "in_force"),
        ("C0000000001X", 1, "left", "evidence_changed"),
        ("C00000000028", 0, "right", "in_force"),
        ("C00000000028", 1, "right", "evidence_changed"),
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
