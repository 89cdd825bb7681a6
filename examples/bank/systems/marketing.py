"""Marketing: leads bought and collected, behind HTTP; often masked, rarely more than a phone.

The list is complete every time; who withdrew is missing from it.
"""

from __future__ import annotations

import pyarrow as pa

from examples.bank import days, person_names, written
from examples.bank.desk import Desk, keys
from examples.bank.frame import Array, Frame
from examples.bank.sinks.sql import TableSpec
from examples.bank.text import Text, arrow, blank, choose, from_bytes, join, number, pc, words
from examples.bank.words import word_lists

TABLES = {
    "lead": TableSpec(key="id", columns={"id": 16, "updated": 0, "body": 2000}, index="updated")
}


def key(who: Array, organisation: bool) -> Text:
    """Return lead ids."""
    return keys(who, organisation, "L")


def write(desk: Desk) -> dict[str, pa.Table]:
    """Return the leads: some with masked phones and names, citizen numbers always masked."""
    side = desk.people
    then, records, clerk = side.then, side.records, side.clerk
    campaigns = word_lists()["campaigns"]
    hidden_name = clerk.slip("name", "name_masked")
    hidden_phone = clerk.slip("phone", "phone_masked", then["phone"] > 0)
    phone = choose(hidden_phone, _masked(number(then["phone"]), 3, 4), written.mobile(then))
    return {
        "lead": pa.table(
            {
                "lead_id": key(records["who"], False),
                "name": choose(hidden_name, _masked_name(then), person_names.full_name(then)),
                "phone": phone,
                "city": blank(written.region(then, "city"), then["address_missing"]),
                "id_no": blank(_masked(from_bytes(then["number"]), 6, 4), ~then["long_number"]),
                "campaign": words(campaigns, clerk.pick("campaign", len(campaigns))),
                "consent": choose(clerk.pick("consent", 3) == 0, "N", "Y"),
                "consent_at": days.day_text(records["opened"]),
                "collected_at": days.second_text(records["updated"]),
                "_updated": arrow(records["updated"] - 8 * 3600),
            }
        )
    }


def _masked_name(then: Frame) -> Text:
    """Return 王*明 and 王*."""
    return join(person_names.tokens(then["family"]), "*", person_names.tokens(then["given2"]))


def _masked(text: Text, head: int, tail: int) -> Text:
    """Return the first and last characters with stars for those between."""
    middle = pc.utf8_slice_codeunits(text, head, -tail)
    stars = pc.replace_substring_regex(middle, ".", "*")
    ends = [pc.utf8_slice_codeunits(text, 0, head), pc.utf8_slice_codeunits(text, -tail, None)]
    return blank(join(ends[0], stars, ends[1]), pc.is_null(text).to_numpy(zero_copy_only=False))
