"""In any crowd of records every filled cell has one winner, and their order changes nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.facts import DERIVED
from models.tables import table
from tests.plugins.small_bank import RESIDENT, Record, golden, person
from warehouse.digest import layer_digest


def rich(key: str, dice: random.Random) -> Record:
    """Return a record that states a little of everything, with few different values."""
    pick = dice.choice
    return person(
        key,
        pick(["王小明", "王晓明", "李雷"]),
        day=pick([1, 2]),
        identifiers=dice.sample(
            [
                {**RESIDENT, "expires_on": "2030-01-01"},
                {**RESIDENT, "expires_on": "2020-01-01"},
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
