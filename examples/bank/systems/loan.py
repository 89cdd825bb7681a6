"""Loans: the most careful clerks. Documents were verified, employers and spouses were asked for.

Document types after the second code table of the PBoC's credit system, extended by the bank.
Rows of paid-off loans are removed for good, so deletions only show in the keys that are left.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from examples.bank import days, numbers, person_names, written
from examples.bank.company_names import known_name, legal_name
from examples.bank.desk import Desk, Side, keys
from examples.bank.frame import Array
from examples.bank.sinks.sql import TableSpec
from examples.bank.text import (
    Text,
    arrow,
    blank,
    choose,
    from_bytes,
    join,
    nothing,
    number,
    pc,
    same,
    words,
)
from examples.bank.words import word_lists

DOCUMENTS = {
    "resident_id": "10",
    "passport_foreign": "2F",
    "hkmo_permit": "5",
    "tw_permit": "6",
    "passport_cn": "2",
}

TABLES = {
    "BORROWER": TableSpec(
        key="BRW_ID",
        columns={
            "BRW_ID": 12, "BRW_TYPE": 1, "BRW_NAME": 120, "ID_KIND": 2, "ID_NO": 40,
            "ID_VALID_TO": 10, "DOB": 10, "GENDER": 1, "MOBILE": 30, "HOME_ADDR": 200,
            "EMPLOYER": 120, "EDU_LEVEL": 1, "MARITAL": 2, "SPOUSE_NAME": 120, "SPOUSE_ID_NO": 18,
            "LEGAL_REP": 120, "INDUSTRY": 1, "FOUNDED": 10, "LOAN_NO": 20, "LOAN_TYPE": 2,
            "LOAN_STATE": 1, "LOAN_DATE": 10, "MANAGER": 8, "VERIFIED_AT": None, "UPDATED_AT": None,
        },
        index="UPDATED_AT",
    )
}  # fmt: skip


def key(who: Array, organisation: bool) -> Text:
    """Return borrower numbers."""
    return keys(who, organisation, "BR")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the rows of the one table."""
    return {"BORROWER": pa.concat_tables([_people(desk), _companies(desk)])}


def _people(desk: Desk) -> pa.Table:
    side = desk.people
    then, world = side.then, desk.world
    married = then["spouse"] >= 0
    spouse = world.people.take(np.maximum(then["spouse"], 0))
    asked = married & (side.clerk.pick("spouse", 4) > 0)
    employers = legal_name(world.companies, world.people)
    return _table(
        side,
        False,
        BRW_NAME=person_names.full_name(then),
        ID_KIND=written.document_type(then, DOCUMENTS),
        ID_NO=written.identity(then),
        ID_VALID_TO=blank(days.day_text(then["expires"]), then["shown"] < 0),
        DOB=days.day_text(then["born"]),
        GENDER=words(["2", "1"], then["sex"]),
        EMPLOYER=employers.take(_index(then["employer"])),
        EDU_LEVEL=number(then["education"]),
        MARITAL=choose(married, "20", "10"),
        SPOUSE_NAME=blank(person_names.full_name(spouse), ~asked),
        SPOUSE_ID_NO=blank(from_bytes(spouse["id"]), ~asked | (spouse["id_class"] != 0)),
        LEGAL_REP=nothing(len(then)),
        INDUSTRY=nothing(len(then)),
        FOUNDED=nothing(len(then)),
    )


def _companies(desk: Desk) -> pa.Table:
    """Some licences still show the old nine-character organisation code."""
    side = desk.companies
    then = side.then
    missing = then["uscc"] == b""
    old = side.clerk.pick("organisation code", 10) < 2
    code = from_bytes(then["uscc"])
    short = join(pc.utf8_slice_codeunits(code, 8, 16), "-", pc.utf8_slice_codeunits(code, 16, 17))
    owner = person_names.full_name(desk.world.people.take(then["owner"]))
    empty = nothing(len(then))
    return _table(
        side,
        True,
        BRW_NAME=known_name(then, desk.world.people),
        ID_KIND=blank(choose(old, "30", "U"), missing),
        ID_NO=blank(choose(old, short, code), missing),
        ID_VALID_TO=empty,
        DOB=empty,
        GENDER=empty,
        EMPLOYER=empty,
        EDU_LEVEL=empty,
        MARITAL=empty,
        SPOUSE_NAME=empty,
        SPOUSE_ID_NO=empty,
        LEGAL_REP=owner,
        INDUSTRY=words([row[1] for row in word_lists()["industries"]], then["industry"]),
        FOUNDED=days.day_text(then["registered"]),
    )


def _table(side: Side, organisation: bool, **columns: Text) -> pa.Table:
    records, clerk = side.records, side.clerk
    who = records["who"]
    loan = numbers.scatter(who * 2 + organisation, 10**10, 4_321)
    filled = columns | {
        "BRW_ID": key(who, organisation),
        "BRW_TYPE": same("C" if organisation else "P", len(who)),
        "MOBILE": written.mobile(side.then),
        "HOME_ADDR": written.address(side.then),
        "LOAN_NO": from_bytes(numbers.prefixed(b"LN2", loan, 10)),
        "LOAN_TYPE": words(["HM", "CR", "BU"], np.where(organisation, 2, clerk.pick("loan", 2))),
        "LOAN_STATE": words(["N", "O", "S"], np.maximum(clerk.pick("state", 12) - 9, 0)),
        "LOAN_DATE": days.day_text(records["opened"]),
        "MANAGER": join("M", number(who % 240, 4)),
        "VERIFIED_AT": days.second_text(
            np.minimum(records["updated"], records["opened"] * days.DAY + 36_000)
        ),
        "UPDATED_AT": days.second_text(records["updated"]),
    }
    return pa.table({name: filled[name] for name in TABLES["BORROWER"].columns})


def _index(rows: Array) -> Any:
    return arrow(rows, mask=rows < 0)
