"""A bad value is a defect, an unusable row is quarantined, and no row is without a fate."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.normalise import normalise_object
from tests.plugins.core_customers import PERSON, SOURCE, WANG, customers, landed, only

DEFECTS = {
    "number destroyed": ({"CERT_NO": "3.30106E+17"}, "CERT_NO", "id_precision_lost"),
    "check digit": ({"CERT_NO": PERSON[:-1] + "5"}, "CERT_NO", "id_check_digit"),
    "document type": ({"CERT_TP": "999999"}, "CERT_TP", "unknown_code"),
    "mobile": ({"MOB_NO": "13800138000"}, "MOB_NO", "placeholder"),
    "e-mail": ({"EMAIL": "nobody"}, "EMAIL", "email_form"),
    "birth date": ({"BIRTH_DT": "85-03-17"}, "BIRTH_DT", "date_two_digit_year"),
    "sex": ({"SEX_CD": "9"}, "SEX_CD", "unknown_code"),
    "expiry": ({"CERT_EXP": "never"}, "CERT_EXP", "date_form"),
    "business time": ({"UPD_TS": "soon"}, "UPD_TS", "date_form"),
    "consent": ({"SMS_OK": "?"}, "SMS_OK", "placeholder"),
}


@pytest.mark.parametrize(("change", "column", "rule"), DEFECTS.values(), ids=DEFECTS)
def test_a_bad_value_is_a_defect_and_its_record_stays(
    change: dict[str, str], column: str, rule: str
) -> None:
    done = customers(WANG | change)
    assert only(done, "defect") == {
        "record_key": "core.customer:0",
        "source": "core",
        "object": "customer",
        "field": column,
        "rule": rule,
    }
    assert done.tables["record"].num_rows == 1


def test_a_destroyed_number_stays_as_a_row_without_value() -> None:
    row = only(customers(WANG | {"CERT_NO": "3.30106E+17"}), "identifier")
    assert row["status"] == "precision_lost"
    assert "value" not in row


QUARANTINE = {
    "no key": ({"_pk": None}, "no_key", None),
    "blank key": ({"_pk": " "}, "no_key", None),
    "party type not listed": ({"CUST_TP": "7"}, "unknown_party_type", "CUST_TP"),
    "no party type": ({"CUST_TP": None}, "unknown_party_type", "CUST_TP"),
    "nobody": ({"CUST_NM": None, "CERT_NO": None}, "says_nothing", None),
    "only fillers": ({"CUST_NM": "无", "CERT_NO": "111111111111111111"}, "says_nothing", None),
    "only a destroyed number": ({"CUST_NM": None, "CERT_NO": "3.30106E+17"}, "says_nothing", None),
}


@pytest.mark.parametrize(("change", "rule", "column"), QUARANTINE.values(), ids=QUARANTINE)
def test_rows_that_cannot_be_used_are_quarantined_without_a_value(
    change: dict[str, str | None], rule: str, column: str | None
) -> None:
    done = customers(WANG | {"MOB_NO": "13912345670", "JOB": "教师"} | change)
    (row,) = done.tables["quarantine"].to_pylist()
    assert (row["rule"], row["field"], row["row_hash"]) == (rule, column, "h0")
    assert row["reason"].endswith(".")
    assert not any(value in row["reason"] for value in ("王", PERSON, "1111", "3.30106E+17"))
    others = [
        n for n, t in done.tables.items() if n not in ("quarantine", "column_use") and t.num_rows
    ]
    assert others == []


def test_a_number_alone_or_a_masked_name_alone_is_enough() -> None:
    done = customers(WANG | {"CUST_NM": None}, WANG | {"CERT_NO": None, "CUST_NM": "王**"})
    assert done.tables["record"].num_rows == 2


VALUES = st.one_of(
    st.none(),
    st.sampled_from(["", "无", "1", "2", "王小明", "王**", PERSON, "13912345670", "20200102"]),
)
ROWS = st.lists(
    st.fixed_dictionaries(
        dict.fromkeys(("CUST_TP", "CUST_NM", "CERT_NO", "MOB_NO", "BIRTH_DT", "_pk"), VALUES)
    ),
    max_size=8,
)


@settings(max_examples=25, deadline=None)
@given(ROWS, st.randoms())
def test_every_row_has_one_fate_and_their_order_changes_nothing(
    rows: list[dict[str, str | None]], random: Any
) -> None:
    whole = landed(*rows)
    done = normalise_object(SOURCE, "customer", whole)
    assert done.tables["record"].num_rows + done.tables["quarantine"].num_rows == len(rows)
    assert done.attached == done.tables["record"].num_rows
    order = list(range(len(rows)))
    random.shuffle(order)
    again = normalise_object(SOURCE, "customer", whole.take(pa.array(order, pa.int64())))
    for name, one in done.tables.items():
        assert sorted(map(str, one.to_pylist())) == sorted(map(str, again.tables[name].to_pylist()))
