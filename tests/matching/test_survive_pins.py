"""What a steward pins stands over every source, and says so."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from matching.identify import identify
from matching.survive import survive
from matching.survivorship import load_survivorship
from tests.plugins.small_bank import RESIDENT, SOURCES, Record, person, why, working
from warehouse.store import Connection

HOME = {
    "text": "北京市海淀区中关村1号",
    "province": "北京市",
    "city": "北京市",
    "district": "海淀区",
}
WORK = {"text": "上海市浦东新区2号", "province": "上海市", "city": "上海市", "use": "work"}


def pinned(records: list[Record], *pins: dict[str, Any]) -> Connection:
    """Return one customer of these records with these pins in force."""
    con = working(records, [[record["key"] for record in records]])
    for number, pin in enumerate(pins):
        con.execute(
            "INSERT INTO matched.decision BY NAME SELECT ? AS decision_id, 'pin' AS kind, "
            "'left' AS side, ? AS record_key, ? AS attribute, ? AS value, 'sw' AS author, "
            "? AS decided_at, ? AS status",
            [
                number,
                pin.get("key", records[0]["key"]),
                pin["attribute"],
                pin["value"],
                datetime.fromisoformat(pin.get("at", "2026-03-01")),
                pin.get("status", "in_force"),
            ],
        )
    identify(con, None)
    survive(con, load_survivorship(None), SOURCES, None)
    return con


def test_a_pinned_value_that_no_source_says_stands_with_the_steward_as_its_source() -> None:
    con = pinned(
        [person("core.c:1", "王小明"), person("crm.c:1", "王晓明")],
        {"attribute": "full_name", "value": "王筱明", "key": "crm.c:1"},
    )
    assert con.execute("SELECT full_name FROM golden.customer").fetchall() == [("王筱明",)]
    assert why(con, "full_name") == [
        ("王筱明", True, "pinned", "crm.c:1"),
        ("王小明", False, "pinned_other", "core.c:1"),
        ("王晓明", False, "pinned_other", "crm.c:1"),
    ]
    assert con.execute(
        "SELECT source, updated_at, trust, record_count FROM golden.customer_provenance "
        "WHERE attribute = 'full_name' AND won"
    ).fetchall() == [("steward", datetime.fromisoformat("2026-03-01"), 1.0, 0)]


def test_a_pinned_value_that_lost_wins_and_keeps_its_count_and_its_mark() -> None:
    con = pinned(
        [person("core.c:1", "王小明"), person("crm.c:1", "王晓明"), person("web.c:1", "王晓明")],
        {"attribute": "full_name", "value": "王晓明"},
    )
    assert con.execute(
        "SELECT value, rule, record_count FROM golden.customer_provenance "
        "WHERE attribute = 'full_name' ORDER BY won DESC"
    ).fetchall() == [("王晓明", "pinned", 2), ("王小明", "pinned_other", 1)]
    assert con.execute("SELECT value FROM golden.customer_name WHERE is_best").fetchall() == [
        ("王晓明",)
    ]


def test_a_pin_to_nothing_empties_the_cell_and_says_so() -> None:
    con = pinned(
        [person("core.c:1", contacts=[{"value": "+8613800000001"}])],
        {"attribute": "mobile", "value": None},
    )
    assert con.execute("SELECT mobile FROM golden.customer").fetchall() == [(None,)]
    assert why(con, "mobile") == [
        (None, True, "pinned", "core.c:1"),
        ("+8613800000001", False, "pinned_other", "core.c:1"),
    ]
    assert con.execute("SELECT is_best FROM golden.customer_contact").fetchall() == [(False,)]


def test_a_pinned_address_brings_its_parts_and_a_pinned_city_only_itself() -> None:
    records = [person("core.c:1", addresses=[HOME]), person("crm.c:1", addresses=[WORK])]
    con = pinned(records, {"attribute": "address", "value": WORK["text"]})
    parts = "SELECT address, province, city, district FROM golden.customer"
    assert con.execute(parts).fetchall() == [(WORK["text"], "上海市", "上海市", None)]
    assert why(con, "city") == [
        ("上海市", True, "pinned_together", "crm.c:1"),
        ("北京市", False, "pinned_other", "core.c:1"),
    ]
    assert why(con, "district") == [("海淀区", False, "pinned_other", "core.c:1")]
    con = pinned(records, {"attribute": "city", "value": "天津市"})
    assert con.execute(parts).fetchall() == [(HOME["text"], "北京市", "天津市", "海淀区")]
    con = pinned(records, {"attribute": "address", "value": "广州市天河区3号"})
    assert con.execute(parts).fetchall() == [("广州市天河区3号", None, None, None)]


def test_the_expiry_follows_a_pinned_number_and_dates_are_dates() -> None:
    passport = {"id_class": "passport_cn", "value": "E12345678", "expires_on": "2036-01-01"}
    con = pinned(
        [person("core.c:1", identifiers=[{**RESIDENT, "expires_on": "2030-01-01"}, passport])],
        {"attribute": "id_number", "value": "E12345678"},
        {"attribute": "birth_date", "value": "1990-03-09"},
    )
    assert con.execute(
        "SELECT id_class, id_number, id_expires_on, birth_date FROM golden.customer"
    ).fetchall() == [("passport_cn", "E12345678", date(2036, 1, 1), date(1990, 3, 9))]


def test_the_newest_pin_holds_and_a_refused_one_never() -> None:
    con = pinned(
        [person("core.c:1"), person("crm.c:1")],
        {"attribute": "full_name", "value": "甲", "at": "2026-03-02"},
        {"attribute": "full_name", "value": "乙", "key": "crm.c:1", "status": "evidence_changed"},
        {"attribute": "full_name", "value": "丙", "at": "2026-03-09", "status": "refused"},
    )
    assert con.execute("SELECT full_name FROM golden.customer").fetchall() == [("甲",)]


def test_every_filled_cell_has_one_winner_under_pins() -> None:
    con = pinned(
        [person("core.c:1", addresses=[HOME]), person("crm.c:1", addresses=[WORK])],
        {"attribute": "address", "value": WORK["text"]},
        {"attribute": "postcode", "value": "200120"},
        {"attribute": "education", "value": "master"},
    )
    for column in ("address", "province", "city", "district", "postcode", "education"):
        assert (
            con.execute(
                f"SELECT {column} FROM golden.customer WHERE {column} IS NOT NULL"
            ).fetchall()
            == con.execute(
                "SELECT value FROM golden.customer_provenance WHERE won AND attribute = ?",
                [column],
            ).fetchall()
        ), column
