"""Core banking: everybody with an account, on tables as old as the bank.

Own codes everywhere (11xxxx document types, sex 0 and 1, three-letter countries), rare characters
lost to '?' when the data moved from another character set, some numbers still of 15 digits, dates
as eight digits with 19000101 for unknown and 99991231 for ever. Deleted rows stay, flagged.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from examples.bank import days, numbers, person_names, written
from examples.bank.company_names import known_name, legal_name
from examples.bank.desk import Desk, Side, keys
from examples.bank.frame import Array, Frame
from examples.bank.rates import UNKNOWN_TYPE_ONE_IN
from examples.bank.sinks.sql import TableSpec
from examples.bank.text import Text, blank, choose, from_bytes, join, nothing, number, same, words
from examples.bank.words import word_lists

DOCUMENTS = {
    "resident_id": "110001",
    "passport_foreign": "110027",
    "hkmo_permit": "110019",
    "tw_permit": "110021",
    "passport_cn": "110023",
}
COUNTRIES = ("CHN", "USA", "GBR", "JPN", "KOR", "DEU", "AUS")

TABLES = {
    "CUST_INFO": TableSpec(
        key="CUST_NO",
        columns={
            "CUST_NO": 10, "CUST_TP": 1, "CUST_NM": 120, "OLD_NM": 120, "CERT_TP": 6, "CERT_NO": 40,
            "CERT_EXP": 8, "BIRTH_DT": 8, "SEX_CD": 1, "NAT_CD": 3, "MOB_NO": 30, "TEL_NO": 30,
            "EMAIL": 100, "ADDR": 200, "POST_CD": 6, "OCC_CD": 5, "IND_CD": 1, "REG_DT": 8,
            "ORG_NO": 6, "UPD_TS": None, "DEL_FLG": 1,
        },
        index="UPD_TS",
    ),
    "ACCT_INFO": TableSpec(
        key="ACCT_NO",
        columns={
            "ACCT_NO": 20, "CUST_NO": 10, "PROD_CD": 3, "CCY": 3, "ACCT_STS": 1, "OPN_DT": 8,
            "CLS_DT": 8, "UPD_TS": None,
        },
        index="UPD_TS",
    ),
    "CUST_REL": TableSpec(
        key="REL_ID",
        columns={
            "REL_ID": 12, "CUST_NO": 10, "REL_TP": 2, "REL_CUST_NO": 10, "REL_NM": 120,
            "UPD_TS": None, "DEL_FLG": 1,
        },
        index="UPD_TS",
    ),
}  # fmt: skip


def key(who: Array, organisation: bool) -> Text:
    """Return customer numbers."""
    return keys(who, organisation, "1")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the rows of the three tables."""
    people, companies = _people(desk.people), _companies(desk)
    return {
        "CUST_INFO": pa.concat_tables([people, companies]),
        "ACCT_INFO": pa.concat_tables(
            [_accounts(desk.people, False), _accounts(desk.companies, True)]
        ),
        "CUST_REL": _relations(desk),
    }


def _people(side: Side) -> pa.Table:
    then, records = side.then, side.records
    unknown = then["born"] == days.NEVER
    born = days.day_text(np.where(unknown, days.day_number(days.START), then["born"]), "%Y%m%d")
    former = then.take(np.arange(len(then)))
    for column in ("family", "given1", "given2"):
        former[column] = then[f"old_{column}"]
    renamed = (then["renamed"] > days.NEVER) & (records["updated"] // days.DAY >= then["renamed"])
    kept = renamed & (side.clerk.pick("old name", 2) == 0)
    return _table(
        side,
        False,
        CUST_NM=person_names.full_name(then),
        OLD_NM=blank(person_names.full_name(former), ~kept),
        CERT_TP=written.document_type(then, DOCUMENTS),
        CERT_NO=written.identity(then),
        CERT_EXP=blank(days.day_text(then["expires"], "%Y%m%d"), then["shown"] < 0),
        BIRTH_DT=blank(choose(unknown, "19000101", born), unknown & (records["who"] % 2 == 1)),
        SEX_CD=written.sex(then, "0", "1"),
        NAT_CD=words(COUNTRIES, then["country"]),
        TEL_NO=written.landline(then, written.area_code(then)),
        EMAIL=person_names.email(then, word_lists()["mail_hosts"]),
        OCC_CD=words(word_lists()["occupations"], then["occupation"]),
        IND_CD=nothing(len(then)),
        REG_DT=nothing(len(then)),
    )


def _companies(desk: Desk) -> pa.Table:
    side = desk.companies
    then = side.then
    former = legal_name(then, desk.world.people, former=True)
    renamed = ~then["former_name"] & (then["renamed"] > days.NEVER)
    return _table(
        side,
        True,
        CUST_NM=known_name(then, desk.world.people),
        OLD_NM=blank(former, ~renamed),
        CERT_TP=choose(then["uscc"] == b"", None, "610063"),
        CERT_NO=from_bytes(then["uscc"]),
        CERT_EXP=nothing(len(then)),
        BIRTH_DT=nothing(len(then)),
        SEX_CD=nothing(len(then)),
        NAT_CD=words(COUNTRIES, np.zeros(len(then), np.int64)),
        TEL_NO=nothing(len(then)),
        EMAIL=nothing(len(then)),
        OCC_CD=nothing(len(then)),
        IND_CD=words([row[1] for row in word_lists()["industries"]], then["industry"]),
        REG_DT=days.day_text(then["registered"], "%Y%m%d"),
    )


def _unknown_type(side: Side) -> Array:
    unknown: Array = np.equal(side.clerk.pick("unknown type", UNKNOWN_TYPE_ONE_IN), 0)
    return unknown.astype(np.int64)


def _table(side: Side, organisation: bool, **columns: Text) -> pa.Table:
    then, records = side.then, side.records
    filled = columns | {
        "CUST_NO": key(records["who"], organisation),
        "CUST_TP": words(["2" if organisation else "1", "9"], _unknown_type(side)),
        "MOB_NO": written.mobile(then),
        "ADDR": written.address(then),
        "POST_CD": written.postcode(then),
        "ORG_NO": number(written.area_code(then) * 10 + 1, 6),
        "UPD_TS": days.second_text(records["updated"]),
        "DEL_FLG": same("0", len(then)),
    }
    return pa.table({name: filled[name] for name in TABLES["CUST_INFO"].columns})


def _accounts(side: Side, organisation: bool) -> pa.Table:
    """One account each, two for a third; one in eight is closed."""
    who = side.records["who"]
    second = np.flatnonzero(side.clerk.pick("second account", 3) == 0)
    rows = np.concatenate([np.arange(len(who)), second])
    serial = (who[rows] * 2 + organisation) * 2 + np.repeat([0, 1], [len(who), len(second)])
    dice = side.clerk.dice
    opened, updated = side.records["opened"][rows], side.records["updated"][rows]
    closed = dice.hit("closed", serial, 0.125) & (updated // days.DAY > opened)
    product = np.where(organisation, 3, dice.below("product", serial, 3))
    return pa.table(
        {
            "ACCT_NO": from_bytes(
                numbers.prefixed(b"1002", numbers.scatter(serial, 10**12, 99_991), 12)
            ),
            "CUST_NO": key(who, organisation).take(pa.array(rows)),
            "PROD_CD": words(word_lists()["products"], product),
            "CCY": words(["CNY", "USD"], dice.below("currency", serial, 20) // 19),
            "ACCT_STS": choose(closed, "C", "A"),
            "OPN_DT": days.day_text(opened, "%Y%m%d"),
            "CLS_DT": days.day_text(np.where(closed, updated // days.DAY, days.NEVER), "%Y%m%d"),
            "UPD_TS": days.second_text(updated),
        }
    )


def _relations(desk: Desk) -> pa.Table:
    """Spouses of three couples in ten, parents of minors, legal representatives of companies."""
    people, companies = desk.people, desk.companies
    first = customer_of(desk.roster, len(desk.world.people))
    then = people.then
    tables = [
        _relation(
            people, False, "01", then["spouse"], first, desk, people.clerk.pick("spouse", 10) < 3
        ),
        _relation(
            people, False, "02", then["mother"], first, desk, people.clerk.pick("mother", 10) < 6
        ),
        _relation(companies, True, "11", companies.then["owner"], first, desk, None),
    ]
    return pa.concat_tables(tables)


def customer_of(records: Frame, parties: int) -> Array:
    """Return, per party of the chunk, its first record's number; -1 for none."""
    first = np.full(parties, -1)
    once = records["who"] % 2 == 0
    first[records["row"][once]] = records["who"][once]
    return first


def _relation(
    side: Side,
    organisation: bool,
    code: str,
    other: Array,
    first: Array,
    desk: Desk,
    stated: Array | None,
) -> pa.Table:
    """The other party by name, and by customer number when it is a customer."""
    known = other >= 0 if stated is None else (other >= 0) & stated
    rows = np.flatnonzero(known)
    who, other = side.records["who"][rows], other[rows]
    customer = first[other]
    return pa.table(
        {
            "REL_ID": join(
                code, number(numbers.scatter(who * 2 + organisation, 10**10, int(code)), 10)
            ),
            "CUST_NO": key(who, organisation),
            "REL_TP": same(code, len(rows)),
            "REL_CUST_NO": blank(key(customer, False), customer < 0),
            "REL_NM": person_names.full_name(desk.world.people.take(other)),
            "UPD_TS": days.second_text(side.records["updated"][rows]),
            "DEL_FLG": same("0", len(rows)),
        }
    )
