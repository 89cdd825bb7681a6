"""Rows of a core banking system as they land, and the source that maps them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from models.normalise import Normalised, normalise_object
from models.source import SourceConfig

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
    """Return what these rows say once they are normalised."""
    return normalise_object(SOURCE, "customer", landed(*rows))


def only(done: Normalised, name: str) -> dict[str, Any]:
    """Return the only row of a table, without NULLs."""
    (row,) = done.tables[name].to_pylist()
    return {column: value for column, value in row.items() if value is not None}
