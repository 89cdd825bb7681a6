"""Customer relations: a hosted system behind HTTP, typed by hand by sales people.

Titles stand behind names, companies are known in short, few have a document. Who is deleted stays
with status DELETED. Two endpoints: contacts and companies.
"""

from __future__ import annotations

import pyarrow as pa

from examples.bank import days, person_names, written
from examples.bank.company_names import known_name, short_name
from examples.bank.desk import Desk, Side, keys
from examples.bank.frame import Array
from examples.bank.rates import TEST_ENTRY_ONE_IN
from examples.bank.sinks.sql import TableSpec
from examples.bank.text import Text, arrow, blank, from_bytes, join, number, pc, same, words
from examples.bank.words import word_lists

# What the HTTP server reads: the answer as it will be sent, and what it filters and sorts by.
_ITEM = TableSpec(key="id", columns={"id": 16, "updated": 0, "body": 4000}, index="updated")
TABLES = {"contact": _ITEM, "company": _ITEM}


def key(who: Array, organisation: bool) -> Text:
    """Return record ids, 18 characters with a telling prefix."""
    return keys(who, organisation, "00A" if organisation else "003")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return contacts and companies; dotted columns are nested objects."""
    return {"contact": _contacts(desk), "company": _companies(desk)}


def _contacts(desk: Desk) -> pa.Table:
    side = desk.people
    then, clerk = side.then, side.clerk
    employers = short_name(desk.world.companies)
    works = then["employer"]
    test = clerk.pick("test entry", TEST_ENTRY_ONE_IN) == 0
    return pa.table(
        {
            "id": key(side.records["who"], False),
            "name": pc.if_else(arrow(test), "测试客户", person_names.full_name(then)),
            "gender": words(["female", "male"], then["sex"]),
            "id_no": blank(written.identity(then), test),
            "birthday": days.day_text(then["born"]),
            "mobile": written.mobile(then),
            "phone": blank(
                written.landline(then, written.area_code(then)), clerk.pick("tel", 2) == 0
            ),
            "email": person_names.email(then, word_lists()["mail_hosts"]),
            "company": employers.take(arrow(works, mask=works < 0)),
            "job_title": words(word_lists()["occupation_names"], then["occupation"]),
            **_address(side),
            **_common(side),
        }
    )


def _companies(desk: Desk) -> pa.Table:
    side = desk.companies
    then = side.then
    return pa.table(
        {
            "id": key(side.records["who"], True),
            "name": known_name(then, desk.world.people),
            "short_name": short_name(then),
            "credit_code": from_bytes(then["uscc"]),
            "legal_rep": person_names.full_name(desk.world.people.take(then["owner"])),
            "phone": written.mobile(then),
            **_address(side),
            "industry": words([row[0] for row in word_lists()["industries"]], then["industry"]),
            "founded": days.day_text(then["registered"]),
            **_common(side),
        }
    )


def _address(side: Side) -> dict[str, Text]:
    then = side.then
    missing = then["address_missing"]
    return {
        "address.province": blank(written.region(then, "province"), missing | then["no_province"]),
        "address.city": blank(written.region(then, "city"), missing),
        "address.district": blank(written.region(then, "district"), missing),
        "address.street": written.street(then),
        "address.postcode": written.postcode(then),
    }


def _common(side: Side) -> dict[str, Text]:
    records, clerk = side.records, side.clerk
    return {
        "owner": join("S", number(records["who"] % 77, 3)),
        "stage": words(["lead", "prospect", "customer"], clerk.pick("stage", 3)),
        "call_consent": words(["Y", "N"], clerk.pick("consent", 4) - 2),
        "status": same("ACTIVE", len(records)),
        "updated_at": days.second_text(records["updated"], "%Y-%m-%dT%H:%M:%S+08:00"),
        "_updated": arrow(records["updated"] - 8 * 3600),
    }
