from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.errors import SchemaDrift
from models.normalise import Normalised, normalise_object
from models.source import SourceConfig
from models.tables import table

PERSON = "330106198503171239"  # sequence 123 is odd: a man
SOURCE = SourceConfig.model_validate(
    {
        "name": "core",
        "connector": "sql",
        "objects": {
            "customer": {
                "read": {
                    "table": "CUST_INFO",
                    "primary_key": ["CUST_NO"],
                    "cursor": {"field": "UPD_TS"},
                    "deletes": {"flag": {"field": "DEL_FLG", "values": ["1"]}},
                },
                "mapping": {
                    "party": {"field": "CUST_TP", "codes": {"1": "person", "2": "organisation"}},
                    "updated_at": "UPD_TS",
                    "names": [{"full": "CUST_NM"}, {"full": "OLD_NM", "kind": "former"}],
                    "identifiers": [
                        {
                            "number": "CERT_NO",
                            "type": "CERT_TP",
                            "codes": {"110001": "resident_id", "610063": "uscc"},
                            "expires": "CERT_EXP",
                        },
                        {"number": "TAX_NO", "id_class": "tax_id"},
                    ],
                    "contacts": [
                        {"mobile": "MOB_NO"},
                        {"phone": "TEL", "use": "home"},
                        {"email": "EMAIL"},
                    ],
                    "addresses": [{"text": "ADDR", "use": "home"}],
                    "attributes": {
                        "birth_date": "BIRTH_DT",
                        "sex": {"field": "SEX_CD", "codes": {"1": "male", "2": "female"}},
                        "nationality": "NATION",
                        "occupation": "JOB",
                    },
                    "relationships": [
                        {"type": "spouse", "name": "SPOUSE", "identifier": "SPOUSE_ID"},
                        {"type": "legal_rep", "object": "customer", "key": "LEGAL_REP"},
                    ],
                    "consents": [
                        {
                            "purpose": "marketing",
                            "channel": "sms",
                            "status": {
                                "field": "SMS_OK",
                                "codes": {"Y": "granted", "N": "refused"},
                            },
                            "decided": "SMS_DT",
                        }
                    ],
                    "ignore": {"BRANCH_NO": "the branch is not part of the customer"},
                },
            },
            "account": {
                "read": {"table": "ACCT", "primary_key": ["ACCT_NO"]},
                "mapping": {
                    "belongs_to": {"object": "customer", "key": "CUST_NO"},
                    "accounts": [
                        {
                            "number": "ACCT_NO",
                            "product": {"field": "PROD", "codes": {"SA": "savings"}},
                            "currency": "CCY",
                            "opened": "OPEN_DT",
                            "closed": "CLOSE_DT",
                        }
                    ],
                },
            },
        },
    }
)
COLUMNS = [
    "CUST_NO CUST_TP UPD_TS CUST_NM OLD_NM CERT_NO CERT_TP CERT_EXP TAX_NO MOB_NO TEL EMAIL ADDR",
    "BIRTH_DT SEX_CD NATION JOB SPOUSE SPOUSE_ID LEGAL_REP SMS_OK SMS_DT BRANCH_NO DEL_FLG",
]
WANG: dict[str, str | None] = {
    "CUST_TP": "1",
    "CUST_NM": "王小明",
    "CERT_NO": PERSON,
    "CERT_TP": "110001",
}


def landed(*rows: dict[str, str | None]) -> pa.Table:
    """Return rows as they land: all columns text, with key and hash."""
    names = " ".join(COLUMNS).split()
    whole = [
        {name: row.get(name) for name in names}
        | {
            "CUST_NO": row.get("CUST_NO", str(number)),
            "_pk": row.get("_pk", str(number)),
            "_hash": f"h{number}",
        }
        for number, row in enumerate(rows)
    ]
    schema = pa.schema([(name, pa.string()) for name in (*names, "_pk", "_hash")])
    return pa.Table.from_pylist(whole, schema=schema)


def customers(*rows: dict[str, str | None]) -> Normalised:
    return normalise_object(SOURCE, "customer", landed(*rows))


def only(done: Normalised, name: str) -> dict[str, Any]:
    """Return the only row of a table, without NULLs."""
    (row,) = done.tables[name].to_pylist()
    return {column: value for column, value in row.items() if value is not None}


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


def test_every_column_is_mapped_ignored_or_reported() -> None:
    rows = (
        landed(WANG | {"BRANCH_NO": "1"}, WANG)
        .drop_columns(["JOB"])
        .append_column("EXTRA", pa.array(["x", ""]))
    )
    done = normalise_object(SOURCE, "customer", rows)
    uses = {row["column_name"]: row for row in done.tables["column_use"].to_pylist()}
    assert uses["CUST_NM"]["use"] == "mapped"
    assert uses["CUST_NM"]["target"] == "name.full"
    assert uses["CUST_NM"]["filled"] == 2
    assert uses["CUST_NO"]["target"] == "record.source_pk"
    assert uses["UPD_TS"]["target"] == "cursor, record.updated_at"
    assert (uses["BRANCH_NO"]["use"], uses["BRANCH_NO"]["filled"]) == ("ignored", 1)
    assert (uses["EXTRA"]["use"], uses["EXTRA"]["target"], uses["EXTRA"]["filled"]) == (
        "unmapped",
        None,
        1,
    )
    assert (uses["JOB"]["use"], uses["JOB"]["target"]) == ("missing", "attribute.occupation")
    assert "_pk" not in uses


@pytest.mark.parametrize("column", ["CUST_NM", "OLD_NM", "CERT_NO", "CERT_TP", "CUST_TP"])
def test_a_missing_name_number_or_type_column_is_drift(column: str) -> None:
    with pytest.raises(SchemaDrift, match=f"'customer' has no column {column}"):
        normalise_object(SOURCE, "customer", landed(WANG).drop_columns([column]))


def test_columns_are_found_whatever_their_case_unless_two_are_alike() -> None:
    lower = landed(WANG).rename_columns([name.lower() for name in landed(WANG).column_names])
    assert normalise_object(SOURCE, "customer", lower).tables["record"].num_rows == 1
    twice = (
        landed(WANG)
        .rename_columns({"CUST_NM": "cust_nm"})
        .append_column("Cust_Nm", pa.array(["x"]))
    )
    with pytest.raises(SchemaDrift):
        normalise_object(SOURCE, "customer", twice)


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
