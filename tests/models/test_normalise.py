"""What the mapping of a source makes of a landed row: a record and all it states."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pyarrow as pa

from models.normalise import Normalised, normalise_object
from models.tables import table
from tests.plugins.core_customers import PERSON, SOURCE, WANG, customers, only


def test_every_table_has_the_columns_of_the_contract() -> None:
    for name, rows in customers(WANG).tables.items():
        assert tuple(rows.column_names) == table("normalised", name).column_names


def test_a_record_says_where_it_is_from() -> None:
    assert only(customers(WANG | {"UPD_TS": "2026-11-23 18:00:00"}), "record") == {
        "record_key": "core.customer:0",
        "source": "core",
        "object": "customer",
        "source_pk": "0",
        "party_type": "person",
        "updated_at": datetime.fromisoformat("2026-11-23T10:00:00"),
        "row_hash": "h0",
    }


def test_an_identity_number_brings_document_expiry_and_what_it_tells() -> None:
    assert only(customers(WANG | {"CERT_EXP": "长期"}), "identifier") == {
        "record_key": "core.customer:0",
        "ordinal": 0,
        "id_class": "resident_id",
        "doc_type": "110001",
        "value": PERSON,
        "country": "CN",
        "status": "valid",
        "expires_on": date(9999, 12, 31),
        "birth_date": date(1985, 3, 17),
        "sex": "male",
        "region_code": "330106",
    }


def test_a_unified_code_also_gives_its_organisation_code() -> None:
    company = {"CUST_TP": "2", "CUST_NM": "杭州西湖茶叶有限公司", "CERT_TP": "610063"}
    done = customers(company | {"CERT_NO": "91110000600037341L"})
    rows = done.tables["identifier"].select(["ordinal", "id_class", "value"]).to_pylist()
    assert rows == [
        {"ordinal": 0, "id_class": "uscc", "value": "91110000600037341L"},
        {"ordinal": 2, "id_class": "org_code", "value": "600037341"},
    ]


def test_contacts_keep_their_place_in_the_mapping() -> None:
    done = customers(
        WANG | {"TEL": "0571-87651234转2", "EMAIL": "A@QQ.com", "MOB_NO": "13912345670"}
    )
    rows = done.tables["contact"].drop_columns(["record_key", "status"]).to_pylist()
    assert rows == [
        {"ordinal": 0, "kind": "mobile", "value": "+8613912345670", "extension": None, "use": None},
        {
            "ordinal": 1,
            "kind": "landline",
            "value": "+8657187651234",
            "extension": "2",
            "use": "home",
        },
        {"ordinal": 2, "kind": "email", "value": "a@qq.com", "extension": None, "use": None},
    ]


def test_attributes_are_normalised_and_codes_understood() -> None:
    done = customers(
        WANG | {"BIRTH_DT": "19850317", "SEX_CD": "1", "NATION": "CHN", "JOB": " 教师 "}
    )
    facts = {row["attribute"]: row["value"] for row in done.tables["attribute"].to_pylist()}
    assert facts == {
        "birth_date": "1985-03-17",
        "sex": "male",
        "nationality": "CN",
        "occupation": "教师",
    }


def test_a_birth_date_is_not_invented_from_the_identity_number() -> None:
    assert customers(WANG).tables["attribute"].num_rows == 0


def test_relationships_name_the_other_by_key_name_or_number() -> None:
    done = customers(WANG | {"SPOUSE": "李红", "SPOUSE_ID": f" {PERSON} ", "LEGAL_REP": "77"})
    spouse, boss = done.tables["relationship"].to_pylist()
    assert (spouse["type"], spouse["other_name"], spouse["other_identifier"]) == (
        "spouse",
        "李红",
        PERSON,
    )
    assert (boss["type"], boss["other_record_key"]) == ("legal_rep", "core.customer:77")


def test_a_consent_with_an_unknown_status_is_none() -> None:
    done = customers(WANG | {"SMS_OK": "Y", "SMS_DT": "2026-01-02"}, WANG | {"SMS_OK": "?"})
    assert only(done, "consent")["status"] == "granted"
    assert only(done, "consent")["decided_on"] == date(2026, 1, 2)


def accounts(*rows: dict[str, str | None], **extra: Any) -> Normalised:
    names = ["ACCT_NO", "CUST_NO", "PROD", "CCY", "OPEN_DT", "CLOSE_DT", "_pk", "_hash"]
    schema = pa.schema([(name, pa.string()) for name in names])
    return normalise_object(SOURCE, "account", pa.Table.from_pylist(list(rows), schema=schema))


def test_rows_that_belong_to_a_record_take_its_key() -> None:
    row: dict[str, str | None] = {
        "ACCT_NO": "6222 0000 1234 5678",
        "CUST_NO": "77",
        "PROD": "SA",
        "CCY": "人民币",
        "OPEN_DT": "20200102",
        "CLOSE_DT": "99991231",
        "_pk": "1",
        "_hash": "h",
    }
    done = accounts(row)
    assert only(done, "account") == {
        "record_key": "core.customer:77",
        "ordinal": 0,
        "account_no": "6222000012345678",
        "product": "savings",
        "currency": "CNY",
        "opened_on": date(2020, 1, 2),
    }
    assert done.attached == 1
    assert done.tables["record"].num_rows == 0
    assert done.tables["defect"].num_rows == 0


def test_rows_that_belong_to_nothing_or_say_nothing_are_quarantined() -> None:
    done = accounts(
        {"ACCT_NO": "6222000012345678", "CUST_NO": " ", "_pk": "1", "_hash": "a"},
        {"ACCT_NO": "无", "CUST_NO": "77", "_pk": "2", "_hash": "b"},
        {"ACCT_NO": "6.222E+15", "CUST_NO": "77", "_pk": "3", "_hash": "c"},
    )
    rows = done.tables["quarantine"].select(["source_pk", "field", "rule"]).to_pylist()
    assert rows == [
        {"source_pk": "1", "field": "CUST_NO", "rule": "no_key"},
        {"source_pk": "2", "field": None, "rule": "says_nothing"},
        {"source_pk": "3", "field": None, "rule": "says_nothing"},
    ]
    assert done.attached == 0
